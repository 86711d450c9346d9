import { describe, expect, it } from "vitest";
import { type AuctionReceipt, auctionReceipts } from "../../../market/rules/auction-receipts.js";
import { continuous } from "../../../market/rules/mechanisms/continuous.js";
import { mcafee } from "../../../market/rules/mechanisms/mcafee.js";
import type { Auction } from "../../../market/rules/mechanisms/mechanism.js";
import { payAsBid } from "../../../market/rules/mechanisms/pay-as-bid.js";
import { uniform } from "../../../market/rules/mechanisms/uniform.js";
import type { AuctionOrder } from "../../../market/rules/merit-order.js";
import { side } from "./auction-orders.js";
import { terms } from "./period-books.js";

function told(orders: readonly AuctionOrder[], auction: Auction, tie: "pro-rata" | "time" = "time") {
  const rule = { ...terms, tie };
  const receipts = auctionReceipts(orders, auction.clear(orders, rule), auction, rule);
  return (orderId: string): AuctionReceipt | undefined => receipts.find((receipt) => receipt.orderId === orderId);
}

describe("the receipts of an auction", () => {
  it("name the clearing price to all in the uniform auction", () => {
    const orders = [
      ...side("buy", [
        [100_000, 3],
        [80_000, 2],
      ] as const),
      ...side("sell", [[60_000, 3]], 11),
    ];
    const of = told(orders, uniform);
    expect(of("b1")).toEqual({
      ...{ orderId: "b1", tradedWh: 3, priceMicroPerKwh: 90_000, why: "cleared at 0.09" },
      ...{ wouldTradeAtMicroPerKwh: null, rank: 1 },
    });
    expect(of("b2")).toEqual({
      ...{ orderId: "b2", tradedWh: 0, priceMicroPerKwh: null, why: "priced out: the clearing price was 0.09" },
      ...{ wouldTradeAtMicroPerKwh: 100_001, rank: 2 },
    });
  });

  it("name an order's own prices, their average rounded down, where each pair has its own", () => {
    const bids = side("buy", [
      [100_000, 4],
      [50_000, 1],
    ] as const);
    const of = told(
      [
        ...bids,
        ...side(
          "sell",
          [
            [60_000, 3],
            [80_001, 1],
          ] as const,
          11,
        ),
      ],
      payAsBid,
    );
    expect(of("b1")).toMatchObject({ priceMicroPerKwh: 82_500, why: "cleared at 0.08 to 0.09" });
    expect(of("s1")).toMatchObject({ priceMicroPerKwh: 80_000, why: "cleared at 0.08" });
    expect(of("b2")).toMatchObject({
      why: "priced out: the last bid served was 0.1",
      wouldTradeAtMicroPerKwh: 100_001,
    });
  });

  it("tell who was outranked at the margin and who shares it", () => {
    const orders = [
      ...side("buy", [
        [9, 3],
        [9, 3],
      ] as const),
      ...side("sell", [[4, 3]], 11),
    ];
    expect(told(orders, payAsBid, "time")("b2")?.why).toBe("outranked at the margin by earlier arrival");
    expect(told(orders, payAsBid, "pro-rata")("b2")?.why).toBe("at the margin, shared pro rata");
    expect(told(side("buy", [[9, 3]]), payAsBid)("b1")).toMatchObject({ why: "no counterparty", rank: 1 });
  });

  it("tell in a continuous market what rests on the other side at the end", () => {
    const orders = [
      ...side("buy", [
        [70_000, 2],
        [90_000, 2],
        [50_000, 2],
      ] as const),
      ...side(
        "sell",
        [
          [60_000, 3],
          [65_000, 4],
          [95_000, 5],
        ] as const,
        11,
      ),
      ...side(
        "buy",
        [
          [1, 1],
          [1, 1],
          [1, 1],
          [66_000, 9],
        ] as const,
        21,
      ).slice(3),
    ];
    const of = told(orders, continuous);
    expect(of("b2")).toMatchObject({ tradedWh: 2, priceMicroPerKwh: 90_000, why: "cleared at 0.09" });
    expect(of("s1")).toMatchObject({ priceMicroPerKwh: 83_333, why: "cleared at 0.07 to 0.09" });
    const inPart = "cleared at 0.065, in part: the other side did not reach for all of it";
    expect(of("b4")).toMatchObject({ tradedWh: 3, why: inPart, wouldTradeAtMicroPerKwh: 95_000 });
    expect(of("b3")).toMatchObject({ why: "priced out: the best ask was 0.06", wouldTradeAtMicroPerKwh: 95_000 });
    expect(of("s3")).toMatchObject({ why: "priced out: the best bid was 0.09", wouldTradeAtMicroPerKwh: 66_000 });
  });

  it("tell in a continuous market whose counterparty went to somebody better", () => {
    const orders = [
      ...side("buy", [
        [7, 2],
        [9, 2],
      ] as const),
      ...side("sell", [[6, 2]], 11),
    ];
    expect(told(orders, continuous)("b1")).toMatchObject({
      why: "outranked: what reached its price went to higher bids or earlier arrivals",
      wouldTradeAtMicroPerKwh: null,
    });
  });

  it("tell what only the mechanism knows, and a price that trades by clearing again", () => {
    // No order beyond the margin: the last bid and the last ask set the prices and leave.
    const orders = [
      ...side("buy", [
        [10, 1],
        [8, 1],
      ] as const),
      ...side(
        "sell",
        [
          [1, 1],
          [3, 1],
        ] as const,
        11,
      ),
    ];
    const of = told(orders, mcafee);
    const reason = mcafee.clear(orders, terms).reasons?.get("b2");
    expect(reason).toBeDefined();
    expect(of("b2")?.why).toBe(reason);
    expect(of("b2")?.wouldTradeAtMicroPerKwh).toBe(10 + 1);
    expect(of("s1")).toMatchObject({ tradedWh: 1, priceMicroPerKwh: 3, why: "cleared at 0.000003" });
  });

  it("find by clearing again a price between those that others named", () => {
    const bids = side("buy", [
      [100_000, 1],
      [50_000, 1],
      [40_000, 1],
    ] as const);
    const asks = [
      [10_000, 1],
      [50_000, 1],
      [70_000, 1],
    ] as const;
    const of = told([...bids, ...side("sell", asks, 11)], mcafee);
    // The middle of the first losers, 0.04 and 0.07, must not be above the last bid.
    expect(of("b2")).toMatchObject({ tradedWh: 0, wouldTradeAtMicroPerKwh: 55_000 });
    expect(of("s2")).toMatchObject({ tradedWh: 0, wouldTradeAtMicroPerKwh: 9_999 });
  });

  it("give no price by clearing again in a book of more than 500 orders", () => {
    const many = side(
      "buy",
      Array.from({ length: 500 }, (_, at) => [10 + at, 1] as const),
    );
    const of = told([...many, ...side("sell", [[5, 1]], 1000)], mcafee);
    expect(of("b1")).toMatchObject({ tradedWh: 0, wouldTradeAtMicroPerKwh: null });
  });
});
