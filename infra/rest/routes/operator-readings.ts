/** The operator's file of readings: what it would change, or done. */
import * as z from "zod";
import { kwhFromWh } from "../../../shared/decimal.js";
import * as f from "../../../shared/messages/fields.js";
import type { StandingReading } from "../../journal/reading-store.js";
import { type PlannedRow, planImport } from "../../readings/import-plan.js";
import { mostRows, readingRows } from "../../readings/reading-rows.js";
import { rowEffects } from "../../readings/row-effects.js";
import { sendReadings } from "../../readings/send-readings.js";
import { InputError } from "../../series/input-error.js";
import { longestFileBytes } from "../limits.js";
import { ProblemError } from "../problem.js";
import type { RestApp, RestServices } from "../rest-app.js";
import { about } from "../route-schema.js";

const values = z.object({
  importKwh: f.amountKwh,
  exportKwh: f.amountKwh,
  generationKwh: f.amountKwh,
  quality: f.quality,
});
const row = z.object({
  line: z.int().min(1).meta({ description: "of the file, from 1" }),
  participant: z.string(),
  period: z.string(),
  effect: z.enum(rowEffects).meta({
    description:
      "`new`: none stood; `same`: it stands already; `replaces`: one that is not due yet; `replaces-estimate`, `corrects`: after it was due; `corrects-billed`: a bill of the correction goes out; `refused`: `reason` says why",
  }),
  before: values.nullable().meta({ description: "what stood; null: nothing, or it is refused" }),
  reason: z.string().nullable(),
});
const answer = z.object({
  preview: z.boolean(),
  counts: z.record(z.enum(rowEffects), f.count).meta({ description: "rows, by effect" }),
  items: z.array(row),
});
const exampleRow = { line: 2, participant: "peer3", period: "2016-08-01T00:30:00Z", reason: null };
const example: z.infer<typeof answer> = {
  preview: true,
  counts: { new: 0, same: 0, replaces: 0, "replaces-estimate": 1, corrects: 0, "corrects-billed": 0, refused: 0 },
  items: [
    {
      ...{ ...exampleRow, effect: "replaces-estimate" },
      before: { importKwh: 0.3, exportKwh: 0, generationKwh: 0, quality: "estimated" },
    },
  ],
};
const exampleFile =
  "participant,period,importKwh,exportKwh,generationKwh,quality\npeer3,2016-08-01T00:30:00Z,0.312,0,0.1,actual\n";

export function operatorReadingRoutes(app: RestApp, services: Pick<RestServices, "inside" | "books">): void {
  void app.register(async (scope) => {
    const bodyLimit = longestFileBytes;
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("text/csv", { parseAs: "string", bodyLimit }, (_request, body, done) =>
      done(null, body),
    );
    fileRoute(scope as RestApp, services);
  });
}

function fileRoute(app: RestApp, { inside, books }: Pick<RestServices, "inside" | "books">): void {
  /** One file after the other: what a row replaces is read before it is sent. */
  let turn: Promise<unknown> = Promise.resolve();
  app.post(
    "/operator/readings",
    {
      bodyLimit: longestFileBytes,
      config: { access: "operator" },
      schema: {
        ...about({
          ...{ tag: "operator", access: "operator", takesBody: true, problems: ["bad-message"] },
          summary: "A file of meter readings, or with preview=true what it would change",
          description: `CSV, at most ${mostRows} rows: \`participant,period,importKwh,exportKwh[,generationKwh,quality]\`. The operator's readings outrank a meter's and a participant's, and his later word his earlier one, up to the correction limit. The same file twice changes nothing; a row that is refused leaves the others alone.`,
          answers: { 200: { description: "row by row what changes, or has changed", schema: answer, example } },
        }),
        consumes: ["text/csv"],
        querystring: z.strictObject({ preview: z.enum(["true", "false"]).default("false") }),
        body: z.string().meta({ description: "the file", examples: [exampleFile] }),
      },
    },
    async (request) => {
      const rows = rowsOf(request.body);
      const preview = request.query.preview === "true";
      const { door, registry } = inside();
      const plan = (): PlannedRow[] =>
        planImport(rows, { ...books.market(), readings: books.readings, account: registry.account });
      if (preview) return answerOf(plan(), preview);
      const done = turn.then(() => sendReadings(plan(), (command) => door.send("operator", "meter", command)));
      turn = done.catch(() => {}); // whoever sent that file hears of it
      return answerOf(await done, preview);
    },
  );
}

function rowsOf(text: string) {
  try {
    return readingRows("the file", text);
  } catch (error) {
    if (error instanceof InputError) throw new ProblemError("bad-message", error.message);
    throw error;
  }
}

function answerOf(rows: readonly PlannedRow[], preview: boolean): z.infer<typeof answer> {
  const counts = Object.fromEntries(rowEffects.map((effect) => [effect, 0])) as z.infer<typeof answer>["counts"];
  for (const { effect } of rows) counts[effect] += 1;
  const items = rows.map(({ line, participant, period, effect, before, reason = null }) => ({
    ...{ line, participant, period, effect, reason },
    before: before === undefined ? null : valuesOf(before),
  }));
  return { preview, counts, items };
}

function valuesOf({ reading }: StandingReading): z.infer<typeof values> {
  const { importWh, exportWh, generationWh, quality } = reading;
  return {
    ...{ importKwh: kwhFromWh(importWh), exportKwh: kwhFromWh(exportWh), generationKwh: kwhFromWh(generationWh) },
    quality,
  };
}
