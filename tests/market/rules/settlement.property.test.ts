import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  assertBalanced,
  balanceOf,
  createLedger,
  type EntryDraft,
  netFor,
  netOf,
  post,
  postPeriod,
} from "../../../market/rules/ledger.js";
import { type PeriodSettlement, settlePeriod } from "../../../market/rules/settlement.js";
import { valueOfEnergy } from "../../../market/rules/value.js";
import { micro } from "../../../shared/units.js";
import { anyPeriod } from "./settlement-cases.js";

const runs = { numRuns: 300 };
const participantsMoney = (settlement: PeriodSettlement): number =>
  settlement.participants.reduce((sum, { totalMicro }) => sum + totalMicro, 0);

/** Energy of all lines of some kinds. */
function energyOf(settlement: PeriodSettlement, ...kinds: string[]): number {
  const lines = settlement.participants.flatMap(({ lines }) => lines);
  return lines.filter(({ kind }) => kinds.includes(kind)).reduce((sum, { energyWh }) => sum + energyWh, 0);
}

describe("any settlement", () => {
  it("moves money without making any: what participants get, the other accounts pay", () => {
    fc.assert(
      fc.property(anyPeriod, (input) => {
        const settlement = settlePeriod(input);
        const ledger = createLedger();
        post(ledger, input.periodMs, settlement.entries);
        assertBalanced(ledger);
        const isOther = (account: string) => !account.startsWith("participant:");
        const others = [...ledger.balances].flatMap(([account, balance]) => (isOther(account) ? [balance.micro] : []));
        expect(participantsMoney(settlement) + others.reduce((sum, balance) => sum + balance, 0)).toBe(0);
        for (const { participant, totalMicro } of settlement.participants) {
          expect(balanceOf(ledger, `participant:${participant}`)).toBe(totalMicro);
        }
      }),
      runs,
    );
  });

  it("posts each account's sum as its entries one by one come to it, with the same numbers", () => {
    fc.assert(
      fc.property(anyPeriod, (input) => {
        const settlement = settlePeriod(input);
        const [bySums, byEntries] = [createLedger(), createLedger()];
        const posted = postPeriod(bySums, settlement);
        expect(posted).toEqual(post(byEntries, input.periodMs, settlement.entries));
        const known = [...new Set([...bySums.balances.keys(), ...byEntries.balances.keys()])];
        expect(known.map((account) => balanceOf(bySums, account))).toEqual(
          known.map((account) => balanceOf(byEntries, account)),
        );
        expect(bySums.entryCount).toBe(byEntries.entryCount);
      }),
      runs,
    );
  });

  it("is not posted where one entry tells another amount, is missing, is there twice, or goes the other way or elsewhere", () => {
    const faults: readonly ((entry: EntryDraft) => readonly EntryDraft[])[] = [
      (entry) => [{ ...entry, amountMicro: micro(entry.amountMicro + 1) }],
      () => [],
      (entry) => [entry, entry],
      (entry) => [{ ...entry, debit: entry.credit, credit: entry.debit }],
      (entry) => [{ ...entry, credit: "nobody" }],
      (entry) => [{ ...entry, debit: entry.credit }],
      (entry) => [{ ...entry, amountMicro: micro(-entry.amountMicro) }],
    ];
    fc.assert(
      fc.property(anyPeriod, fc.nat(), fc.constantFrom(...faults), (input, at, fault) => {
        const settlement = settlePeriod(input);
        const { length } = settlement.entries;
        fc.pre(length > 0);
        const entries = settlement.entries.flatMap((entry, place) => (place === at % length ? fault(entry) : [entry]));
        const ledger = createLedger();
        expect(() => postPeriod(ledger, { ...settlement, entries })).toThrow("invariant broken");
        expect(ledger).toEqual(createLedger());
      }),
      runs,
    );
  });

  it("bills each one exactly the energy that its meter shows", () => {
    fc.assert(
      fc.property(anyPeriod, (input) => {
        const { participants } = settlePeriod(input);
        for (const { importWh, exportWh, participant } of input.readings) {
          const lines = participants.find((settled) => settled.participant === participant)?.lines ?? [];
          expect(lines.reduce((sum, line) => sum + line.energyWh, 0)).toBe(exportWh - importWh);
        }
      }),
      runs,
    );
  });

  it("trades and balances within the community, and asks the supplier for its net alone", () => {
    fc.assert(
      fc.property(anyPeriod, (input) => {
        const settlement = settlePeriod(input);
        const net = input.readings.reduce((sum, { importWh, exportWh }) => sum + exportWh - importWh, 0);
        expect(energyOf(settlement, "trade")).toBe(0);
        expect(energyOf(settlement, "balancing")).toBe(0);
        expect(energyOf(settlement, "supply", "export", "imbalance")).toBe(net);
      }),
      runs,
    );
  });

  it("leaves the net imbalance to one side and matches the smaller side wholly", () => {
    fc.assert(
      fc.property(anyPeriod, (input) => {
        const settlement = settlePeriod(input);
        const shortWh = settlement.participants.reduce((sum, settled) => sum + settled.shortWh, 0);
        const longWh = settlement.participants.reduce((sum, settled) => sum + settled.longWh, 0);
        const rests = settlement.participants.flatMap(({ lines }) => lines.filter(({ kind }) => kind === "imbalance"));
        expect(new Set(rests.map(({ energyWh }) => Math.sign(energyWh))).size).toBeLessThanOrEqual(1);
        expect(energyOf(settlement, "imbalance")).toBe(longWh - shortWh);
        expect(settlement.matchedWh).toBe(Math.min(shortWh, longWh));
        expect(settlement.deviationWh).toBe(shortWh + longWh);
      }),
      runs,
    );
  });

  it("costs rounding at most half a millionth for each balancing line", () => {
    fc.assert(
      fc.property(anyPeriod, (input) => {
        const settlement = settlePeriod(input);
        const balancing = settlement.participants.flatMap(({ lines }) =>
          lines.filter(({ kind }) => kind === "balancing"),
        );
        const left = Math.abs(netFor(netOf(settlement.entries), "rounding"));
        expect(left).toBeLessThanOrEqual(balancing.length / 2);
      }),
      runs,
    );
  });

  it("does not depend on the order in which readings come", () => {
    fc.assert(
      fc.property(anyPeriod, (input) => {
        const reversed = { ...input, readings: [...input.readings].reverse() };
        expect(settlePeriod(reversed)).toEqual(settlePeriod(input));
      }),
      runs,
    );
  });

  it("gives each supplier what its own customers' lines say, and nothing of another's", () => {
    fc.assert(
      fc.property(anyPeriod, (input) => {
        const settlement = settlePeriod(input);
        const net = netOf(settlement.entries);
        for (const supplier of ["retail1", "retail2"]) {
          const customers = settlement.participants.filter(
            ({ participant }) => input.tariffs.get(participant)?.supplier === supplier,
          );
          const kinds = ["supply", "export", "imbalance", "standing-charge"];
          const paid = customers.flatMap(({ lines }) => lines.filter(({ kind }) => kinds.includes(kind)));
          const expected = paid.reduce((sum, { amountMicro }) => sum - amountMicro, 0);
          expect(netFor(net, `supplier:${supplier}`)).toBe(expected);
        }
      }),
      runs,
    );
  });

  it("holds each one to its position: what it metered beyond it is long, below it short", () => {
    fc.assert(
      fc.property(anyPeriod, (input) => {
        for (const { participant, positionWh, meteredWh, contractedWh, longWh, shortWh } of settlePeriod(input)
          .participants) {
          expect(meteredWh - positionWh).toBe(longWh - shortWh);
          if (input.terms.imbalance === "full") {
            expect(positionWh).toBe(input.positions.get(participant) ?? contractedWh);
          }
        }
      }),
      runs,
    );
  });

  it("leaves nothing of two prices on the mechanism's account where somebody bears it", () => {
    fc.assert(
      fc.property(anyPeriod, (input) => {
        const net = netOf(settlePeriod(input).entries);
        const surplus = input.trades.reduce((sum, { energyWh, priceMicroPerKwh, sellerPriceMicroPerKwh }) => {
          const paid = valueOfEnergy(energyWh, priceMicroPerKwh);
          return sum + paid - valueOfEnergy(energyWh, sellerPriceMicroPerKwh ?? priceMicroPerKwh);
        }, 0);
        expect(netFor(net, "mechanism")).toBe(input.terms.funder === undefined ? surplus : 0);
        expect(netFor(net, "funder:council")).toBe(input.terms.funder === "council" ? surplus : 0);
      }),
      runs,
    );
  });
});
