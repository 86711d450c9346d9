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
  const headers = Object.entries(await safeHeaders(isEncrypted));
  app.addHook("onRequest", (_request, reply, done) => {
    for (const [name, value] of headers) reply.raw.setHeader(name, value);
    done();
  });
  app.addHook("onSend", (request, reply, _payload, done) => {
    // What one's key opens is nobody else's to keep.
    if (request.account !== undefined && !reply.hasHeader("cache-control")) {
      void reply.header("cache-control", "private, no-store");
    }
    done();
  });
}

/** Asked for once: to make them anew for each request takes a tenth of what an order costs. */
async function safeHeaders(isEncrypted: boolean): Promise<Readonly<Record<string, string>>> {
  const { default: fastify } = await import("fastify");
  const asked = fastify({ logger: false });
  await asked.register(import("@fastify/helmet"), {
    // No `upgrade-insecure-requests`: it breaks plain http on any host but localhost.
    contentSecurityPolicy: { useDefaults: false, directives: contentPolicy },
    strictTransportSecurity: isEncrypted ? { maxAge: 15_552_000 } : false,
    referrerPolicy: { policy: "no-referrer" },
  });
  const bare = new Set(Object.keys((await fastify({ logger: false }).inject("/")).headers));
  const { headers } = await asked.inject("/");
  await asked.close();
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (bare.has(name) ? [] : [[name, String(value)]])),
  );
}
