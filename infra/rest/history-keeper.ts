/** Keeps what the public topics tell, each message under the delivery period that it is of. */
import { readJson } from "../../market/door/decode.js";
import { instantFromIso, periodContaining, periodFromTopicLevel } from "../../shared/time.js";
import type { FlatSeries, HistoryStore } from "../journal/history-store.js";

/** These name their period; of the others it is the one that was on when they were told. */
const namesPeriod: Readonly<Record<FlatSeries, boolean>> = { price: true, energy: true, network: false, kpi: false };

/** Topics whose messages are kept. */
export const keptTopics = /\/public\/(price|energy|network|kpi|results\/[^/]+)$/;

/** @param name below `public/` @param payload as it was published; an empty one clears a topic, which takes nothing back here */
export function keepHistory(store: HistoryStore, periodMinutes: number, name: string, payload: string): void {
  if (payload === "") return;
  const [topic = "", level] = name.split("/");
  if (topic === "results" && level !== undefined) {
    const periodMs = periodFromTopicLevel(level);
    if (periodMs !== undefined) store.keep(periodMs, "results", payload);
  } else if (level === undefined && topic in namesPeriod) {
    const series = topic as FlatSeries;
    const { period, ts } = readJson(payload) ?? {};
    const told = namesPeriod[series] ? period : ts;
    const atMs = typeof told === "string" ? instantFromIso(told) : undefined;
    if (atMs !== undefined) store.keep(periodContaining(atMs, periodMinutes), series, payload);
  }
}
