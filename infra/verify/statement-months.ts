/**
 * The months of a statement file against its bills: what is asked for is what the bills come to, rounded, with the rest carried on.
 *
 * Each month's kinds and days sum to its exact total, the months' to the bills', and each month begins with what the one before carried.
 */
import { z } from "zod";
import { monthlyTotal } from "../../market/rules/monthly-statement.js";
import { majorFromMicro } from "../../shared/decimal.js";
import { minorUnit } from "../bills/money-text.js";
import { Difference } from "../results/difference.js";

const amounts = z.array(z.looseObject({ amount: z.number() }));

export const statementMonths = z.object({
  currency: z.string().regex(/^[A-Z]{3}$/),
  months: z.array(
    z.looseObject({
      ...{ month: z.string(), exact: z.number(), carriedIn: z.number(), payable: z.number(), carriedOut: z.number() },
      ...{ kinds: amounts, days: amounts },
    }),
  ),
});
type Statement = z.infer<typeof statementMonths> & {
  readonly bills: readonly { readonly total: number; readonly previous: string }[];
};

/** @throws Difference at the first sum that does not fit */
export function checkMonths(file: string, { currency, months, bills }: Statement): void {
  const check = (column: string, expected: number, found: number, meaning: string): void => {
    if (expected === found) return;
    throw new Difference({ file, column }, { expected: String(expected), found: String(found), meaning });
  };
  const { minorUnitMicro } = minorUnit(currency);
  // A file of later months begins with what an earlier one carried: at most half of what can be paid. Before the first bill there is none.
  const isFirst = (bills[0]?.previous ?? "") === "";
  const most = isFirst ? 0 : minorUnitMicro / 2;
  const begins = microOf(months[0]?.carriedIn ?? 0);
  let carriedIn = majorFromMicro(Math.min(most, Math.max(-most, begins)));
  for (const { month, exact, carriedIn: told, payable, carriedOut, kinds, days } of months) {
    const place = `months, ${month}`;
    check(`${place}, kinds`, exact, sumOf(kinds.map(({ amount }) => amount)), "the kinds sum to the month");
    check(`${place}, days`, exact, sumOf(days.map(({ amount }) => amount)), "the days sum to the month");
    check(`${place}, carriedIn`, carriedIn, told, "a month begins with what the one before carried");
    const total = monthlyTotal(microOf(exact), microOf(told), minorUnitMicro);
    check(`${place}, payable`, majorFromMicro(total.payableMicro), payable, "sum and carried over, rounded together");
    check(`${place}, carriedOut`, majorFromMicro(total.carriedOutMicro), carriedOut, "what the rounding leaves");
    carriedIn = carriedOut;
  }
  const billed = sumOf(bills.map(({ total }) => total));
  const exact = sumOf(months.map((one) => one.exact));
  check("months", billed, exact, "the months sum to the bills");
}

/** Off the grid is what was changed by hand: some sum then does not fit. */
function microOf(amountMajor: number): number {
  return Math.round(amountMajor * 1e6);
}

/** Exact: amounts are told to the millionth. */
function sumOf(amountsMajor: readonly number[]): number {
  return amountsMajor.reduce((sum, amount) => sum + microOf(amount), 0) / 1e6;
}
