/** Golden messages of `in/<id>/…` and `private/<id>/…`: shown in docs/contract.md, parsed by the tests. */
const stamp = { v: 1, ts: "2016-08-01T00:30:00Z" };
const period = "2016-08-01T02:00:00Z";

const listed = {
  v: 1,
  requestId: "a1",
  action: "list",
  side: "sell",
  period,
  energyKwh: 0.8,
  pricePerKwh: 0.11,
  minEnergyKwh: 0.1,
  sale: "fixed",
};

const placed = {
  v: 1,
  requestId: "a2",
  action: "place",
  period,
  side: "buy",
  energyKwh: 0.5,
  pricePerKwh: 0.12,
  itemId: "i7",
};

const toAuction = {
  v: 1,
  ts: "2016-08-01T00:30:00Z",
  requestId: "a3",
  action: "place",
  period,
  side: "sell",
  energyKwh: 0.30000000000000004,
  pricePerKwh: -0.02,
};

const reading = {
  v: 1,
  requestId: "m1",
  period: "2016-08-01T00:00:00Z",
  importKwh: 0.3,
  exportKwh: 0,
  generationKwh: 0.2,
  quality: "actual",
};

/** By the channel's name below `in/<id>/`. */
export const participantExamples = {
  items: [
    listed,
    { ...listed, ts: "2016-08-01T00:30:00Z", requestId: "a9", auction: false },
    { v: 1, ts: "2016-08-01T00:30:00Z", requestId: "a4", action: "withdraw", itemId: "i7" },
  ],
  orders: [
    placed,
    toAuction,
    {
      v: 1,
      requestId: "a5",
      action: "modify",
      orderId: "o9",
      expectedVersion: 1,
      energyKwh: 0.4,
      pricePerKwh: 0.12,
    },
    { v: 1, requestId: "a6", action: "cancel", orderId: "o9" },
    { v: 1, requestId: "a7", action: "notify", period, energyKwh: -0.6 },
    { ...placed, requestId: "a8", auction: false },
  ],
  meter: [reading, { ...reading, ts: "2016-08-01T00:30:00Z", requestId: "m2", for: "bot12" }],
  batch: [
    {
      v: 1,
      ts: "2016-08-01T00:30:00Z",
      requestId: "b1",
      entries: [
        { for: "bot12", topic: "orders", command: placed },
        { for: "bot13", topic: "items", command: listed },
        { for: "bot14", topic: "orders", command: toAuction },
      ],
    },
  ],
  ready: [{ v: 1, seq: 97, sent: 2 }],
  status: [
    { v: 1, status: "online" },
    {
      ...{ v: 1, status: "online", strategy: "price-taker", capacityKwh: 10, storedKwh: 4.2 },
      ...{ period: "2016-08-01T00:30:00Z", chargedKwh: 0.6, dischargedKwh: 0 },
    },
  ],
} as const;

const accepted = {
  ...stamp,
  requestId: "a2",
  topic: "orders",
  status: "accepted",
  orderId: "o9",
  version: 1,
  period,
  biddingCycle: 14,
  acceptedAt: "2016-08-01T00:30:00Z",
};

const { orderId: _orderId, ...acceptedCommand } = accepted;
const acceptedItem = { ...acceptedCommand, requestId: "a1", topic: "items", itemId: "i7" };

const rejected = {
  ...stamp,
  requestId: "a2",
  topic: "orders",
  status: "rejected",
  code: "gate-closed",
  reason: "gate of 2016-08-01T02:00:00Z closed at 2016-08-01T01:00:00Z",
};

const absent = {
  ...stamp,
  requestId: null,
  topic: "ready",
  status: "rejected",
  code: "absent",
  reason: "no ready for tick 97 came before its deadline",
};

const noJson = {
  ...stamp,
  requestId: null,
  topic: "items",
  status: "rejected",
  code: "bad-message",
  reason: "the payload is no JSON object",
};

const batchReply = {
  ...stamp,
  requestId: "b1",
  topic: "batch",
  replies: [
    { for: "bot12", requestId: "a2", status: "accepted", orderId: "o9", version: 1 },
    { for: "bot13", requestId: "a1", status: "accepted", itemId: "i7", version: 1 },
    { for: "bot14", requestId: "a3", status: "rejected", code: "not-owner", reason: "bot14 is not under this gateway" },
  ],
};

const ownOrders = {
  ...stamp,
  items: [
    {
      itemId: "i7",
      version: 1,
      period,
      side: "sell",
      energyKwh: 0.8,
      reservedKwh: 0.2,
      pricePerKwh: 0.11,
    },
  ],
  orders: [
    { orderId: "o9", version: 1, period, side: "buy", energyKwh: 0.5, pricePerKwh: 0.12, itemId: "i7" },
    {
      orderId: "o10",
      version: 1,
      period,
      side: "buy",
      energyKwh: 0.5,
      filledKwh: 0.2,
      pricePerKwh: 0.12,
      itemId: null,
    },
  ],
};

const tariff = {
  ...stamp,
  supplier: "retail1",
  from: "2016-08-01T00:00:00Z",
  stepMinutes: 30,
  importPerKwh: [0.1457],
  exportPerKwh: [0.0503],
  systemBuyPerKwh: [0.16],
  systemSellPerKwh: [0.04],
  freeFunds: 12.5,
  capacityKw: 7,
  connectionPoint: "R18",
  phase: "abc",
};

const contract = {
  ...stamp,
  period,
  energyKwh: -0.4,
  value: -0.0392,
  maxImportKw: 7,
  maxExportKw: 5,
  checked: false,
  orders: [
    {
      orderId: "o9",
      outcome: "partly",
      energyKwh: 0.4,
      pricePerKwh: 0.098,
      why: "at the margin, shared pro rata",
      wouldTradeAtPerKwh: 0.0985,
      rank: 7,
      clearingPricePerKwh: 0.098,
    },
  ],
};

const bill = {
  ...stamp,
  billId: "b55",
  period,
  contractedKwh: -0.4,
  meteredKwh: -0.55,
  lines: [
    { kind: "trade", energyKwh: -0.4, pricePerKwh: 0.098, amount: -0.0392, orderId: "o9" },
    { kind: "supply", energyKwh: -0.15, pricePerKwh: 0.1457, amount: -0.021855 },
  ],
  total: -0.061055,
  previous: "",
  hash: "4f6e",
};

const billWithLevy = {
  ...bill,
  billId: "b56",
  lines: [...bill.lines, { kind: "levy", energyKwh: 0, pricePerKwh: 0.002, amount: -0.0011, name: "renewables" }],
  total: -0.062155,
};

const statement = {
  ...stamp,
  day: "2016-08-01",
  hash: "4f6e",
  proof: [
    { side: "right", hash: "a3c1" },
    { side: "left", hash: "77d0" },
  ],
  head: "9b2e",
  salt: "c5d0",
};

const fill = { ...stamp, n: 3, period, orderId: "o9", itemId: null, energyKwh: 0.2, pricePerKwh: 0.11 };

/** By the channel's name below `private/<id>/`, the period left out. */
export const privateExamples = {
  replies: [accepted, acceptedItem, rejected, noJson, absent, batchReply],
  fills: [
    { ...fill, kind: "reserved" },
    { ...fill, orderId: null, itemId: "i7", n: 4, kind: "released" },
    { ...fill, n: 5, kind: "filled" },
  ],
  orders: [ownOrders],
  tariff: [tariff, { ...tariff, freeFunds: null, connectionPoint: null, phase: null }],
  contracts: [contract],
  bills: [bill, billWithLevy],
  statement: [statement],
} as const;
