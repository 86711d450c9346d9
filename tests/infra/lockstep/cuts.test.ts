/** The DSO's cuts from its word to the bills: the whole market in lockstep, its results, and their verification. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mqtt from "mqtt";
import { afterAll, describe, expect, it } from "vitest";
import { memoryJournal } from "../../../infra/journal/memory-journal.js";
import { createLockstepMarket } from "../../../infra/lockstep/lockstep-market.js";
import { loadSecrets, sha256 } from "../../../infra/main/secrets.js";
import { createResults } from "../../../infra/results/results.js";
import { loadScenario } from "../../../infra/scenario/load-scenario.js";
import { openResultFolder } from "../../../infra/verify/result-folder.js";
import { verifyResults } from "../../../infra/verify/verify-results.js";
import type { Packet } from "../../../market/door/packet.js";
import type { Bill, Fact } from "../../../market/facts.js";
import { firstPeriod, tickLengthMs, timesOf } from "../../../market/managers/calendar.js";
import { kpiSummary } from "../../../market/rules/kpi-figures.js";
import { uniform } from "../../../market/rules/mechanisms/uniform.js";
import type { MarketTerms } from "../../../market/terms.js";
import { bill as billSchema, type Contract, contract as contractSchema } from "../../../shared/messages/private.js";
import { kpi as kpiSchema } from "../../../shared/messages/public.js";
import { isoUtc, periodTopicLevel } from "../../../shared/time.js";
import { checkingOutbox } from "../../market/managers/checking-outbox.js";
import { packetOf } from "../../market/managers/recording-ports.js";
import { removeRunFolders, runThesis } from "./thesis-run.js";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
  removeRunFolders();
});
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "elecbay-cuts-"));
  folders.push(folder);
  return folder;
}

const scenario = loadScenario("scenarios/thesis-microgrid.yaml", { overrides: { periods: 1 } });
const overloaded = { element: "line R3-R11", limit: 32, value: 35.5 };
type Imbalance = MarketTerms["settlement"]["imbalance"];

/**
 * peer1 and peer2, who came later, sell 1 kWh each to peer3 and peer4; the DSO takes 0.4 kWh of peer3. All feed in and take what they
 * meant to; peer3 as much as `takenKwh` says. Where peer2 sells and buys, it buys 1 kWh of peer5's as well, so that its net is 0.
 */
async function cutPeriod(imbalance: Imbalance, takenKwh: number, peer2: "sells" | "sells and buys" = "sells") {
  const isBoth = peer2 === "sells and buys";
  const terms = { ...scenario.terms, settlement: { ...scenario.terms.settlement, imbalance } };
  const secrets = loadSecrets(undefined);
  const directory = newFolder();
  const firstPeriodMs = firstPeriod(terms.calendar);
  const results = createResults({
    ...{ directory, firstPeriodMs, periods: 1, periodMinutes: terms.calendar.periodMinutes },
    terms: { scenario: "cuts", market: terms, statementKey: secrets.statementKey() },
  });
  const outbox = checkingOutbox();
  const bills = new Map<string, Bill>();
  const failures: unknown[] = [];
  const record = (fact: Fact): void => {
    results.record(fact);
    if (fact.type === "bill") bills.set(fact.bill.participant, fact.bill);
  };
  const market = createLockstepMarket({
    ...{ terms, supplier: scenario.supplier, environment: scenario.environment, outbox, version: "0.1.0" },
    ...{ journal: { record }, log: { info: () => {}, warn: () => {} }, digest: sha256, sign: secrets.sign },
    ...{
      journalOf: () => memoryJournal(),
      statementKey: secrets.statementKey(),
      mechanism: uniform,
      onFailure: (error) => failures.push(error),
    },
  });
  market.begin();
  const period = isoUtc(firstPeriodMs);
  const { gateAtMs, endMs, billAtMs } = timesOf(firstPeriodMs, terms.calendar);
  const tickMs = tickLengthMs(terms.calendar);
  const order = (sender: string, side: string, pricePerKwh: number, atMs: number): Packet =>
    packetOf(
      sender,
      "orders",
      { v: 1, requestId: side, action: "place", side, period, energyKwh: 1, pricePerKwh },
      atMs,
    );
  const meter = (sender: string, importKwh: number, exportKwh: number, atMs: number): Packet => {
    const read = { period, importKwh, exportKwh, generationKwh: exportKwh, quality: "actual" };
    return packetOf(sender, "meter", { v: 1, requestId: "m", ...read }, atMs);
  };
  let seq = 0;
  for (let atMs = terms.calendar.startMs; atMs <= billAtMs; atMs += tickMs) {
    const beforeMs = atMs - tickMs;
    const sent: Packet[] = [];
    if (seq === 1) sent.push(order("peer1", "sell", 0.08, beforeMs), order("peer3", "buy", 0.12, beforeMs));
    if (seq === 2) sent.push(order("peer2", "sell", 0.08, beforeMs), order("peer4", "buy", 0.12, beforeMs));
    if (isBoth && seq === 1) sent.push(order("peer5", "sell", 0.08, beforeMs));
    if (isBoth && seq === 3) sent.push(order("peer2", "buy", 0.12, beforeMs));
    if (beforeMs === endMs) {
      if (isBoth) sent.push(meter("peer5", 0, 1, beforeMs));
      sent.push(meter("peer1", 0, 1, beforeMs), meter("peer2", 0, isBoth ? 0 : 1, beforeMs));
      sent.push(meter("peer3", takenKwh, 0, beforeMs), meter("peer4", 1, 0, beforeMs));
    }
    if (beforeMs === gateAtMs) {
      const cuts = [{ orderId: contractOf("peer3").orders[0]?.orderId ?? "", cutKwh: 0.4, ...overloaded }];
      const limits = [{ participant: "peer3", maxImportKw: 1.2, maxExportKw: 1.2 }];
      const head = { v: 1 as const, ts: isoUtc(beforeMs), n: 1 };
      market.hearDso({ type: "LIMITS", message: { ...head, period, cuts, limits } });
    }
    seq += 1;
    market.work(seq, atMs, new Map(sent.map((packet) => [packet.sender, [packet]])));
  }
  market.stop();
  expect(failures).toEqual([]);
  const summary = await results.finish({
    ...{ scenario: "cuts", description: "", seed: terms.seed, programVersion: "0", nodeVersion: "0", complete: true },
    ...{ trueStepMinutes: 30, currency: terms.currency, mechanism: "uniform", foresight: false },
    ...{ kpis: { ...kpiSummary(market.billedKpis()) }, absences: [], storage: null, simulated: [] },
  });
  function contractOf(id: string): Contract {
    return contractSchema.parse(outbox.on(`private/${id}/contracts/${periodTopicLevel(firstPeriodMs)}`).at(-1));
  }
  return { directory, summary, bills, contracts: contractOf, figures: () => outbox.on("public/kpi").at(-1) };
}

const linesOf = ({ lines }: Pick<Bill, "lines">) =>
  lines.filter(({ energyWh }) => energyWh !== 0).map(({ kind, energyWh }) => [kind, energyWh]);

describe("an order cut by the DSO", () => {
  it.each(["promised", "full"] as const)("costs nobody imbalance who keeps to it, imbalance %s", async (imbalance) => {
    const { directory, summary, bills, contracts, figures } = await cutPeriod(imbalance, 0.6);
    expect(contracts("peer3")).toMatchObject({ energyKwh: -0.6, maxImportKw: 1.2, maxExportKw: 1.2, checked: true });
    expect(contracts("peer3").orders[0]?.why).toContain("cut by the DSO: line R3-R11, limit 32, would be 35.5");
    const [header = "", ...rows] = readFileSync(join(directory, "orders.csv"), "utf8").trimEnd().split("\n");
    expect(header).toMatch(/,clearingPricePerKwh$/);
    const price = String(contracts("peer3").orders[0]?.clearingPricePerKwh);
    expect(new Set(rows.map((row) => row.split(",").at(-1)))).toEqual(new Set([price]));
    expect(contracts("peer2").orders[0]?.why).toContain("cut by the DSO: the other side was cut; lost 0.4 of 1 kWh");
    const told = ["peer1", "peer2", "peer3", "peer4"].map((id) => linesOf(bills.get(id) ?? { lines: [] }));
    expect(told).toEqual([
      [["trade", 1000]],
      [
        ["trade", 600],
        ["export", 400],
      ],
      [["trade", -600]],
      [["trade", -1000]],
    ]);
    expect(summary).toMatchObject({ complete: true, moneySum: 0, energyImbalanceWh: 0, imbalanceKwh: 0 });
    expect(summary.kpis).toMatchObject({ cutOrders: 1, cutKwh: 0.4, cutShare: 0.2, tradedKwh: 1.6 });
    expect(summary.kpis.welfareEfficiency).toBeLessThan(1);
    const { v: _v, ts: _ts, ...published } = kpiSchema.strict().parse(figures());
    expect(published).toEqual(summary.kpis);
    const found = verifyResults(openResultFolder(directory), () => {});
    expect(found).toContainEqual({ what: "orders cut by the DSO", count: 2 });
    expect(readFileSync(join(directory, "cuts.csv"), "utf8")).toContain(",peer3,buy,0.4,0.4,line R3-R11,32,35.5\n");
  });

  it.each([
    ["promised", "0.4"],
    ["full", "0"],
  ] as const)("costs nobody imbalance who sells and buys, imbalance %s", async (imbalance, lostKwh) => {
    const { directory, summary, bills, contracts } = await cutPeriod(imbalance, 0.6, "sells and buys");
    expect(contracts("peer2")).toMatchObject({ energyKwh: -0.4, checked: true });
    expect(linesOf(bills.get("peer2") ?? { lines: [] })).toEqual([
      ["trade", -1000],
      ["trade", 600],
      ["export", 400],
    ]);
    expect(summary).toMatchObject({ complete: true, moneySum: 0, energyImbalanceWh: 0, imbalanceKwh: 0 });
    expect(readFileSync(join(directory, "contracts.csv"), "utf8")).toMatch(
      new RegExp(`,peer2,-0\\.4,-0\\.\\d+,${lostKwh}\n`),
    );
    verifyResults(openResultFolder(directory), () => {});
  });

  it("costs who takes the energy all the same: plain retail for what nobody promised, imbalance where it is full", async () => {
    const promised = await cutPeriod("promised", 1);
    expect(linesOf(promised.bills.get("peer3") ?? { lines: [] })).toEqual([
      ["trade", -600],
      ["supply", -400],
    ]);
    const full = await cutPeriod("full", 1);
    expect(linesOf(full.bills.get("peer3") ?? { lines: [] })).toEqual([
      ["trade", -600],
      ["imbalance", -400],
    ]);
    for (const { summary } of [promised, full]) {
      expect([summary.moneySum, summary.energyImbalanceWh]).toEqual([0, 0]);
    }
  });
});

describe("a stranger's process with the account of the DSO", () => {
  it("cuts orders of a simulation over its broker, is acknowledged, and the results are found sound", async () => {
    const stateFolder = newFolder();
    const password = loadSecrets(stateFolder).passwordOf("dso");
    const clients: mqtt.MqttClient[] = [];
    const acknowledged: string[] = [];
    const bills: unknown[] = [];
    const orders = new Map<number, string>();
    let n = 0;
    const run = await runThesis({
      periods: 8,
      stateFolder,
      onStarted: ({ url }) => {
        const dso = mqtt.connect(url, { username: "dso", password, clientId: "dso", protocolVersion: 4 });
        dso.on("message", (topic, payload) => {
          (topic.endsWith("manage/ack/bidding") ? acknowledged : bills).push(payload.toString());
        });
        dso.subscribe(["elecbay/main/manage/ack/bidding", "elecbay/main/private/+/bills/+"]);
        clients.push(dso);
      },
      onFact: (fact) => {
        if (fact.type === "trade") orders.set(fact.periodMs, fact.trade.buyOrder);
        if (fact.type !== "cleared") return;
        const { periodMs } = fact.price;
        const orderId = orders.get(periodMs);
        if (orderId === undefined) return;
        orders.delete(periodMs); // told again behind the cut
        n += 1;
        const cuts = [{ orderId, cutKwh: 0.05, ...overloaded }];
        const message = { v: 1, ts: isoUtc(periodMs), n, period: isoUtc(periodMs), cuts, limits: [] };
        const topic = `elecbay/main/manage/limits/${periodTopicLevel(periodMs)}`;
        clients[0]?.publish(topic, JSON.stringify(message), { qos: 1 });
      },
    });
    for (const client of clients) await client.endAsync(true);
    expect(n).toBeGreaterThan(0);
    const numbers = acknowledged.map((text) => JSON.parse(text));
    expect(numbers).toEqual(Array.from({ length: n }, (_, index) => ({ from: "dso", n: index + 1 })));
    expect(run.summary).toMatchObject({ complete: true, moneySum: 0, energyImbalanceWh: 0, absences: [] });
    expect(run.summary.kpis.cutOrders).toBe(n);
    verifyResults(openResultFolder(run.folder), () => {});
    for (const text of bills) if (text !== "") billSchema.parse(JSON.parse(String(text)));
  }, 60_000);
});
