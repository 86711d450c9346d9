import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decode, decodeBatch, readJson } from "../../../market/door/decode.js";
import { packetOf } from "../managers/recording-ports.js";

const order = {
  ...{ v: 1, requestId: "a1", action: "place", period: "2016-08-01T02:00:00Z", side: "buy" },
  ...{ energyKwh: 0.5, pricePerKwh: 0.12 },
};
const decoded = (content: object | string) => decode("orders", packetOf("ann", "orders", content, 0));
const refused = (content: object | string) => {
  const result = decoded(content);
  return result.ok ? "taken" : result;
};

describe("what comes in at the door", () => {
  it.each([
    ["no JSON", "place an order, please"],
    ["nothing", ""],
    ["an array", "[1,2]"],
    ["a text", '"a1"'],
    ["null", "null"],
    ["a command cut off", JSON.stringify(order).slice(0, -1)],
  ])("is a bad message without requestId when it is %s", (_what, payload) => {
    expect(refused(payload)).toEqual({ ok: false, requestId: null, reason: "the payload is not a JSON object" });
  });

  it("is measured in bytes on the wire: 4096 are taken, one more is not", () => {
    const padded = (bytes: number) => {
      const text = JSON.stringify({ ...order, ts: "" });
      return `${" ".repeat(bytes - Buffer.byteLength(text))}${text}`;
    };
    expect(refused(padded(4096))).toBe("taken");
    expect(refused(padded(4097))).toMatchObject({ requestId: null, reason: "4097 bytes, at most 4096 are taken" });
    expect(refused({ ...order, ts: "é".repeat(2500) })).toMatchObject({ requestId: null });
  });

  it.each([
    ["an unknown field", { x: 1 }, "x"],
    ["another version", { v: 2 }, "v"],
    ["no version", { v: undefined }, "v"],
    ["an energy with 4 decimals", { energyKwh: 0.1234 }, "energyKwh"],
    ["a negative energy", { energyKwh: -1 }, "energyKwh"],
    ["an energy as a text", { energyKwh: "0.5" }, "energyKwh"],
    ["a price with 7 decimals", { pricePerKwh: 0.1234567 }, "pricePerKwh"],
    ["a price beyond all bounds", { pricePerKwh: 1e300 }, "pricePerKwh"],
    ["a period with an offset", { period: "2016-08-01T02:00:00+01:00" }, "period"],
    ["a period that no calendar has", { period: "2013-02-29T00:00:00Z" }, "period"],
    ["an action that nobody knows", { action: "steal" }, "action"],
    ["an item id with a slash", { itemId: "../i1" }, "itemId"],
  ])("is a bad message that names its requestId and the field, with %s", (_what, change, field) => {
    expect(refused({ ...order, ...change })).toMatchObject({
      requestId: "a1",
      reason: expect.stringContaining(field),
    });
  });

  it.each([
    ["too long", "a".repeat(65)],
    ["empty", ""],
    ["a number", 7],
    ["with a blank", "a 1"],
  ])("has no readable requestId where that is %s", (_what, requestId) => {
    expect(refused({ ...order, requestId })).toMatchObject({ ok: false, requestId: null });
  });

  it("takes 0.1 + 0.2 as 0.3, and ignores ts", () => {
    expect(refused({ ...order, energyKwh: 0.1 + 0.2, ts: "whenever" })).toBe("taken");
  });

  it("refuses fields hidden in the prototype", () => {
    const text = JSON.stringify(order).replace("{", '{"__proto__":{"auction":false},');
    const result = decoded(text);
    expect(result.ok ? "auction" in result.command && result.command.auction : false).toBe(false);
  });

  it("allows a batch its own size", () => {
    const entry = { for: "bob", topic: "orders", command: order };
    const batch = { v: 1, requestId: "b1", entries: Array.from({ length: 100 }, () => entry) };
    expect(decodeBatch(packetOf("gate-1", "batch", batch, 0)).ok).toBe(true);
    expect(decodeBatch({ ...packetOf("gate-1", "batch", batch, 0), bytes: 262_145 }).ok).toBe(false);
    expect(decodeBatch(packetOf("gate-1", "batch", { ...batch, entries: [] }, 0))).toMatchObject({ requestId: "b1" });
  });

  it("never throws, whatever it is", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.jsonValue().map((value) => JSON.stringify(value)),
        ),
        (text) => {
          const result = decoded(text);
          expect(result.ok).toBe(false);
          expect(typeof readJson(text)).toMatch(/object|undefined/);
        },
      ),
    );
  });
});
