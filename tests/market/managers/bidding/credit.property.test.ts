import { describe, expect, it } from "vitest";
import { membersFrom } from "../../../../market/door/members.js";
import type { Side } from "../../../../market/facts.js";
import { createDesk } from "../../../../market/managers/bidding/bidding-manager.js";
import { learnGrants } from "../../../../market/managers/bidding/credit-desk.js";
import { decideItems, decideOrders } from "../../../../market/managers/bidding/decide.js";
import type { BiddingDesk } from "../../../../market/managers/bidding/desk.js";
import { closeGate } from "../../../../market/managers/bidding/gate.js";
import { createPeriodDesk } from "../../../../market/managers/bidding/period-desk.js";
import { timesOf } from "../../../../market/managers/calendar.js";
import type { Handover } from "../../../../market/managers/handover.js";
import { type HoldTerms, holdFor } from "../../../../market/rules/credit.js";
import { continuous } from "../../../../market/rules/mechanisms/continuous.js";
import type { Mechanism } from "../../../../market/rules/mechanisms/mechanism.js";
import { uniform } from "../../../../market/rules/mechanisms/uniform.js";
import { createPeriodBook } from "../../../../market/rules/period-book.js";
import type { MarketTerms } from "../../../../market/terms.js";
import { microPerKwhFromMajor, whFromKwh } from "../../../../shared/decimal.js";
import type { ItemsCommand, OrdersCommand } from "../../../../shared/messages/commands.js";
import { type RandomStream, stream } from "../../../../shared/random-stream.js";
import { isoUtc, minuteMs } from "../../../../shared/time.js";
import { micro, microPerKwh, wh } from "../../../../shared/units.js";
import { membersMessage, packetOf, recordingPorts, sha256 } from "../recording-ports.js";
import { calendar, first, firstMs, member, terms as sampleTerms, second, startMs } from "../sample-terms.js";

const people = ["ann", "bob", "cat", "dan"];
const systemBuy: Readonly<Record<string, number>> = { [first]: 160_000, [second]: 130_000 };
const head = { v: 1 as const, ts: isoUtc(startMs), n: 1 };
const secondMs = firstMs + 30 * minuteMs;
/** A fill splits an order: each part of its hold may be rounded up once more. */
const roundingsMicro = 50;

/** Ann, bob and cat have limits, dan has none. */
function termsWith(mechanism: string): MarketTerms {
  const limits = [0, 100_000, 300_000];
  return {
    ...sampleTerms,
    bidding: { ...sampleTerms.bidding, mechanism, maxOrdersPerPeriod: 8 },
    settlement: {
      ...sampleTerms.settlement,
      ...{ serviceChargeMillionths: 20_000, vatMillionths: 50_000, localGridFeeMicroPerKwh: microPerKwh(3000) },
    },
    members: people.map((id, at) => {
      const limit = limits[at];
      return { ...member(id), creditLimitMicro: limit === undefined ? undefined : micro(limit) };
    }),
  };
}

function deskOf(mechanism: Mechanism): { readonly desk: BiddingDesk; readonly handed: readonly Handover[] } {
  const terms = termsWith(mechanism.name);
  const ports = recordingPorts();
  const fixed = { mechanism, digest: sha256, pseudonymSalt: "salt", leastListIntervalMs: 0, rateWindowMs: 1 };
  const desk = createDesk(terms, { ...ports, ...fixed });
  desk.reception.members = membersFrom(membersMessage(terms.members));
  for (const periodMs of [firstMs, secondMs]) {
    desk.periods.set(periodMs, createPeriodDesk(timesOf(periodMs, calendar), createPeriodBook(terms.bidding)));
  }
  desk.credit.tariffs = {
    ...{ ...head, from: first, stepMinutes: 30, tariffs: [] },
    ...{ systemBuyPerKwh: [0.16, 0.13], systemSellPerKwh: [0.04] },
  };
  return { desk, handed: ports.handed };
}

/** What the contracts handed over expose a participant to, trade by trade. */
function naiveCaptured(desk: BiddingDesk, handed: readonly Handover[], participant: string): number {
  let held = 0;
  for (const handover of handed) {
    if (handover.kind !== "contracts") continue;
    const terms = holdTermsOf(desk, handover.periodMs);
    for (const { buyer, seller, energyKwh, pricePerKwh } of handover.body.trades) {
      const trade = { energyWh: whFromKwh(energyKwh), priceMicroPerKwh: microPerKwhFromMajor(pricePerKwh) };
      if (buyer === participant) held += holdFor({ ...trade, side: "buy" }, terms);
      if (seller === participant) held += holdFor({ ...trade, side: "sell" }, terms);
    }
  }
  return held;
}

function holdTermsOf(desk: BiddingDesk, periodMs: number): HoldTerms {
  const systemBuyMicroPerKwh = microPerKwh(systemBuy[isoUtc(periodMs)] ?? Number.NaN);
  return { fees: desk.terms.settlement, systemBuyMicroPerKwh };
}

/** Everything recomputed from books and contracts, object by object. */
function naiveHolds(desk: BiddingDesk, participant: string): number {
  let held = 0;
  for (const { times, book, closed } of desk.periods.values()) {
    const terms = holdTermsOf(desk, times.periodMs);
    const objects = closed ? [] : [...book.items.values(), ...book.orders.values()];
    for (const object of objects) {
      if (!object.live || object.participant !== participant) continue;
      const filledWh = object.kind === "order" ? object.filledWh : 0;
      held += holdFor({ ...object, energyWh: wh(object.energyWh - filledWh) }, terms);
    }
    for (const { buyer, seller, ...trade } of book.fills) {
      if (buyer === participant) held += holdFor({ ...trade, side: "buy" }, terms);
      if (seller === participant) held += holdFor({ ...trade, side: "sell" }, terms);
    }
  }
  return held;
}

function pick<T>(from: readonly T[], random: RandomStream): T {
  const chosen = from[random.integer(0, from.length - 1)];
  if (chosen === undefined) throw new Error("nothing to choose from");
  return chosen;
}

type Command = OrdersCommand | ItemsCommand;
const request = (at: number) => ({ v: 1 as const, requestId: `r${at}` });
const fields = (period: string, side: Side, energyKwh: number, pricePerKwh: number) => {
  return { period, side, energyKwh, pricePerKwh };
};

/** @returns `accepted`, or the code it was refused with */
function send(desk: BiddingDesk, by: string, command: Command): string {
  const sender = desk.reception.members.get(by);
  if (sender === undefined) throw new Error(`${by} is no member`);
  const packet = packetOf(by, "orders", command, startMs);
  const decision =
    command.action === "list" || command.action === "withdraw"
      ? decideItems(desk, command, sender, packet)
      : decideOrders(desk, command, sender, packet);
  return "code" in decision ? decision.code : "accepted";
}

/** Any command, often unlawful. */
function randomCommand(desk: BiddingDesk, at: number, random: RandomStream): { by: string; verdict: string } {
  const by = pick(people, random);
  const period = pick([first, second], random);
  const book = desk.periods.get(period === first ? firstMs : secondMs)?.book;
  const [energyKwh, pricePerKwh] = [random.integer(0, 1500) / 1000, random.integer(-20, 200) / 1000];
  const placed = { ...request(at), ...fields(period, pick(["buy", "sell"], random), energyKwh, pricePerKwh) };
  const done = (sender: string, command: Command) => ({ by: sender, verdict: send(desk, sender, command) });
  const [items, orders] = [[...(book?.items.values() ?? [])], [...(book?.orders.values() ?? [])]];
  const kind = random.integer(0, 9);
  if (kind < 2 || items.length === 0) {
    return done(by, { ...placed, action: "list", sale: pick(["fixed", "best-offer"], random) });
  }
  const { id: itemId, participant: lister } = pick(items, random);
  if (kind < 4) return done(by, { ...placed, action: "place", itemId });
  if (kind === 4) return done(lister, { ...request(at), action: "withdraw", itemId });
  if (kind < 7 || orders.length === 0) return done(by, { ...placed, action: "place" });
  const { id: orderId, participant, version: expectedVersion } = pick(orders, random);
  if (kind === 7) return done(participant, { ...request(at), action: "cancel", orderId });
  return done(participant, {
    ...{ ...request(at), energyKwh, pricePerKwh },
    ...{ action: "modify", orderId, expectedVersion },
  });
}

function checkHolds(desk: BiddingDesk): void {
  for (const [participant, account] of desk.credit.accounts) {
    const sum = [...account.open.values(), ...account.captured.values()].reduce((total, hold) => total + hold, 0);
    expect(account.heldMicro).toBe(sum);
    expect(account.heldMicro, participant).toBe(naiveHolds(desk, participant));
  }
}

describe.each([
  ["one auction at the gate", uniform],
  ["trading at once", continuous],
])("credit through random commands, %s", (_name, mechanism) => {
  it("holds just what books and contracts say, never takes more than is free, and ends at 0", () => {
    const random = stream(11, "credit", mechanism.name);
    const seen = new Map<string, number>();
    let captured = 0;
    for (let round = 0; round < 12; round += 1) {
      const { desk, handed } = deskOf(mechanism);
      expect(send(desk, "ann", { ...request(0), ...fields(first, "buy", 0.1, 0.1), action: "place" })).toBe(
        "market-closed",
      );
      const grants = people.slice(0, 3).map((participant) => ({ participant, funds: random.integer(-1, 4) / 10 }));
      learnGrants(desk, { ...head, grants });
      for (let at = 0; at < 150; at += 1) {
        const before = new Map([...desk.credit.accounts].map(([id, { heldMicro }]) => [id, heldMicro]));
        const { by, verdict } = randomCommand(desk, at, random);
        seen.set(verdict, (seen.get(verdict) ?? 0) + 1);
        checkHolds(desk);
        for (const [id, { heldMicro, fundsMicro }] of desk.credit.accounts) {
          const grewMicro = heldMicro - (before.get(id) ?? 0);
          const limitMicro = desk.reception.members.get(id)?.creditLimitMicro ?? 0;
          const isTaker = id === by && verdict === "accepted";
          if (!isTaker) expect(grewMicro).toBeLessThanOrEqual(roundingsMicro);
          else if (grewMicro > 0)
            expect(heldMicro - roundingsMicro).toBeLessThanOrEqual((fundsMicro ?? 0) + limitMicro);
        }
      }
      expect(desk.credit.accounts.has("dan")).toBe(false);
      for (const period of desk.periods.values()) closeGate(desk, period);
      for (const [id, account] of desk.credit.accounts) {
        expect(account.open.size).toBe(0);
        expect(account.heldMicro).toBe(naiveCaptured(desk, handed, id));
        captured += account.heldMicro;
      }
      learnGrants(desk, { ...head, settled: [first], grants });
      for (const account of desk.credit.accounts.values()) expect([...account.captured.keys()]).not.toContain(firstMs);
      learnGrants(desk, { ...head, settled: [second], grants });
      for (const account of desk.credit.accounts.values()) expect(account.heldMicro).toBe(0);
    }
    expect(captured).toBeGreaterThan(1_000_000);
    for (const verdict of ["accepted", "credit-exceeded"]) expect(seen.get(verdict) ?? 0, verdict).toBeGreaterThan(100);
  }, 30_000);
});
