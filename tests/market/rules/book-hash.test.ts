import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { bookHash, bookStateOf, bookText } from "../../../market/rules/book-hash.js";
import type { PeriodBook } from "../../../market/rules/period-book.js";
import { desk } from "./period-books.js";

const digest = (text: string) => createHash("sha256").update(text).digest("hex");
const hashOf = (book: PeriodBook) => bookHash(book, digest);

function aMarket() {
  const market = desk({ mechanism: "continuous" });
  market.list("i1", 500, 100_000, { by: "ann" });
  market.place("o1", "bob", 200, 120_000, { on: "i1" });
  market.place("o2", "cat", 300, 90_000);
  market.place("o3", "dan", 100, 80_000, { side: "sell" });
  return market;
}

describe("the hash of a book's state", () => {
  it("is the same for the same commands, and another after each further one", () => {
    const market = aMarket();
    const hashes = [hashOf(market.book)];
    expect(hashOf(aMarket().book)).toBe(hashes[0]);
    const steps = [
      () => market.modify("o2", "cat", 1, 250, 90_000),
      () => market.place("o4", "eve", 50, 90_000, { side: "sell" }),
      () => market.cancel("o1", "bob"),
      () => market.withdraw("i1"),
    ];
    for (const step of steps) {
      expect(step()).toMatchObject({ ok: true });
      hashes.push(hashOf(market.book));
    }
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it("does not change with a refused command", () => {
    const market = aMarket();
    const before = hashOf(market.book);
    expect(market.cancel("o2", "ann").ok).toBe(false);
    expect(market.place("o9", "bob", 5000, 1).ok).toBe(false);
    expect(hashOf(market.book)).toBe(before);
  });

  it("does not depend on the order in which maps were filled", () => {
    const { book } = aMarket();
    const reversed = <T>(map: ReadonlyMap<string, T>) => new Map([...map].reverse());
    const twin = {
      ...book,
      ...{ items: reversed(book.items), orders: reversed(book.orders), liveOf: reversed(book.liveOf) },
    };
    expect(hashOf(twin)).toBe(hashOf(book));
  });

  it("covers every field of items and orders", () => {
    const { book } = aMarket();
    const text = bookText(bookStateOf(book));
    for (const objects of [book.items, book.orders]) {
      for (const object of objects.values()) {
        for (const [field, value] of Object.entries(object)) {
          if (field === "kind") continue;
          const other = typeof value === "number" ? value + 1 : typeof value === "boolean" ? !value : `${value}x`;
          const changed = new Map<string, never>([...objects] as never);
          changed.set(object.id, { ...object, [field]: other } as never);
          const twin = { ...book, ...(object.kind === "item" ? { items: changed } : { orders: changed }) };
          expect(bookText(bookStateOf(twin)), `${object.kind} ${field}`).not.toBe(text);
        }
      }
    }
  });
});
