/** The picture of a book: the marks stand where it cleared, and no label covers another. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clearBook, termsFor } from "../../../infra/mechanisms/clear-book.js";
import { meritOrderSvg } from "../../../infra/results/merit-order-svg.js";
import { mechanismsWithoutSolver } from "../../../market/rules/mechanisms/catalogue.js";
import type { AuctionOrder } from "../../../market/rules/merit-order.js";
import { microPerKwh, wh } from "../../../shared/units.js";
import { auctionOrders, side } from "../../market/rules/auction-orders.js";

const tariffs = { retailMicroPerKwh: microPerKwh(12), exportMicroPerKwh: microPerKwh(3) };

function picture(orders: readonly AuctionOrder[], names = Object.keys(mechanismsWithoutSolver)): string {
  const terms = termsFor(orders, { k: 0.5, tie: "pro-rata", minEnergyWh: wh(1) });
  const chosen = Object.values(mechanismsWithoutSolver).filter(({ name }) => names.includes(name));
  return meritOrderSvg(
    orders,
    chosen.map((mechanism) => clearBook(mechanism, orders, terms, tariffs)),
  );
}

const circles = (svg: string, radius: number): { x: number; y: number }[] =>
  [...svg.matchAll(/<circle cx="([\d.-]+)" cy="([\d.-]+)" r="(\d+)"/g)]
    .filter((match) => Number(match[3]) === radius)
    .map((match) => ({ x: Number(match[1]), y: Number(match[2]) }));

describe("the picture of a merit order", () => {
  it("draws both curves in steps and the point where they cross", () => {
    const orders = [
      ...side("buy", [
        [4, 1000],
        [2, 1000],
      ]),
      ...side(
        "sell",
        [
          [0, 1000],
          [4, 1000],
        ],
        3,
      ),
    ];
    const svg = picture(orders, ["uniform"]);
    // 2 kWh across 640, 4 up to 0 along 420 pixels: one kWh trades at (2 + 4) / 2.
    expect(svg).toContain('<path d="M72.0 92.0V92.0H392.0V302.0H712.0" fill="none" stroke="#2166ac"');
    expect(svg).toContain('<path d="M72.0 512.0V512.0H392.0V92.0H712.0" fill="none" stroke="#c0392b"');
    expect(circles(svg, 4)).toEqual([{ x: 392, y: 197 }]);
    expect(svg).toContain(">1 kWh at 0.000003<");
  });

  it("covers no label with another, whatever the book", () => {
    fc.assert(
      fc.property(auctionOrders, (orders) => {
        const badges = circles(picture(orders), 9);
        for (const [index, one] of badges.entries()) {
          for (const other of badges.slice(index + 1)) {
            expect(Math.hypot(one.x - other.x, one.y - other.y)).toBeGreaterThan(18);
          }
        }
      }),
    );
  });

  it("names every mechanism once, those that traded nothing too", () => {
    const svg = picture(side("buy", [[5, 10]]));
    for (const name of ["uniform", "vcg", "none"]) expect(svg.split(new RegExp(`\\b${name}\\b(?!")`)).length).toBe(2);
    expect(svg).toContain("nothing traded:");
  });

  it("stays small for a large book", () => {
    const quotes = Array.from({ length: 20_000 }, (_, index) => [(index * 7919) % 10_007, 1 + (index % 9)] as const);
    expect(picture([...side("buy", quotes), ...side("sell", quotes, 20_001)], ["uniform"]).length).toBeLessThan(60_000);
  });

  it("escapes what a mechanism of one's own is called", () => {
    const cleared = clearBook(
      mechanismsWithoutSolver.none,
      [],
      termsFor([], { k: 0, tie: "time", minEnergyWh: wh(1) }),
      tariffs,
    );
    expect(meritOrderSvg([], [{ ...cleared, mechanism: "<b>" }])).toContain("&lt;b&gt;");
  });
});
