/** Mutated HTTP requests, sent as bytes; every answer is looked at. */
import { setTimeout as pause } from "node:timers/promises";
import type { RandomStream } from "../../shared/random-stream.js";
import { rawClient } from "../brokers/raw-packets.js";
import type { Credentials } from "../brokers/running-market.js";
import { drawnCommand } from "./commands.js";
import { mutatedBytes, mutatedJson, pick } from "./mutation.js";

export interface RestFuzzOptions {
  readonly port: number;
  readonly requests: number;
  readonly random: RandomStream;
  readonly participants: readonly Credentials[];
  readonly period: () => string;
  readonly onSent: (requests: number) => void;
}

export interface RestFuzzOutcome {
  /** Answers by status; `none`: the connection was closed or nothing came in time. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Answers that must not be: a failure of the server, or its insides. */
  readonly faults: readonly string[];
}

const lanes = 8;
/** A stream of events never ends, and half a request is waited for: so long at most. */
const answerWithinMs = 100;

export async function fuzzRest(options: RestFuzzOptions): Promise<RestFuzzOutcome> {
  const { port, requests, random, participants, period, onSent } = options;
  const statuses: Record<string, number> = {};
  const faults: string[] = [];
  let left = requests;
  async function lane(): Promise<void> {
    while (left > 0) {
      left -= 1;
      const bytes = spoiltRequest(random, pick(random, participants), period());
      const { socket, closed, heard } = await rawClient(port);
      socket.write(bytes);
      await Promise.race([closed, answered(heard), pause(answerWithinMs)]);
      socket.destroy();
      const text = heard().toString("latin1");
      const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? "none";
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (status === "500" || /\n\s+at .+:\d+:\d+/.test(text))
        faults.push(`${bytes.toString("latin1").slice(0, 400)}\n-> ${text.slice(0, 600)}`);
      onSent(1);
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane));
  return { statuses, faults };
}

async function answered(heard: () => Buffer): Promise<void> {
  while (!heard().includes("\r\n\r\n")) await pause(1);
}

const ids = ["o1", "i1", "%00", "..%2f..", "a".repeat(300), "%E0%A4%A", "__proto__", "o1?x=1", ""];
const reads = [
  ...["/market-info", "/market-state", "/items", "/results", "/orders", "/contracts", "/tariff", "/bills", "/events"],
  ...["/kpi", "/participants/me", "/request", "/healthz", "/metrics", "/swagger/", "/swagger/json", "/asyncapi.json"],
  ...["/schemas/index.json", "/operator/participants", "/operator/readings", "/nothing"],
];
const queries = [
  "",
  "?period=20170515-1430",
  "?period=x",
  "?limit=-1",
  "?limit=1e9&after=%ff",
  "?period[]=1&__proto__[a]=1",
];

function spoiltRequest(random: RandomStream, { key }: Credentials, period: string): Buffer {
  const { message } = drawnCommand(random, period);
  const id = pick(random, ids);
  const json = random.integer(0, 1) === 0 ? mutatedJson(random, message) : JSON.stringify(message);
  const [method, path, body] = pick<readonly [string, string, string | undefined]>(random, [
    ["GET", `${pick(random, reads)}${pick(random, queries)}`, undefined],
    [pick(random, ["HEAD", "OPTIONS", "TRACE", "PUT", "BREW"]), pick(random, reads), undefined],
    ["POST", pick(random, ["/orders", "/items", "/meter"]), json],
    ["PATCH", `/orders/${id}`, json],
    ["DELETE", `${pick(random, ["/orders", "/items", "/request"])}/${id}`, undefined],
    ["POST", "/request", mutatedJson(random, { type: "BID", message })],
    ["PUT", `/request/${id}`, mutatedJson(random, { type: "INFO", message })],
    ["POST", `/submit/${id}`, undefined],
    ["POST", "/participants", mutatedJson(random, { name: "A", role: "prosumer", capacityKw: 7 })],
    ["POST", "/operator/payments", mutatedJson(random, { participant: "a", amount: 1 })],
  ]);
  const head = [
    `${method} ${path} HTTP/1.1`,
    "Host: 127.0.0.1",
    `Authorization: Bearer ${key}`,
    ...(body === undefined
      ? []
      : [`Content-Type: ${contentType(random)}`, `Content-Length: ${Buffer.byteLength(body) + lengthError(random)}`]),
    ...oddHeader(random),
  ];
  const bytes = Buffer.from(`${head.join("\r\n")}\r\n\r\n${body ?? ""}`);
  // Three of four keep their key: spoilt in what they ask, not in who asks.
  return random.integer(0, 3) === 0 ? mutatedBytes(random, bytes) : bytes;
}

const contentType = (random: RandomStream): string =>
  random.integer(0, 9) > 0 ? "application/json" : pick(random, ["text/plain", "application/xml", "json", ""]);
const lengthError = (random: RandomStream): number => (random.integer(0, 9) > 0 ? 0 : pick(random, [-3, 5, 100_000]));

function oddHeader(random: RandomStream): string[] {
  return random.integer(0, 3) > 0
    ? []
    : [
        pick(random, [
          ...["Transfer-Encoding: chunked", "Expect: 100-continue", "Upgrade: websocket\r\nConnection: Upgrade"],
          ...["Upgrade: h2c\r\nConnection: Upgrade", "If-None-Match: *", "Accept: text/csv", "Accept: */*;q=x"],
          ...[`X: ${"y".repeat(9000)}`, "Range: bytes=0-", "Idempotency-Key: \u00e4", "Content-Encoding: gzip"],
        ]),
      ];
}
