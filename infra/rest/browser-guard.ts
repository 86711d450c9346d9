/**
 * Whose pages may use this server from a browser. A browser lets any page that its user looks at connect to this machine, WebSockets even
 * where they are another host's, and says in `Origin` whose page it is. A page whose own name leads here (DNS rebinding) has the same
 * origin as the server; where everybody sees everything, names that nobody gave this server are therefore refused, too.
 * What is no browser sends no `Origin`.
 */
import { isIP } from "node:net";
import type { RestApp } from "./rest-app.js";

/** Of a request. */
export interface BrowserHeaders {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
}

export interface BrowserGuard {
  /** @returns why it is refused, with what to do; undefined: it is not */
  refusal(headers: BrowserHeaders): string | undefined;
}

export interface BrowserGuardOptions {
  /** Further origins whose pages may come, such as `https://market.example`: that of a proxy, or of a page of one's own. */
  readonly origins?: readonly string[] | undefined;
  /** Names alone are refused that are neither this machine's `localhost` nor one of the origins'. IP addresses are nobody's name. */
  readonly knowsItsNames?: boolean;
  /** What to do about it, after the reason. */
  readonly remedy?: string;
}

const usualRemedy = "its operator lets it in with --origin";

export function createBrowserGuard({
  origins = [],
  knowsItsNames = false,
  remedy = usualRemedy,
}: BrowserGuardOptions): BrowserGuard {
  const allowed = new Set(origins.map((origin) => new URL(origin).origin));
  const names = new Set(origins.map((origin) => new URL(origin).hostname));
  const isOwnName = (host: string): boolean => {
    const name = hostnameOf(host);
    return name !== undefined && (isAddressOrLocal(name) || names.has(name));
  };
  return {
    refusal({ host = "", origin }) {
      if (knowsItsNames && !isOwnName(host)) return `this server is not ${shown(host)}: ${remedy}`;
      if (origin === undefined || isOf(host, origin) || allowed.has(origin)) return undefined;
      return `pages of ${shown(origin)} may not use this market: ${remedy}`;
    },
  };
}

/** Answers all that the guard refuses with 403, as text: it is a person who reads it. */
export function refuseForeignPages(app: RestApp, guard: BrowserGuard): void {
  app.addHook("onRequest", async ({ headers }, reply) => {
    const refusal = guard.refusal(headers);
    if (refusal !== undefined) return reply.code(403).type("text/plain; charset=utf-8").send(`${refusal}\n`);
  });
}

/** Whether a page of this origin came from this host. `null` is the origin of what has none, such as a file. */
function isOf(host: string, origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, host: own } = new URL(origin);
  const asked = `${protocol}//${host}`;
  return URL.canParse(asked) && new URL(asked).host === own;
}

function hostnameOf(host: string): string | undefined {
  const asked = `http://${host}`;
  return URL.canParse(asked) ? new URL(asked).hostname : undefined;
}

function isAddressOrLocal(name: string): boolean {
  return name === "localhost" || name.endsWith(".localhost") || isIP(name.replace(/^\[(.*)\]$/, "$1")) > 0;
}

/** Nothing of what a stranger sends stands in an answer as it came. */
const shown = (text: string): string => (/^[\w.:/[\]-]{1,200}$/.test(text) ? text : "another host");
