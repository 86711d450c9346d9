import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Account } from "../../../market/rules/account.js";
import { accounts, balanceOf, createLedger, moneySum, participantAccount, post } from "../../../market/rules/ledger.js";
import {
  entryOf,
  isSamePayment,
  mostPaidMicro,
  type Payment,
  paymentBooked,
  refusedPayment,
  refusedPayout,
} from "../../../market/rules/payments.js";
import { micro, watt } from "../../../shared/units.js";

const account: Account = {
  ...{ id: "ann", role: "prosumer", capacityW: watt(7000), connectionPoint: null, phase: null, creditLimitMicro: null },
  ...{ standing: "active", reason: null, key: null, claim: null, registeredAtMs: null },
};
const payment: Payment = {
  ...{ paymentId: "p1", participant: "ann", kind: "deposit", reference: null },
  amountMicro: micro(5_000_000),
};

describe("a payment", () => {
  it("is of a prosumer, whatever its standing, and moves more than nothing and less than too much", () => {
    expect(refusedPayment(payment, account)).toBeUndefined();
    expect(refusedPayment(payment, { ...account, standing: "left" })).toBeUndefined();
    expect(refusedPayment(payment, { ...account, role: "meter" })?.code).toBe("bad-message");
    for (const amount of [0, -1, mostPaidMicro + 1])
      expect(refusedPayment({ ...payment, amountMicro: micro(amount) }, account)?.code).toBe("bad-message");
  });

  it("is the same again only where all of it is", () => {
    expect(isSamePayment(payment, { ...payment })).toBe(true);
    const others: Partial<Payment>[] = [
      ...[{ participant: "bob" }, { kind: "payout" as const }, { amountMicro: micro(1) }, { reference: "bank" }],
    ];
    for (const other of others) expect(isSamePayment(payment, { ...payment, ...other })).toBe(false);
  });

  it("goes from the bank to the participant, or back, and is known again in the ledger", () => {
    const ledger = createLedger();
    post(ledger, 0, [entryOf(payment), entryOf({ ...payment, paymentId: "p2", kind: "payout" })]);
    expect([balanceOf(ledger, accounts.bank), balanceOf(ledger, participantAccount("ann"))]).toEqual([0, 0]);
    post(ledger, 0, [entryOf(payment)]);
    expect(balanceOf(ledger, participantAccount("ann"))).toBe(5_000_000);
    expect(moneySum(ledger)).toBe(0);
    expect(paymentBooked(entryOf(payment))).toEqual({ paymentId: "p1" });
    expect(paymentBooked({ ...entryOf(payment), reason: "payout p1" })).toBeUndefined();
    expect(paymentBooked({ ...entryOf(payment), reason: "deposit" })).toBeUndefined(); // one of before the run
    expect(paymentBooked({ ...entryOf(payment), debit: "market" })).toBeUndefined();
  });
});

describe("a payout", () => {
  const amounts = fc.integer({ min: -1000, max: 1000 }).map(micro);
  const some = fc.integer({ min: 0, max: 1000 }).map(micro);

  it("leaves the balance at 0 or above, and every hold covered", () => {
    fc.assert(
      fc.property(some, amounts, fc.option(some, { nil: undefined }), some, (amount, balance, limit, held) => {
        const refused = refusedPayout(amount, { balanceMicro: balance, limitMicro: limit, heldMicro: held });
        const isLeft = balance - amount >= 0 && (limit === undefined || balance - amount + limit >= held);
        expect(refused === undefined).toBe(isLeft);
      }),
    );
  });

  it("is refused where nobody knows the funds yet", () => {
    const unknown = { balanceMicro: undefined, limitMicro: micro(5), heldMicro: micro(0) };
    expect(refusedPayout(micro(1), unknown)).toContain("not known");
  });
});
