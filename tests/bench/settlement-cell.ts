/** The measurement of settlement: one period of many participants, about as many trades, lines, entries and all assertions. */
import type { Reading, Trade } from "../../market/facts.js";
import { assertBalanced, createLedger, postPeriod, tellEntries } from "../../market/rules/ledger.js";
import {
  type PeriodSettlement,
  type SettlementInput,
  settlePeriod,
  type Tariff,
} from "../../market/rules/settlement.js";
import type { SettlementTerms } from "../../market/terms.js";
import { permuted, stream } from "../../shared/random-stream.js";
import { type MicroPerKwh, micro, microPerKwh, wh } from "../../shared/units.js";
import { findAndKeep } from "./bare/find-and-keep.js";
import { median } from "./median.js";
import { collectGarbage, cpuMs } from "./rules-cells.js";

export interface SettlementCell {
  /** `charged`: with a charge of each kind, which doubles the lines. */
  readonly kind: "settlement" | "settlement-charged";
  readonly participants: number;
  /** Measured turns; as many again, at most ten, run before them unmeasured. */
  readonly turns: number;
}

export interface SettlementFigures {
  readonly ms: number;
  readonly bareMs: number;
  /** Median of the turns' ratios. */
  readonly ratio: number;
}

const plain: SettlementTerms = {
  imbalance: "promised",
  imbalancePrice: "dual",
  serviceChargeMicroPerKwh: microPerKwh(1000),
  serviceChargeMillionths: 0,
  gridFeeMicroPerKwh: microPerKwh(0),
  localGridFeeMicroPerKwh: microPerKwh(0),
  levies: [],
  vatMillionths: 0,
  standingChargeMicroPerDay: micro(0),
  funder: undefined,
};
const charged: SettlementTerms = {
  ...plain,
  serviceChargeMillionths: 5000,
  gridFeeMicroPerKwh: microPerKwh(50_000),
  localGridFeeMicroPerKwh: microPerKwh(20_000),
  levies: [{ name: "renewables", microPerKwh: microPerKwh(4000) }],
  vatMillionths: 50_000,
  standingChargeMicroPerDay: micro(480_000),
};
const tariff: Tariff = {
  supplier: "retail1",
  importMicroPerKwh: microPerKwh(145_700),
  exportMicroPerKwh: microPerKwh(50_300),
};
const firstMs = 1_470_009_600_000;
const periodMs = 1_800_000;

/** Settling and posting: CPU time of all threads, the median of turns with readings and trades never seen before. */
export function settlementCell({ kind, participants, turns }: SettlementCell): SettlementFigures {
  const ledger = createLedger();
  const [found, bare, ratios]: [number[], number[], number[]] = [[], [], []];
  const warmUp = Math.min(turns, 10);
  for (let turn = 0; turn < warmUp + turns; turn += 1) {
    const input = randomPeriod(participants, turn, kind === "settlement" ? plain : charged);
    collectGarbage();
    let told = 0;
    let objects = 0;
    const ms = cpuMs(() => {
      const settlement = settlePeriod(input);
      const posted = postPeriod(ledger, settlement);
      assertBalanced(ledger);
      tellEntries(posted, ({ entry }) => {
        told = entry;
      });
      objects = objectsOf(settlement);
    });
    if (told !== ledger.entryCount) throw new Error("not every entry was posted");
    collectGarbage();
    let kept = 0;
    const bareMs = cpuMs(() => {
      kept = findAndKeep(input, objects);
    });
    if (kept !== objects) throw new Error("not every object was kept");
    if (turn < warmUp) continue;
    found.push(ms);
    bare.push(bareMs);
    ratios.push(ms / bareMs);
  }
  return { ms: median(found), bareMs: median(bare), ratio: median(ratios) };
}

/** Lines, entries, and one object for each participant. */
function objectsOf({ participants, entries }: PeriodSettlement): number {
  let lines = 0;
  for (const settled of participants) lines += settled.lines.length;
  return lines + entries.length + participants.length;
}

/**
 * Half sell to the other half, up to 3 kWh each in one order, paired as an auction does: down both sides until one of them is sold out.
 * Each meets its contract but for up to 0.3 kWh. Readings by id, as the exchange hands them over.
 */
function randomPeriod(count: number, turn: number, terms: SettlementTerms): SettlementInput {
  const random = stream(turn, "bench", "settlement");
  const ids = Array.from({ length: count }, (_, at) => `home${at}`).sort();
  const offers = permuted(ids, random).map((id, at) => ({
    id,
    order: `o-${turn}-${at}`,
    leftWh: random.integer(1, 3000),
  }));
  const half = Math.floor(count / 2);
  const trades = paired(offers.slice(0, half), offers.slice(half), microPerKwh(100_000));
  const contracts = new Map<string, number>();
  const contract = (id: string, energyWh: number) => contracts.set(id, (contracts.get(id) ?? 0) + energyWh);
  for (const { seller, buyer, energyWh } of trades) {
    contract(seller, energyWh);
    contract(buyer, -energyWh);
  }
  const readings = ids.map((participant): Reading => {
    const netWh = (contracts.get(participant) ?? 0) + random.integer(-300, 300);
    const exportWh = wh(Math.max(0, netWh));
    return { participant, importWh: wh(Math.max(0, -netWh)), exportWh, generationWh: exportWh, quality: "actual" };
  });
  return {
    periodMs: firstMs + turn * periodMs,
    periodMinutes: 30,
    trades,
    readings,
    tariffs: new Map(ids.map((id) => [id, tariff])),
    systemBuyMicroPerKwh: microPerKwh(160_000),
    systemSellMicroPerKwh: microPerKwh(40_000),
    positions: new Map(),
    terms,
  };
}

interface Offer {
  readonly id: string;
  readonly order: string;
  leftWh: number;
}

function paired(sells: readonly Offer[], buys: readonly Offer[], priceMicroPerKwh: MicroPerKwh): Trade[] {
  const trades: Trade[] = [];
  let at = 0;
  for (const sell of sells) {
    for (let buy = buys[at]; sell.leftWh > 0 && buy !== undefined; buy = buys[at]) {
      const energyWh = wh(Math.min(sell.leftWh, buy.leftWh));
      const [buyer, seller, mechanism] = [buy.id, sell.id, "uniform"];
      trades.push({ buyer, seller, energyWh, priceMicroPerKwh, mechanism, buyOrder: buy.order, sellOrder: sell.order });
      sell.leftWh -= energyWh;
      buy.leftWh -= energyWh;
      if (buy.leftWh === 0) at += 1;
    }
  }
  return trades;
}
