/** What the market needs from outside; infra provides the real ones, tests simulated twins. */
import type { Fact } from "./facts.js";

/** Where messages leave. Order of calls is order of sending. */
export interface Outbox {
  /** `message` null clears a retained topic. Everything goes out at QoS 1. */
  publish(topic: string, message: object | null, retain?: boolean): void;
}

/** Takes facts in order; later issues make it durable before replies leave. */
export interface Journal {
  record(fact: Fact): void;
}

/** SHA-256 of a text as lower-case hex. Pure, but its implementation is the platform's. */
export type Digest = (text: string) => string;

/** Signature of a text, base64. */
export type Sign = (text: string) => string;

/** What an operator should read later: where, what, and the values. */
export interface Log {
  info(message: string, values?: Record<string, unknown>): void;
  warn(message: string, values?: Record<string, unknown>): void;
}
