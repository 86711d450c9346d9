/** What one alone may read: orders, tariff and contracts as the topics hold them, and all of one's bills. */
import * as z from "zod";
import { readJson } from "../../../market/door/decode.js";
import { privateExamples } from "../../../shared/messages/examples-private.js";
import * as f from "../../../shared/messages/fields.js";
import { type Bill, bill, contract, ownOrders, tariff } from "../../../shared/messages/private.js";
import { instantFromIso, isoUtc, periodTopicLevel } from "../../../shared/time.js";
import type { Registry } from "../../registry/registry.js";
import { acceptedType } from "../accepted-type.js";
import { participantOf } from "../authentication.js";
import { billsAsCsv, billsCsvHeader } from "../bills-csv.js";
import { disputeAnswer, disputeShown, exampleDispute } from "../dispute-answer.js";
import { billsPerPage } from "../limits.js";
import type { Latest, MarketDoor } from "../market-door.js";
import { nextPage } from "../next-page.js";
import { periodFrom, periodText } from "../period-query.js";
import { ProblemError } from "../problem.js";
import type { RestApp, RestServices } from "../rest-app.js";
import { sendLatest } from "../retained-answer.js";
import { etagOf } from "../retained-topics.js";
import { about } from "../route-schema.js";

type Inside = RestServices["inside"];

const config = { access: "own" } as const;
const common = { tag: "own", access: "own" } as const;
const notModified = { 304: { description: "nothing new since the ETag in If-None-Match" } };

export function ownRoutes(app: RestApp, { inside, bills }: Pick<RestServices, "inside" | "bills">): void {
  topicRoutes(app, inside);
  contractRoute(app, inside);
  billRoute(app, inside, bills);
}

function topicRoutes(app: RestApp, inside: Inside): void {
  app.get(
    "/orders",
    {
      config,
      schema: about({
        ...{ ...common, summary: "One's own live items and orders", problems: ["no-reply"] },
        answers: {
          200: { description: "what private/<id>/orders holds", schema: ownOrders, example: privateExamples.orders[0] },
          ...notModified,
        },
      }),
    },
    async (request, reply) => {
      const own = await inside().door.own(participantOf(request).id);
      return sendLatest(request, reply, own.latest("orders") ?? nothingYet(inside().door));
    },
  );
  app.get(
    "/tariff",
    {
      config,
      schema: about({
        ...{ ...common, summary: "One's own tariff, free funds and connection", problems: ["no-reply", "not-found"] },
        answers: {
          200: { description: "what private/<id>/tariff holds", schema: tariff, example: privateExamples.tariff[0] },
          ...notModified,
        },
      }),
    },
    async (request, reply) => {
      const own = await inside().door.own(participantOf(request).id);
      const latest = own.latest("tariff");
      if (latest === undefined) throw new ProblemError("not-found", "the market has not told your tariff yet");
      return sendLatest(request, reply, latest);
    },
  );
}

/** Who never had an item or order is told nothing on the topic: that is an empty list. */
function nothingYet(door: MarketDoor): Latest {
  const tick = z.object({ ts: z.string() }).safeParse(readJson(door.latest("clock")?.payload ?? ""));
  if (!tick.success) throw new ProblemError("no-reply", "the market has not told its time yet");
  const payload = JSON.stringify({ v: 1, ts: tick.data.ts, items: [], orders: [] });
  return { payload, etag: etagOf('{"items":[],"orders":[]}') };
}

function contractRoute(app: RestApp, inside: Inside): void {
  app.get(
    "/contracts",
    {
      config,
      schema: {
        ...about({
          ...{
            ...common,
            summary: "One's own contracts that are not billed yet",
            problems: ["no-reply", "bad-message"],
          },
          description: "Oldest period first; with `period` at most one.",
          answers: {
            200: {
              description: "what private/<id>/contracts/<p> hold",
              schema: z.object({ items: z.array(contract) }),
              example: { items: [privateExamples.contracts[0]] },
            },
            ...notModified,
          },
        }),
        querystring: z.strictObject({ period: periodText.optional() }),
      },
    },
    async (request, reply) => {
      const own = await inside().door.own(participantOf(request).id);
      const { period } = request.query;
      const level = period === undefined ? "" : periodTopicLevel(periodFrom(period) ?? 0);
      const held = own.all(`contracts/${level}`);
      const payload = `{"items":[${held.map(([, { payload: one }]) => one).join(",")}]}`;
      return sendLatest(request, reply, { payload, etag: etagOf(payload) });
    },
  );
}

const billQuery = z.strictObject({
  from: periodText.optional().meta({ description: "first delivery period", examples: ["20160801-0000"] }),
  to: periodText.optional().meta({ description: "last delivery period", examples: ["20160831-2330"] }),
  after: z
    .string()
    .max(40)
    .optional()
    .meta({ description: "`next` of the page before", examples: ["812-3"] }),
  limit: z.coerce.number().int().min(1).max(billsPerPage.most).default(billsPerPage.usual),
});

const billShown = bill.extend({
  finalAt: f.instant.optional().meta({ description: "until then it is provisional, and may be disputed" }),
  dispute: disputeShown.optional().meta({ description: "none: nobody disputes it" }),
});

/** The bill as it was sent, and behind it how it stands: that is not hashed with it. */
function withStanding(one: Bill, { disputes }: Registry): z.infer<typeof billShown> {
  const dispute = disputes.of(one.billId);
  return {
    ...one,
    finalAt: isoUtc(disputes.finalAt(instantFromIso(one.ts) ?? 0)),
    ...(dispute === undefined ? {} : { dispute: disputeAnswer(dispute) }),
  };
}

function billRoute(app: RestApp, inside: Inside, bills: RestServices["bills"]): void {
  const example = { ...privateExamples.bills[0], finalAt: "2016-08-16T00:00:00Z", dispute: exampleDispute };
  app.get(
    "/bills",
    {
      config,
      schema: {
        ...about({
          ...{ ...common, summary: "All of one's own bills", problems: ["bad-message", "not-acceptable"] },
          description:
            "In the order in which they went out, corrections last; kept for good. Provisional until `finalAt`: until then `POST /bills/{id}/dispute`. A page at a time: ask with `after` for the next, which the header Link names too. With `Accept: text/csv` one row per line of each bill.",
          answers: {
            200: {
              description: "a page of bills",
              schema: z.object({ items: z.array(billShown), next: z.string().nullable() }),
              example: { items: [example], next: "812-3" },
              also: {
                "text/csv": { schema: z.string(), example: `${billsCsvHeader}\n${billsAsCsv([bill.parse(example)])}` },
              },
            },
          },
        }),
        querystring: billQuery,
      },
    },
    async (request, reply) => {
      const { from, to, after, limit } = request.query;
      const type = acceptedType(request.headers.accept, ["application/json", "text/csv"]);
      const found = bills.page(participantOf(request).id, {
        ...{ after, limit },
        fromMs: from === undefined ? undefined : periodFrom(from),
        toMs: to === undefined ? undefined : periodFrom(to),
      });
      if (found === undefined) throw new ProblemError("bad-message", "`after` must be the `next` of a page before");
      if (found.next !== undefined) void reply.header("link", `<${nextPage(request.url, found.next)}>; rel="next"`);
      void reply.header("vary", "accept").type(`${type}; charset=utf-8`);
      if (type === "text/csv") return reply.send(`${billsCsvHeader}\n${billsAsCsv(found.bills)}`);
      const { registry } = inside();
      const items = found.bills.map((one) => withStanding(one, registry));
      return reply.send(JSON.stringify({ items, next: found.next ?? null }));
    },
  );
}
