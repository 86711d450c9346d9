import { deserialize, serialize } from "node:v8";
import { describe, expect, it } from "vitest";
import { stateText } from "../../../infra/journal/state-text.js";
import { bookStateOf, bookText } from "../../../market/rules/book-hash.js";
import type { PeriodBook } from "../../../market/rules/period-book.js";
import { bookFrom, type SavedBook, savedBook } from "../../../market/rules/saved-book.js";
import { stream } from "../../../shared/random-stream.js";
import { microPerKwh } from "../../../shared/units.js";
import { naiveState } from "./naive/naive-book.js";
import { naiveClose } from "./naive/naive-book-closing.js";
import { tellBoth, twinBooks } from "./naive/random-book-commands.js";
import { desk, terms } from "./period-books.js";

/** The book as it is read back from what was written of it. */
function readBack(book: PeriodBook): PeriodBook {
  return bookFrom(deserialize(serialize(savedBook(book))) as SavedBook, book.terms);
}

describe("a book that was written down and read back", () => {
  it.each(["continuous", "uniform"])("answers further commands by definition, however often: %s", (mechanism) => {
    const random = stream(7, "saved books", mechanism);
    const band = {
      priceFloorMicroPerKwh: microPerKwh(-2),
      priceCapMicroPerKwh: microPerKwh(11),
      maxOrdersPerPeriod: 12,
    };
    let fills = 0;
    for (let book = 0; book < 25; book += 1) {
      const twins = twinBooks({ ...terms, ...band, mechanism });
      for (let told = 0; told < 200; told += 1) {
        const [kind, fast, naive] = tellBoth(twins, random);
        expect(fast, `book ${book}, command ${told}: ${kind}`).toBe(naive);
        if (random.uniform() > 0.1) continue;
        const before = stateText(savedBook(twins.fast.book));
        // The desk goes on with what was read back.
        Object.assign(twins.fast.book, readBack(twins.fast.book));
        expect(stateText(savedBook(twins.fast.book))).toBe(before);
      }
      expect(bookText(bookStateOf(twins.fast.book))).toBe(bookText(naiveState(twins.naive)));
      expect(twins.fast.close().trades).toEqual(naiveClose(twins.naive));
      fills += twins.naive.fills.length;
    }
    expect(fills > 100).toBe(mechanism === "continuous");
  });

  it("may have thousands of orders at one price", () => {
    const market = desk({ mechanism: "continuous", maxOrdersPerPeriod: 30_000 });
    for (let order = 1; order <= 20_000; order += 1) market.place(`o${order}`, `peer${order}`, 10, 100_000);
    const book = readBack(market.book);
    expect(savedBook(book).resting).toHaveLength(20_000);
    expect(savedBook(book).resting?.at(-1)?.orderId).toBe("o20000");
  });
});
