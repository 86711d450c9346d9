/** An account as REST tells it: to its owner, and to the operator. */
import * as z from "zod";
import { readJson } from "../../market/door/decode.js";
import { participantAccount } from "../../market/rules/ledger.js";
import { kwFromWatt, majorFromMicro } from "../../shared/decimal.js";
import { privateExamples } from "../../shared/messages/examples-private.js";
import * as f from "../../shared/messages/fields.js";
import { ownOrders, tariff } from "../../shared/messages/private.js";
import { participantRoles } from "../../shared/participant-id.js";
import { isoUtc } from "../../shared/time.js";
import type { Micro } from "../../shared/units.js";
import type { AccountView } from "../registry/registry.js";
import { type MarketDoor, NoReplyError, type OwnTopics } from "./market-door.js";
import { examplePayment, paymentAnswer } from "./payment-answer.js";

const claim = z.object({
  capacityKw: f.powerKw,
  connectionPoint: z.string().nullable(),
  phase: z.string().nullable(),
});
export const account = z.object({
  id: f.participant,
  name: z.string().nullable(),
  role: z.enum(participantRoles),
  origin: z.enum(["scenario", "registered", "guest"]).meta({
    description: "`scenario`: a member from the start; `guest`: came over MQTT without having registered",
  }),
  standing: z.enum(["active", "suspended", "left"]),
  reason: z.string().nullable().meta({ description: "why it is suspended" }),
  ...claim.shape,
  claim: claim.nullable().meta({ description: "what it said of its connection and the operator has not confirmed" }),
  creditLimit: f.money.nullable().meta({ description: "null: no limit" }),
  gateway: f.participant.nullable().meta({ description: "whose batches may hold its commands; null: its own alone" }),
  balance: f.money.meta({ description: "of its account in the ledger: what it was credited less what it was debited" }),
  registeredAt: f.instant.nullable().meta({ description: "null: a member from the start" }),
  from: f.period.optional().meta({ description: "first delivery period that it takes part in; none: all" }),
  until: f.period.optional().meta({ description: "first that it takes no part in any more; none: not known" }),
});
export const exampleAccount = {
  ...{ id: "p4f7c2a1", name: "Ann Example", role: "prosumer", origin: "registered", standing: "active" },
  ...{ reason: null, capacityKw: 4, connectionPoint: null, phase: null },
  claim: { capacityKw: 7, connectionPoint: "R18", phase: "abc" },
  ...{ creditLimit: 20, gateway: null, balance: 12.5, registeredAt: "2016-08-01T00:30:00Z" },
};

/** What its owner is told. */
export const ownAccount = account.extend({
  freeFunds: f.money
    .nullable()
    .meta({ description: "its balance and how far it may fall; null: no limit, or not told yet" }),
  movements: z.array(paymentAnswer).meta({
    description: "deposits and payouts, the newest first, at most 20; what was traded and used stands on the bills",
  }),
});
export const exampleOwnAccount = { ...exampleAccount, freeFunds: 32.5, movements: [examplePayment] };

/** @param balances of all accounts of the ledger */
export function accountAnswer(
  view: AccountView,
  name: string | null,
  balances: ReadonlyMap<string, Micro>,
): z.infer<typeof account> {
  const { id, role, standing, reason, connectionPoint, phase, registeredAtMs } = view;
  const creditLimitMicro = view.creditLimitMicro ?? null;
  return {
    ...{ id, name, role, standing, reason, connectionPoint, phase, capacityKw: kwFromWatt(view.capacityW) },
    origin: view.origin ?? (registeredAtMs === null ? "scenario" : "registered"),
    claim: view.claim === null ? null : { ...connectionOf(view.claim) },
    creditLimit: creditLimitMicro === null ? null : majorFromMicro(creditLimitMicro),
    gateway: view.gateway ?? null,
    balance: majorFromMicro(balances.get(participantAccount(id)) ?? 0),
    registeredAt: registeredAtMs === null ? null : isoUtc(registeredAtMs),
    ...(view.fromMs === undefined ? {} : { from: isoUtc(view.fromMs) }),
    ...(view.untilMs === undefined ? {} : { until: isoUtc(view.untilMs) }),
  };
}

function connectionOf({ capacityW, connectionPoint, phase }: NonNullable<AccountView["claim"]>) {
  return { capacityKw: kwFromWatt(capacityW), connectionPoint, phase };
}

/** What the market last told somebody alone; undefined: nothing yet, or the broker is away. */
async function toldTo(door: MarketDoor, id: string): Promise<OwnTopics | undefined> {
  try {
    return await door.own(id);
  } catch (error) {
    if (error instanceof NoReplyError) return undefined;
    throw error;
  }
}

/** As the market last told it; null while the broker is away. */
export async function freeFunds(door: MarketDoor, id: string): Promise<number | null> {
  const told = (await toldTo(door, id))?.latest("tariff")?.payload;
  return tariff.safeParse(readJson(told ?? "")).data?.freeFunds ?? null;
}

/** What the operator is told of one participant beside its account. */
export const watchedAccount = account.extend({
  tariff: tariff.nullable().meta({ description: "what private/<id>/tariff holds; null: not told yet" }),
  orders: ownOrders.nullable().meta({ description: "what private/<id>/orders holds; null: it has not had any yet" }),
});
export const exampleWatchedAccount = {
  ...exampleAccount,
  ...{ tariff: privateExamples.tariff[0], orders: privateExamples.orders[0] },
};

/** As its own topics hold it now. */
export async function watched(
  door: MarketDoor,
  id: string,
): Promise<Pick<z.infer<typeof watchedAccount>, "tariff" | "orders">> {
  const own = await toldTo(door, id);
  const held = (name: string): unknown => readJson(own?.latest(name)?.payload ?? "");
  return {
    tariff: tariff.safeParse(held("tariff")).data ?? null,
    orders: ownOrders.safeParse(held("orders")).data ?? null,
  };
}
