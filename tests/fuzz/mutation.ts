/** Bytes and JSON, spoilt by a seeded stream of chance: the same seed spoils in the same way. */
import type { RandomStream } from "../../shared/random-stream.js";

export function pick<T>(random: RandomStream, from: readonly T[]): T {
  const one = from[random.integer(0, from.length - 1)];
  if (one === undefined) throw new Error("there is nothing to pick from");
  return one;
}

const bytesOf = (random: RandomStream, count: number): Buffer =>
  Buffer.from(Array.from({ length: count }, () => random.integer(0, 255)));

type ByteMutation = (random: RandomStream, bytes: Buffer) => Buffer;

const byteMutations: readonly ByteMutation[] = [
  // One bit, one byte, a run of bytes.
  (random, bytes) => changed(bytes, random.integer(0, bytes.length - 1), (byte) => byte ^ (1 << random.integer(0, 7))),
  (random, bytes) =>
    changed(bytes, random.integer(0, bytes.length - 1), () => pick(random, [0, 0x7f, 0x80, 0xff, 0x2b, 0x23, 0x2f])),
  (random, bytes) => spliced(random, bytes, random.integer(0, 8), bytesOf(random, random.integer(1, 16))),
  // Something is missing, or comes twice, or goes on.
  (random, bytes) => bytes.subarray(0, random.integer(0, bytes.length)),
  (random, bytes) => spliced(random, bytes, random.integer(1, 16), Buffer.alloc(0)),
  (_random, bytes) => Buffer.concat([bytes, bytes]),
  (random, bytes) => Buffer.concat([bytes, bytesOf(random, random.integer(1, 2000))]),
  // Lengths that are none: of the packet, of the first field.
  (random, bytes) => changed(bytes, 1, () => random.integer(0, 255)),
  (random, bytes) => changed(bytes, 3, () => random.integer(0, 255)),
  (_random, bytes) => Buffer.concat([bytes.subarray(0, 1), Buffer.from([0xff, 0xff, 0xff, 0x7f]), bytes.subarray(2)]),
  (random, bytes) => changed(bytes, 0, (byte) => (random.integer(0, 15) << 4) | (byte & 15)),
  (random, bytes) => changed(bytes, 0, (byte) => (byte & 0xf0) | random.integer(0, 15)),
];

/** One to three changes. */
export function mutatedBytes(random: RandomStream, bytes: Buffer): Buffer {
  let result = bytes;
  for (let times = random.integer(1, 3); times > 0 && result.length > 0; times -= 1)
    result = pick(random, byteMutations)(random, result);
  return result;
}

function changed(bytes: Buffer, at: number, change: (byte: number) => number): Buffer {
  const result = Buffer.from(bytes);
  if (at < result.length) result[at] = change(result[at] ?? 0) & 255;
  return result;
}

function spliced(random: RandomStream, bytes: Buffer, taken: number, put: Buffer): Buffer {
  const at = random.integer(0, bytes.length);
  return Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(Math.min(bytes.length, at + taken))]);
}

/** Values that a reader of JSON may not have thought of. */
const oddValues: readonly unknown[] = [
  ...[null, true, -1, 0, 0.1 + 0.2, 1e308, -1e308, 5e-324, Number.MAX_SAFE_INTEGER + 2, 1e21],
  ...[
    "",
    " ",
    "\u0000",
    "\ud800",
    "a".repeat(5000),
    "../../etc/passwd",
    "__proto__",
    "constructor",
    "2016-02-30T25:61:00Z",
  ],
  ...["elecbay/main/#", "+", "1", "NaN", "-0", "9".repeat(400), [], {}, [[[[[[]]]]]], { __proto__: null }],
];

/** The same message with one to three of its fields changed, missing, added or doubled. */
export function mutatedJson(random: RandomStream, message: Readonly<Record<string, unknown>>): string {
  const fields = Object.entries(message);
  for (let times = random.integer(1, 3); times > 0; times -= 1) {
    const at = random.integer(0, Math.max(0, fields.length - 1));
    const [name] = fields[at] ?? ["v"];
    const turn = random.integer(0, 5);
    if (turn === 0) fields.splice(at, 1);
    else if (turn === 1)
      fields.push([pick(random, ["__proto__", "extra", "v", "", "toString"]), pick(random, oddValues)]);
    else if (turn === 2) fields.push([name, pick(random, oddValues)]);
    else fields[at] = [name, pick(random, oddValues)];
  }
  // Not by an object: names may be doubled.
  const text = `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(",")}}`;
  if (random.integer(0, 9) > 0) return text;
  return pick(random, [
    `${"[".repeat(2000)}${text}`,
    `${text}${text}`,
    text.slice(0, -1),
    `\ufeff${text}`,
    text.replace(":", "::"),
  ]);
}
