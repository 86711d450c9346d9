/** What charts begin with: the last periods of the flat public topics, and the merit order of a period that is settled long since. */
import * as z from "zod";
import { readJson } from "../../../market/door/decode.js";
import { publicExamples } from "../../../shared/messages/examples-public.js";
import * as f from "../../../shared/messages/fields.js";
import { energy, kpi, network, price, results } from "../../../shared/messages/public.js";
import { isoUtc } from "../../../shared/time.js";
import { type FlatSeries, flatSeries, type HistoryRow } from "../../journal/history-store.js";
import { historyPage } from "../limits.js";
import { periodFrom, periodText } from "../period-query.js";
import { ProblemError } from "../problem.js";
import type { RestApp, RestServices } from "../rest-app.js";
import { sendLatest } from "../retained-answer.js";
import { etagOf } from "../retained-topics.js";
import { about } from "../route-schema.js";

const notModified = { 304: { description: "nothing new since the ETag in If-None-Match" } };

const row = z.object({
  period: f.period,
  price: price.optional(),
  energy: energy.optional(),
  network: network.optional(),
  kpi: kpi.optional(),
});
const page = z.object({
  items: z.array(row).meta({ description: "one for each delivery period, oldest first" }),
  next: f.period.nullable().meta({ description: "to be asked for as `from` next; null at the end" }),
});
const [examplePrice, exampleEnergy] = [publicExamples.price[0], publicExamples.energy[0]];
const examplePage = {
  items: [{ period: examplePrice.period, price: examplePrice, energy: exampleEnergy }],
  next: null,
};

const seriesText = z
  .string()
  .refine((text) => text.split(",").every((name) => flatSeries.includes(name as FlatSeries)), {
    error: `is no list such as ${flatSeries.join(",")}`,
  })
  .meta({ description: "which topics, by their names, with commas between", examples: ["price,energy"] });

const query = z.strictObject({
  series: seriesText.optional(),
  from: periodText.optional(),
  to: periodText.optional(),
  limit: z.coerce.number().int().min(1).max(historyPage.most).optional(),
});

const description = [
  "`price` and `energy` stand under the delivery period that they are of, `network` and `kpi` under the one that was on when they were told.",
  `Kept are the last ${historyPage.most} periods. Without \`series\`: price and energy; without \`from\` and \`to\`: the newest ${historyPage.usual}, or as \`limit\` says.`,
].join(" ");

export function historyRoutes(app: RestApp, { history }: Pick<RestServices, "history">): void {
  app.get(
    "/history",
    {
      schema: {
        ...about({
          ...{ tag: "market", access: "public", summary: "What the flat public topics told, period by period" },
          ...{ description, problems: ["bad-message"] },
          answers: {
            200: { description: "messages by delivery period", schema: page, example: examplePage },
            ...notModified,
          },
        }),
        querystring: query,
      },
    },
    async (request, reply) => {
      const payload = JSON.stringify(pageOf(history, request.query));
      return sendLatest(request, reply, { payload, etag: etagOf(payload) });
    },
  );
  app.get(
    "/history/results",
    {
      schema: {
        ...about({
          ...{ tag: "market", access: "public", summary: "What the gate of a past delivery period gave" },
          problems: ["bad-message", "unknown-period"],
          answers: {
            200: {
              description: "what public/results/<p> held last",
              schema: results,
              example: publicExamples.results[0],
            },
            ...notModified,
          },
        }),
        querystring: z.strictObject({ period: periodText }),
      },
    },
    async (request, reply) => {
      const periodMs = periodFrom(request.query.period) ?? 0;
      const payload = history.results(periodMs);
      if (payload === undefined)
        throw new ProblemError("unknown-period", `period ${isoUtc(periodMs)} has no results to be read now`);
      return sendLatest(request, reply, { payload, etag: etagOf(payload) });
    },
  );
}

function pageOf(history: RestServices["history"], asked: z.infer<typeof query>): z.infer<typeof page> {
  const series = (asked.series?.split(",") ?? ["price", "energy"]) as FlatSeries[];
  const limit = asked.limit ?? historyPage.usual;
  const bound = (text: string | undefined, otherwise: number) =>
    text === undefined ? otherwise : (periodFrom(text) ?? otherwise);
  const newestFirst = asked.from === undefined;
  const range = { fromMs: bound(asked.from, 0), toMs: bound(asked.to, Number.MAX_SAFE_INTEGER) };
  const found = history.rows({ ...range, series, limit: limit + 1, newest: newestFirst });
  const items = (newestFirst ? found.slice(-limit) : found.slice(0, limit)).map(itemOf);
  const more = newestFirst ? undefined : found[limit];
  return { items, next: more === undefined ? null : isoUtc(more.periodMs) };
}

function itemOf({ periodMs, messages }: HistoryRow): z.infer<typeof row> {
  const told = Object.entries(messages).map(([name, payload]) => [name, readJson(payload)]);
  return { period: isoUtc(periodMs), ...Object.fromEntries(told) } as z.infer<typeof row>;
}
