import { deserialize, serialize } from "node:v8";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stateHash, stateText } from "../../../infra/journal/state-text.js";
import { sha256 } from "../../../infra/main/secrets.js";

/** Whatever a state may hold; few values, so that equal ones come up. */
const { state } = fc.letrec<{ state: unknown; leaf: unknown }>((tie) => ({
  leaf: fc.oneof(
    fc.constantFrom(undefined, null, true, false, 0, -0, 1, -1, 0.1, Number.NaN, Number.POSITIVE_INFINITY, 1n, -1n),
    fc.constantFrom("", "1", "undefined", "NaN", '"', ",", "a,b", "a", "=>", "\u2028", "-0", "1n", "constructor"),
    fc.double(),
    fc.string(),
  ),
  state: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    tie("leaf"),
    fc.array(tie("state"), { maxLength: 3 }),
    fc.array(fc.tuple(fc.constantFrom("a", "b", "c"), tie("state")), { maxLength: 3 }).map(Object.fromEntries),
    fc.array(fc.tuple(tie("leaf"), tie("state")), { maxLength: 3 }).map((entries) => new Map(entries)),
    fc.array(tie("leaf"), { maxLength: 3 }).map((values) => new Set(values)),
  ),
}));

/** Equal to a reader who looks at every place by itself: the specification. */
function isSame(one: unknown, other: unknown): boolean {
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null)
    return Object.is(one, other);
  const [left, right] = [placesOf(one), placesOf(other)];
  return left.kind === right.kind && left.places.length === right.places.length && left.places.every(samePlace);

  function samePlace(place: readonly unknown[], at: number): boolean {
    const counterpart = right.places[at] ?? [];
    return place.length === counterpart.length && place.every((value, index) => isSame(value, counterpart[index]));
  }
}

function placesOf(value: object): { readonly kind: string; readonly places: readonly (readonly unknown[])[] } {
  if (Array.isArray(value)) return { kind: "list", places: value.map((held) => [held]) };
  if (value instanceof Map) return { kind: "map", places: [...value] };
  if (value instanceof Set) return { kind: "set", places: [...value].map((held) => [held]) };
  return { kind: "object", places: Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)) };
}

describe("the text of a state", () => {
  it("is the same after the state was written and read back", () => {
    fc.assert(
      fc.property(state, (held) => {
        const back: unknown = deserialize(serialize(held));
        expect(stateText(back)).toBe(stateText(held));
        expect(stateHash(back, sha256)).toBe(stateHash(held, sha256));
      }),
      { numRuns: 500 },
    );
  });

  it("is the same for two states only where every place holds the same", () => {
    let equal = 0;
    fc.assert(
      fc.property(state, state, (one, other) => {
        const same = isSame(one, other);
        if (same) equal += 1;
        expect(stateText(one) === stateText(other)).toBe(same);
      }),
      { numRuns: 3000 },
    );
    expect(equal).toBeGreaterThan(10);
  });

  it("differs when one place of a state is changed", () => {
    fc.assert(
      fc.property(fc.array(state, { minLength: 1, maxLength: 5 }), fc.nat(), state, (held, pick, changed) => {
        const at = pick % held.length;
        fc.pre(!isSame(held[at], changed));
        for (const of of [
          (values: unknown[]) => values,
          (values: unknown[]) => new Map(values.map((value, key) => [key, value])),
          (values: unknown[]) => ({ inside: new Map([["deep", values]]) }),
        ]) {
          expect(stateHash(of(held.with(at, changed)), sha256)).not.toBe(stateHash(of(held), sha256));
        }
      }),
    );
  });

  it("tells the order of maps and sets, but not that of fields", () => {
    expect(
      stateText(
        new Map([
          ["a", 1],
          ["b", 2],
        ]),
      ),
    ).not.toBe(
      stateText(
        new Map([
          ["b", 2],
          ["a", 1],
        ]),
      ),
    );
    expect(stateText(new Set(["a", "b"]))).not.toBe(stateText(new Set(["b", "a"])));
    expect(stateText({ a: 1, b: 2 })).toBe(stateText({ b: 2, a: 1 }));
    expect(stateText({ a: undefined })).not.toBe(stateText({}));
  });

  it("is refused for what cannot be written down", () => {
    const chain: { next?: object } = {};
    chain.next = chain;
    for (const held of [() => {}, Symbol("x"), new Date(0), new Uint8Array(2), chain]) {
      expect(() => stateText({ deep: new Map([["x", [held]]]) })).toThrow(TypeError);
    }
  });
});
