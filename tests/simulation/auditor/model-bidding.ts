/**
 * Bidding once more, from the journal's inputs alone: what every command had to be answered, and what every gate had to give.
 *
 * Books are the naive ones of tests/market/rules/naive, periods and credit are counted anew. Truthful auctions are held to what any
 * auction must keep; the others to the very trades.
 */
import type { JournalEntry } from "../../../infra/journal/journal.js";
import type { Packet } from "../../../market/door/packet.js";
import type { Fact, Trade } from "../../../market/facts.js";
import type {
  ManageContracts,
  ManageGrants,
  ManageLimits,
  ManageMembers,
  ManagePayments,
  ManagePayouts,
} from "../../../shared/messages/manage.js";
import {
  type NaiveBook,
  naiveBook,
  naiveCancel,
  naiveList,
  naiveModify,
  naivePlace,
  naiveWithdraw,
} from "../../market/rules/naive/naive-book.js";
import { naiveClose } from "../../market/rules/naive/naive-book-closing.js";
import { type Setting, systemBuyMicroPerKwh } from "../setting.js";
import { type BatchRules, checkPacket } from "./model-batch.js";
import { type ModelCalendar, type ModelPeriod, modelCalendar } from "./model-calendar.js";
import { heldBy, holdOf, type ModelCredit } from "./model-credit.js";
import { createDoor, type Decided, type Expected, type ModelMember } from "./model-door.js";
import { checkHanded, checkTrades, plainTrade, tradeFrom } from "./model-trades.js";
import { type Fields, microOf, whOf } from "./requests.js";

interface ModelBook {
  readonly period: ModelPeriod;
  readonly book: NaiveBook;
  readonly trades: Trade[];
  /** As they were handed on last. */
  handed: readonly Trade[] | undefined;
  isClosed: boolean;
}

export interface BiddingModel {
  /** @returns what is wrong with it, undefined where nothing is */
  entry(entry: JournalEntry): string | undefined;
  /** Ids with version of what a participant has open, in periods that still bid at that time. */
  openOf(participant: string, atMs: number): string[];
  /** Whether a gate lies after `fromMs`, and not after `untilMs`. */
  hasGateBetween(fromMs: number, untilMs: number): boolean;
  participants(): readonly string[];
  closedPeriods(): number;
}

const predicted: readonly string[] = ["uniform", "pay-as-bid", "continuous", "listing", "none"];

export function createBiddingModel(setting: Setting): BiddingModel {
  const { terms, mechanism } = setting;
  const calendar: ModelCalendar = modelCalendar(terms.calendar);
  const door = createDoor();
  const rules: BatchRules = {
    ...{ mostCommands: terms.maxCommandsPerTick, windowMs: 1000 * setting.rate, topics: ["items", "orders"] },
  };
  const books = new Map<number, ModelBook>(
    calendar.periods.map((period) => [
      period.periodMs,
      { period, book: naiveBook(terms.bidding), trades: [], handed: undefined, isClosed: false },
    ]),
  );
  const credit: ModelCredit = {
    ...{ systemBuyMicroPerKwh, fundsMicro: new Map(), payouts: new Map(), traded: new Map() },
    serviceChargeMicroPerKwh: terms.settlement.serviceChargeMicroPerKwh,
  };
  const periodOf = new Map<string, number>();
  const counts = { orders: 0, items: 0, arrivals: 0, closed: 0 };
  let hasTariffs = false;

  const until = (period: ModelPeriod): number => period.billAtMs;
  /** What belongs to no period is remembered for longer than any test waits; at least for that long. */
  const atLeast = (atMs: number): number => atMs + (terms.calendar.openMinutes + terms.calendar.gateMinutes) * 60_000;

  function openPeriod(text: unknown, packet: Packet, atMs: number): ModelBook | Decided {
    const held = calendar.of(Date.parse(text as string));
    if (held === undefined || atMs >= held.billAtMs) {
      return { expected: { code: "unknown-period" }, heldUntilMs: atLeast(atMs) };
    }
    if (atMs < held.opensAtMs) return { expected: { code: "not-open-yet" }, heldUntilMs: until(held) };
    return whileOpen(held, packet);
  }

  function whileOpen(period: ModelPeriod, packet: Packet): ModelBook | Decided {
    if (packet.stampedAtMs < period.gateAtMs) return books.get(period.periodMs) as ModelBook;
    return { expected: { code: "gate-closed" }, heldUntilMs: until(period) };
  }

  function periodHolding(id: unknown, code: string, packet: Packet, atMs: number): ModelBook | Decided {
    const period = calendar.of(periodOf.get(id as string) ?? Number.NaN);
    if (period === undefined || atMs >= period.billAtMs) return { expected: { code }, heldUntilMs: atLeast(atMs) };
    return whileOpen(period, packet);
  }

  const decide =
    (packet: Packet, atMs: number) =>
    (fields: Fields, member: ModelMember): Decided => {
      const mayHold = fields.action === "list" || fields.action === "place" || fields.action === "modify";
      const isCreditKnown = hasTariffs && credit.fundsMicro.has(member.id);
      if (mayHold && member.creditLimitMicro !== undefined && !isCreditKnown)
        return { expected: { code: "market-closed" }, heldUntilMs: undefined };
      switch (fields.action) {
        case "list":
        case "place":
          return bring(fields, member, packet, atMs);
        case "notify":
          return notify(fields, member, packet, atMs);
        case "withdraw":
          return change(periodHolding(fields.itemId, "unknown-item", packet, atMs), fields, member, packet);
        default:
          return change(periodHolding(fields.orderId, "unknown-order", packet, atMs), fields, member, packet);
      }
    };

  function bring(fields: Fields, member: ModelMember, packet: Packet, atMs: number): Decided {
    const found = openPeriod(fields.period, packet, atMs);
    if ("expected" in found) return found;
    const heldUntilMs = until(found.period);
    const onItem = fields.itemId as string | undefined;
    if (mechanism.kind !== "auction" && onItem === undefined)
      return { expected: { code: "no-orders-in-pool" }, heldUntilMs };
    const isItem = fields.action === "list";
    counts.arrivals += 1;
    const id = isItem ? `i${counts.items + 1}` : `o${counts.orders + 1}`;
    const side = fields.side as "buy" | "sell";
    const brought = {
      ...{ id, participant: member.id, side, auction: (fields.auction as boolean | undefined) ?? true },
      ...{ energy: whOf(fields.energyKwh), price: microOf(fields.pricePerKwh), capacity: member.capacityWh },
      ...{ arrival: counts.arrivals, acceptedAtMs: packet.stampedAtMs },
    };
    const min = fields.minEnergyKwh === undefined ? undefined : whOf(fields.minEnergyKwh);
    const sale = (fields.sale as "fixed" | "best-offer" | undefined) ?? "fixed";
    const tell = (book: NaiveBook): string =>
      isItem ? naiveList(book, { ...brought, min, sale }) : naivePlace(book, { ...brought, on: onItem });
    const outcome = withCredit(found, member, brought, undefined, tell);
    if (outcome !== "ok") return { expected: { code: outcome }, heldUntilMs };
    if (isItem) counts.items += 1;
    else counts.orders += 1;
    periodOf.set(id, found.period.periodMs);
    const name = isItem ? { itemId: id } : { orderId: id };
    return { expected: { ...name, version: 1, ...placed(found, packet) }, heldUntilMs };
  }

  function placed({ period }: ModelBook, packet: Packet): { biddingCycle: number; periodMs: number } {
    const ticks = Math.floor((packet.stampedAtMs - period.opensAtMs) / calendar.tickMs);
    return { biddingCycle: Math.max(1, ticks + 1), periodMs: period.periodMs };
  }

  function change(found: ModelBook | Decided, fields: Fields, member: ModelMember, packet: Packet): Decided {
    if ("expected" in found) return found;
    const heldUntilMs = until(found.period);
    const id = (fields.itemId ?? fields.orderId) as string;
    let outcome: string;
    if (fields.action === "modify") {
      counts.arrivals += 1;
      const how = {
        ...{ energy: whOf(fields.energyKwh), price: microOf(fields.pricePerKwh), arrival: counts.arrivals },
        ...{ version: fields.expectedVersion as number, capacity: member.capacityWh },
      };
      const order = found.book.orders.find((own) => own.id === id);
      const asked = {
        side: order?.side ?? ("buy" as const),
        energy: how.energy - (order?.filledWh ?? 0),
        price: how.price,
      };
      outcome = withCredit(found, member, asked, id, (book) => naiveModify(book, id, member.id, how));
    } else {
      const act = fields.action === "withdraw" ? naiveWithdraw : naiveCancel;
      outcome = act(found.book, id, member.id);
    }
    if (outcome !== "ok") return { expected: { code: outcome }, heldUntilMs };
    const object = [...found.book.items, ...found.book.orders].find((own) => own.id === id);
    const name = fields.itemId === undefined ? { orderId: id } : { itemId: id };
    return { expected: { ...name, version: object?.version ?? 0, ...placed(found, packet) }, heldUntilMs };
  }

  /** Credit comes behind all that is wrong with a command itself, and before there being too many. */
  function withCredit(
    { book }: ModelBook,
    { id, creditLimitMicro }: ModelMember,
    asked: { readonly side: "buy" | "sell"; readonly energy: number; readonly price: number },
    instead: string | undefined,
    tell: (book: NaiveBook) => string,
  ): string {
    if (creditLimitMicro === undefined) return tell(book);
    const without = tell(structuredClone(book));
    if (without !== "ok" && without !== "too-many-orders") return without;
    const all = openBooks();
    const otherwise = heldBy(credit, all, id, instead);
    const before = heldBy(credit, all, id) - otherwise;
    const hold = holdOf(credit, asked.side, asked.energy, asked.price);
    const funds = credit.fundsMicro.get(id) ?? 0;
    if (hold > before && hold > funds + creditLimitMicro - otherwise) return "credit-exceeded";
    return tell(book);
  }

  const openBooks = (): NaiveBook[] =>
    [...books.values()].filter(({ isClosed }) => !isClosed).map((model) => model.book);

  function notify(fields: Fields, member: ModelMember, packet: Packet, atMs: number): Decided {
    if (terms.settlement.imbalance !== "full") {
      return { expected: { code: "bad-message" }, heldUntilMs: atLeast(atMs) };
    }
    const found = openPeriod(fields.period, packet, atMs);
    if ("expected" in found) return found;
    const code = Math.abs(whOf(fields.energyKwh)) > member.capacityWh ? "energy-out-of-range" : undefined;
    const refused = member.role === "prosumer" ? code : "not-owner";
    const expected: Expected = refused === undefined ? placed(found, packet) : { code: refused };
    return { expected, heldUntilMs: until(found.period) };
  }

  function checkGate(periodMs: number, entry: JournalEntry): string | undefined {
    const model = books.get(periodMs);
    if (model === undefined) return "a gate of no period";
    const { period, book, trades } = model;
    if (entry.atMs < period.gateAtMs) return `its gate closes before ${isoTime(period.gateAtMs)}`;
    if (model.isClosed) return "its gate closes a second time";
    model.isClosed = true;
    counts.closed += 1;
    if (predicted.includes(mechanism.name)) {
      const [wanted, made] = [naiveClose(book), trades].map((list) => JSON.stringify(list.map(plainTrade)));
      if (wanted !== made) return `trades ${made} where ${wanted} were to be expected`;
    }
    // An actor that was away closes several gates in one input.
    const own = entry.facts.filter((fact) => "periodMs" in fact && fact.periodMs === periodMs);
    return checkTrades(book, trades, own);
  }

  /** What is to be paid out is held where it is there and free; of who has no limit nothing is. */
  function learnPayments({ payments }: ManagePayments, { handedOver }: JournalEntry): string | undefined {
    const told = handedOver.filter(({ topic }) => topic.endsWith("/manage/payouts"));
    const words = told.flatMap(({ message }) => (message as ManagePayouts).payouts);
    for (const { paymentId, participant, kind, amount } of payments) {
      if (kind !== "payout") continue;
      const creditLimitMicro = door.members.get(participant)?.creditLimitMicro;
      const amountMicro = microOf(amount);
      const isHeld = creditLimitMicro === undefined || amountMicro <= payable(participant, creditLimitMicro);
      if (isHeld && creditLimitMicro !== undefined) credit.payouts.set(paymentId, { participant, amountMicro });
      const word = words.find((one) => one.paymentId === paymentId);
      if (word?.held !== isHeld) return `${paymentId} is ${isHeld ? "" : "not "}to be held, told is ${word?.held}`;
    }
    return undefined;
  }

  /** No more than the balance, and no more than what is free. */
  function payable(participant: string, creditLimitMicro: number): number {
    const fundsMicro = credit.fundsMicro.get(participant);
    if (fundsMicro === undefined) return Number.NEGATIVE_INFINITY;
    return Math.min(fundsMicro, fundsMicro + creditLimitMicro - heldBy(credit, openBooks(), participant));
  }

  function learn(entry: JournalEntry): string | undefined {
    const { event } = entry;
    const { message } = (event ?? {}) as { message?: object };
    if (event?.type === "MEMBERS") learnMembers(message as ManageMembers);
    if (event?.type === "TARIFFS") hasTariffs = true;
    if (event?.type === "GRANTS") learnGrants(message as ManageGrants);
    if (event?.type === "PAYMENTS") return learnPayments(message as ManagePayments, entry);
    if (event?.type !== "COMMAND") return undefined;
    const { packet } = event as unknown as { packet: Packet };
    if (packet.stampedAtMs > entry.atMs) return "it is stamped in the future";
    return checkPacket(door, rules, packet, entry.atMs, entry.reply, (own) => decide(own, entry.atMs));
  }

  function learnMembers({ members }: ManageMembers): void {
    for (const { id, role, capacityKw, creditLimit, gateway } of members) {
      const capacityWh = Math.floor((capacityKw * 1000 * terms.calendar.periodMinutes) / 60);
      const creditLimitMicro = creditLimit === undefined ? undefined : microOf(creditLimit);
      door.members.set(id, { id, role, capacityWh, creditLimitMicro, gateway });
    }
  }

  function learnGrants({ grants, settled = [], payouts = [] }: ManageGrants): void {
    for (const paymentId of payouts) credit.payouts.delete(paymentId);
    for (const { participant, funds } of grants) credit.fundsMicro.set(participant, microOf(funds));
    for (const text of settled) credit.traded.delete(Date.parse(text));
  }

  function take(fact: Fact, entry: JournalEntry): string | undefined {
    if (fact.type === "trade") books.get(fact.periodMs)?.trades.push(fact.trade);
    if (fact.type === "trade" && mechanism.name === "continuous") {
      credit.traded.set(fact.periodMs, [...(credit.traded.get(fact.periodMs) ?? []), fact.trade]);
    }
    const isCut = entry.facts.some(({ type }) => type === "cut");
    return fact.type === "cleared" && !isCut ? checkGate(fact.price.periodMs, entry) : undefined;
  }

  return {
    entry(entry) {
      const wrong = learn(entry);
      if (wrong !== undefined) return wrong;
      for (const fact of entry.facts) {
        const broken = take(fact, entry);
        if (broken !== undefined) return broken;
      }
      for (const { topic, message } of entry.handedOver) {
        if (!topic.includes("/manage/contracts/")) continue;
        const { period, trades } = message as ManageContracts;
        const plain = trades.map(tradeFrom);
        const model = books.get(Date.parse(period));
        if (model === undefined) return "contracts of no period";
        const cuts =
          entry.event?.type === "LIMITS" ? (entry.event as unknown as { message: ManageLimits }).message.cuts : [];
        const wrongly = checkHanded(model.trades, model.handed, plain, cuts);
        if (wrongly !== undefined) return wrongly;
        model.handed = plain;
        if (plain.length > 0) credit.traded.set(Date.parse(period), plain);
        else credit.traded.delete(Date.parse(period));
      }
      return undefined;
    },
    openOf(participant, atMs) {
      return [...books.values()]
        .filter(({ period, isClosed }) => !isClosed && atMs < period.gateAtMs)
        .flatMap(({ book }) => [...book.items, ...book.orders])
        .filter(
          (own) => own.participant === participant && own.live && (own.kind === "item" || own.energyWh > own.filledWh),
        )
        .map(({ id, version, energyWh }) => `${id} ${version} ${energyWh}`)
        .sort();
    },
    hasGateBetween: (fromMs, untilMs) =>
      [...books.values()].some(({ period: { gateAtMs } }) => fromMs < gateAtMs && gateAtMs <= untilMs),
    participants: () => [...door.members.keys()],
    closedPeriods: () => counts.closed,
  };
}

const isoTime = (instantMs: number): string => new Date(instantMs).toISOString();
