/** Golden messages of `manage/…`: shown in docs/contract.md, parsed by the tests. */
const stamp = { v: 1, ts: "2016-08-01T01:00:00Z" };
const period = "2016-08-01T02:00:00Z";
const limits = [{ participant: "h1", maxImportKw: 7, maxExportKw: 5 }];

const trade = {
  buyer: "h1",
  seller: "h2",
  energyKwh: 0.4,
  pricePerKwh: 0.098,
  mechanism: "uniform",
  buyOrder: "o9",
  sellOrder: "o4",
};

const quality = {
  surplus: 0.0168,
  mostSurplus: 0.0172,
  priceLow: 0.096,
  priceHigh: 0.101,
  squaredDeviation: 1e-7,
  profitGaps: [
    { participant: "h1", gap: 0.0002000005 },
    { participant: "h2", gap: -0.0006 },
  ],
};
const noMarket = { surplus: 0, mostSurplus: 0, priceLow: null, priceHigh: null, squaredDeviation: 0, profitGaps: [] };

const reading = { participant: "h1", importKwh: 0.55, exportKwh: 0, generationKwh: 0, quality: "actual" };

const tariffs = {
  ...stamp,
  n: 2,
  previous: 1,
  from: "2016-08-01T00:00:00Z",
  stepMinutes: 30,
  systemBuyPerKwh: [0.16],
  systemSellPerKwh: [0.04],
  tariffs: [
    { participant: "h1", supplier: "retail1", importPerKwh: [0.1457], exportPerKwh: [0.0503] },
    {
      ...{ participant: "h2", supplier: "retail1", importPerKwh: [0.1457, 0.16], exportPerKwh: [0.0503, 0.05] },
      suppliers: ["retail1", "green"],
    },
  ],
  carbonIntensity: [170.72],
};

const status = {
  ...stamp,
  role: "bidding",
  status: "online",
  periods: [
    { period: "2016-08-01T01:30:00Z", phase: "contracted", contractCount: 9 },
    { period, phase: "bidding", orderCount: 12, itemCount: 3 },
  ],
};

/** By the channel's name below `manage/`, period and role left out. */
export const manageExamples = {
  check: [
    {
      ...stamp,
      n: 2,
      previous: 1,
      period,
      points: [{ connectionPoint: "R18", participant: "h1", contractedKwh: -0.4, untradedKwh: -0.15 }],
    },
  ],
  limits: [
    {
      ...stamp,
      n: 2,
      previous: 1,
      period,
      cuts: [{ orderId: "o9", cutKwh: 0.1, element: "line 3", limit: 32, value: 35.5 }],
      limits,
    },
  ],
  contracts: [
    { ...stamp, n: 3, previous: 2, period, checked: false, trades: [trade], quality, limits },
    { ...stamp, n: 3, previous: 2, period, checked: false, trades: [], quality: noMarket, limits },
    {
      ...stamp,
      n: 4,
      previous: 3,
      period,
      checked: false,
      trades: [{ ...trade, mechanism: "vcg", sellerPricePerKwh: 0.099 }],
      positions: [{ participant: "h1", energyKwh: -0.6 }],
      limits,
    },
    {
      ...stamp,
      n: 5,
      previous: 4,
      period,
      checked: true,
      trades: [trade],
      lost: [{ participant: "h1", energyKwh: 0.5 }],
      cut: { orders: 1, energyKwh: 0.5 },
      limits,
    },
  ],
  metered: [{ ...stamp, n: 4, previous: 3, period, correction: false, readings: [reading] }],
  grants: [
    {
      ...stamp,
      n: 5,
      previous: 4,
      settled: [period],
      payouts: ["pay-7"],
      grants: [{ participant: "h1", funds: 12.5 }],
    },
  ],
  tariffs: [tariffs],
  members: [
    {
      ...stamp,
      n: 2,
      previous: 1,
      members: [
        {
          ...{ id: "h1", role: "prosumer", capacityKw: 7, connectionPoint: "R18", phase: "abc" },
          ...{ creditLimit: 20, deposit: 10, gateway: "gw1" },
        },
        { id: "gw1", role: "gateway", capacityKw: 0, connectionPoint: null, phase: null },
        { id: "m1", role: "meter", capacityKw: 0, connectionPoint: null, phase: null },
        { id: "p7k2m9qa", role: "prosumer", capacityKw: 7, connectionPoint: null, phase: null, standing: "suspended" },
        {
          ...{ id: "p3vd8w2c", role: "prosumer", capacityKw: 7, connectionPoint: "R19", phase: "a", standing: "left" },
          ...{ from: "2016-08-01T00:00:00Z", until: "2016-08-05T00:00:00Z" },
        },
      ],
    },
  ],
  accounts: [
    {
      ...stamp,
      n: 3,
      previous: 2,
      accounts: [
        {
          ...{ id: "p7k2m9qa", role: "prosumer", capacityKw: 7, connectionPoint: null, phase: null },
          ...{
            creditLimit: 20,
            gateway: "gw1",
            standing: "active",
            from: "2016-08-01T00:00:00Z",
            until: "2016-09-01T00:00:00Z",
          },
        },
      ],
    },
  ],
  supply: [
    {
      ...stamp,
      n: 5,
      previous: 4,
      offers: [
        {
          ...{ supplier: "green", from: "2016-08-02T00:00:00Z", importPerKwh: [0.16], exportPerKwh: [0.05] },
          importBands: [{ from: "23:00", to: "07:00", pricePerKwh: 0.08, days: "weekdays", months: [10, 11, 12] }],
          exportBands: [{ from: "12:00", to: "14:00", pricePerKwh: 0.02, days: "all", months: [6, 7, 8] }],
          offsets: [
            { from: "2016-03-27T01:00:00Z", minutes: 60 },
            { from: "2016-10-30T01:00:00Z", minutes: 0 },
          ],
        },
      ],
      customers: [{ participant: "h1", supplier: "green", from: "2016-08-02T00:00:00Z" }],
    },
  ],
  payments: [
    {
      ...stamp,
      n: 4,
      previous: 3,
      payments: [{ paymentId: "pay-7", participant: "h1", kind: "payout", amount: 5, reference: "2016-08/17" }],
    },
  ],
  payouts: [
    {
      ...stamp,
      n: 8,
      previous: 6,
      payouts: [
        { paymentId: "pay-7", held: true },
        { paymentId: "pay-8", held: false, reason: "50 is more than can be paid out: its balance is 12.5" },
      ],
    },
  ],
  booked: [
    {
      ...stamp,
      n: 6,
      previous: 5,
      payments: [
        { paymentId: "pay-7", outcome: "booked", entry: 97, balance: 7.5 },
        { paymentId: "pay-8", outcome: "refused", reason: "50 is more than can be paid out: its balance is 12.5" },
      ],
    },
  ],
  control: [{ v: 1, requestId: "c1", action: "close" }],
  status: [status, { ...status, status: "offline", reason: "the disk is full", periods: [] }],
  ack: [{ from: "bidding", n: 2 }],
} as const;
