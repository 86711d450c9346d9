import { describe, expect, it } from "vitest";
import { boundedCopy, longestText, mostItems } from "../../../infra/inspect/bounded-copy.js";
import { createRedaction } from "../../../infra/inspect/redaction.js";
import { digestOf, drawKey } from "../../../infra/registry/keys.js";

const secret = "hunter2-hunter2";
const redaction = createRedaction([secret, "short"]);
const copy = (value: unknown) => boundedCopy(value, redaction);

describe("what leaves of an actor's knowledge", () => {
  it("keeps plain data, maps and sets as JSON can hold them", () => {
    const value = { at: 5, isOpen: true, none: null, of: new Map([[7, "seven"]]), all: new Set([1, 2]), big: 10n };
    expect(copy(value)).toEqual({ at: 5, isOpen: true, none: null, of: { 7: "seven" }, all: [1, 2], big: "10" });
    expect(copy({ far: Number.POSITIVE_INFINITY, work: () => 1, gone: undefined })).toEqual({
      ...{ far: "Infinity", work: "(function)" },
    });
  });

  it("ends after four levels, fifty items and two hundred characters, and says so", () => {
    expect(copy({ a: { b: { c: { d: { e: 1 } } } } })).toEqual({ a: { b: { c: { d: "(object)" } } } });
    expect(copy([[[[[1, 2]]]]])).toEqual([[[["(list of 2)"]]]]);
    const list = copy(Array.from({ length: mostItems + 3 }, (_, index) => index)) as unknown[];
    expect(list).toHaveLength(mostItems + 1);
    expect(list.at(-1)).toBe("(3 more)");
    expect(copy("x".repeat(500))).toBe(`${"x".repeat(longestText)}…`);
  });

  it("is of bounded size however broad the knowledge is, and bears what points back at itself", () => {
    const broad = Array.from({ length: 50 }, () => Array.from({ length: 50 }, () => ({ a: "y".repeat(300) })));
    expect(JSON.stringify(copy(broad)).length).toBeLessThan(100_000);
    const loop: Record<string, unknown> = { id: "x" };
    loop.self = loop;
    expect(JSON.stringify(copy(loop)).length).toBeLessThan(1000);
  });

  it("holds no secret: neither by the name of its field, in a map, a list, a message in text, nor by its value anywhere", () => {
    const told = JSON.stringify(
      copy({
        ...{ password: "p1-planted", operatorKey: "p2-planted", keyHash: { deep: "p3-planted" }, name: "p4-planted" },
        accounts: new Map([["ann", { saltBase64: "p5-planted", hashBase64: "p6-planted" }]]),
        list: [{ apiToken: "p7-planted" }, `a text with ${secret} inside`],
        payload: JSON.stringify({ invitation: "p8-planted", id: "ann" }),
        [`${secret}-as-a-name`]: 1,
        error: new Error(`login with ${secret} refused`),
      }),
    );
    expect(told).not.toContain("planted");
    expect(told).not.toContain(secret);
    expect(told).toContain('"id":"ann"');
  });

  it("holds no hash that entries are kept by, and keeps the entries apart", () => {
    const hashes = ["0a", "-B"].map((code) => digestOf(code));
    const invitations = new Map(hashes.map((hash, index) => [hash, { hash, role: "prosumer", usesLeft: index }]));
    expect(copy({ invitations })).toEqual({
      invitations: {
        "(redacted) 1": { hash: "(redacted)", role: "prosumer", usesLeft: 0 },
        "(redacted) 2": { hash: "(redacted)", role: "prosumer", usesLeft: 1 },
      },
    });
  });

  it("holds no participant's key, though nobody told the inspection of it", () => {
    const key = drawKey("pabcdefgh");
    expect(copy({ note: `logs in with ${key}`, list: [key] })).toEqual({
      ...{ note: "logs in with pabcdefgh.(redacted)", list: ["pabcdefgh.(redacted)"] },
    });
    expect(copy("market/rules/settlement.bidding.machine.provisional.and.so.on")).toContain("machine");
  });

  it.each([
    ["long", JSON.stringify({ password: "p9-planted", rest: "x".repeat(5000) })],
    ["behind a space", ` ${JSON.stringify({ apiKey: "p9-planted" })}`],
    ["broken off", '{"id":"ann","salt":"p9-planted"'],
    ["within another", `{"payload":"{\\"password\\":\\"p9-planted\\"}`],
    ["written in escapes", '{"pass\\u0077ord":"p9-planted"'],
  ])("holds no field of a message in text that is %s", (_how, text) => {
    expect(JSON.stringify(copy({ payload: text }))).not.toContain("planted");
  });

  it("shows the beginning of a long or broken message that names no secret", () => {
    expect(copy(`{"id":"ann","items":[${"1,".repeat(4000)}1]}`)).toContain('{"id":"ann","items":[1,1');
    expect(copy('{"id":"ann"')).toBe('{"id":"ann"');
  });

  it("leaves ordinary words alone: what is too short to be a secret, and names that only look like one", () => {
    expect(copy({ reason: "a short reason", keyboard: "us", monkey: "tail" })).toEqual({
      ...{ reason: "a short reason", keyboard: "us", monkey: "tail" },
    });
  });

  it("lets no name change the copy itself", () => {
    const copied = copy(JSON.parse('{"__proto__": {"polluted": true}}')) as Record<string, unknown>;
    expect(Object.keys(copied)).toEqual(["__proto__"]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});
