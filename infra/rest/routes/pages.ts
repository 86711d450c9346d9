/**
 * The pages of `dist/web`: the dashboard at `/`, the inspector at `/inspector`, and the hashed files that they load. A page may load what
 * comes from this server alone, scripts only from files; it carries what it has to know of the market in a `meta` element.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { RestApp } from "../rest-app.js";

/** What a page is told when it is served. */
export interface PageAbout {
  readonly market: string;
  /** Everybody reads everything, as in a simulation on one's own machine. */
  readonly openToAll?: boolean;
  /** The broker lets each participant in once: a page has what is private to one over REST. */
  readonly oneConnectionEach?: boolean;
  /** Address of a log that the inspector opens at once: `elecbay inspect FILE` serves one. */
  readonly log?: string;
}

export interface PagesOptions {
  /** Where the built pages are; where they are not, they are not served. */
  readonly folder: string;
  readonly about: PageAbout;
  /** These alone; all by default. */
  readonly only?: readonly string[];
}

const contentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  // MQTT over WebSockets at /mqtt is the same host and port.
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const addresses = [
  { path: "/", page: "dashboard" },
  { path: "/inspector", page: "inspector" },
] as const;

/** Their names change with what is in them. */
const assetMaxAge = "365d";

export async function pageRoutes(app: RestApp, { folder, about, only }: PagesOptions): Promise<void> {
  const fileOf = (page: string) => join(folder, page, "index.html");
  const served = addresses.filter(({ page }) => existsSync(fileOf(page)) && only?.includes(page) !== false);
  const pages = served.map(({ path }) => path);
  for (const { path, page } of served) {
    const html = withAbout(readFileSync(fileOf(page), "utf8"), { ...about, pages });
    app.get(path, { schema: { hide: true } }, async (_request, reply) =>
      reply
        .header("content-security-policy", contentPolicy)
        .header("cache-control", "no-cache")
        .type("text/html; charset=utf-8")
        .send(html),
    );
  }
  const assets = join(folder, "assets");
  if (!existsSync(assets)) return;
  await app.register(import("@fastify/static"), {
    ...{ root: assets, prefix: "/assets/", wildcard: false, index: false, decorateReply: false },
    ...{ preCompressed: true, immutable: true, maxAge: assetMaxAge, schemaHide: true },
  });
}

/** The page with what it is told. @throws Error for a page without a place for it */
export function withAbout(html: string, about: PageAbout & { readonly pages: readonly string[] }): string {
  const place = '<meta name="elecbay" content="" />';
  if (!html.includes(place)) throw new Error(`a page lacks ${place}`);
  const text = JSON.stringify(about).replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
  return html.replace(place, `<meta name="elecbay" content="${text}" />`);
}
