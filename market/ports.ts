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

/** A linear program: the values of its variables, from 0 up to `upper`, that make the sum of objective x value largest. */
export interface LinearProgram {
  readonly variables: readonly { readonly objective: number; readonly upper: number }[];
  /** Each: the sum of coefficient x value is `equals`. */
  readonly equalities: readonly {
    readonly coefficients: readonly (readonly [variable: number, coefficient: number])[];
    readonly equals: number;
  }[];
}

export interface LinearSolution {
  /** One per variable. */
  readonly values: readonly number[];
  /** The largest sum. */
  readonly objective: number;
  /** What one more unit of each equality's right side would add to it. */
  readonly duals: readonly number[];
}

/** @throws Error where there is no optimum. */
export type Solver = (program: LinearProgram) => LinearSolution;

/** What an operator should read later: where, what, and the values. */
export interface Log {
  info(message: string, values?: Record<string, unknown>): void;
  warn(message: string, values?: Record<string, unknown>): void;
}
