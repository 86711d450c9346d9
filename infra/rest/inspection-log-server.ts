/** Serves a recorded inspection with the inspector's page, on loopback: no market is needed. */
import { closeSync, createReadStream, existsSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { readJson } from "../../market/door/decode.js";
import type { Log } from "../../market/ports.js";
import { InputError } from "../series/input-error.js";
import { bareApp, listening } from "./bare-app.js";
import { createBrowserGuard, refuseForeignPages } from "./browser-guard.js";
import { answerErrors } from "./error-answers.js";
import { setHeaders } from "./headers.js";
import { limitRates } from "./rate-limits.js";
import { pageRoutes } from "./routes/pages.js";

export interface InspectionLogServer {
  /** Of the page. */
  readonly url: string;
  stop(): Promise<void>;
}

export interface InspectionLogOptions {
  readonly file: string;
  /** 0: a free one. */
  readonly port: number;
  /** Where the built pages are. */
  readonly pagesFolder: string;
  readonly log: Log;
}

const host = "127.0.0.1";
const logPath = "/inspector/log";
const longestHeadBytes = 4096;
/** A page whose name leads to this machine could read the recording otherwise. */
const guard = createBrowserGuard({ knowsItsNames: true, remedy: "open it at 127.0.0.1, on this machine" });

/** @throws InputError where the file is no recorded inspection, PortTakenError, or Error where the page is not built. */
export async function serveInspectionLog(options: InspectionLogOptions): Promise<InspectionLogServer> {
  const { file, port, pagesFolder, log } = options;
  const market = marketOf(file);
  if (!existsSync(join(pagesFolder, "inspector", "index.html")))
    throw new Error("the inspector's page is not built: run npm run build where the packages for development are");
  const app = await bareApp(undefined);
  await limitRates(app);
  answerErrors(app, log);
  refuseForeignPages(app, guard);
  await setHeaders(app, false);
  await pageRoutes(app, { folder: pagesFolder, only: ["inspector"], about: { market, log: logPath } });
  app.get("/", { schema: { hide: true } }, async (_request, reply) => reply.redirect("/inspector"));
  app.get(logPath, { schema: { hide: true } }, async (_request, reply) =>
    reply.type("application/x-ndjson").header("cache-control", "no-store").send(createReadStream(file)),
  );
  return { url: `http://${host}:${await listening(app, host, port, "--port")}/inspector`, stop: () => app.close() };
}

/** The market's name, from the first line. @throws InputError where it is no such line, or one of another format */
function marketOf(file: string): string {
  const head = readJson(firstLine(file));
  if (head?.elecbay === "inspection" && head.v !== 1) {
    const formats = `format ${JSON.stringify(head.v)}, this one reads 1`;
    throw new InputError({ file, line: 1 }, `it was recorded by another version of elecbay (${formats})`);
  }
  if (head?.elecbay === "inspection" && typeof head.market === "string") return head.market;
  const remedy = "make one with elecbay simulate --inspect FILE, or elecbay inspect --url … --out FILE";
  throw new InputError({ file, line: 1 }, `this is no recorded inspection: ${remedy}`);
}

function firstLine(file: string): string {
  const bytes = Buffer.alloc(longestHeadBytes);
  try {
    const opened = openSync(file, "r");
    const read = readSync(opened, bytes, 0, longestHeadBytes, 0);
    closeSync(opened);
    return bytes.toString("utf8", 0, read).split("\n")[0] ?? "";
  } catch (error) {
    throw new InputError({ file }, `it cannot be read: ${(error as Error).message}`);
  }
}
