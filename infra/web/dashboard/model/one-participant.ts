/** What is private to one participant: from its own topics, and of its months what the server has summed up. */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { Bill, Contract } from "../../../../shared/messages/private.js";
import { filtersOf } from "../../../../shared/topics.js";
import { isOperator, login } from "../../page/session.js";
import { about, listenTo, timeline, told, topicsBelow } from "./market.js";

export interface DaySum {
  readonly day: string;
  readonly importKwh: number;
  readonly exportKwh: number;
  readonly boughtKwh: number;
  readonly soldKwh: number;
  readonly amount: number;
  /** What the supplier alone would have billed. */
  readonly supplierAlone: number;
}

export interface MonthSum {
  readonly month: string;
  readonly exact: number;
  readonly supplierAlone: number;
  readonly days: readonly DaySum[];
}

export interface OneParticipant {
  /** Newest delivery period first. */
  readonly contracts: ReadonlySignal<readonly Contract[]>;
  readonly bills: ReadonlySignal<readonly Bill[]>;
}

/** Also of who is not signed in, where everything may be seen. */
export function oneParticipant(id: string): OneParticipant {
  listenTo(filtersOf(about.market).ownPrivate(id));
  const all = <Message extends { readonly period: string }>(name: "contracts" | "bills") => {
    const keys = topicsBelow(`private/${id}/${name}/`);
    return computed(() =>
      keys.value
        .flatMap((key) => told<Message>(key).value ?? [])
        .sort((one, other) => (one.period < other.period ? 1 : -1)),
    );
  };
  return { contracts: all<Contract>("contracts"), bills: all<Bill>("bills") };
}

/** By participant; undefined until the server has answered, null where it has none to tell. */
const months = signal<ReadonlyMap<string, readonly MonthSum[] | null>>(new Map());
export const monthsOf = (id: string): readonly MonthSum[] | null | undefined => months.value.get(id);

/** A simulation sums up when it is over, in its own files; guests, and homes of the scenario without a key of their own, are not known to REST. */
export async function askMonths(id: string): Promise<void> {
  const found = about.openToAll ? null : await askedMonths(id);
  if (timeline.paused.peek() === undefined) months.value = new Map([...months.peek(), [id, found]]);
}

async function askedMonths(id: string): Promise<readonly MonthSum[] | null> {
  const { username, password: key } = login.peek() ?? { username: "", password: "" };
  if (!isOperator.peek() && !key.startsWith(`${username}.`)) return null;
  const path = isOperator.peek() ? `/operator/statements/${id}` : "/bills/months";
  const headers = { authorization: `Bearer ${key}`, accept: "application/json" };
  const answer = await fetch(path, { headers }).catch(() => undefined);
  if (answer?.ok !== true) return null;
  const told = (await answer.json()) as { readonly months?: readonly MonthSum[]; readonly items?: readonly MonthSum[] };
  return told.months ?? told.items ?? null;
}
