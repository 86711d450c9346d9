/** The month's statements of all participants, and of each: read from the journal, carried from month to month. */
import { stringify } from "csv-stringify/sync";
import * as z from "zod";
import { majorFromMicro } from "../../../shared/decimal.js";
import * as f from "../../../shared/messages/fields.js";
import { isoUtc } from "../../../shared/time.js";
import { statementCsv, statementJson } from "../../bills/data-pages.js";
import { htmlPage } from "../../bills/html-page.js";
import { newestStatement } from "../../bills/month-statement.js";
import type { MonthsOfOne, StatementRow } from "../../bills/statement-book.js";
import type { DisputeDesk } from "../../registry/registry.js";
import { acceptedType } from "../accepted-type.js";
import { ProblemError } from "../problem.js";
import type { RestApp, RestServices } from "../rest-app.js";
import { about } from "../route-schema.js";

const month = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/, { error: "is no month like 2016-08" })
  .meta({ description: "local month of the market", examples: ["2016-08"] });

const row = z.object({
  participant: f.participant,
  bills: f.count,
  exact: f.money.meta({ description: "sum of the bills" }),
  carriedIn: f.money.meta({ description: "remainder of the month before" }),
  payable: f.money.meta({ description: "in what the currency can pay: carriedIn + exact = payable + carriedOut" }),
  carriedOut: f.money,
  supplierAlone: f.money.meta({ description: "what the supplier alone would have billed" }),
  finalAt: f.instant.meta({
    description:
      "when the last of its bills is final; until then they may be disputed. Without bills: when its last payment was booked",
  }),
  paidIn: f.money
    .optional()
    .meta({ description: "sum of the deposits booked in the month; no part of what is payable" }),
  paidOut: f.money.optional().meta({ description: "sum of the payouts booked in the month, positive too" }),
});
const statements = z.object({
  month,
  currency: z.string(),
  complete: z.boolean().meta({ description: "no period of the month waits for its bills any more" }),
  items: z.array(row),
});
const exampleRow: z.infer<typeof row> = {
  ...{ participant: "peer3", bills: 1488, exact: -41.234567, carriedIn: 0.001, payable: -41.23, carriedOut: -0.003567 },
  ...{ supplierAlone: -47.9, finalAt: "2016-09-15T00:00:00Z", paidIn: 40, paidOut: 0 },
};
const csvHeader =
  "month,participant,bills,exact,carriedIn,payable,carriedOut,supplierAlone,complete,finalAt,paidIn,paidOut";
const exampleCsv = `${csvHeader}\n2016-08,peer3,1488,-41.234567,0.001,-41.23,-0.003567,-47.9,yes,2016-09-15T00:00:00Z,40,0\n`;

const config = { access: "operator" } as const;
const common = { tag: "operator", access: "operator" } as const;

export function operatorStatementRoutes(app: RestApp, services: Pick<RestServices, "books" | "inside">): void {
  monthOfAll(app, services);
  monthsOfOne(app, services);
}

function monthOfAll(app: RestApp, { books, inside }: Pick<RestServices, "books" | "inside">): void {
  app.get(
    "/operator/statements",
    {
      config,
      schema: {
        ...about({
          ...{ ...common, summary: "A month's statements of all", problems: ["bad-message", "not-acceptable"] },
          description:
            "One line for each participant with bills or payments; money positive = received. Rounded to what the currency can pay, the rest carried to the next month. A correction stands on the month in which it goes out, a payment on that in which it was booked; payments change no total.",
          answers: {
            200: {
              description: "the month",
              ...{
                schema: statements,
                example: { month: "2016-08", currency: "GBP", complete: true, items: [exampleRow] },
              },
              also: { "text/csv": { schema: z.string(), example: exampleCsv } },
            },
          },
        }),
        querystring: z.strictObject({ month }),
      },
    },
    async (request, reply) => {
      const type = acceptedType(request.headers.accept, ["application/json", "text/csv"]);
      const wanted = request.query.month;
      const { rows, isComplete: complete } = await books.statements.all(wanted);
      void reply.header("vary", "accept").type(`${type}; charset=utf-8`);
      const items = rows.map((row) => rowOf(row, inside().registry.disputes));
      if (type === "text/csv") return reply.send(csvOf(wanted, items, complete));
      const { currency } = books.statements.terms.market;
      return reply.send(JSON.stringify({ month: wanted, currency, complete, items }));
    },
  );
}

function rowOf(statement: StatementRow, { finalAt }: Pick<DisputeDesk, "finalAt">): z.infer<typeof row> {
  const { participant, bills, exactMicro, carriedInMicro, payableMicro, carriedOutMicro, aloneMicro } = statement;
  const { paidInMicro, paidOutMicro } = statement;
  return {
    ...{ participant, bills, exact: majorFromMicro(exactMicro), carriedIn: majorFromMicro(carriedInMicro) },
    ...{ payable: majorFromMicro(payableMicro), carriedOut: majorFromMicro(carriedOutMicro) },
    ...{ supplierAlone: majorFromMicro(aloneMicro), finalAt: isoUtc(finalOf(statement, finalAt)) },
    ...{ paidIn: majorFromMicro(paidInMicro), paidOut: majorFromMicro(paidOutMicro) },
  };
}

/** A booked payment is never edited, and nothing of a month without bills can be disputed. */
function finalOf({ lastSentAtMs, lastPaidAtMs }: StatementRow, finalAt: DisputeDesk["finalAt"]): number {
  return lastSentAtMs === undefined ? (lastPaidAtMs ?? 0) : finalAt(lastSentAtMs);
}

function csvOf(wanted: string, rows: readonly z.infer<typeof row>[], complete: boolean): string {
  const table = rows.map(({ participant, bills, exact, carriedIn, payable, carriedOut, ...rest }) => [
    ...[wanted, participant, bills, exact, carriedIn, payable, carriedOut, rest.supplierAlone, complete ? "yes" : "no"],
    ...[rest.finalAt, rest.paidIn, rest.paidOut],
  ]);
  return `${csvHeader}\n${stringify(table, { record_delimiter: "unix" })}`;
}

function monthsOfOne(app: RestApp, { books }: Pick<RestServices, "books">): void {
  const path = z.strictObject({ id: f.participant.meta({ description: "the participant's id", examples: ["peer3"] }) });
  app.get(
    "/operator/statements/:id",
    {
      config,
      schema: {
        ...about({
          ...{ ...common, summary: "A participant's statement" },
          problems: ["bad-message", "not-acceptable", "not-found"],
          description:
            "All months, or one. JSON is the statement file that `elecbay verify` checks; CSV has a row for each line of each bill and for each payment; HTML is a page of one month, the newest that was billed if none is named, fit for printing. The month's deposits and payouts are listed where there are any.",
          answers: {
            200: {
              description: "the statement",
              schema: z.looseObject({
                format: z.string(),
                participant: f.participant,
                months: z.array(z.looseObject({})),
              }),
              example: { format: "open-elecbay statement 1", participant: "peer3", months: [{ month: "2016-08" }] },
              also: {
                "text/csv": { schema: z.string(), example: "month,day,period,billId,…" },
                "text/html": { schema: z.string(), example: "<!doctype html>…" },
              },
            },
          },
        }),
        ...{ params: path, querystring: z.strictObject({ month: month.optional() }) },
      },
    },
    async (request, reply) => {
      const type = acceptedType(request.headers.accept, ["application/json", "text/csv", "text/html"]);
      const { id } = request.params;
      const wanted = request.query.month;
      const found = await books.statements.one(id, wanted);
      const months = found?.statements.filter((one) => wanted === undefined || one.month === wanted) ?? [];
      if (found === undefined || months.length === 0)
        throw new ProblemError(
          "not-found",
          `nothing was billed to ${id}, and no payment was booked${wanted === undefined ? "" : ` for ${wanted}`}`,
        );
      void reply.header("vary", "accept").type(`${type}; charset=utf-8`);
      return reply.send(pageOf(type, found, months, books));
    },
  );
}

function pageOf(
  type: "application/json" | "text/csv" | "text/html",
  { own }: MonthsOfOne,
  months: MonthsOfOne["statements"],
  { statements: { terms } }: RestServices["books"],
): string {
  if (type === "application/json") return statementJson(own, months, terms);
  if (type === "text/csv") return statementCsv(months);
  const newest = newestStatement(months);
  if (newest === undefined) throw new RangeError("whoever is billed has a month");
  return htmlPage(newest, false);
}
