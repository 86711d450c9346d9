/** What everybody may read, without a key: the retained public topics as they were published. */
import * as z from "zod";
import { readJson } from "../../../market/door/decode.js";
import { publicExamples } from "../../../shared/messages/examples-public.js";
import * as f from "../../../shared/messages/fields.js";
import { itemList, kpi, marketInfo, marketState, results } from "../../../shared/messages/public.js";
import { isoUtc, periodTopicLevel } from "../../../shared/time.js";
import { itemPage, mostItemsOnPage } from "../item-page.js";
import type { MarketDoor } from "../market-door.js";
import { nextPage } from "../next-page.js";
import { periodFrom, periodText } from "../period-query.js";
import { ProblemError } from "../problem.js";
import type { RestApp, RestServices } from "../rest-app.js";
import { sendLatest } from "../retained-answer.js";
import { about } from "../route-schema.js";

const standing = [
  ["market-info", marketInfo, "The standing rules of the market", publicExamples["market-info"][0]],
  ["market-state", marketState, "Every live delivery period and its phase", publicExamples["market-state"][0]],
  ["kpi", kpi, "The community's key figures since the run began", publicExamples.kpi[0]],
] as const;

const notModified = { 304: { description: "nothing new since the ETag in If-None-Match" } };

export function marketRoutes(app: RestApp, { inside }: Pick<RestServices, "inside">): void {
  for (const [name, schema, summary, example] of standing) {
    app.get(
      `/${name}`,
      {
        schema: about({
          ...{ tag: "market", access: "public", summary, problems: ["no-reply"] },
          answers: { 200: { description: `what public/${name} holds`, schema, example }, ...notModified },
        }),
      },
      async (request, reply) => {
        const latest = inside().door.latest(name);
        if (latest === undefined) throw new ProblemError("no-reply", `the market has not told its ${name} yet`);
        return sendLatest(request, reply, latest);
      },
    );
  }
  perPeriod(app, inside, {
    ...{
      name: "items",
      schema: itemList.extend({ next: nextItem }),
      summary: "The item list of a delivery period",
      example: publicExamples.items[0],
    },
    usual: "the period whose gate closes next",
    usualPeriod: nextGate,
    pages: true,
  });
  perPeriod(app, inside, {
    ...{ name: "results", schema: results, summary: "What the gate of a delivery period gave" },
    example: publicExamples.results[0],
    usual: "the period cleared last",
    usualPeriod: (door) => door.names("results/").at(-1)?.slice("results/".length),
  });
}

interface PerPeriod {
  readonly name: "items" | "results";
  readonly schema: z.ZodType;
  readonly summary: string;
  readonly example: unknown;
  /** Which period is meant where none is named. */
  readonly usual: string;
  readonly usualPeriod: (door: MarketDoor) => string | undefined;
  /** May be asked for a page at a time. */
  readonly pages?: boolean;
}

const periodQuery = z.strictObject({ period: periodText.optional() });
const pageQuery = periodQuery.extend({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(mostItemsOnPage)
    .optional()
    .meta({ description: "so many items at most, and `next`; without it all, as the topic has them", examples: [100] }),
  after: f.objectId.optional().meta({ description: "`next` of the page before", examples: ["i7"] }),
});
const nextItem = f.objectId
  .nullable()
  .optional()
  .meta({ description: "of a page: ask with `after` for the next; null: the last" });

function perPeriod(
  app: RestApp,
  inside: RestServices["inside"],
  { name, schema, summary, example, usual, usualPeriod, pages = false }: PerPeriod,
) {
  app.get(
    `/${name}`,
    {
      schema: {
        ...about({
          ...{ tag: "market", access: "public", summary, problems: ["bad-message", "unknown-period"] },
          description: `Without \`period\`: of ${usual}.${pages ? " With `limit` a page at a time, the next one from `next` on, which the header Link names too." : ""}`,
          answers: { 200: { description: `what public/${name}/<p> holds`, schema, example }, ...notModified },
        }),
        querystring: pages ? pageQuery : periodQuery,
      },
    },
    async (request, reply) => {
      const { door } = inside();
      const { period, limit, after } = pageQuery.parse(request.query);
      const level = period === undefined ? usualPeriod(door) : periodTopicLevel(periodFrom(period) ?? 0);
      const latest = level === undefined ? undefined : door.latest(`${name}/${level}`);
      if (latest === undefined) {
        const which = period === undefined ? "no period has" : `period ${isoUtc(periodFrom(period) ?? 0)} has no`;
        throw new ProblemError("unknown-period", `${which} ${name} to be read now`);
      }
      if (limit === undefined) return sendLatest(request, reply, latest);
      const page = itemPage(latest, limit, after);
      if (page.next !== null) void reply.header("link", `<${nextPage(request.url, page.next)}>; rel="next"`);
      return sendLatest(request, reply, page);
    },
  );
}

function nextGate(door: MarketDoor): string | undefined {
  const state = marketState.safeParse(readJson(door.latest("market-state")?.payload ?? ""));
  const next = state.data?.bidding.toSorted((left, right) => (left.gateAt < right.gateAt ? -1 : 1))[0];
  return next === undefined ? undefined : periodTopicLevel(periodFrom(next.period) ?? 0);
}
