/** What everybody may read. Source: contract.md, topics `public/…`. */
import * as z from "zod";
import * as f from "./fields.js";

export const marketInfo = z.object({
  ...f.stamped,
  currency: z.string().length(3).meta({ description: "ISO 4217" }),
  mechanism: z.string(),
  k: z.number().min(0).max(1),
  tie: z.enum(["pro-rata", "time"]),
  periodMinutes: z.int(),
  openMinutes: z.int().meta({ description: "bidding opens that long before the gate" }),
  gateMinutes: z.int().meta({ description: "the gate closes that long before the exchange starts" }),
  timezone: z.string(),
  priceFloor: f.pricePerKwh,
  priceCap: f.pricePerKwh,
  minEnergyKwh: f.amountKwh,
  maxOrdersPerPeriod: z.int().min(1),
  imbalance: z.enum(["promised", "full"]),
  imbalancePrice: z.enum(["dual", "single"]),
  serviceChargePerKwh: f.pricePerKwh.meta({ description: "paid by buyer and seller alike for each traded kWh" }),
  serviceChargePercent: z
    .number()
    .min(0)
    .optional()
    .meta({ description: "paid by buyer and seller alike, percent of the value traded; 0 where it is not named" }),
  gridFeePerKwh: f.pricePerKwh.optional().meta({ description: "for each kWh drawn from the network" }),
  localGridFeePerKwh: f.pricePerKwh.optional().meta({ description: "the same for what is drawn against a contract" }),
  levies: z.array(z.object({ name: z.string(), pricePerKwh: f.pricePerKwh })).optional(),
  vatPercent: z.number().min(0).optional().meta({ description: "on what a participant pays" }),
  standingChargePerDay: f.money.optional(),
  meterDueMinutes: z.int().min(1),
  billDays: z.int().min(1).max(31),
  firstPeriod: f.period.optional().meta({ description: "first delivery period of the run" }),
  lastPeriod: f.period.optional().meta({ description: "last one; none: it goes on for ever" }),
  statementKey: z
    .string()
    .optional()
    .meta({ description: "public key (Ed25519, PEM) that the days' heads are signed with" }),
});
export type MarketInfo = z.infer<typeof marketInfo>;

export const biddingPeriod = z.object({
  period: f.period,
  biddingCycle: z.int().min(1).meta({ description: "number of the tick counted from opensAt, from 1" }),
  opensAt: f.instant,
  gateAt: f.instant,
  orderCount: f.count,
  itemCount: f.count,
});
export const closedPeriod = z.object({
  period: f.period,
  stage: z.enum(["network-check", "contracted"]),
  contractCount: f.count,
});
export const marketState = z.object({
  ...f.stamped,
  bidding: z.array(biddingPeriod),
  closed: z.array(closedPeriod),
  exchange: z.object({ period: f.period, endsAt: f.instant }).nullable(),
  metering: z.array(z.object({ period: f.period, dueAt: f.instant })),
  settling: z
    .object({ from: f.period, to: f.period, nextBillAt: f.instant, orderCount: f.count })
    .nullable()
    .meta({ description: "the periods that wait for their bill date" }),
});
export type MarketState = z.infer<typeof marketState>;

export const listedItem = z.object({
  itemId: f.objectId,
  side: f.side,
  energyKwh: f.amountKwh.meta({ description: "what is left to order; 0 = gone" }),
  pricePerKwh: f.pricePerKwh,
  minEnergyKwh: f.amountKwh,
  sale: f.sale,
  owner: z.string().meta({ description: "a pseudonym" }),
  reliability: z.number().min(0).max(1),
});
export type ListedItem = z.infer<typeof listedItem>;
const sequence = z.int().min(1).meta({ description: "number of the last change of the list" });
export const itemList = z.object({
  ...f.stamped,
  n: sequence,
  period: f.period,
  start: f.instant,
  durationMinutes: z.int(),
  items: z.array(listedItem),
});
export type ItemList = z.infer<typeof itemList>;
export const itemDelta = z.object({ ...f.stamped, n: sequence, period: f.period, ...listedItem.shape });

export const bookTop = z.object({
  ...f.stamped,
  period: f.period,
  bestBidPerKwh: f.pricePerKwh.nullable(),
  bestAskPerKwh: f.pricePerKwh.nullable(),
  indicativePerKwh: f.pricePerKwh.nullable(),
  indicativeKwh: f.amountKwh,
});
export type BookTop = z.infer<typeof bookTop>;

export const publicTrade = z.object({
  ...f.stamped,
  n: z.int().min(1),
  period: f.period,
  energyKwh: f.amountKwh,
  pricePerKwh: f.pricePerKwh,
  taker: f.side,
});

const steps = z
  .array(z.tuple([f.pricePerKwh, f.amountKwh]))
  .meta({ description: "anonymous steps [price, kWh], best first" });
export const results = z.object({
  ...f.stamped,
  period: f.period,
  mechanism: z.string(),
  pricePerKwh: f.pricePerKwh.nullable(),
  priceLow: f.pricePerKwh.nullable(),
  priceHigh: f.pricePerKwh.nullable(),
  volumeKwh: f.amountKwh,
  tradeCount: f.count,
  offeredKwh: f.amountKwh,
  wantedKwh: f.amountKwh,
  cutKwh: f.amountKwh,
  bids: steps,
  asks: steps,
});
export type Results = z.infer<typeof results>;

const told = f.period.optional().meta({ description: "the delivery period that it is of" });

export const price = z.object({
  ...f.stamped,
  period: told,
  pricePerKwh: f.pricePerKwh.nullable(),
  volumeKwh: f.amountKwh,
  offeredKwh: f.amountKwh,
  wantedKwh: f.amountKwh,
  tradeCount: f.count,
});
export type Price = z.infer<typeof price>;

export const energy = z.object({
  ...f.stamped,
  period: told,
  importKwh: f.amountKwh,
  exportKwh: f.amountKwh,
  generationKwh: f.amountKwh,
  consumptionKwh: f.energyKwh.meta({ description: "generation + import - export; below 0 while storage empties" }),
  localKwh: f.amountKwh.meta({ description: "delivered against contract" }),
});
export type Energy = z.infer<typeof energy>;

export const network = z.object({
  ...f.stamped,
  voltageMinPu: z.number(),
  voltageMaxPu: z.number(),
  loadingMaxPercent: z.number(),
  lossesKw: f.powerKw,
  cutKwh: f.amountKwh,
});

export type Network = z.infer<typeof network>;

export const solarOutput = z.object({
  ...f.stamped,
  ghiWm2: z.number().min(0),
  temperatureC: z.number().nullable(),
  cloudOktas: z.number().min(0).max(8).nullable(),
});
export const solarForecast = z.object({
  ...f.stamped,
  stepMinutes: z.int(),
  from: f.instant,
  ghiWm2: z.array(z.number().min(0)),
  temperatureC: z.array(z.number().nullable()),
});
export type SolarForecast = z.infer<typeof solarForecast>;
export const consumptionCurve = z.object({
  ...f.stamped,
  date: f.day,
  stepMinutes: z.int(),
  typicalKw: z.array(z.number().min(0)).meta({ description: "kW of a typical home, one per step" }),
});
export type ConsumptionCurve = z.infer<typeof consumptionCurve>;

/** Those that the summary of a run has, too: from settlement's own sums. */
const furtherKpis = {
  periods: f.count.optional().meta({ description: "settled since the run began" }),
  generationKwh: f.amountKwh.optional().meta({ description: "of all participants" }),
  consumptionKwh: f.energyKwh.optional().meta({
    description: "kWh: generation + import - export of all; charging a battery counts, discharging takes from it",
  }),
  tradedKwh: f.amountKwh
    .optional()
    .meta({ description: "contracted; in a pool, what neighbours took of each other's" }),
  localKwh: f.amountKwh.optional().meta({ description: "taken by buyers against their contracts" }),
  gridDependence: f.share.optional().meta({ description: "1 - self-sufficiency" }),
  energyExchangedWithGridKwh: f.amountKwh.optional().meta({ description: "the community's imports and exports" }),
  loadFactor: f.share.optional().meta({ description: "mean import of the community over its largest" }),
  peakToAverageRatio: f.ratio.optional().meta({ description: "largest exchange with the grid over its mean" }),
  priceVolatility: f.pricePerKwh.nullable().optional().meta({
    description: "standard deviation of the prices of periods with trades, each counting alike, per kWh",
  }),
  priceVariation: f.ratio.optional().meta({ description: "the same over the mean price" }),
  priceLogReturnDeviation: f.ratio.optional().meta({
    description: "standard deviation of the logarithm of each price over the one before",
  }),
  meanPriceChange: f.pricePerKwh.nullable().optional().meta({
    description: "mean difference, without sign, between each price and the one before, per kWh",
  }),
  sellerConcentration: f.share.optional().meta({ description: "sum of squared shares of what was sold (HHI)" }),
  buyerConcentration: f.share.optional().meta({ description: "the same of what was bought" }),
  savingsGini: f.share
    .optional()
    .meta({ description: "Gini of the participants' savings, raised until the least is 0" }),
  savingsJain: f.share.optional().meta({ description: "Jain's index of the same: 1 where all save alike" }),
  cost: f.money.optional().meta({ description: "currency: what all paid together; negative = received" }),
  referenceCost: f.money.optional().meta({ description: "currency: the same with the supplier alone" }),
  participationIndex: f.share.optional().meta({
    description: "share of participants who are not worse off than with the supplier alone",
  }),
  equalityIndex: f.share.optional().meta({ description: "1 - Gini of incomes, raised until the least is 0" }),
  energyBalanceIndex: f.share.optional().meta({
    description: "1 - exchange with the grid over consumption and generation together",
  }),
  welfareEfficiency: z.number().optional().meta({
    description: "bids less asks over all that was traded, over the most the limits allow; none: not known",
  }),
  smithsAlpha: f.ratio.optional().meta({
    description: "percent: how far trades' prices lie from the equilibrium price; null without trades; none: not known",
  }),
  profitDispersion: f.money.nullable().optional().meta({
    description:
      "currency: root mean square of profits less those at the equilibrium price; null: nobody bid; none: not known",
  }),
};

export const kpi = z.object({
  ...f.stamped,
  selfSufficiency: f.share,
  selfConsumption: f.share,
  localShare: f.share,
  savings: f.money,
  savingsShare: f.share,
  importKwh: f.amountKwh,
  exportKwh: f.amountKwh,
  peakImportKw: f.powerKw.min(0),
  peakExportKw: f.powerKw.min(0),
  imbalanceKwh: f.amountKwh,
  meanPricePerKwh: f.pricePerKwh.nullable(),
  imbalanceShare: f.share.optional().meta({ description: "of all contracts, bought and sold" }),
  localShareOfSurplus: f.share.optional().meta({ description: "local trade over all that participants fed in" }),
  autarky: f.share.optional().meta({ description: "1 - what participants drew over what they used, each for itself" }),
  valueTapping: f.share.optional().meta({
    description: "savings by the price of energy alone over those had all energy fed in met what was drawn at the time",
  }),
  cutOrders: f.count.optional().meta({ description: "orders that the DSO named and cut" }),
  cutKwh: f.amountKwh.optional().meta({ description: "no longer traded because of the DSO's cuts, counted once" }),
  cutShare: f.share.optional().meta({ description: "of all that was traded at the gates" }),
  carbonKg: z.number().optional().meta({ description: "CO2 in the community's import, kg; none: not known" }),
  ...furtherKpis,
});
export type Kpi = z.infer<typeof kpi>;

export const statementHead = z.object({
  ...f.stamped,
  day: f.day,
  head: z.string(),
  signature: z.string(),
});

export const marketStatus = z.object({
  ...f.stamped,
  status: z.enum(["online", "degraded", "offline"]),
  reason: z.string().nullable(),
  version: z.string(),
});
export type MarketStatus = z.infer<typeof marketStatus>;
