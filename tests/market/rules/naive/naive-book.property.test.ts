import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { bookHash, bookStateOf, bookText } from "../../../../market/rules/book-hash.js";
import type { BiddingTerms } from "../../../../market/terms.js";
import { stream } from "../../../../shared/random-stream.js";
import { microPerKwh, wh } from "../../../../shared/units.js";
import { terms } from "../period-books.js";
import { naiveState } from "./naive-book.js";
import { naiveClose } from "./naive-book-closing.js";
import { tellBoth, twinBooks } from "./random-book-commands.js";

const commands = 100_000;
const perBook = 200;
const band = { priceFloorMicroPerKwh: microPerKwh(-2), priceCapMicroPerKwh: microPerKwh(11), maxOrdersPerPeriod: 12 };
const variants: readonly Partial<BiddingTerms>[] = [
  { mechanism: "uniform", tie: "pro-rata" },
  { mechanism: "continuous" },
  { mechanism: "uniform", tie: "time", k: 0 },
  { mechanism: "pay-as-bid", tie: "pro-rata", k: 0.29 },
  { mechanism: "listing" },
  { mechanism: "continuous", minEnergyWh: wh(1) },
  { mechanism: "pay-as-bid", tie: "time", k: 1, minEnergyWh: wh(1) },
];
const digest = (text: string) => createHash("sha256").update(text).digest("hex");

it("100,000 random commands: the fast book and the naive one answer alike, hold the same state, and close alike", () => {
  const random = stream(42, "books", "commands");
  const seen = new Map<string, number>();
  const count = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);
  for (let book = 0; book < commands / perBook; book += 1) {
    const rules = { ...terms, ...band, ...variants[book % variants.length] };
    const twins = twinBooks(rules);
    for (let told = 1; told <= perBook; told += 1) {
      const [kind, fast, naive] = tellBoth(twins, random);
      if (fast !== naive) throw new Error(`book ${book}, command ${told}: ${kind} is ${fast}, by definition ${naive}`);
      count(`${kind} ${fast}`);
      if (told % 50 > 0) continue;
      const state = bookText(naiveState(twins.naive));
      if (bookHash(twins.fast.book, digest) === digest(state)) continue;
      expect(bookText(bookStateOf(twins.fast.book)), `book ${book}, command ${told}`).toBe(state);
    }
    const { trades } = twins.fast.close();
    expect(trades, `book ${book} of ${rules.mechanism}`).toEqual(naiveClose(twins.naive));
    for (const { mechanism } of trades) count(mechanism);
    for (const _fill of twins.naive.fills) count("fill");
  }
  // The commands must have reached every corner, or agreement proves little.
  for (const what of corners) expect(seen.get(what) ?? 0, what).toBeGreaterThan(20);
}, 60_000);

const corners = [
  ...["list ok", "list below-minimum", "list energy-out-of-range", "list price-out-of-range", "list too-many-orders"],
  ...[
    "order ok",
    "order below-minimum",
    "order energy-out-of-range",
    "order price-out-of-range",
    "order too-many-orders",
  ],
  ...[
    "place ok",
    "place unknown-item",
    "place item-taken",
    "place own-item",
    "place wrong-side",
    "place below-item-price",
  ],
  ...["modify ok", "modify unknown-order", "modify not-owner", "modify version-conflict", "modify energy-out-of-range"],
  ...["modify below-minimum", "modify below-item-price", "cancel ok", "cancel unknown-order", "cancel not-owner"],
  ...["withdraw ok", "withdraw unknown-item", "withdraw not-owner", "withdraw item-taken"],
  ...["listing", "uniform", "pay-as-bid", "continuous", "fill"],
];
