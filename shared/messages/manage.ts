/**
 * What the market's own processes tell each other. Source: contract.md, "Between the market's own processes".
 *
 * Numbered by sender (`n`), sent again until acknowledged, taken once; in lockstep they are handed over in memory and
 * published for operators to see.
 */
import * as z from "zod";
import { participantRoles, processRoles } from "../participant-id.js";
import * as f from "./fields.js";

const numbered = {
  ...f.stamped,
  n: z.int().min(1),
  previous: z.int().min(1).optional().meta({
    description: "number of the sender's hand-over of this kind before this one: not taken before that one is",
  }),
};
export const processRole = z.enum(processRoles);

export const trade = z.object({
  buyer: f.participant,
  seller: f.participant,
  energyKwh: f.amountKwh,
  pricePerKwh: f.pricePerKwh.meta({ description: "what the buyer pays" }),
  sellerPricePerKwh: f.pricePerKwh
    .optional()
    .meta({ description: "what the seller gets, where it is another (truthful auctions)" }),
  mechanism: z.string(),
  buyOrder: f.objectId,
  sellOrder: f.objectId,
});
export type WireTrade = z.infer<typeof trade>;

const marketQuality = z.object({
  surplus: z
    .number()
    .meta({ description: "currency, not rounded: bids less asks over what is traded, by the orders' limits" }),
  mostSurplus: z.number().meta({ description: "currency, not rounded: the most that the limits allow" }),
  priceLow: f.pricePerKwh
    .nullable()
    .meta({ description: "at which the whole book would clear; null: no bid meets an ask" }),
  priceHigh: f.pricePerKwh.nullable().meta({ description: "likewise; the equilibrium price is their middle" }),
  squaredDeviation: z.number().min(0).meta({
    description: "sum over trades of kWh x (price - equilibrium price)², not rounded; 0 where there is none",
  }),
  profitGaps: z
    .array(
      z.object({
        participant: f.participant,
        gap: z.number().meta({ description: "currency, not rounded" }),
      }),
    )
    .meta({ description: "each one's profit less that of the efficient trades at the equilibrium price" }),
});

export const manageContracts = z.object({
  ...numbered,
  period: f.period,
  checked: z.boolean().meta({ description: "false: no DSO has checked them" }),
  trades: z.array(trade),
  positions: z
    .array(z.object({ participant: f.participant, energyKwh: f.energyKwh }))
    .optional()
    .meta({
      description: "notified at the gate, where imbalance is `full`; after the DSO's cuts also of who lost energy",
    }),
  lost: z
    .array(z.object({ participant: f.participant, energyKwh: f.energyKwh }))
    .optional()
    .meta({
      description:
        "where imbalance is `promised`: the net contract, positive = sold, that who both buys and sells lost because the DSO cut the other side; up to it, its supplier takes over what it misses of a contract that now points the other way",
    }),
  cut: z
    .object({
      orders: f.count.meta({ description: "named by the DSO, and cut" }),
      energyKwh: f.amountKwh.meta({ description: "no longer traded, counted once" }),
    })
    .optional()
    .meta({ description: "what the DSO took; none: nothing" }),
  quality: marketQuality.optional().meta({
    description: "how well the trades use the book that came to the gate, by its orders' limits; none: not known",
  }),
  limits: z.array(z.object({ participant: f.participant, maxImportKw: f.powerKw, maxExportKw: f.powerKw })),
});
export type ManageContracts = z.infer<typeof manageContracts>;

export const manageCheck = z.object({
  ...numbered,
  period: f.period,
  points: z.array(
    z.object({
      connectionPoint: z.string(),
      participant: f.participant,
      contractedKwh: f.energyKwh,
      untradedKwh: f.energyKwh,
    }),
  ),
});
const operatingLimitKw = f.powerKw.min(0).meta({
  description: "kW, at most 3 decimals, never negative: 0 lets nothing through in this direction",
});
export const manageLimits = z.object({
  ...numbered,
  period: f.period,
  cuts: z.array(
    z.object({
      orderId: f.objectId.meta({ description: "of the order, or of the item" }),
      cutKwh: f.amountKwh.meta({ description: "what it loses of what it traded, at most all of it" }),
      element: z.string().meta({ description: "what would be overloaded" }),
      limit: z.number(),
      value: z.number(),
    }),
  ),
  limits: z.array(
    z.object({ participant: f.participant, maxImportKw: operatingLimitKw, maxExportKw: operatingLimitKw }),
  ),
});
export type ManageLimits = z.infer<typeof manageLimits>;

export const metered = z.object({
  participant: f.participant,
  importKwh: f.amountKwh,
  exportKwh: f.amountKwh,
  generationKwh: f.amountKwh,
  quality: f.quality,
});
export const manageMetered = z.object({
  ...numbered,
  period: f.period,
  correction: z.boolean().meta({ description: "true: replaces an estimate told before; books a correction" }),
  readings: z.array(metered),
});
export type ManageMetered = z.infer<typeof manageMetered>;

export const manageGrants = z.object({
  ...numbered,
  settled: z
    .array(f.period)
    .optional()
    .meta({ description: "periods whose contracts are in these funds: what was held for them is released" }),
  payouts: z
    .array(f.objectId)
    .optional()
    .meta({ description: "payments that are in these funds, or refused: what was held for them is released" }),
  grants: z.array(z.object({ participant: f.participant, funds: f.money })),
});
export type ManageGrants = z.infer<typeof manageGrants>;

const series = z.array(f.pricePerKwh).min(1);
export const participantTariff = z.object({
  participant: f.participant,
  supplier: z.string(),
  importPerKwh: series,
  exportPerKwh: series,
  suppliers: z
    .array(z.string())
    .optional()
    .meta({ description: "per step, where it changes within what is told; `supplier` is the first of them" }),
});
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, { error: "is no clock time such as 07:30" });
const band = z.object({
  from: clockTime.meta({ description: "local clock time, such as 07:30" }),
  to: clockTime.meta({ description: "local clock time; may be past midnight" }),
  pricePerKwh: f.pricePerKwh,
  days: z.enum(["all", "weekdays", "weekends"]).optional().meta({ description: "all by default" }),
  months: z.array(z.int().min(1).max(12)).min(1).optional().meta({ description: "all by default" }),
});
const bands = z.array(band).min(1).optional();
export const offer = z.object({
  supplier: z.string(),
  from: f.instant.meta({ description: "first period for which it holds" }),
  importPerKwh: series.meta({
    description: "what its customers pay: per period from then on, the last one holding on; one holds throughout",
  }),
  exportPerKwh: series.meta({ description: "what they are paid, likewise" }),
  importBands: bands.meta({
    description: "by the clock: the first that holds a period's start goes before the series",
  }),
  exportBands: bands.meta({ description: "likewise" }),
  offsets: z
    .array(z.object({ from: f.instant, minutes: z.int().meta({ description: "local time less UTC" }) }))
    .min(1)
    .optional()
    .meta({ description: "what the clock of the bands is" }),
});
export type WireOffer = z.infer<typeof offer>;
export const customer = z.object({
  participant: f.participant,
  supplier: z.string(),
  from: f.instant.meta({ description: "first period for which it holds" }),
});
export type WireCustomer = z.infer<typeof customer>;
export const manageSupply = z.object({
  ...numbered,
  offers: z.array(offer).optional().meta({ description: "what suppliers offer from a period on" }),
  customers: z.array(customer).optional().meta({ description: "who is with which supplier from a period on" }),
});
export type ManageSupply = z.infer<typeof manageSupply>;

export const manageTariffs = z.object({
  ...numbered,
  from: f.instant,
  stepMinutes: z.int(),
  systemBuyPerKwh: series,
  systemSellPerKwh: series,
  tariffs: z.array(participantTariff),
  carbonIntensity: z
    .array(z.number().min(0))
    .min(1)
    .optional()
    .meta({ description: "grams of CO2 in each kWh from the grid, per step; none: not known" }),
});
export type ManageTariffs = z.infer<typeof manageTariffs>;

const connected = {
  id: f.participant,
  role: z.enum(participantRoles),
  capacityKw: f.powerKw,
  connectionPoint: z.string().nullable(),
  phase: z.string().nullable(),
  creditLimit: f.money.min(0).optional().meta({ description: "how far below 0 its funds may go; none: no limit" }),
  from: f.period.optional().meta({ description: "first delivery period that it takes part in; none: all" }),
  until: f.period.optional().meta({ description: "first that it takes no part in any more; none: not known" }),
  gateway: f.participant.optional().meta({ description: "whose batches may hold its commands; none: its own alone" }),
};
export const member = z.object({
  ...connected,
  deposit: f.money.min(0).optional().meta({ description: "paid in before the run" }),
  standing: z
    .enum(["suspended", "left"])
    .optional()
    .meta({ description: "suspended: everything is refused; left: only meter readings are taken; none: active" }),
});
export type Member = z.infer<typeof member>;
export const manageMembers = z.object({ ...numbered, members: z.array(member) });
export type ManageMembers = z.infer<typeof manageMembers>;

const account = z.object({
  ...connected,
  standing: z.enum(["active", "suspended", "left"]).meta({ description: "whether its commands are taken" }),
});
export const manageAccounts = z.object({
  ...numbered,
  accounts: z.array(account).meta({ description: "those that are new or have changed" }),
});
export type ManageAccounts = z.infer<typeof manageAccounts>;

export const paymentId = f.objectId.meta({ description: "the operator's own: the same again is the same payment" });
export const payment = z.object({
  paymentId,
  participant: f.participant,
  kind: z
    .enum(["deposit", "payout"])
    .meta({ description: "deposit: paid in by the participant; payout: paid out to it" }),
  amount: f.money.gt(0).meta({ description: "currency, at most 6 decimals, more than 0" }),
  reference: z.string().min(1).max(140).optional().meta({ description: "of the operator's, such as a bank's" }),
});
export const managePayments = z.object({
  ...numbered,
  payments: z.array(payment).meta({ description: "those that are new" }),
});
export type ManagePayments = z.infer<typeof managePayments>;

export const managePayouts = z.object({
  ...numbered,
  payouts: z
    .array(
      z.object({
        paymentId,
        held: z.boolean().meta({ description: "whether the money is there and held for it" }),
        reason: z.string().optional().meta({ description: "why it is not" }),
      }),
    )
    .meta({ description: "those whose money was asked for" }),
});
export type ManagePayouts = z.infer<typeof managePayouts>;

export const manageBooked = z.object({
  ...numbered,
  payments: z
    .array(
      z.object({
        paymentId,
        outcome: z.enum(["booked", "refused"]),
        entry: z.int().min(1).optional().meta({ description: "its number in the ledger" }),
        balance: f.money.optional().meta({ description: "of the participant's account, with it" }),
        reason: z.string().optional().meta({ description: "why it is refused" }),
      }),
    )
    .meta({ description: "those that are decided" }),
});
export type ManageBooked = z.infer<typeof manageBooked>;

export const periodPhase = z.object({
  period: f.period,
  phase: z.enum(["bidding", "network-check", "contracted", "exchange", "metering", "settling"]),
  orderCount: f.count.optional(),
  itemCount: f.count.optional(),
  contractCount: f.count.optional(),
});
export const manageStatus = z.object({
  ...f.stamped,
  role: processRole,
  status: z.enum(["online", "offline"]),
  reason: z.string().optional().meta({ description: "why it is offline, where that is known" }),
  periods: z.array(periodPhase),
});
export type ManageStatus = z.infer<typeof manageStatus>;

export const manageControl = z.strictObject({
  v: f.version,
  requestId: f.requestId.optional(),
  action: z.enum(["close", "open"]).meta({ description: "close: every command is refused with market-closed" }),
});
export type ManageControl = z.infer<typeof manageControl>;

export const manageAck = z.object({ from: processRole, n: z.int().min(1) });
export type ManageAck = z.infer<typeof manageAck>;
