/**
 * The flat topics period by period, so that a page opened now shows yesterday, too: what the server remembers (`GET /history`), asked for
 * whenever the connection is new, and what has been heard since.
 */
import { batch, computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import { instantFromIso, minuteMs } from "../../../../shared/time.js";
import { clock, info, linkState, onMessage, timeline } from "./market.js";
import { type Row, rowsAt, withRows } from "./series.js";

export type SeriesName = "price" | "energy" | "network" | "kpi";
const names: readonly SeriesName[] = ["price", "energy", "network", "kpi"];
const asked = `/history?series=${names.join(",")}&limit=2000`;

const all: Readonly<Record<SeriesName, ReturnType<typeof emptyRows>>> = {
  price: emptyRows(),
  energy: emptyRows(),
  network: emptyRows(),
  kpi: emptyRows(),
};

function emptyRows() {
  return signal<readonly Row[]>([]);
}

/** Rows of a topic as known at the moment shown, oldest first: `atMs` the period's start, the message's numbers under their own names. */
export const history = Object.fromEntries(names.map((name) => [name, shown(name)])) as Readonly<
  Record<SeriesName, ReadonlySignal<readonly Row[]>>
>;

function shown(name: SeriesName): ReadonlySignal<readonly Row[]> {
  return computed(() => {
    const rows = all[name].value;
    return timeline.paused.value === undefined ? rows : rowsAt(rows, Date.parse(clock.value?.ts ?? ""));
  });
}

/** Length of a period, ms. */
export const periodMs = computed(() => (info.value?.periodMinutes ?? 30) * minuteMs);

const drawnWithinMs = 100;

type Told = Readonly<Record<string, unknown>>;

/** A message as a row of its period; undefined where it names none. */
export function rowOf(message: Told, period: unknown): Row | undefined {
  const atMs = typeof period === "string" ? instantFromIso(period) : undefined;
  const toldMs = typeof message.ts === "string" ? instantFromIso(message.ts) : undefined;
  if (atMs === undefined || toldMs === undefined) return undefined;
  const numbers = Object.entries(message).filter(([, value]) => typeof value === "number" || value === null);
  return { ...(Object.fromEntries(numbers) as Record<string, number | null>), atMs, toldMs };
}

/** Starts to gather. */
export function gatherHistories(): void {
  const heard = new Map<SeriesName, Row[]>();
  onMessage((topic, message) => {
    const name = names.find((one) => topic === `public/${one}`);
    if (name === undefined || message === null) return;
    // What is of a moment and no period is filed under the period that is on.
    const row = rowOf(message as Told, (message as Told).period ?? clock.peek()?.period);
    if (row === undefined) return;
    // Each of them, also where several periods are told at once; but they are drawn together.
    if (heard.size === 0) setTimeout(() => file(heard), drawnWithinMs);
    heard.set(name, [...(heard.get(name) ?? []), row]);
  });
  effect(() => {
    if (linkState.value === "live") void fill();
  });
}

function file(heard: Map<SeriesName, Row[]>): void {
  batch(() => {
    for (const [name, rows] of heard) all[name].value = withRows(all[name].peek(), rows);
  });
  heard.clear();
}

/** What is heard meanwhile is newer, and stays. A server that remembers nothing leaves the page with what it hears. */
async function fill(): Promise<void> {
  const answer = await fetch(asked).catch(() => undefined);
  if (answer?.ok !== true) return;
  const { items } = (await answer.json()) as { readonly items: readonly Told[] };
  for (const name of names) {
    const rows = items.flatMap((item) => {
      const message = item[name] as Told | undefined;
      return (message === undefined ? undefined : rowOf(message, item.period)) ?? [];
    });
    all[name].value = withRows(rows, all[name].peek());
  }
}
