/**
 * What is private to a participant, and its commands, over REST: for brokers that let each participant in once (Mosquitto), where a page
 * would put its own devices out. Messages come as server-sent events (`GET /events`), read with the key, which `EventSource` cannot send.
 *
 *   open --answered--> reading --ended, or away--> waiting --> open …      open --401--> refused (for good)
 */
import { type ReadonlySignal, signal } from "@preact/signals";
import { instantFromIso, periodTopicLevel } from "../../../shared/time.js";
import type { Login } from "./login.js";

export interface PrivateStream {
  /** The key is nobody's. */
  readonly isRefused: ReadonlySignal<boolean>;
  /**
   * Hands a command to the market; its reply comes like any other message.
   * @returns why it got no further, where the server did not take it @throws Error where the server is away, or the market has not replied
   */
  command(name: "items" | "orders", command: object): Promise<Refusal | undefined>;
  close(): void;
}

/** What the server itself did not let through to the market. */
export interface Refusal {
  /** Of REST's errors, such as `rate-limited`; `http-502` where a proxy in between has none. */
  readonly code: string;
  readonly reason: string;
}

export interface PrivateStreamOptions {
  /** Where the page came from: its origin. */
  readonly base: string;
  readonly login: Login;
  /** @param topic below `private/<id>/`, such as `replies` or `bills/20160801-0030` @param size of its text, characters */
  readonly onMessage: (topic: string, message: object, size: number) => void;
}

const tryAgainAfterMs = 2000;

export function openPrivateStream({ base, login, onMessage }: PrivateStreamOptions): PrivateStream {
  const isRefused = signal(false);
  const ended = new AbortController();
  const authorization = `Bearer ${login.password}`;

  async function read(): Promise<void> {
    const answer = await fetch(`${base}/events`, { headers: { authorization }, signal: ended.signal });
    isRefused.value = answer.status === 401;
    if (!answer.ok || answer.body === null) return;
    const text = answer.body.pipeThrough(new TextDecoderStream());
    let rest = "";
    const reader = text.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const events = (rest + part.value).split("\n\n");
      rest = events.pop() ?? "";
      for (const event of events) tell(event);
    }
  }

  function tell(event: string): void {
    const found = eventIn(event);
    if (found !== undefined) onMessage(found.topic, found.message, event.length);
  }

  async function keepReading(): Promise<void> {
    while (!ended.signal.aborted && !isRefused.value) {
      await read().catch(() => {}); // away, or over: the next one tells all anew
      await new Promise((done) => setTimeout(done, tryAgainAfterMs));
    }
  }
  void keepReading();

  return {
    isRefused,
    async command(name, command) {
      const { method, path, key, body } = requestOf(name, command as Readonly<Record<string, unknown>>);
      const type = body === undefined ? {} : { "content-type": "application/json" };
      const headers = { authorization, "idempotency-key": key, ...type };
      const content = body === undefined ? {} : { body: JSON.stringify(body) };
      const answer = await fetch(base + path, { method, headers, ...content });
      if (answer.status === 401) isRefused.value = true;
      return answer.ok ? undefined : await refusalOf(answer);
    },
    close: () => ended.abort(),
  };
}

/** @throws Error where the market has not replied: the command may still take effect */
async function refusalOf(answer: Response): Promise<Refusal> {
  const problem: unknown = await answer.json().catch(() => undefined);
  const { code, detail } = (problem ?? {}) as { readonly code?: unknown; readonly detail?: unknown };
  if (typeof code !== "string") return { code: `http-${answer.status}`, reason: "the server does not say why" };
  if (code === "no-reply") throw new Error(String(detail));
  return { code, reason: String(detail) };
}

/** One event of a stream; undefined for a comment. */
export function eventIn(text: string): { readonly topic: string; readonly message: object } | undefined {
  const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, "m").exec(text)?.[1];
  const [name, data] = [field("event"), field("data")];
  if (name === undefined || data === undefined || data === "") return undefined;
  const message = JSON.parse(data) as { readonly period?: unknown };
  if (name !== "contracts" && name !== "bills") return { topic: name, message };
  const periodMs = instantFromIso(String(message.period));
  return periodMs === undefined ? undefined : { topic: `${name}/${periodTopicLevel(periodMs)}`, message };
}

interface Request {
  readonly method: "POST" | "PATCH" | "DELETE";
  readonly path: string;
  /** Its request id. */
  readonly key: string;
  readonly body: object | undefined;
}

/** A command of the contract as the request that stands for it. */
export function requestOf(name: "items" | "orders", command: Readonly<Record<string, unknown>>): Request {
  const { action, orderId, itemId, requestId } = command;
  const key = String(requestId);
  const inPath = (id: unknown): string => encodeURIComponent(String(id));
  if (action === "withdraw") return { method: "DELETE", path: `/items/${inPath(itemId)}`, key, body: undefined };
  if (action === "cancel") return { method: "DELETE", path: `/orders/${inPath(orderId)}`, key, body: undefined };
  if (action !== "modify") return { method: "POST", path: `/${name}`, key, body: command };
  const { orderId: _inPath, ...body } = command;
  return { method: "PATCH", path: `/orders/${inPath(orderId)}`, key, body };
}
