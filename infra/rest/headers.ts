/** Headers that keep a browser from doing what nobody asked for: pages of this server load nothing from elsewhere. */
import type { RestApp } from "./rest-app.js";

const contentPolicy = {
  "default-src": ["'self'"],
  "script-src": ["'self'"],
  // Swagger UI writes style attributes.
  "style-src": ["'self'", "'unsafe-inline'"],
  "img-src": ["'self'", "data:"],
  "font-src": ["'self'", "data:"],
  "connect-src": ["'self'"],
  "object-src": ["'none'"],
  "base-uri": ["'none'"],
  "form-action": ["'none'"],
  "frame-ancestors": ["'none'"],
};

/** @param isEncrypted whether it is served over TLS: only then may a browser be told to stay with it */
export async function setHeaders(app: RestApp, isEncrypted: boolean): Promise<void> {
  await app.register(import("@fastify/helmet"), {
    // No `upgrade-insecure-requests`: it breaks plain http on any host but localhost.
    contentSecurityPolicy: { useDefaults: false, directives: contentPolicy },
    strictTransportSecurity: isEncrypted ? { maxAge: 15_552_000 } : false,
    referrerPolicy: { policy: "no-referrer" },
  });
  app.addHook("onSend", async (request, reply) => {
    // What one's key opens is nobody else's to keep.
    if (request.account !== undefined && !reply.hasHeader("cache-control")) {
      void reply.header("cache-control", "private, no-store");
    }
  });
}
