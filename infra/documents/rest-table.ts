/** The REST interface as the contract lays it down: methods, path, what it does. */
import { operatorTable } from "./rest-operator-table.js";

export interface RestRow {
  readonly methods: string;
  readonly path: string;
  readonly what: string;
  /** Where it is not served in this version: what is missing, as a sentence. */
  readonly notYet?: string;
}

const row = (methods: string, path: string, what: string): RestRow => ({ methods, path, what });

export const restTable: readonly RestRow[] = [
  row(
    "POST",
    "/participants",
    "register `{name, role, capacityKw?, connectionPoint?, phase?, invitation?}`; 201 `{id, key, mqtt: {urls, username, topics}}`. The key is shown once; the operator confirms connection point and capacity",
  ),
  row("GET, DELETE", "/participants/me", "one's own account and balance; leave"),
  row("POST", "/participants/me/key", "a new key"),
  row(
    "GET, POST",
    "/request",
    'own drafts `{type: "BID" or "OFFER" or "INFO", message}`, `message` the flat command without `v` and `requestId`; POST gives 201 `{id}`',
  ),
  row("GET, PUT, DELETE", "/request/{id}", "one draft"),
  row(
    "POST",
    "/submit/{id}",
    "send the draft to the broker as one command whose `requestId` is the draft's id; answers with the market's reply, and with the same one again",
  ),
  row("POST", "/items", "the command `list`: 201 when accepted"),
  row("DELETE", "/items/{id}", "the command `withdraw`: 200 when accepted"),
  row("POST", "/orders", "the command `place`: 201 when accepted"),
  row("PATCH, DELETE", "/orders/{id}", "the commands `modify` and `cancel`: 200 when accepted"),
  row("POST", "/meter", "a reading: 200 when accepted"),
  row("GET", "/market-info", "what the topic holds; public, no key"),
  row("GET", "/market-state", "what the topic holds; public, no key"),
  row("GET", "/items?period=", "what the topic holds; public, no key"),
  row("GET", "/results?period=", "what the topic holds; public, no key"),
  row("GET", "/kpi", "what the topic holds; public, no key"),
  row(
    "GET",
    "/history?series=&from=&to=&limit=",
    "the last 2,000 periods of `price`, `energy`, `network`, `kpi` as `{items: [{period, price, energy, …}], next}`; public, no key",
  ),
  row("GET", "/history/results?period=", "what the topic held last, also of a period that is settled; public, no key"),
  row("GET", "/shadows", "the same bids under the mechanisms of `shadow`: sums and rows; public, no key"),
  row("GET", "/tariff", "one's own"),
  row("GET", "/orders", "one's own"),
  row("GET", "/contracts", "one's own"),
  row("GET", "/bills", "one's own, kept for good; provisional until `finalAt`"),
  row("GET", "/bills/months", "what one's months came to, beside what the supplier alone would have billed"),
  row("POST", "/bills/{id}/dispute", "dispute a bill that is not final yet, `{reason}`: 201 with the dispute"),
  row("GET", "/events", "server-sent events of one's own topics"),
  row(
    "",
    "/operator/…",
    "for the operator's key alone: participants (list, suspend, resume, capacity, connection point, tariff, credit limit, gateway), deposits and payouts, invitations, meter corrections, switches of chaos and inspection",
  ),
  ...operatorTable,
  row("GET", "/healthz", "health"),
  row("GET", "/readyz", "ready to serve"),
  row("GET", "/metrics", "Prometheus text"),
  row("GET", "/asyncapi.json", "the topics, as AsyncAPI 3; to read at `/asyncapi/`"),
  row("GET", "/swagger/json", "this table, as OpenAPI; to read at `/swagger/`"),
  row(
    "GET",
    "/schemas/…",
    "JSON Schema files, one for each kind of message; `/schemas/index.json` says which topic has which",
  ),
  row("GET", "/", "dashboard: the market in a browser, and an order page"),
  row(
    "GET",
    "/inspector",
    "inspector: the running actors, their machines and what they do, for operators, in a browser",
  ),
  row("GET", "/mqtt", "MQTT over WebSocket (subprotocol `mqtt`), with the same logins and the same access list"),
];
