/**
 * Rule 4 of elecbay.md 0: the innocent side's energy goes to the supplier at plain retail or export, never as imbalance. Here everybody
 * may buy and sell in one period, and the DSO cuts what it likes. Innocent is who has no order that the DSO named.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Reading, Trade } from "../../../market/facts.js";
import { assertBalanced, createLedger, postPeriod } from "../../../market/rules/ledger.js";
import { lostAfterCuts } from "../../../market/rules/lost-after-cuts.js";
import { applyCuts, type OperatingCut, type TradesAfterCuts } from "../../../market/rules/operating-cuts.js";
import { positionsAfterCuts } from "../../../market/rules/positions-after-cuts.js";
import { type ParticipantSettlement, type PeriodSettlement, settlePeriod } from "../../../market/rules/settlement.js";
import { contractsOf } from "../../../market/rules/settlement-position.js";
import type { SettlementTerms } from "../../../market/terms.js";
import { type Wh, wh } from "../../../shared/units.js";
import { anyCutCase } from "./cut-cases.js";
import { anySettlementTerms, period, reading } from "./settlement-cases.js";

const runs = { numRuns: 1000 };
const people = ["ann", "bob", "cleo", "dan"];
const orders = ["b1", "b2", "b3", "b4", "b5", "s1", "s2", "s3", "s4", "s5"];

interface CutPeriod {
  readonly made: readonly Trade[];
  readonly asked: readonly OperatingCut[];
  readonly arrivals: ReadonlyMap<string, number>;
  readonly after: TradesAfterCuts;
  /** Notified at the gate. */
  readonly notified: ReadonlyMap<string, Wh>;
  readonly terms: SettlementTerms;
}

/** Ten orders of four participants: most have some on both sides. */
const anyCutPeriod: fc.Arbitrary<CutPeriod> = fc
  .record({
    cutCase: anyCutCase,
    owners: fc.array(fc.constantFrom(...people), { minLength: orders.length, maxLength: orders.length }),
    notified: fc.array(fc.tuple(fc.constantFrom(...people), fc.integer({ min: -20, max: 20 }).map(wh))),
    terms: anySettlementTerms,
  })
  .map(({ cutCase, owners, notified, terms }) => {
    const ownerOf = new Map(orders.map((id, place) => [id, owners[place] ?? "ann"]));
    const made = cutCase.trades.map((trade) => ({
      ...trade,
      buyer: ownerOf.get(trade.buyOrder) ?? "",
      seller: ownerOf.get(trade.sellOrder) ?? "",
    }));
    const { asked, arrivals } = cutCase;
    return { made, asked, arrivals, terms, after: applyCuts(made, arrivals, asked), notified: new Map(notified) };
  });

const anyPromised = anyCutPeriod.map((drawn) => ({
  ...drawn,
  terms: { ...drawn.terms, imbalance: "promised" as const },
}));

function settled({ made, after, notified, terms }: CutPeriod, readings: readonly Reading[]): PeriodSettlement {
  const told = [...notified].map(([participant, energyWh]) => ({ participant, energyWh }));
  const positions = positionsAfterCuts(told, made, after);
  const input = period(after.trades, readings, {
    terms,
    positions: new Map(positions.map(({ participant, energyWh }) => [participant, energyWh])),
  });
  const lost = lostAfterCuts(after);
  return settlePeriod({ ...input, lost: new Map(lost.map(({ participant, energyWh }) => [participant, energyWh])) });
}

function innocentOf({ made, after }: CutPeriod): string[] {
  const named = new Set(after.cuts.filter(({ askedWh }) => askedWh > 0).map(({ participant }) => participant));
  const traders = made.flatMap(({ buyer, seller }) => [buyer, seller]);
  return people.filter((id) => traders.includes(id) && !named.has(id));
}

/** Bought and sold by each. */
function sidesOf(trades: readonly Trade[], id: string) {
  const sum = (key: "buyer" | "seller") =>
    trades.reduce((energyWh, trade) => energyWh + (trade[key] === id ? trade.energyWh : 0), 0);
  return { boughtWh: sum("buyer"), soldWh: sum("seller") };
}

/** What its meter shows of who does what it contracted: each side on its own register, or the net alone; and what it uses of its own. */
const registers = {
  apart: (boughtWh: number, soldWh: number) => [boughtWh, soldWh] as const,
  net: (boughtWh: number, soldWh: number) => [Math.max(0, boughtWh - soldWh), Math.max(0, soldWh - boughtWh)] as const,
};

const deviationOf = ({ shortWh, longWh }: ParticipantSettlement): number => shortWh + longWh;

const isImbalance = ({ kind }: { readonly kind: string }): boolean => kind === "imbalance" || kind === "balancing";

const settledOf = ({ participants }: PeriodSettlement, id: string): ParticipantSettlement => {
  const own = participants.find(({ participant }) => participant === id);
  if (own === undefined) throw new Error(`${id} is not settled`);
  return own;
};

/** All that a meter may show. */
const anyMeters = fc.array(fc.tuple(fc.nat(25), fc.nat(25)), { minLength: people.length, maxLength: people.length });

const readingsFrom = (meters: readonly (readonly [importWh: number, exportWh: number])[]): Reading[] =>
  people.map((id, place) => reading(id, ...(meters[place] ?? [0, 0])));

/** Positive = sold. */
const netOf = (id: string, parts: readonly { participant: string; side: string; energyWh: number }[]): number =>
  parts.reduce(
    (sum, { participant, side, energyWh }) => sum + (participant === id ? (side === "sell" ? energyWh : -energyWh) : 0),
    0,
  );

/** What the DSO asked of one participant's orders, net: less is sold, or less is bought, here and where that took its own other side. */
const askedNetOf = ({ after: { cuts, ownLosses } }: CutPeriod, id: string): number =>
  -netOf(id, [...cuts.map((cut) => ({ ...cut, energyWh: cut.askedWh })), ...ownLosses]);

describe("who was not named, after the DSO's cuts", () => {
  const doings = fc.record({
    how: fc.constantFrom("apart", "net"),
    // What else passes its meter: bought from or sold to its supplier.
    besides: anyMeters,
  } as const);

  it("pays no imbalance for doing what it contracted at the gate, by either register, promised or full, dual or single", () => {
    fc.assert(
      fc.property(anyCutPeriod, doings, (drawn, { how, besides }) => {
        // Full imbalance counts all energy against the position: there it keeps to its contract to the Wh.
        const isFull = drawn.terms.imbalance === "full";
        const meters = people.map((id, place) => {
          const { boughtWh, soldWh } = sidesOf(drawn.made, id);
          const [importWh, exportWh] = registers[how](boughtWh, soldWh);
          const [moreInWh, moreOutWh] = isFull ? [0, 0] : (besides[place] ?? [0, 0]);
          return [importWh + moreInWh, exportWh + moreOutWh] as const;
        });
        const notified = isFull ? new Map<string, Wh>() : drawn.notified;
        const settlement = settled({ ...drawn, notified }, readingsFrom(meters));
        for (const id of innocentOf(drawn)) expect(settledOf(settlement, id).lines.filter(isImbalance)).toEqual([]);
      }),
      runs,
    );
  });

  it("pays none for doing what it notified, where imbalance is full", () => {
    fc.assert(
      fc.property(anyCutPeriod, (drawn) => {
        const full = { ...drawn, terms: { ...drawn.terms, imbalance: "full" as const } };
        const contracts = contractsOf(drawn.made);
        const meters = people.map((id) => {
          const netWh = drawn.notified.get(id) ?? contracts.get(id) ?? 0;
          return registers.net(Math.max(0, -netWh), Math.max(0, netWh));
        });
        const settlement = settled(full, readingsFrom(meters));
        for (const id of innocentOf(drawn)) expect(settledOf(settlement, id).lines.filter(isImbalance)).toEqual([]);
      }),
      runs,
    );
  });

  it("pays none for what lies between its contract at the gate and the one that stands, where imbalance is promised", () => {
    fc.assert(
      fc.property(anyPromised, fc.nat(100), (drawn, percent) => {
        const [before, standing] = [contractsOf(drawn.made), contractsOf(drawn.after.trades)];
        const meters = people.map((id) => {
          const [fromWh, toWh] = [before.get(id) ?? 0, standing.get(id) ?? 0];
          const netWh = fromWh + Math.round(((toWh - fromWh) * percent) / 100);
          return registers.net(Math.max(0, -netWh), Math.max(0, netWh));
        });
        const settlement = settled(drawn, readingsFrom(meters));
        for (const id of innocentOf(drawn)) expect(deviationOf(settledOf(settlement, id))).toBe(0);
      }),
      runs,
    );
  });

  it("never deviates more than without the cuts, whatever it does, where imbalance is promised", () => {
    fc.assert(
      fc.property(anyPromised, anyMeters, (drawn, meters) => {
        const readings = readingsFrom(meters);
        const settlement = settled(drawn, readings);
        const uncut = settlePeriod(period(drawn.made, readings, { terms: drawn.terms }));
        for (const id of innocentOf(drawn)) {
          const least = deviationOf(settledOf(uncut, id));
          expect(deviationOf(settledOf(settlement, id))).toBeLessThanOrEqual(least);
        }
      }),
      runs,
    );
  });
});

describe("who alone was named", () => {
  const anyAlone = anyCutPeriod.map(({ made, asked, ...drawn }) => {
    const ownerOf = new Map(
      made.flatMap(({ buyOrder, buyer, sellOrder, seller }) => [
        [buyOrder, buyer] as const,
        [sellOrder, seller] as const,
      ]),
    );
    const ofAnn = asked.filter(({ orderId }) => ownerOf.get(orderId) === "ann");
    return { ...drawn, made, asked: ofAnn, after: applyCuts(made, drawn.arrivals, ofAnn) };
  });

  it("lost nothing innocently, for all it lost comes of its own orders", () => {
    fc.assert(
      fc.property(anyAlone, ({ after }) => {
        expect(lostAfterCuts(after).filter(({ participant }) => participant === "ann")).toEqual([]);
      }),
      runs,
    );
  });

  it("has the position that it notified, moved as the cuts moved its contract", () => {
    fc.assert(
      fc.property(anyAlone, ({ made, after, notified }) => {
        const told = [...notified].map(([participant, energyWh]) => ({ participant, energyWh }));
        const left = positionsAfterCuts(told, made, after).find(({ participant }) => participant === "ann");
        const [before, standing] = [contractsOf(made), contractsOf(after.trades)].map((all) => all.get("ann") ?? 0);
        if (left !== undefined)
          expect(left.energyWh).toBe((notified.get("ann") ?? before ?? 0) + (standing ?? 0) - (before ?? 0));
        else expect([notified.has("ann"), standing]).toEqual([false, before]);
      }),
      runs,
    );
  });
});

describe("any settlement after the DSO's cuts", () => {
  it("costs nobody imbalance who does what it contracted less what the DSO asked of it, where imbalance is promised", () => {
    fc.assert(
      fc.property(anyPromised, (drawn) => {
        const before = contractsOf(drawn.made);
        const meters = people.map((id) => {
          const netWh = (before.get(id) ?? 0) + askedNetOf(drawn, id);
          return registers.net(Math.max(0, -netWh), Math.max(0, netWh));
        });
        for (const own of settled(drawn, readingsFrom(meters)).participants) expect(deviationOf(own)).toBe(0);
      }),
      runs,
    );
  });

  it("lets suppliers take over only what was lost because the other side was cut, at plain prices, and no more imbalance than else", () => {
    fc.assert(
      fc.property(anyPromised, anyMeters, (drawn, meters) => {
        const readings = readingsFrom(meters);
        const settlement = settled(drawn, readings);
        const unprotected = settlePeriod(period(drawn.after.trades, readings, { terms: drawn.terms }));
        for (const own of settlement.participants) {
          const plain = settledOf(unprotected, own.participant);
          const allWh = netOf(
            own.participant,
            drawn.after.cuts.map((cut) => ({ ...cut, energyWh: cut.cutWh })),
          );
          const innocentWh = allWh + askedNetOf(drawn, own.participant);
          expect(own.takenOverWh).toBeLessThanOrEqual(Math.abs(innocentWh));
          expect(own.takenOverWh).toBe(deviationOf(plain) - deviationOf(own));
          expect(Math.abs(plainOf(own) - plainOf(plain))).toBe(own.takenOverWh);
          expect(own.deliveredWh).toBe(plain.deliveredWh);
        }
      }),
      runs,
    );
  });

  it("moves no energy or money that does not balance", () => {
    fc.assert(
      fc.property(anyCutPeriod, anyMeters, (drawn, meters) => {
        const readings = readingsFrom(meters);
        const settlement = settled(drawn, readings);
        const ledger = createLedger();
        postPeriod(ledger, settlement);
        assertBalanced(ledger);
        const sums = new Map<string, number>();
        for (const { lines } of settlement.participants)
          for (const { kind, energyWh } of lines) sums.set(kind, (sums.get(kind) ?? 0) + energyWh);
        expect(sums.get("trade") ?? 0).toBe(0);
        expect(sums.get("balancing") ?? 0).toBe(0);
        const netWh = readings.reduce((sum, { importWh, exportWh }) => sum + exportWh - importWh, 0);
        expect([...sums.values()].reduce((sum, energyWh) => sum + energyWh, 0)).toBe(netWh);
      }),
      runs,
    );
  });
});

/** Energy that passes between a participant and its supplier at plain prices; positive = to the supplier. */
const plainOf = ({ lines }: ParticipantSettlement): number =>
  lines.reduce((sum, { kind, energyWh }) => sum + (kind === "supply" || kind === "export" ? energyWh : 0), 0);
