import { execSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createResults } from "../../../infra/results/results.js";
import { headers, type ResultFile } from "../../../infra/results/rows.js";
import type { SummaryInput } from "../../../infra/results/summary.js";
import { type ResultTerms, termsFromText } from "../../../infra/results/terms-file.js";
import type { Fact } from "../../../market/facts.js";
import { micro, microPerKwh, wh } from "../../../shared/units.js";
import { terms as market } from "../../market/managers/sample-terms.js";
import { correctionFacts, firstPeriodMs, halfHourMs, settledFacts, tradedFacts } from "./market-day.js";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "elecbay-results-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

const input: SummaryInput = {
  scenario: "two homes",
  description: "hand-made",
  seed: 7,
  programVersion: "0.1.0",
  nodeVersion: "20.20.2",
  complete: true,
  trueStepMinutes: 30,
  currency: "GBP",
  mechanism: "uniform",
  foresight: false,
  kpis: { selfSufficiency: 0.61, meanPricePerKwh: null },
  absences: [{ participant: "h2", seq: 12 }],
  storage: { startWh: 1000, endWh: 1250, chargedFromOwnWh: 300.4, chargedFromGridWh: 100, endFromGridWh: 50 },
  simulated: ["solar"],
};

const terms: ResultTerms = { scenario: "two homes", market, statementKey: "" };

const wholeRun = (periods: number): Fact[] =>
  Array.from({ length: periods }, (_, index) => [...tradedFacts(index), ...settledFacts(index)]).flat();

/** Runs `facts` through results of `periods` periods and gives their summary. */
async function summaryAfter(
  facts: readonly Fact[],
  periods: number,
  change: Partial<SummaryInput> = {},
  to = directory,
) {
  const results = createResults({ directory: to, firstPeriodMs, periods, periodMinutes: 30, terms });
  for (const fact of facts) results.record(fact);
  await results.drain();
  return results.finish({ ...input, ...change });
}

const read = (name: string) => readFileSync(join(directory, name), "utf8");
const rowsOf = (file: ResultFile): Record<string, string>[] => parse(read(`${file}.csv`), { columns: true });

const noCuts = { cutOrders: 0, cutKwh: 0, cutShare: 0 };

describe("the files of a run", () => {
  it("have exactly the headers that were promised", async () => {
    await summaryAfter(wholeRun(1), 1);
    expect(read("orders.csv").split("\n")[0]).toBe(
      "orderId,period,participant,side,energyKwh,pricePerKwh,limitPricePerKwh,acceptedAt,biddingCycle,outcome,tradedKwh,why,wouldTradeAtPerKwh,rank,cutKwh,clearingPricePerKwh",
    );
    expect(read("trades.csv").split("\n")[0]).toBe(
      "period,buyer,seller,energyKwh,pricePerKwh,mechanism,buyOrder,sellOrder,sellerPricePerKwh",
    );
    expect(read("contracts.csv").split("\n")[0]).toBe("period,participant,energyKwh,value,lostKwh");
    expect(read("meters.csv").split("\n")[0]).toBe("period,participant,importKwh,exportKwh,generationKwh,quality");
    expect(read("bills.csv").split("\n")[0]).toBe(
      "billId,period,participant,kind,energyKwh,pricePerKwh,amount,orderId,name",
    );
    expect(read("periods.csv").split("\n")[0]).toBe(
      "period,pricePerKwh,volumeKwh,importKwh,exportKwh,generationKwh,consumptionKwh,systemBuyPerKwh,systemSellPerKwh,poolBuyPerKwh,poolSellPerKwh,carbonGramPerKwh",
    );
    expect(read("statements.csv")).toMatch(
      /^billId,period,participant,contractedKwh,meteredKwh,total,previous,hash\nb1,2016-08-01T02:00:00Z,h1,0,-0.55,-0.061055,,\n/,
    );
    expect(read("heads.csv")).toBe("day,head,signature,statements\n");
    expect(read("tariffs.csv")).toBe("from,participant,supplier,importPerKwh,exportPerKwh\n");
    expect(read("cuts.csv")).toBe("period,orderId,participant,side,cutKwh,askedKwh,element,limit,value\n");
    expect(read("positions.csv")).toBe("period,participant,energyKwh\n");
    expect(read("ledger.csv").split("\n")[0]).toBe("entry,period,debit,credit,amount,reason");
  });

  it("tell an order's fate, the sentence with comma and quotes intact", async () => {
    await summaryAfter(wholeRun(1), 1);
    expect(rowsOf("orders")).toEqual([
      {
        orderId: "o0",
        period: "2016-08-01T02:00:00Z",
        participant: "h1",
        side: "buy",
        energyKwh: "0.5",
        pricePerKwh: "0.098",
        limitPricePerKwh: "0.12",
        acceptedAt: "2016-08-01T00:00:00Z",
        biddingCycle: "4",
        outcome: "partly",
        tradedKwh: "0.4",
        why: 'at the margin, shared "pro rata"',
        wouldTradeAtPerKwh: "0.0985",
        rank: "7",
        cutKwh: "0",
        clearingPricePerKwh: "0.098",
      },
    ]);
  });

  it("hold every trade, contract, reading, bill line and ledger entry", async () => {
    await summaryAfter(wholeRun(1), 1);
    const lines = (file: ResultFile) => read(`${file}.csv`).trimEnd().split("\n").slice(1);
    expect(lines("trades")).toEqual(["2016-08-01T02:00:00Z,h1,h2,0.4,0.098,uniform,o0,s0,"]);
    expect(lines("contracts")).toEqual([
      "2016-08-01T02:00:00Z,h1,-0.4,-0.0392,0",
      "2016-08-01T02:00:00Z,h2,0.4,0.0392,0",
    ]);
    expect(lines("meters")).toEqual([
      "2016-08-01T02:00:00Z,h1,0.55,0,0,actual",
      "2016-08-01T02:00:00Z,h2,0,0.3,0.3,estimated",
    ]);
    expect(lines("bills")).toEqual([
      "b1,2016-08-01T02:00:00Z,h1,trade,-0.4,0.098,-0.0392,o0,",
      "b1,2016-08-01T02:00:00Z,h1,supply,-0.15,0.1457,-0.021855,,",
      "b2,2016-08-01T02:00:00Z,h2,trade,0.4,0.098,0.0392,s0,",
      "b2,2016-08-01T02:00:00Z,h2,imbalance,-0.1,0.16,-0.016,,",
    ]);
    expect(lines("ledger")[0]).toBe("1,2016-08-01T02:00:00Z,participant:h1,participant:h2,0.0392,trade");
  });

  it("name a tariff again only when it changes, and what each period was settled at", async () => {
    const settled = (index: number, importMicroPerKwh: number): Fact => ({
      type: "settled",
      prices: {
        periodMs: firstPeriodMs + index * halfHourMs,
        systemBuyMicroPerKwh: microPerKwh(160_000),
        systemSellMicroPerKwh: microPerKwh(30_000),
        pool: index === 0 ? undefined : { buyMicroPerKwh: microPerKwh(120_000), sellMicroPerKwh: microPerKwh(60_000) },
        carbonMilligramPerKwh: index === 1 ? undefined : 170_720,
        tariffs: ["h1", "h2"].map((participant) => ({
          participant,
          supplier: "grid",
          importMicroPerKwh: microPerKwh(participant === "h1" ? importMicroPerKwh : 145_700),
          exportMicroPerKwh: microPerKwh(50_300),
        })),
      },
    });
    const prices = [145_700, 145_700, 150_000];
    const facts = prices.flatMap((price, index) => [
      ...tradedFacts(index),
      settled(index, price),
      ...settledFacts(index),
    ]);
    await summaryAfter(facts, 3);
    expect(read("tariffs.csv").trimEnd().split("\n").slice(1)).toEqual([
      "2016-08-01T02:00:00Z,h1,grid,0.1457,0.0503",
      "2016-08-01T02:00:00Z,h2,grid,0.1457,0.0503",
      "2016-08-01T03:00:00Z,h1,grid,0.15,0.0503",
    ]);
    expect(rowsOf("periods").map((row) => [row.systemBuyPerKwh, row.poolBuyPerKwh, row.carbonGramPerKwh])).toEqual([
      ["0.16", "", "170.72"],
      ["0.16", "0.12", ""],
      ["0.16", "0.12", "170.72"],
    ]);
  });

  it("hold the day's heads with the number of statements that each covers, and what was notified", async () => {
    const head: Fact = { type: "head", head: { day: "2016-08-01", head: "ab12", signature: "c2ln" } };
    const positions = [{ participant: "h1", energyWh: wh(-420) }];
    await summaryAfter([{ type: "notified", periodMs: firstPeriodMs, positions }, ...wholeRun(1), head], 1);
    expect(read("heads.csv").split("\n")[1]).toBe("2016-08-01,ab12,c2ln,2");
    expect(read("positions.csv").split("\n")[1]).toBe("2016-08-01T02:00:00Z,h1,-0.42");
  });

  it("hold the terms of the run, which read back the same", async () => {
    await summaryAfter(wholeRun(1), 1);
    expect(termsFromText(read("terms.json"))).toEqual(JSON.parse(JSON.stringify(terms)));
  });

  it("have one row per period, in order, with the community's net at its boundary", async () => {
    const quiet = {
      type: "cleared",
      price: { periodMs: firstPeriodMs + halfHourMs, priceMicroPerKwh: null, volumeWh: wh(0) },
    } as const;
    const facts: Fact[] = [quiet, { type: "billed", periodMs: quiet.price.periodMs }, ...wholeRun(1)];
    await summaryAfter(facts, 2);
    expect(read("periods.csv").trimEnd().split("\n").slice(1)).toEqual([
      "2016-08-01T02:00:00Z,0.098,0.4,0.25,0,0.3,0.55,,,,,",
      "2016-08-01T02:30:00Z,,0,0,0,0,0,,,,,",
    ]);
  });

  it("write thousands of rows without loss while the runner waits for the disk now and then", async () => {
    const results = createResults({ directory, firstPeriodMs, periods: 1000, periodMinutes: 30, terms });
    for (let index = 0; index < 1000; index += 1) {
      for (const fact of [...tradedFacts(index), ...settledFacts(index)]) results.record(fact);
      if (index % 10 === 0) await results.drain();
    }
    const summary = await results.finish(input);
    expect(rowsOf("bills").length).toBe(4000);
    expect(rowsOf("ledger").map((row) => Number(row.entry))).toEqual(
      Array.from({ length: 3000 }, (_, index) => index + 1),
    );
    expect(summary).toMatchObject({ complete: true, moneySum: 0, energyImbalanceWh: 0, imbalanceKwh: 100 });
  });

  it("fail loudly where the disk refuses", async () => {
    writeFileSync(join(directory, "file"), "");
    expect(() =>
      createResults({ directory: join(directory, "file"), firstPeriodMs, periods: 1, periodMinutes: 30, terms }),
    ).toThrow();
    const results = createResults({
      directory: join(directory, "gone"),
      firstPeriodMs,
      periods: 1,
      periodMinutes: 30,
      terms,
    });
    rmSync(join(directory, "gone"), { recursive: true });
    await expect(results.finish(input)).rejects.toThrow();
  });
});

describe("a run that is stopped in the middle", () => {
  it("keeps the periods wholly billed and nothing of the others", async () => {
    const summary = await summaryAfter([...wholeRun(2), ...tradedFacts(2)], 5, { complete: false });
    expect(summary).toMatchObject({
      complete: false,
      periods: 5,
      billedPeriods: 2,
      from: "2016-08-01T02:00:00Z",
      to: "2016-08-01T03:00:00Z",
      moneySum: 0,
      energyImbalanceWh: 0,
    });
    for (const file of ["orders", "trades", "periods"] as const) expect(rowsOf(file).length).toBe(2);
  });

  it("is never called complete while bills are missing, whatever the runner says", async () => {
    expect(await summaryAfter(wholeRun(2), 3, { complete: true })).toMatchObject({ complete: false, billedPeriods: 2 });
  });

  it("before its first bill has empty files and a picture that says so", async () => {
    const summary = await summaryAfter(tradedFacts(0), 2, { complete: false });
    expect(summary).toMatchObject({ billedPeriods: 0, from: "2016-08-01T02:00:00Z", to: "2016-08-01T02:00:00Z" });
    expect(read("trades.csv")).toBe(`${headers.trades}\n`);
    expect(read("overview.svg")).toContain("no period was billed");
  });
});

describe("periods outside the run's N", () => {
  it("enter neither files nor sums nor hash", async () => {
    const inside = await summaryAfter(wholeRun(1), 1);
    const before = { ...tradedFacts(0)[1], periodMs: firstPeriodMs - halfHourMs } as Fact;
    const summary = await summaryAfter(
      [before, { type: "billed", periodMs: firstPeriodMs - halfHourMs }, ...wholeRun(2)],
      1,
    );
    expect(summary).toEqual(inside);
    expect(rowsOf("periods").length).toBe(1);
  });
});

describe("the summary", () => {
  it("tells what the runner knows and what was counted", async () => {
    const rejection = (code: "gate-closed" | "bad-message"): Fact => ({
      type: "rejected",
      participant: "h1",
      topic: "orders",
      code,
    });
    const facts = [rejection("gate-closed"), rejection("bad-message"), rejection("gate-closed"), ...wholeRun(2)];
    const summary = await summaryAfter(facts, 2);
    expect(JSON.parse(read("summary.json"))).toEqual(summary);
    expect(summary).toEqual({
      ...input,
      kpis: { ...input.kpis, welfareEfficiency: 1, smithsAlpha: null, profitDispersion: 0, ...noCuts },
      shadow: null,
      periods: 2,
      billedPeriods: 2,
      from: "2016-08-01T02:00:00Z",
      to: "2016-08-01T03:00:00Z",
      periodMinutes: 30,
      moneySum: 0,
      energyImbalanceWh: 0,
      imbalanceKwh: 0.2,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      files: Object.fromEntries(
        Object.keys(headers).map((file) => [`${file}.csv`, expect.stringMatching(/^[0-9a-f]{64}$/)]),
      ),
      counts: { orders: 2, trades: 2, rejected: { "bad-message": 1, "gate-closed": 2 } },
      storage: {
        ...{ startKwh: 1, endKwh: 1.25, changeKwh: 0.25 },
        ...{ chargedFromOwnKwh: 0.3, chargedFromGridKwh: 0.1, endFromGridKwh: 0.05 },
      },
    });
  });

  it("has a hash that anybody can make again from the files", async () => {
    const { hash } = await summaryAfter(wholeRun(3), 3);
    const again = execSync("sha256sum ledger.csv trades.csv | cut -c1-64 | sha256sum", {
      cwd: directory,
      encoding: "utf8",
      timeout: 25_000,
    });
    expect(again.slice(0, 64)).toBe(hash);
  });

  it("has the same hash for the same run, and another when one trade or one entry differs", async () => {
    const { hash } = await summaryAfter(wholeRun(3), 3);
    expect((await summaryAfter(wholeRun(3), 3, { nodeVersion: "24.0.0" })).hash).toBe(hash);
    const changed = (type: "trade" | "entry") =>
      wholeRun(3).map((fact): Fact => {
        if (type === "trade" && fact.type === "trade") return { ...fact, trade: { ...fact.trade, sellOrder: "other" } };
        if (type === "entry" && fact.type === "entry") return { ...fact, entry: { ...fact.entry, reason: "other" } };
        return fact;
      });
    expect((await summaryAfter(changed("trade"), 3)).hash).not.toBe(hash);
    expect((await summaryAfter(changed("entry"), 3)).hash).not.toBe(hash);
  });

  it("does not depend on how the periods' facts lie between each other", async () => {
    const oneByOne = await summaryAfter(wholeRun(2), 2);
    const mixed = [...tradedFacts(0), ...tradedFacts(1), ...settledFacts(0), ...settledFacts(1)];
    expect(await summaryAfter(mixed, 2)).toEqual(oneByOne);
  });
});

describe("the audit", () => {
  const spoilt = (spoil: (fact: Fact) => Fact): Fact[] => {
    let done = false;
    return wholeRun(2).map((fact) => {
      const next = done ? fact : spoil(fact);
      done ||= next !== fact;
      return next;
    });
  };

  it("finds energy billed that was not metered", async () => {
    const facts = spoilt((fact) =>
      fact.type === "metered"
        ? { ...fact, reading: { ...fact.reading, importWh: wh(fact.reading.importWh + 10) } }
        : fact,
    );
    expect(await summaryAfter(facts, 2)).toMatchObject({ energyImbalanceWh: 10, moneySum: 0 });
  });

  it("finds a trade that is on no bill", async () => {
    const facts = spoilt((fact) =>
      fact.type === "trade" ? { ...fact, trade: { ...fact.trade, energyWh: wh(401) } } : fact,
    );
    expect(await summaryAfter(facts, 2)).toMatchObject({ energyImbalanceWh: 2, moneySum: 0 });
  });

  it("finds an entry that no bill tells, on both its sides", async () => {
    const facts = spoilt((fact) =>
      fact.type === "entry"
        ? { ...fact, entry: { ...fact.entry, amountMicro: micro(fact.entry.amountMicro + 5) } }
        : fact,
    );
    expect(await summaryAfter(facts, 2)).toMatchObject({ energyImbalanceWh: 0, moneySum: 0.00001 });
  });

  it("finds a bill whose total is not the sum of its lines", async () => {
    const facts = spoilt((fact) =>
      fact.type === "bill" ? { ...fact, bill: { ...fact.bill, totalMicro: micro(fact.bill.totalMicro + 1) } } : fact,
    );
    expect(await summaryAfter(facts, 2)).toMatchObject({ moneySum: 0.000001 });
  });

  it("is not misled by errors that cancel each other", async () => {
    let sign = 1;
    const facts = wholeRun(2).map((fact): Fact => {
      if (fact.type !== "metered" || fact.reading.participant !== "h1") return fact;
      sign = -sign;
      return { ...fact, reading: { ...fact.reading, importWh: wh(fact.reading.importWh + 10 * sign) } };
    });
    expect(await summaryAfter(facts, 2)).toMatchObject({ energyImbalanceWh: 20 });
  });

  it("takes a correction after the bill: the books still balance and the period's row is the corrected one", async () => {
    const summary = await summaryAfter([...wholeRun(2), ...correctionFacts(0, 7)], 2);
    expect(summary).toMatchObject({ moneySum: 0, energyImbalanceWh: 0 });
    expect(
      rowsOf("meters")
        .filter(({ period }) => period === "2016-08-01T02:00:00Z")
        .map((row) => row.exportKwh),
    ).toEqual(["0", "0.3", "0.35"]);
    expect(read("periods.csv").split("\n")[1]).toBe("2016-08-01T02:00:00Z,0.098,0.4,0.2,0,0.35,0.55,,,,,");
  });
});
