/**
 * The dashboard in Chromium before a real market: how soon it can be used, and what it costs while its topics change a thousand times a
 * second. CPU is that of Chromium's own processes, by its own account.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { loadSecrets } from "../../infra/main/secrets.js";
import { type RunningMarket, startMarket } from "../../infra/main/up.js";
import { realWorld } from "../../infra/main/world.js";
import { loadScenario } from "../../infra/scenario/load-scenario.js";
import { isoUtc, minuteMs, periodContaining } from "../../shared/time.js";
import { topicsOf } from "../../shared/topics.js";
import { median } from "./median.js";
import { distFolder, silentLog } from "./setting.js";

export interface WindowCell {
  readonly kind: "window";
  readonly loads: number;
  readonly messagesPerSecond: number;
  readonly seconds: number;
}

export interface WindowFigures {
  /** From asking for the page until it can be used, and until the market's figures are there, ms; medians. */
  readonly usableMs: number;
  readonly liveMs: number;
  /** Of a core: the page's own process, and all of Chromium's. */
  readonly pageCores: number;
  readonly browserCores: number;
  /** The same while nothing comes. */
  readonly idleCores: number;
  readonly heapMb: number;
  readonly messagesPerSecond: number;
}

const chromiumArguments = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
  ...["--disable-component-update", "--disable-sync", "--enable-precise-memory-info"],
];

export async function windowCell(cell: WindowCell): Promise<WindowFigures> {
  const folder = mkdtempSync(join(tmpdir(), "elecbay-window-"));
  const scenario = loadScenario(join("scenarios", "thesis-microgrid.yaml"));
  const market = await startMarket({
    ...{ scenario, mode: "scaled", speed: 60, brokerUrl: undefined, host: "127.0.0.1", mqttPort: 0, restPort: 0 },
    ...{ stateFolder: folder, fresh: false, without: new Set(), withBots: true, botsPerThread: 10, distFolder },
    log: silentLog,
  });
  // Only where the packages for development are.
  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: chromiumArguments });
  try {
    const loads: Loaded[] = [];
    for (let at = 0; at < cell.loads; at += 1) loads.push(await loaded(browser, market.restUrl));
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(market.restUrl);
    await page.waitForTimeout(3000);
    const idle = await coresOver(browser, cell.seconds, async () => {});
    let sent = 0;
    const busy = await coresOver(browser, cell.seconds, async () => {
      sent = await publish(market, folder, cell);
    });
    return {
      usableMs: median(loads.map(({ usableMs }) => usableMs)),
      liveMs: median(loads.map(({ liveMs }) => liveMs)),
      ...{ pageCores: busy.page, browserCores: busy.all, idleCores: idle.all },
      heapMb: await page.evaluate<number>("performance.memory.usedJSHeapSize / 1e6"),
      messagesPerSecond: sent / busy.seconds,
    };
  } finally {
    await browser.close();
    await market.stop();
    rmSync(folder, { recursive: true });
  }
}

interface Loaded {
  readonly usableMs: number;
  readonly liveMs: number;
}

/** A browser that has never seen the page: when what is to be clicked is there, and when the market's figures are. */
async function loaded(browser: Browser, url: string): Promise<Loaded> {
  const context = await browser.newContext({ bypassCSP: true }); // for the questions below, which are texts
  const page = await context.newPage();
  await page.goto(url, { waitUntil: "commit" });
  const when = async (isThere: string): Promise<number> => {
    await page.waitForFunction(isThere, undefined, { polling: "raf" });
    return page.evaluate<number>("performance.now()");
  };
  const usableMs = await when(`document.querySelector("nav.views a") !== null`);
  const liveMs = await when(
    `!(document.querySelector("[data-testid=market-time]")?.textContent ?? "–").startsWith("–")`,
  );
  await context.close();
  return { usableMs, liveMs };
}

interface Load {
  readonly page: number;
  readonly all: number;
  readonly seconds: number;
}

async function coresOver(browser: Browser, seconds: number, act: () => Promise<void>): Promise<Load> {
  const session = await browser.newBrowserCDPSession();
  const times = async () => {
    const { processInfo } = await session.send("SystemInfo.getProcessInfo");
    const sum = (type: string) =>
      processInfo.filter((one) => one.type.toLowerCase().includes(type)).reduce((total, one) => total + one.cpuTime, 0);
    return { page: sum("renderer"), all: sum(""), atMs: performance.now() };
  };
  const before = await times();
  await Promise.all([act(), new Promise((done) => setTimeout(done, seconds * 1000))]);
  const after = await times();
  const took = (after.atMs - before.atMs) / 1000;
  return { page: (after.page - before.page) / took, all: (after.all - before.all) / took, seconds: took };
}

const items = 100;
const beatMs = 20;

/** Changes of the lists of six periods, one of a book among ten, as the bidding manager would tell them, in even beats. */
async function publish(market: RunningMarket, folder: string, cell: WindowCell): Promise<number> {
  const topics = topicsOf("main");
  const { passwordOf } = loadSecrets(folder);
  const link = await realWorld.connect({
    ...{ url: market.mqttUrl, username: "bidding", password: passwordOf("bidding"), clientId: "bidding/bench" },
    onMessage: () => {},
  });
  const now = Date.parse(market.view.marketTime);
  const periods = Array.from({ length: 6 }, (_p, at) => periodContaining(now, 30) + (at + 20) * 30 * minuteMs);
  const stamp = { v: 1, ts: isoUtc(now) };
  for (const startMs of periods) {
    const period = isoUtc(startMs);
    const list = { ...stamp, n: 1, period, start: period, durationMinutes: 30, items: [] };
    link.publish(topics.publicPeriod("items", startMs), JSON.stringify(list), true);
  }
  let sent = 0;
  const change = (): void => {
    sent += 1;
    const startMs = periods[sent % periods.length] as number;
    const period = isoUtc(startMs);
    const energyKwh = ((sent * 7919) % 1000) / 1000 + 0.001;
    const pricePerKwh = ((sent * 104_729) % 100) / 1000;
    if (sent % 10 === 0) {
      const book = { bestBidPerKwh: pricePerKwh, bestAskPerKwh: 0.1, indicativePerKwh: 0.1, indicativeKwh: energyKwh };
      link.publish(topics.publicPeriod("book", startMs), JSON.stringify({ ...stamp, period, ...book }), true);
      return;
    }
    const item = { itemId: `i${sent % items}`, side: sent % 2 === 0 ? "sell" : "buy", energyKwh, pricePerKwh };
    const more = { minEnergyKwh: 0.001, sale: "fixed", owner: "p4f", reliability: 0.97 };
    const delta = { ...stamp, n: sent + 1, period, ...item, ...more };
    link.publish(topics.publicPeriod("items-delta", startMs), JSON.stringify(delta), false);
  };
  const beganMs = performance.now();
  while (performance.now() - beganMs < cell.seconds * 1000) {
    const due = ((performance.now() - beganMs) / 1000) * cell.messagesPerSecond;
    while (sent < due) change();
    await new Promise((done) => setTimeout(done, beatMs));
  }
  await link.flushed();
  await link.end();
  return sent;
}
