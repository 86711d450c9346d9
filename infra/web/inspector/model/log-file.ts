/**
 * An inspection as a file (`*.inspect.ndjson`): a line that says what it is, then a line for each message. What the page writes begins with
 * how the actors stood at the oldest entry that it remembers.
 */
import type { InspectedActor, InspectedEvent } from "../../../../shared/messages/inspection.js";
import type { ActorHistory, Moment } from "./actor-history.js";
import type { Entry } from "./entry.js";
import type { Heard, Recording } from "./recording.js";

export interface LogHead {
  readonly market: string;
  /** What it was recorded of. */
  readonly from: string;
  /** The market's, IANA name. */
  readonly timezone?: string | undefined;
}

/** @throws Error for a first line that no inspection begins with */
export function readHead(line: string): LogHead {
  const head = parsed(line) as (Partial<LogHead> & { readonly elecbay?: string; readonly v?: number }) | undefined;
  if (head?.elecbay !== "inspection")
    throw new Error("this is no log of an inspection: its first line does not say so");
  if (head.v !== 1)
    throw new Error(`this log was recorded by another version of elecbay (format ${head.v}, this one reads 1)`);
  const { market = "main", from = "", timezone } = head;
  return { market, from, ...(isTimezone(timezone) ? { timezone } : {}) };
}

function isTimezone(name: unknown): name is string {
  try {
    return isText(name) && new Intl.DateTimeFormat("en-GB", { timeZone: name as string }) !== undefined;
  } catch {
    return false;
  }
}

/**
 * Undefined for a line that is no message, such as the last one of a file that was cut short.
 * @throws Error for a message that tells something else than its topic says
 */
export function readLine(line: string): Heard | undefined {
  const read = parsed(line) as Partial<Heard> | null | undefined;
  if (typeof read?.topic !== "string" || typeof read.message !== "object") return undefined;
  const { topic, message } = read;
  if (!isAsItsTopic(topic, message))
    throw new Error(`what it tells of ${topic.slice(0, 80)} is of another shape than this page reads`);
  return { topic, message };
}

/** What the page relies on; the contract's schemas would be most of the page. */
function isAsItsTopic(topic: string, message: object | null): boolean {
  if (message === null) return true;
  const [area, , kind] = topic.split("/");
  const told = message as Record<string, unknown>;
  if (topic === "public/market-info") return isTimezone(told.timezone);
  if (area === "manage") return isList(told.actors, isText);
  if (area !== "inspect") return true;
  if (kind === "events") return isNumber(told.missed) && isText(told.ts) && isList(told.events, isEvent);
  if (kind === "actor") return isNumber(told.n) && isText(told.name) && isList(told.state, isText);
  return kind !== "machine" || (isList(told.nodes, isObject) && isList(told.edges, isObject));
}

function isEvent(value: unknown): boolean {
  const { n, at, actor, kind, type, edges = [], state = [] } = (value ?? {}) as Record<string, unknown>;
  return isNumber(n) && isNumber(at) && [actor, kind, type].every(isText) && [edges, state].every(Array.isArray);
}
const isText = (value: unknown): boolean => typeof value === "string";
const isNumber = (value: unknown): boolean => typeof value === "number";
const isObject = (value: unknown): boolean => typeof value === "object" && value !== null;
const isList = (value: unknown, isOne: (one: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(isOne);

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

const mostEventsALine = 500;

/** Lines of a file that hold what is remembered, to be joined by newlines. */
export function* logLines(recording: Recording, head: LogHead): Generator<string> {
  const { first, last } = recording.places.peek();
  yield JSON.stringify({ elecbay: "inspection", v: 1, ...head });
  for (const { node, machine } of recording.machines()) {
    yield line(`inspect/${node}/machine/${machine.machine}`, machine.ts, machine);
  }
  const ts = recording.entry(first)?.ts ?? "";
  const later: { readonly history: ActorHistory; readonly moment: Moment }[] = [];
  for (const history of recording.actors()) {
    const begin = history.at(first - 1);
    if (begin !== undefined) yield actorLine(history, begin, 0, ts);
    for (const moment of history.moments) {
      if (!moment.isLogged && moment.place >= first) later.push({ history, moment });
    }
  }
  later.sort((one, other) => one.moment.place - other.moment.place);
  let batch: Entry[] = [];
  let batches = 0;
  for (let place = first; place <= last; place += 1) {
    const entry = recording.entry(place);
    if (entry === undefined) continue;
    batch.push(entry);
    const told = later[0]?.moment.place === place;
    const isWhole = entry.kind === "missed" || recording.entry(place + 1)?.node !== entry.node;
    if (!isWhole && !told && batch.length < mostEventsALine) continue;
    batches += 1;
    yield eventsLine(batch, batches);
    batch = [];
    while (later[0]?.moment.place === place) {
      const next = later.shift();
      if (next !== undefined) yield actorLine(next.history, next.moment, entry.n, entry.ts);
    }
  }
}

function line(topic: string, ts: string, message: object | null): string {
  return JSON.stringify({ topic, ts, message });
}

function actorLine(history: ActorHistory, moment: Moment, n: number, ts: string): string {
  const { id, name, parent, machine } = history;
  const { status, state, value, context } = moment;
  const [node, number] = id.split("/");
  const message: InspectedActor = {
    ...{ v: 1, ts, n, actor: id, name, parent, machine, status, state: [...state], value, context },
  };
  return line(`inspect/${node}/actor/${number}`, ts, message);
}

function eventsLine(entries: readonly Entry[], n: number): string {
  const [{ node, ts }] = entries as readonly [Entry];
  const events = entries.flatMap(({ place: _place, node: _node, isPulse: _pulse, missed: _missed, kind, ...event }) =>
    kind === "missed" ? [] : [{ ...event, kind } as InspectedEvent],
  );
  const missed = entries.reduce((sum, entry) => sum + (entry.missed ?? 0), 0);
  return line(`inspect/${node}/events`, ts, { v: 1, ts, n, missed, events });
}
