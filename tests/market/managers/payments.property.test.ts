/**
 * Payments between registrar, bidding and settlement, whose words arrive in any order that their connections allow, while orders are placed:
 * each payment has one outcome, the ledger has each once, and what orders hold is covered by the balance at every moment.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createActor } from "xstate";
import type { Handover } from "../../../market/managers/handover.js";
import { registrarManager } from "../../../market/managers/registrar/registrar-manager.js";
import { isoUtc } from "../../../shared/time.js";
import { micro } from "../../../shared/units.js";
import { anOrder, biddingRoom } from "./bidding/bidding-room.js";
import { recordingPorts } from "./recording-ports.js";
import { first, member, terms as sampleTerms, startMs } from "./sample-terms.js";
import { settlementRoom } from "./settlement/settlement-room.js";

const terms = {
  ...sampleTerms,
  bidding: { ...sampleTerms.bidding, maxOrdersPerPeriod: 1000 },
  members: [{ ...member("ann"), creditLimitMicro: micro(0), depositMicro: micro(300_000) }, member("bob")],
};
const head = { v: 1 as const, ts: isoUtc(startMs), n: 1 };

type Way = "api-bidding" | "api-settlement" | "bidding-settlement" | "settlement-bidding" | "settlement-api";
const ways: readonly Way[] = [
  ...(["api-bidding", "api-settlement", "bidding-settlement", "settlement-bidding", "settlement-api"] as const),
];

function market() {
  const ports = recordingPorts(startMs);
  const registrar = createActor(registrarManager(terms, ports).logic, { id: "api" });
  registrar.start();
  const [bidding, settlement] = [biddingRoom(terms), settlementRoom(terms)];
  const queues = new Map<Way, Handover[]>(ways.map((way) => [way, []]));
  const told = { api: 0, bidding: 0, settlement: 0 };
  const put = (way: Way, handover: Handover) => queues.get(way)?.push(handover);
  /** What was handed over meanwhile goes onto its connections. */
  function carry(): void {
    for (const handover of ports.handed.slice(told.api))
      if (handover.kind === "payments") for (const to of ["bidding", "settlement"] as const) put(`api-${to}`, handover);
    for (const handover of bidding.handed.slice(told.bidding))
      if (handover.kind === "payouts") put("bidding-settlement", handover);
    for (const handover of settlement.handed.slice(told.settlement)) {
      if (handover.kind === "grants") put("settlement-bidding", handover);
      if (handover.kind === "booked") put("settlement-api", handover);
    }
    told.api = ports.handed.length;
    told.bidding = bidding.handed.length;
    told.settlement = settlement.handed.length;
  }
  function deliver(way: Way): boolean {
    carry();
    const handover = queues.get(way)?.shift();
    if (handover === undefined) return false;
    const { kind } = handover;
    if (kind === "payments" && way === "api-bidding")
      bidding.hear({ type: "PAYMENTS", message: { ...head, ...handover.body } });
    else if (kind === "payments") settlement.actor.send({ type: "PAYMENTS", message: { ...head, ...handover.body } });
    else if (kind === "payouts") settlement.actor.send({ type: "PAYOUTS", message: { ...head, ...handover.body } });
    else if (kind === "grants") bidding.hear({ type: "GRANTS", message: { ...head, ...handover.body } });
    else if (kind === "booked") registrar.send({ type: "BOOKED", message: { ...head, ...handover.body } });
    carry();
    return true;
  }
  bidding.hear({
    type: "TARIFFS",
    message: {
      ...head,
      from: isoUtc(startMs),
      stepMinutes: 60,
      tariffs: [],
      systemBuyPerKwh: [0.1],
      systemSellPerKwh: [0.04],
    },
  });
  return { ports, registrar, bidding, settlement, deliver };
}

const step = fc.oneof(
  fc.record({
    ...{ do: fc.constant("pay" as const), id: fc.integer({ min: 1, max: 9 }) },
    ...{
      kind: fc.constantFrom("deposit" as const, "payout" as const),
      amountMicro: fc.constantFrom(60_500, 121_000, 250_000),
    },
    participant: fc.constantFrom("ann", "bob", "nobody"),
  }),
  fc.record({ do: fc.constant("order" as const), energyKwh: fc.constantFrom(0.5, 1) }),
  fc.record({ do: fc.constant("deliver" as const), way: fc.constantFrom(...ways) }),
  fc.record({ do: fc.constant("deliver" as const), way: fc.constantFrom(...ways) }),
);

describe("payments", () => {
  it("are each booked or refused once, and never take what an order holds", () => {
    const seen = { booked: 0, refused: 0, orders: 0 };
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: "max" }), (steps) => {
        const { ports, registrar, bidding, settlement, deliver } = market();
        let heldMicro = 0;
        const balance = (id: string) => settlement.balances().get(`participant:${id}`) ?? 0;
        const covered = (): void => {
          expect(balance("ann")).toBeGreaterThanOrEqual(heldMicro);
          expect(balance("bob")).toBeGreaterThanOrEqual(0);
        };
        for (const one of steps) {
          if (one.do === "deliver") deliver(one.way);
          else if (one.do === "order") {
            const order = anOrder({ period: first, energyKwh: one.energyKwh, pricePerKwh: 0.12 });
            if (bidding.verdict("ann", "orders", order) === "accepted") heldMicro += one.energyKwh * 121_000;
          } else {
            const payment = { paymentId: `p${one.id}`, participant: one.participant, kind: one.kind };
            const noted = { ...payment, amountMicro: micro(one.amountMicro), reference: null };
            registrar.send({ type: "PAY", askId: "a", payment: noted });
          }
          covered();
        }
        while (ways.some((way) => deliver(way))) covered();
        const noted = new Map(
          ports.facts.flatMap((fact) => (fact.type === "payment" ? [[fact.payment.paymentId, fact.payment]] : [])),
        );
        const entries = settlement.facts.flatMap((fact) => (fact.type === "entry" ? [fact.entry] : []));
        const times = ports.facts.filter((fact) => fact.type === "payment").length;
        expect(times).toBe(2 * noted.size); // noted, and decided
        for (const payment of noted.values()) {
          const own = entries.filter(({ reason }) => reason === `${payment.kind} ${payment.paymentId}`);
          expect(own).toHaveLength(payment.state === "booked" ? 1 : 0);
          expect(payment.state).not.toBe("pending");
          if (payment.state === "booked") expect(own[0]?.entry).toBe(payment.entry);
          seen[payment.state === "booked" ? "booked" : "refused"] += 1;
        }
        seen.orders += heldMicro > 0 ? 1 : 0;
        expect([...settlement.balances().values()].reduce((sum, one) => sum + one, 0)).toBe(0);
        // All that payouts held is released: an order that holds all of what is left finds it.
        const freeMicro = balance("ann") - heldMicro;
        const order = anOrder({ energyKwh: 0.5, pricePerKwh: ((freeMicro - 500) * 2) / 1_000_000 });
        if (freeMicro >= 500 && freeMicro < 900_000)
          expect(bidding.verdict("ann", "orders", order)).not.toBe("credit-exceeded");
      }),
      { numRuns: 150 },
    );
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(10);
  });
});
