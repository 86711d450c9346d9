/** What other mechanisms would have made of the same bids: for whoever compares. */
import * as z from "zod";
import * as f from "../../../shared/messages/fields.js";
import type { RestApp, RestServices } from "../rest-app.js";
import { sendLatest } from "../retained-answer.js";
import { etagOf } from "../retained-topics.js";
import { about } from "../route-schema.js";

const figures = z.object({
  mechanism: z.string(),
  effective: z.boolean().meta({ description: "true for the mechanism that counts" }),
  failed: z.string().nullable().meta({ description: "why it was given up; null: it runs" }),
  meanPricePerKwh: f.pricePerKwh.nullable(),
  volumeKwh: f.amountKwh,
  trades: f.count,
  welfare: f.money,
  cost: f.money.meta({ description: "currency: what all participants paid together" }),
  savings: f.money.meta({ description: "currency: against the supplier alone" }),
  gini: f.share.meta({ description: "of the participants' savings" }),
  jain: f.share.meta({ description: "of the same" }),
});
const row = z.object({
  period: f.period,
  mechanism: z.string(),
  pricePerKwh: f.pricePerKwh.nullable(),
  volumeKwh: f.amountKwh,
  tradeCount: f.count,
  welfare: f.money,
  cost: f.money,
  savings: f.money,
});
const shadows = z.object({
  since: f.period.nullable().meta({ description: "first period that is summed up; null: none yet" }),
  periods: f.count,
  mechanisms: z.array(figures).meta({ description: "the one that counts first; empty where none was asked for" }),
  rows: z.array(row).meta({ description: "the newest two weeks, oldest period first" }),
});

const exampleFigures = {
  ...{ mechanism: "uniform", effective: true, failed: null, meanPricePerKwh: 0.098, volumeKwh: 52.8, trades: 91 },
  ...{ welfare: 3.2, cost: 141.4, savings: 12.3, gini: 0.34, jain: 0.71 },
};
const exampleRow = {
  ...{ period: "2016-08-01T02:00:00Z", mechanism: "uniform", pricePerKwh: 0.098, volumeKwh: 4.2, tradeCount: 9 },
  ...{ welfare: 0.2, cost: 1.4, savings: 0.3 },
};

export function shadowRoutes(app: RestApp, { shadows: told }: Pick<RestServices, "shadows">): void {
  app.get(
    "/shadows",
    {
      schema: about({
        ...{ tag: "market", access: "public", problems: [] },
        summary: "The same bids under other mechanisms",
        description:
          "Bids as they were, not re-optimised; periods that are billed, from the first one whose gate was seen since the program started. Mechanisms are named by the scenario (`shadow`) or `elecbay up --shadow`.",
        answers: {
          200: {
            description: "sums and rows by mechanism",
            schema: shadows,
            example: { since: exampleRow.period, periods: 1, mechanisms: [exampleFigures], rows: [exampleRow] },
          },
          304: { description: "nothing new since the ETag in If-None-Match" },
        },
      }),
    },
    async (request, reply) => {
      const payload = JSON.stringify(told());
      return sendLatest(request, reply, { payload, etag: etagOf(payload) });
    },
  );
}
