/**
 * What a reader with any SQLite tool sees of a journal: views in kWh, major units of the currency and ISO times, only those that
 * its role has anything to show in. They are for the eye: amounts are floating-point numbers there; exact ones, in millionths and
 * watt-hours, stand in the tables' JSON. See docs/journal.md.
 */
import type { ProcessRole } from "../../shared/participant-id.js";

type View = readonly [name: string, select: string];

/** UTC with milliseconds, as 2016-08-01T10:00:00.000Z. */
const time = (ms: string): string => `strftime('%Y-%m-%dT%H:%M:%fZ', ${ms} / 1000.0, 'unixepoch')`;
/** Periods begin with a whole second. */
const period = (ms = "period_ms"): string => `strftime('%Y-%m-%dT%H:%M:%SZ', ${ms} / 1000, 'unixepoch')`;
const text = (path: string, of = "body"): string => `json_extract(${of}, '$.${path}')`;
const major = (path: string): string => `${text(path)} / 1e6`;
const kwh = (path: string): string => `${text(path)} / 1e3`;
const facts = (type: string): string => `FROM facts WHERE type = '${type}'`;

const commands: View = [
  "commands",
  `SELECT n, ${time("at_ms")} AS at, coalesce(sender, ${text("packet.sender", "event")}) AS participant,
     coalesce(topic, ${text("packet.topic", "event")}) AS topic, ${text("requestId", "reply")} AS request_id,
     ${text("status", "reply")} AS status, ${text("code", "reply")} AS code, ${text("reason", "reply")} AS reason,
     coalesce(${text("orderId", "reply")}, ${text("itemId", "reply")}) AS id, coalesce(payload, ${text("packet.payload", "event")}) AS payload, digest
   FROM inputs WHERE payload IS NOT NULL OR ${text("type", "event")} = 'COMMAND'`,
];

const handovers: View = [
  "handovers",
  `SELECT n, topic, ${text("ts", "message")} AS at, input,
     (SELECT group_concat(receiver, ' ') FROM unacknowledged WHERE unacknowledged.n = handed_over.n) AS waiting_for, message
   FROM handed_over`,
];

const bidding: readonly View[] = [
  [
    "orders",
    `SELECT ${period()} AS period, participant, ${text("fate.orderId")} AS order_id, ${text("fate.side")} AS side,
       ${kwh("fate.energyWh")} AS energy_kwh, ${major("fate.limitPriceMicroPerKwh")} AS limit_price,
       ${time(text("fate.acceptedAtMs"))} AS accepted_at, ${text("fate.outcome")} AS outcome, ${kwh("fate.tradedWh")} AS traded_kwh,
       ${major("fate.tradedPriceMicroPerKwh")} AS traded_price, ${text("fate.rank")} AS rank, ${text("fate.why")} AS why, input
     ${facts("fate")}`,
  ],
  [
    "trades",
    `SELECT ${period()} AS period, ${text("trade.buyer")} AS buyer, ${text("trade.seller")} AS seller,
       ${kwh("trade.energyWh")} AS energy_kwh, ${major("trade.priceMicroPerKwh")} AS price,
       coalesce(${major("trade.sellerPriceMicroPerKwh")}, ${major("trade.priceMicroPerKwh")}) AS seller_price,
       ${text("trade.mechanism")} AS mechanism, ${text("trade.buyOrder")} AS buy_order, ${text("trade.sellOrder")} AS sell_order, input
     ${facts("trade")}`,
  ],
  [
    "cuts",
    `SELECT ${period()} AS period, ${text("participant", "cut.value")} AS participant, ${text("orderId", "cut.value")} AS order_id,
       ${text("cutWh", "cut.value")} / 1e3 AS cut_kwh, ${text("askedWh", "cut.value")} / 1e3 AS asked_kwh,
       ${text("cause.element", "cut.value")} AS element, input
     FROM facts, json_each(facts.body, '$.orders') AS cut WHERE facts.type = 'cut'`,
  ],
  // Told anew after the DSO's cuts: the newest holds, which is the row that SQLite takes beside max().
  [
    "prices",
    `SELECT ${period()} AS period, ${major("price.priceMicroPerKwh")} AS price, ${kwh("price.volumeWh")} AS volume_kwh, max(input) AS input
     ${facts("cleared")} GROUP BY period_ms`,
  ],
  [
    "contracts",
    `SELECT ${period()} AS period, participant, ${kwh("energyWh")} AS energy_kwh, ${major("valueMicro")} AS value, max(input) AS input
     ${facts("contract")} GROUP BY period_ms, participant`,
  ],
];

const exchange: readonly View[] = [
  [
    "readings",
    `SELECT ${period()} AS period, participant, ${kwh("reading.importWh")} AS import_kwh, ${kwh("reading.exportWh")} AS export_kwh,
       ${kwh("reading.generationWh")} AS generation_kwh, ${text("reading.quality")} AS quality, ${text("correction")} AS correction, input
     ${facts("metered")}`,
  ],
];

const settlement: readonly View[] = [
  [
    "ledger",
    `SELECT ${text("entry.entry")} AS entry, ${period()} AS period, ${text("entry.debit")} AS debit, ${text("entry.credit")} AS credit,
       ${major("entry.amountMicro")} AS amount, ${text("entry.amountMicro")} AS amount_micro, ${text("entry.reason")} AS reason, input
     ${facts("entry")}`,
  ],
  [
    "balances",
    `SELECT account, sum(micro) / 1e6 AS balance, sum(micro) AS balance_micro FROM (
       SELECT credit AS account, amount_micro AS micro FROM ledger UNION ALL SELECT debit, -amount_micro FROM ledger
     ) GROUP BY account`,
  ],
  [
    "bills",
    `SELECT ${period()} AS period, participant, ${text("bill.billId")} AS bill_id, ${kwh("bill.contractedWh")} AS contracted_kwh,
       ${kwh("bill.meteredWh")} AS metered_kwh, ${major("bill.totalMicro")} AS total, ${text("bill.totalMicro")} AS total_micro,
       ${text("bill.hash")} AS hash, ${text("bill.previous")} AS previous, input
     ${facts("bill")}`,
  ],
  [
    "bill_lines",
    `SELECT ${period()} AS period, participant, ${text("bill.billId")} AS bill_id, line.key + 1 AS line,
       ${text("kind", "line.value")} AS kind, ${text("name", "line.value")} AS name, ${text("energyWh", "line.value")} / 1e3 AS energy_kwh,
       ${text("priceMicroPerKwh", "line.value")} / 1e6 AS price, ${text("amountMicro", "line.value")} / 1e6 AS amount,
       ${text("orderId", "line.value")} AS order_id, input
     FROM facts, json_each(facts.body, '$.bill.lines') AS line WHERE facts.type = 'bill'`,
  ],
  [
    "settled_prices",
    `SELECT ${period()} AS period, ${major("prices.systemBuyMicroPerKwh")} AS system_buy,
       ${major("prices.systemSellMicroPerKwh")} AS system_sell, input
     ${facts("settled")}`,
  ],
  [
    "heads",
    `SELECT ${text("head.day")} AS day, ${text("head.head")} AS head, ${text("head.signature")} AS signature, input ${facts("head")}`,
  ],
];

const viewsOfRole: Partial<Record<ProcessRole, readonly View[]>> = {
  bidding: [commands, ...bidding],
  exchange: [commands, ...exchange],
  settlement,
};

export function journalViews(role: ProcessRole): readonly View[] {
  return [...(viewsOfRole[role] ?? []), handovers];
}
