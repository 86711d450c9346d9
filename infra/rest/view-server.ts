/** What a simulation serves to whoever watches it: the pages, what charts begin with, and shadows. No commands, and nobody signs in. */
import type { Server } from "node:http";
import type { Log } from "../../market/ports.js";
import { bareApp, listening } from "./bare-app.js";
import { type BrowserGuard, refuseForeignPages } from "./browser-guard.js";
import { answerErrors } from "./error-answers.js";
import { setHeaders } from "./headers.js";
import { limitRates } from "./rate-limits.js";
import type { RestServices } from "./rest-app.js";
import { historyRoutes } from "./routes/history.js";
import { pageRoutes } from "./routes/pages.js";
import { shadowRoutes } from "./routes/shadows.js";

export interface ViewServerOptions extends Pick<RestServices, "market" | "history" | "shadows"> {
  readonly host: string;
  readonly port: number;
  /** Where the built pages are. */
  readonly pagesFolder: string;
  /** What the ledger has of each participant, major units of the currency. */
  readonly balances: () => readonly { readonly id: string; readonly balance: number }[];
  readonly guard: BrowserGuard;
  readonly log: Log;
}

export interface ViewServer {
  readonly port: number;
  readonly server: Server;
  stop(): Promise<void>;
}

/** @throws PortTakenError, or Error with what the platform says. */
export async function startViewServer(options: ViewServerOptions): Promise<ViewServer> {
  const { host, port, pagesFolder, market, history, shadows, balances, guard, log } = options;
  const app = await bareApp(undefined);
  await limitRates(app);
  answerErrors(app, log);
  refuseForeignPages(app, guard);
  await setHeaders(app, false);
  historyRoutes(app, { history });
  shadowRoutes(app, { shadows });
  app.get("/balances", async () => ({ items: balances(), next: null }));
  await pageRoutes(app, { folder: pagesFolder, about: { market, openToAll: true } });
  return { port: await listening(app, host, port), server: app.server, stop: () => app.close() };
}
