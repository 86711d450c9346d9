/** What one's months came to, beside what the supplier alone would have billed: the sums of the statement, without its bills. */
import * as z from "zod";
import * as f from "../../../shared/messages/fields.js";
import { monthOf } from "../../bills/data-pages.js";
import { participantOf } from "../authentication.js";
import type { RestApp, RestServices } from "../rest-app.js";
import { about } from "../route-schema.js";

const day = z.looseObject({
  day: f.day,
  importKwh: f.amountKwh,
  exportKwh: f.amountKwh,
  boughtKwh: f.amountKwh,
  soldKwh: f.amountKwh,
  amount: f.money,
  supplierAlone: f.money.meta({ description: "what the supplier alone would have billed for the same meter" }),
});
const month = z.looseObject({
  month: z.string().meta({ description: "as 2016-08, in the market's timezone" }),
  exact: f.money.meta({ description: "positive = received" }),
  payable: f.money.meta({ description: "rounded to what the currency can pay" }),
  supplierAlone: f.money,
  days: z.array(day),
});
const months = z.object({ currency: z.string(), timezone: z.string(), items: z.array(month) });

const example: z.infer<typeof months> = {
  ...{ currency: "GBP", timezone: "Europe/London" },
  items: [
    {
      ...{ month: "2016-08", exact: -41.204311, payable: -41.2, supplierAlone: -47.9 },
      days: [
        {
          ...{ day: "2016-08-01", importKwh: 9.1, exportKwh: 2.4, boughtKwh: 1.2, soldKwh: 0.8 },
          ...{ amount: -1.31, supplierAlone: -1.52 },
        },
      ],
    },
  ],
};

export function ownMonthRoutes(app: RestApp, { books }: Pick<RestServices, "books">): void {
  app.get(
    "/bills/months",
    {
      config: { access: "own" } as const,
      schema: about({
        ...{ tag: "own", access: "own", summary: "What one's months came to", problems: [] },
        description:
          "Sums by month, kind of line and day, each beside what the supplier alone would have billed for the same meter. The bills themselves: `GET /bills`.",
        answers: { 200: { description: "oldest month first; none before the first bill", schema: months, example } },
      }),
    },
    async (request) => {
      const { statements } = books;
      const { currency, timezone } = statements.terms.market;
      const found = await statements.months(participantOf(request).id);
      return { currency, timezone, items: found.map(monthOf) };
    },
  );
}
