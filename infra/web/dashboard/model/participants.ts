/** Who takes part, with state, battery, orders and balance: for whoever sees everything. Made of topics, and of accounts asked of the server. */
import { computed, effect, signal } from "@preact/signals";
import type { Status } from "../../../../shared/messages/clock.js";
import type { OwnOrders, Tariff } from "../../../../shared/messages/private.js";
import { login } from "../../page/session.js";
import { about, listenTo, seesAll, timeline, told, topics } from "./market.js";
import type { AccountFigures, OwnOrder, ParticipantRow } from "./participant-row.js";

const accounts = signal<ReadonlyMap<string, AccountFigures>>(new Map());
const askEveryMs = 10_000;
const accountsPerPage = 1000;

/** Listens and asks as long as the view is open. @returns ends the asking */
export function watchParticipants(): () => void {
  return effect(() => {
    if (!seesAll.value) return;
    listenTo(topics.private("+", "orders"));
    listenTo(topics.private("+", "tariff"));
    void ask();
    const timer = setInterval(() => void ask(), askEveryMs);
    return () => clearInterval(timer);
  });
}

async function ask(): Promise<void> {
  const found = new Map<string, AccountFigures>();
  for (let after: string | null = ""; after !== null; ) {
    const page: AccountPage | undefined = await askPage(after);
    if (page === undefined) return;
    for (const account of page.items) found.set(account.id, account);
    after = page.next;
  }
  accounts.value = found;
}

interface AccountPage {
  readonly items: readonly AccountFigures[];
  readonly next: string | null;
}

/** A simulation has no registrar: it tells balances alone. */
async function askPage(after: string): Promise<AccountPage | undefined> {
  const path = about.openToAll
    ? "/balances"
    : `/operator/participants?limit=${accountsPerPage}${after === "" ? "" : `&after=${after}`}`;
  const key = login.peek()?.password;
  const headers: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const answer = await fetch(path, { headers }).catch(() => undefined);
  return answer?.ok === true ? ((await answer.json()) as AccountPage) : undefined;
}

/** In the order of their names, numbers in them by size. */
export const participants = computed((): readonly ParticipantRow[] => {
  const ids = new Set(accounts.value.keys());
  for (const key of timeline.keys.value) {
    const id = /^(?:in|private)\/([^/]+)\/(?:status|tariff|orders)$/.exec(key)?.[1];
    if (id !== undefined) ids.add(id);
  }
  return [...ids].sort((one, other) => one.localeCompare(other, "en", { numeric: true })).map(rowOf);
});

function rowOf(id: string): ParticipantRow {
  const status = told<Status>(`in/${id}/status`).value;
  const orders = told<OwnOrders>(`private/${id}/orders`).value;
  const open: readonly OwnOrder[] = [...(orders?.orders ?? []), ...(orders?.items ?? [])];
  const { storedKwh, capacityKwh } = status ?? {};
  return {
    ...{ id, account: accounts.value.get(id), isOnline: status?.status === "online", strategy: status?.strategy },
    battery: storedKwh === undefined || capacityKwh === undefined ? undefined : { storedKwh, capacityKwh },
    openCount: open.length,
    nextOrder: open.toSorted((one, other) => (one.period < other.period ? -1 : 1))[0],
    tariff: told<Tariff>(`private/${id}/tariff`).value,
  };
}

/** Whose page is open, of those who see everything. */
export const chosenParticipant = signal<string | undefined>(undefined);
