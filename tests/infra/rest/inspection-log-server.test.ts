import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { serveInspectionLog } from "../../../infra/rest/inspection-log-server.js";
import { InputError } from "../../../infra/series/input-error.js";

const folder = mkdtempSync(join(tmpdir(), "elecbay-log-"));
const log = { info: () => {}, warn: () => {} };
const recorded = "tests/inspect/three-homes.inspect.ndjson";

/** A page as the build leaves it. */
function pages(): string {
  mkdirSync(join(folder, "inspector"), { recursive: true });
  writeFileSync(join(folder, "inspector", "index.html"), '<head><meta name="elecbay" content="" /></head>');
  return folder;
}

describe("a recorded inspection that is opened without a market", () => {
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("is served beside the inspector's page, which is told where it is", async () => {
    const served = await serveInspectionLog({ file: recorded, port: 0, pagesFolder: pages(), log });
    const page = await (await fetch(served.url)).text();
    expect(page).toContain("&quot;log&quot;:&quot;/inspector/log&quot;");
    const lines = await (await fetch(new URL("/inspector/log", served.url))).text();
    expect(lines).toBe(readFileSync(recorded, "utf8"));
    const first = await fetch(new URL("/", served.url));
    expect(first.url).toBe(served.url);
    await served.stop();
  });

  it("is not there for a page whose own name leads to this machine", async () => {
    const served = await serveInspectionLog({ file: recorded, port: 0, pagesFolder: pages(), log });
    const { port } = new URL(served.url);
    const asked = (headers: Record<string, string>): Promise<number | undefined> =>
      new Promise((done, fail) => {
        get({ host: "127.0.0.1", port, path: "/inspector/log", headers }, (answer) => {
          answer.resume();
          done(answer.statusCode);
        }).on("error", fail);
      });
    expect(await asked({ host: `evil.example:${port}` })).toBe(403);
    expect(await asked({ host: `localhost:${port}`, origin: "http://evil.example" })).toBe(403);
    expect(await asked({ host: `localhost:${port}` })).toBe(200);
    await served.stop();
  });

  it.each(["package.json", "no-such-file"])("is refused where it is none: %s", async (file) => {
    await expect(serveInspectionLog({ file, port: 0, pagesFolder: pages(), log })).rejects.toThrow(InputError);
  });

  it("is told to be another version's where its format is another", async () => {
    const file = join(folder, "later.inspect.ndjson");
    writeFileSync(file, '{"elecbay":"inspection","v":2,"market":"main"}\n');
    const opened = serveInspectionLog({ file, port: 0, pagesFolder: pages(), log });
    await expect(opened).rejects.toThrow("another version of elecbay (format 2, this one reads 1)");
  });
});
