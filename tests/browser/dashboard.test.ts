/** The dashboard in a real browser, with a real market behind it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningMarket, startMarket } from "../../infra/main/up.js";
import { loadScenario } from "../../infra/scenario/load-scenario.js";
import { type Fields, type PlainClient, plainClient, topic } from "../end-to-end/plain-client.js";
import { isBrowserInstalled, openPage, startBrowser, type WatchedPage } from "./browser.js";

const soon = { timeout: 20_000 };
const folder = mkdtempSync(join(tmpdir(), "elecbay-browser-"));
let market: RunningMarket;
let browser: Browser;
let observer: PlainClient;
let shown: WatchedPage;

describe.skipIf(!isBrowserInstalled)("the dashboard of an observer", () => {
  beforeAll(async () => {
    market = await startMarket({
      ...{ scenario: loadScenario("scenarios/thesis-microgrid.yaml"), mode: "scaled", speed: 600 },
      ...{ brokerUrl: undefined, host: "127.0.0.1", mqttPort: 0, restPort: 0, stateFolder: join(folder, "state") },
      ...{ fresh: false, without: new Set(), withBots: true, botsPerThread: 10, distFolder: resolve("dist") },
      log: { info: () => {}, warn: () => {} },
    });
    observer = await plainClient(market.mqttUrl, "observer");
    await observer.reads(topic.everythingPublic);
    browser = await startBrowser();
    shown = await openPage(browser, market.restUrl);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    observer?.mqtt.end(true);
    await market?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const heard = (name: string): Fields | undefined =>
    observer.heard.filter((message) => message.topic === topic.public(name)).at(-1)?.fields;
  const text = (id: string): Promise<string | null> => shown.page.getByTestId(id).textContent();

  it("shows as last price what public/price says", async () => {
    await expect.poll(() => text("link"), soon).toBe("live");
    await expect.poll(() => heard("price")?.pricePerKwh, soon).toBeTypeOf("number");
    const told = () => `${Number(heard("price")?.pricePerKwh).toFixed(4)}\u00a0GBP/kWh`;
    await expect.poll(async () => (await text("price")) === told(), soon).toBe(true);
  });

  it("neither complains nor asks another host", () => {
    expect(shown.complaints).toEqual([]);
  });
});
