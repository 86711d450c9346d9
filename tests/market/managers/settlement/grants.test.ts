import { describe, expect, it } from "vitest";
import type { MarketTerms } from "../../../../market/terms.js";
import { hourMs } from "../../../../shared/time.js";
import { micro } from "../../../../shared/units.js";
import { membersMessage } from "../recording-ports.js";
import { first, firstMs, member, terms as sampleTerms } from "../sample-terms.js";
import { billMs, endMs, people, reading, settlementRoom, trade } from "./settlement-room.js";

/** Ann has paid in 10 and may not fall below 0, bob may fall 2 below it, cat has paid in 5 and has no limit. */
const terms: MarketTerms = {
  ...sampleTerms,
  members: [
    { ...member("ann"), creditLimitMicro: micro(0), depositMicro: micro(10_000_000) },
    { ...member("bob"), creditLimitMicro: micro(2_000_000) },
    { ...member("cat"), depositMicro: micro(5_000_000) },
    member("ann-meter", "meter"),
  ],
};

function settled() {
  const room = settlementRoom(terms);
  room.contract(first, [trade(0.5)]);
  room.tickAt(endMs + hourMs);
  room.meter(first, [reading("ann", 0, 0.5), reading("bob", 0.6, 0, "estimated"), reading("cat", 0.2)]);
  const grants = () => room.handed.flatMap((handover) => (handover.kind === "grants" ? [handover.body] : []));
  return { ...room, grants };
}
const freeFunds = (room: ReturnType<typeof settlementRoom>, id: string) =>
  (room.outbox.retained.get(`private/${id}/tariff`) as { freeFunds: number | null } | undefined)?.freeFunds;

describe("deposits and grants", () => {
  it("books what was paid in once, from the bank, as of the run's first period", () => {
    const room = settlementRoom(terms);
    room.actor.send({ type: "MEMBERS", message: membersMessage(terms.members) });
    const entries = room.facts.flatMap((fact) => (fact.type === "entry" ? [fact.entry] : []));
    const deposit = { periodMs: firstMs, debit: "bank", reason: "deposit" };
    expect(entries).toEqual([
      { ...deposit, entry: 1, credit: "participant:ann", amountMicro: 10_000_000 },
      { ...deposit, entry: 2, credit: "participant:cat", amountMicro: 5_000_000 },
    ]);
  });

  it("grants those with a limit their balance at the start, and again with each settled period, by its name", () => {
    const room = settled();
    expect(room.grants()).toEqual([
      {
        grants: [
          { participant: "ann", funds: 10 },
          { participant: "bob", funds: 0 },
        ],
      },
      {
        settled: [first],
        grants: [
          // Sold 0.5 kWh at 0.1, bought it and 0.1 kWh at 0.1457; 0.001 of service charge each kWh.
          { participant: "ann", funds: 10.0495 },
          { participant: "bob", funds: -0.06507 },
        ],
      },
    ]);
  });

  it("grants anew after a correction, with the next tick", () => {
    const room = settled();
    const before = room.grants().length;
    room.meter(first, [reading("bob", 0.7)], true);
    expect(room.grants()).toHaveLength(before);
    room.tickAt(endMs + 2 * hourMs);
    room.tickAt(endMs + 3 * hourMs);
    expect(room.grants().slice(before)).toMatchObject([{ grants: [{ funds: 10.0495 }, { funds: -0.07964 }] }]);
    expect(room.grants().at(-1)).not.toHaveProperty("settled");
  });

  it("tells each with a limit what it has left with its tariff, null to who has none", () => {
    const room = settled();
    expect(people.map((id) => freeFunds(room, id))).toEqual([10.0495, 1.93493, null]);
    expect(room.outbox.on("private/cat/tariff")).toHaveLength(1);
  });

  it("keeps deposits off the bills and the accounts at a sum of 0", () => {
    const room = settled();
    room.tickAt(billMs);
    const balances = room.balances();
    expect([...balances.values()].reduce((sum, balance) => sum + balance, 0)).toBe(0);
    expect(balances.get("bank")).toBe(-15_000_000);
    expect(room.bills("ann").map(({ total }) => total)).toEqual([0.0495]);
  });

  it("sends nothing where nobody has a limit", () => {
    const room = settlementRoom();
    room.tickAt(endMs + hourMs);
    expect(room.handed).toEqual([]);
  });
});
