/**
 * Where the messages come from: a running market (the operator signed in), or a log file. One at a time: opening a file leaves the market,
 * closing it goes back there.
 *
 *   none --operator signs in--> market <--close / open--> file
 */
import { computed, effect, signal } from "@preact/signals";
import { filtersOf, topicsOf } from "../../../../shared/topics.js";
import { type About, readAbout } from "../../page/about.js";
import type { BrokerLink, LinkState } from "../../page/broker-link.js";
import { isOperator, login } from "../../page/session.js";
import { type LogHead, readHead, readLine } from "./log-file.js";
import { createRecording, type Heard } from "./recording.js";
import { chosenId, show, startLiveRecording } from "./shown.js";

export const about: About = readAbout(document);
export const topics = topicsOf(about.market);
const filters = filtersOf(about.market);

export interface OpenFile extends LogHead {
  readonly name: string;
  /** Lines that were read so far; done: all. */
  readonly lines: number;
  readonly isDone: boolean;
  /** Why it could not be read on. */
  readonly problem: string | undefined;
}

export const file = signal<OpenFile | undefined>(undefined);
const link = signal<BrokerLink | undefined>(undefined);
export const linkState = computed<LinkState | "none">(() => link.value?.state.value ?? "none");
/** Whether the page hears a running market, and may ask things of it. */
export const isLive = computed(() => file.value === undefined && linkState.value === "live");

/** What comes is taken in that often. */
const takeEveryMs = 100;
/** A file is opened to be looked into from its beginning to its end. */
const fileLimits = { mostEntries: 300_000, holdMs: 1000 };
const linesAtOnce = 400;

/** Opens the connection whenever the operator is signed in and no file is open. */
export function startSource(): void {
  if (about.log !== undefined) void openAddress(about.log);
  effect(() => {
    if (!isOperator.value || file.value !== undefined) return;
    return listen();
  });
}

function listen(): () => void {
  const target = startLiveRecording();
  let waiting: Heard[] = [];
  let isOver = false;
  const start = `${topics.prefix}/`;
  const timer = setInterval(() => {
    const messages = waiting;
    waiting = [];
    target.take(messages, performance.now());
  }, takeEveryMs);
  // Its code is large, and a log file needs none of it.
  void import("../../page/broker-link.js").then(({ openBrokerLink, brokerUrl }) => {
    if (isOver) return;
    link.value = openBrokerLink({
      url: brokerUrl(location),
      login: login.peek(),
      filters: [filters.everythingInspected, topics.inspecting("+"), topics.public("market-info")],
      onSubscribed: () => {},
      onMessage(topic, message) {
        if (topic.startsWith(start)) waiting.push({ topic: topic.slice(start.length), message });
      },
    });
  });
  return () => {
    isOver = true;
    clearInterval(timer);
    link.peek()?.close();
    link.value = undefined;
  };
}

/** Publishes below the market's name. @throws Error while no market is connected, or the broker is away */
export async function publish(topic: string, message: object): Promise<void> {
  const open = link.peek();
  if (open === undefined) throw new Error("no running market is connected: sign in as the operator");
  await open.publish(topic, message);
}

/** A log that the server has. */
async function openAddress(address: string): Promise<void> {
  const name = address.split("/").at(-1) ?? address;
  try {
    const answer = await fetch(address);
    if (!answer.ok || answer.body === null) throw new Error(`the server does not give it out (${answer.status})`);
    await read(name, answer.body);
  } catch (error) {
    fail(name, error);
  }
}

/** A log from the reader's own disk. */
export async function openFile(chosen: File): Promise<void> {
  chosenId.value = undefined;
  try {
    await read(chosen.name, chosen.stream());
  } catch (error) {
    fail(chosen.name, error);
  }
}

export function closeFile(): void {
  chosenId.value = undefined;
  file.value = undefined;
  startLiveRecording();
}

function fail(name: string, error: unknown): void {
  const problem = error instanceof Error ? error.message : String(error);
  const open = file.peek();
  file.value = { market: "", from: "", lines: 0, ...open, name, isDone: true, problem };
}

/** Reads some lines at a time, so that the page stays at hand. */
async function read(name: string, bytes: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
  let target = createRecording(fileLimits);
  let head: LogHead | undefined;
  let lines = 0;
  let messages: Heard[] = [];
  const take = async (): Promise<void> => {
    target.take(messages, 0);
    messages = [];
    if (head !== undefined) file.value = { ...head, name, lines, isDone: false, problem: undefined };
    await new Promise((done) => setTimeout(done));
  };
  for await (const line of linesOf(bytes)) {
    lines += 1;
    if (head === undefined) {
      head = readHead(line);
      target = createRecording(fileLimits, head.timezone);
      file.value = { ...head, name, lines, isDone: false, problem: undefined };
      show(target);
      continue;
    }
    const heard = readNumbered(line, lines);
    if (heard !== undefined) messages.push(heard);
    if (messages.length >= linesAtOnce) await take();
  }
  if (head === undefined) throw new Error("this file is empty");
  target.take(messages, Number.POSITIVE_INFINITY);
  file.value = { ...head, name, lines, isDone: true, problem: undefined };
}

/** @throws Error that names the line */
function readNumbered(line: string, number: number): Heard | undefined {
  try {
    return readLine(line);
  } catch (error) {
    throw new Error(`line ${number}: ${(error as Error).message}`);
  }
}

async function* linesOf(bytes: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  const reader = bytes.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    const lines = (rest + value).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") yield line;
  }
  if (rest !== "") yield rest;
}
