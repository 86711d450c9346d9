import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  createCreditAccount,
  creditExceeded,
  type FeeTerms,
  type HoldTerms,
  holdFor,
  setHold,
} from "../../../market/rules/credit.js";
import { shareRoundedUp, valueRoundedUp } from "../../../market/rules/value.js";
import { micro, microPerKwh, wh } from "../../../shared/units.js";

const free: FeeTerms = {
  serviceChargeMicroPerKwh: microPerKwh(0),
  serviceChargeMillionths: 0,
  localGridFeeMicroPerKwh: microPerKwh(0),
  levies: [],
  vatMillionths: 0,
};
const dear: FeeTerms = {
  serviceChargeMicroPerKwh: microPerKwh(1000),
  serviceChargeMillionths: 10_000,
  localGridFeeMicroPerKwh: microPerKwh(20_000),
  levies: [
    { name: "renewables", microPerKwh: microPerKwh(5000) },
    { name: "rebate", microPerKwh: microPerKwh(-9000) },
  ],
  vatMillionths: 200_000,
};
const at = (fees: FeeTerms, systemBuy = 160_000): HoldTerms => {
  return { fees, systemBuyMicroPerKwh: microPerKwh(systemBuy) };
};
const buy = (energyWh: number, price: number) =>
  ({ side: "buy", energyWh: wh(energyWh), priceMicroPerKwh: microPerKwh(price) }) as const;
const sell = (energyWh: number, price: number) =>
  ({ side: "sell", energyWh: wh(energyWh), priceMicroPerKwh: microPerKwh(price) }) as const;

describe("what an order holds", () => {
  it("is limit price x energy of a buyer, with all fees and the tax on top", () => {
    expect(holdFor(buy(500, 120_000), at(free))).toBe(60_000);
    // 60,000 + 1 % + 500 service + 10,000 grid + 2500 levy, a rebate lowers nothing; then 20 % on 73,600.
    expect(holdFor(buy(500, 120_000), at(dear))).toBe(88_320);
  });

  it("is what a seller loses where it delivers nothing, with the service charge", () => {
    expect(holdFor(sell(500, 100_000), at(free))).toBe(30_000);
    expect(holdFor(sell(500, 170_000), at(free))).toBe(0);
    // 30,000 at risk; 500 service + 1 % of 50,000 = 1000, with 20 % tax 1200.
    expect(holdFor(sell(500, 100_000), at(dear))).toBe(31_200);
  });

  it("is nothing for a buyer who wants to be paid, and a seller's own payment where that is more than its risk", () => {
    expect(holdFor(buy(500, -50_000), at(free))).toBe(0);
    expect(holdFor(sell(500, -50_000), at(free, -20_000))).toBe(25_000);
  });

  it("is rounded up to a millionth", () => {
    expect(holdFor(buy(1, 1), at(free))).toBe(1);
    expect(holdFor(buy(1, 1001), at(free))).toBe(2);
  });

  it("rounds up exactly, also where a double could not", () => {
    const factor = fc.integer({ min: 0, max: 9_000_000_000 });
    fc.assert(
      fc.property(factor, fc.integer({ min: 0, max: 5_000_000 }), (one, other) => {
        const exact = BigInt(one) * BigInt(other);
        expect(BigInt(valueRoundedUp(one, other))).toBe((exact + 999n) / 1000n);
        expect(BigInt(shareRoundedUp(one, other))).toBe((exact + 999_999n) / 1_000_000n);
      }),
    );
  });
});

describe("whether funds bear a hold", () => {
  it("counts funds and limit less all that is held, and tells the sum", () => {
    const account = createCreditAccount();
    account.fundsMicro = micro(1_000_000);
    setHold(account, "open", 1, micro(400_000));
    setHold(account, "captured", 2, micro(200_000));
    expect(creditExceeded(account, micro(500_000), micro(900_000), micro(0))).toBeUndefined();
    expect(creditExceeded(account, micro(500_000), micro(900_001), micro(0))).toEqual({
      ok: false,
      code: "credit-exceeded",
      reason: "This would hold 0.900001, 0.9 are free: funds 1 + limit 0.5 - 0.6 held already.",
    });
    expect(creditExceeded(account, micro(500_000), micro(900_001), micro(1))).toBeUndefined();
  });

  it("bears nothing before funds are known, and nothing new where a meter has taken them below the limit", () => {
    expect(creditExceeded(undefined, micro(9), micro(1), micro(0))).toMatchObject({ code: "credit-exceeded" });
    expect(creditExceeded(createCreditAccount(), micro(9), micro(1), micro(0))).toMatchObject({
      reason: expect.stringContaining("not known yet"),
    });
    const account = { ...createCreditAccount(), fundsMicro: micro(-100) };
    expect(creditExceeded(account, micro(50), micro(1), micro(0))).toMatchObject({ code: "credit-exceeded" });
    // What holds no more than before is borne: who has too little may still shrink its order.
    expect(creditExceeded(account, micro(50), micro(10), micro(10))).toBeUndefined();
  });

  it("keeps the sum of its holds", () => {
    const account = createCreditAccount();
    for (const [stage, periodMs, hold] of [
      ["open", 1, 5],
      ["open", 1, 3],
      ["captured", 1, 4],
    ] as const) {
      setHold(account, stage, periodMs, micro(hold));
    }
    expect(account.heldMicro).toBe(7);
    setHold(account, "open", 1, undefined);
    setHold(account, "captured", 1, undefined);
    expect([account.heldMicro, account.open.size, account.captured.size]).toEqual([0, 0, 0]);
    expect(() => setHold(account, "open", 1, micro(-1))).toThrow("never negative");
  });
});
