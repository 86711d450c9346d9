/** The routes that are for the operator's key alone, by group. */
import type { RestRow } from "./rest-table.js";

const row = (methods: string, path: string, what: string): RestRow => ({ methods, path, what });

const participants: readonly RestRow[] = [
  row("GET", "/operator/participants", "all of them, a page at a time; by `standing`, by what their name holds"),
  row("POST", "/operator/participants", "register somebody: 201 `{id, key}`"),
  row(
    "GET, PATCH",
    "/operator/participants/{id}",
    "one of them; change capacity, connection point, phase, credit limit, gateway",
  ),
  row("POST", "/operator/participants/{id}/suspend", "refuse its commands, `{reason}`"),
  row("POST", "/operator/participants/{id}/resume", "take that back"),
  row("POST, DELETE", "/operator/participants/{id}/key", "a new key, told once; revoke the key"),
];

const invitations: readonly RestRow[] = [
  row(
    "GET, POST",
    "/operator/invitations",
    "those that are good; make one `{role, uses, expiresAt}`: 201 `{id, code}`, the code told once",
  ),
  row("DELETE", "/operator/invitations/{id}", "revoke one"),
];

const leaving: readonly RestRow[] = [
  row("POST", "/operator/participants/{id}/leave", "let it leave, `{from?}`: with a period, or at once"),
  row(
    "POST",
    "/operator/participants/{id}/tenant",
    "change the tenant of its connection point, `{name, from, capacityKw?, id?}`: 201 `{id, key}` of who follows",
  ),
  row("DELETE", "/operator/participants/{id}/name", "erase the person's name, and hear what remains"),
];

const metersAndBills: readonly RestRow[] = [
  row(
    "POST",
    "/operator/readings",
    "a CSV file of meter readings, which outrank all others; with `?preview=true` only what it would change, row by row",
  ),
  row(
    "GET",
    "/operator/statements?month=",
    "a month's statements of all participants, one line each, the remainder carried; JSON or CSV by `Accept`",
  ),
  row("GET", "/operator/disputes", "disputes about bills, a page at a time; by `state`"),
  row(
    "POST",
    "/operator/disputes/{id}",
    "answer the dispute about a bill, `{outcome, answer, reading?}`: upheld, with the reading that puts it right, or rejected",
  ),
  row("GET", "/operator/statements/{id}?month=", "one participant's statement: JSON, CSV or a page by `Accept`"),
];

const payments: readonly RestRow[] = [
  row(
    "GET, POST",
    "/operator/payments",
    "deposits and payouts, the newest first; note one `{participant, kind, amount, reference?}` under an `Idempotency-Key`, booked once: 201",
  ),
  row("GET", "/operator/payments/{id}", "one of them"),
];

const supply: readonly RestRow[] = [
  row("GET", "/operator/suppliers", "what the operator has changed of offers, and of who is with whom"),
  row(
    "PUT",
    "/operator/suppliers/{name}/tariff",
    "what a supplier offers from a period to come on: `{from, import, export}`, each a price, a series `{prices}` or by the clock `{otherwise, timeOfUse}`",
  ),
  row(
    "PUT",
    "/operator/participants/{id}/supplier",
    "with whom a participant is from a period to come on: `{supplier, from}`",
  ),
];

export const operatorTable: readonly RestRow[] = [
  ...participants,
  ...invitations,
  ...payments,
  ...supply,
  ...leaving,
  ...metersAndBills,
  row(
    "GET, PUT",
    "/operator/chaos",
    "whether what the file of faults asks for happens, and what has struck; `{on}` switches it, where the market was started with `--faults`",
  ),
  row(
    "GET, PUT",
    "/operator/inspection",
    "whether operators see on `inspect/#` what actors do, and which; `{on, actors, forMinutes}` switches it",
  ),
];
