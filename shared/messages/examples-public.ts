/** Golden messages of `public/…`: shown in docs/contract.md, parsed by the tests, kept in step with contract.md's examples. */
const stamp = { v: 1, ts: "2016-08-01T00:30:00Z" };
const period = "2016-08-01T02:00:00Z";

const item = {
  itemId: "i7",
  side: "sell",
  energyKwh: 0.8,
  pricePerKwh: 0.11,
  minEnergyKwh: 0.1,
  sale: "fixed",
  owner: "p4f",
  reliability: 0.97,
};

const tick = {
  ...stamp,
  runId: "r1",
  seq: 97,
  mode: "scaled",
  rate: 300,
  period: "2016-08-01T00:30:00Z",
  round: 1,
  rounds: 3,
  deadline: "2026-11-22T10:00:05Z",
};

const info = {
  ...stamp,
  currency: "GBP",
  mechanism: "uniform",
  k: 0.5,
  tie: "pro-rata",
  periodMinutes: 30,
  openMinutes: 300,
  gateMinutes: 60,
  timezone: "Europe/London",
  priceFloor: -1,
  priceCap: 2,
  minEnergyKwh: 0.001,
  maxOrdersPerPeriod: 50,
  imbalance: "promised",
  imbalancePrice: "dual",
  serviceChargePerKwh: 0.001,
  serviceChargePercent: 0.5,
  gridFeePerKwh: 0.03,
  localGridFeePerKwh: 0.01,
  levies: [{ name: "renewables", pricePerKwh: 0.002 }],
  vatPercent: 5,
  standingChargePerDay: 0.2,
  meterDueMinutes: 60,
  billDays: 1,
  statementKey: "-----BEGIN PUBLIC KEY-----\n…",
};

const state = {
  ...stamp,
  bidding: [
    {
      period,
      biddingCycle: 13,
      opensAt: "2016-07-31T20:00:00Z",
      gateAt: "2016-08-01T01:00:00Z",
      orderCount: 12,
      itemCount: 3,
    },
  ],
  closed: [{ period: "2016-08-01T01:00:00Z", stage: "network-check", contractCount: 9 }],
  exchange: { period: "2016-08-01T00:30:00Z", endsAt: "2016-08-01T01:00:00Z" },
  metering: [{ period: "2016-08-01T00:00:00Z", dueAt: "2016-08-01T01:30:00Z" }],
  settling: {
    from: "2016-07-31T00:30:00Z",
    to: "2016-07-31T23:30:00Z",
    nextBillAt: "2016-08-01T01:00:00Z",
    orderCount: 40,
  },
};

const startingState = { ...stamp, bidding: [], closed: [], exchange: null, metering: [], settling: null };

const book = {
  ...stamp,
  period,
  bestBidPerKwh: 0.1,
  bestAskPerKwh: 0.105,
  indicativePerKwh: 0.102,
  indicativeKwh: 3.2,
};

const emptyBook = {
  ...stamp,
  period,
  bestBidPerKwh: null,
  bestAskPerKwh: null,
  indicativePerKwh: null,
  indicativeKwh: 0,
};

const cleared = {
  ...stamp,
  period,
  mechanism: "uniform",
  pricePerKwh: 0.098,
  priceLow: 0.09,
  priceHigh: 0.106,
  volumeKwh: 4.2,
  tradeCount: 9,
  offeredKwh: 6,
  wantedKwh: 5.1,
  cutKwh: 0,
  bids: [
    [0.14, 1.2],
    [0.12, 0.8],
  ],
  asks: [
    [0.08, 2],
    [0.098, 4],
  ],
};

const withoutTrade = {
  ...cleared,
  pricePerKwh: null,
  priceLow: null,
  priceHigh: null,
  volumeKwh: 0,
  tradeCount: 0,
  bids: [],
};

const kpi = {
  ...stamp,
  selfSufficiency: 0.61,
  selfConsumption: 0.7,
  localShare: 0.44,
  savings: 12.3,
  savingsShare: 0.08,
  importKwh: 120.4,
  exportKwh: 33.25,
  peakImportKw: 9.6,
  peakExportKw: 4.1,
  imbalanceKwh: 2.113,
  meanPricePerKwh: 0.0973,
  imbalanceShare: 0.04,
  localShareOfSurplus: 0.52,
  autarky: 0.48,
  valueTapping: 0.71,
  cutOrders: 2,
  cutKwh: 1.5,
  cutShare: 0.03,
  carbonKg: 0.53,
  periods: 48,
  generationKwh: 110.8,
  consumptionKwh: 197.95,
  tradedKwh: 52.8,
  localKwh: 50.7,
  gridDependence: 0.39,
  energyExchangedWithGridKwh: 153.65,
  loadFactor: 0.53,
  peakToAverageRatio: 1.5,
  priceVolatility: 0.0123,
  priceVariation: 0.1264,
  priceLogReturnDeviation: 0.08,
  meanPriceChange: 0.0042,
  sellerConcentration: 0.21,
  buyerConcentration: 0.13,
  savingsGini: 0.34,
  savingsJain: 0.71,
  cost: 141.4,
  referenceCost: 153.7,
  participationIndex: 1,
  equalityIndex: 0.66,
  energyBalanceIndex: 0.5,
  welfareEfficiency: 0.998,
  smithsAlpha: 4.2,
  profitDispersion: 0.0315,
};

/** By the channel's name below `public/`, the period left out. */
export const publicExamples = {
  clock: [tick, { ...tick, mode: "real", rate: 1, offsetMs: -3.5 }],
  "market-info": [info, { ...info, firstPeriod: "2016-08-01T02:00:00Z", lastPeriod: "2016-08-02T01:30:00Z" }],
  "market-state": [state, startingState],
  items: [{ ...stamp, n: 30, period, start: period, durationMinutes: 30, items: [item] }],
  "items-delta": [{ ...stamp, n: 31, period, ...item, energyKwh: 0 }],
  book: [book, emptyBook],
  trades: [{ ...stamp, n: 5, period, energyKwh: 0.5, pricePerKwh: 0.11, taker: "buy" }],
  results: [cleared, withoutTrade],
  price: [{ ...stamp, period, pricePerKwh: 0.098, volumeKwh: 4.2, offeredKwh: 6, wantedKwh: 5.1, tradeCount: 9 }],
  energy: [{ ...stamp, period, importKwh: 3.1, exportKwh: 0, generationKwh: 7, consumptionKwh: 10.1, localKwh: 4 }],
  network: [{ ...stamp, voltageMinPu: 0.97, voltageMaxPu: 1.01, loadingMaxPercent: 44, lossesKw: 1.2, cutKwh: 0 }],
  "solar-output": [{ ...stamp, ghiWm2: 512, temperatureC: 21.4, cloudOktas: 2 }],
  "solar-forecast": [
    { ...stamp, stepMinutes: 30, from: "2016-08-01T01:00:00Z", ghiWm2: [520, 540], temperatureC: [21.5, 21.7] },
  ],
  "consumption-curve": [{ ...stamp, date: "2016-08-01", stepMinutes: 30, typicalKw: [0.21, 0.2] }],
  kpi: [kpi, { ...kpi, selfSufficiency: null, selfConsumption: null, meanPricePerKwh: null }],
  "statement-head": [{ ...stamp, day: "2016-08-01", head: "9f2c", signature: "MEUCIQ" }],
  status: [
    { ...stamp, status: "online", reason: null, version: "0.1.0" },
    { ...stamp, status: "degraded", reason: "settlement is missing", version: "0.1.0" },
  ],
} as const;
