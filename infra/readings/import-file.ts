/**
 * A file of readings brought to a running market over REST: read here, so that a wrong row is told by its line, and sent in parts, one after
 * the other, so that a file may be of any length and somebody sees how far it is.
 */
import { setTimeout as wait } from "node:timers/promises";
import * as z from "zod";
import { kwhFromWh } from "../../shared/decimal.js";
import { isoUtc } from "../../shared/time.js";
import { type ReadingRow, readingRows } from "./reading-rows.js";
import { type RowEffect, rowEffects } from "./row-effects.js";

const answer = z.object({
  items: z.array(z.looseObject({ effect: z.enum(rowEffects), reason: z.string().nullable() })),
});
const problem = z.looseObject({ detail: z.string() });

/** As REST tells a row, its line that of the whole file. */
export interface ImportedRow {
  readonly line: number;
  readonly participant: string;
  readonly period: string;
  readonly effect: RowEffect;
  readonly reason: string | null;
}

export interface Imported {
  readonly preview: boolean;
  readonly counts: Readonly<Record<RowEffect, number>>;
  /** In the order of the file. */
  readonly items: readonly ImportedRow[];
}

export interface ImportFileOptions {
  /** Of the file, for whoever reads what is wrong with it. */
  readonly name: string;
  readonly text: string;
  /** Of the market's REST API. */
  readonly url: string;
  /** The operator's. */
  readonly key: string;
  readonly preview: boolean;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly onProgress?: (done: number, of: number) => void;
  readonly rowsOfPart?: number;
}

/** Some seconds of a busy market, and far less than it takes at once. */
const usualRowsOfPart = 500;
const mostTries = 5;

/** @throws InputError where it is no such file, Error where the market is not there or the key is not its operator's */
export async function importFile(options: ImportFileOptions): Promise<Imported> {
  const { name, text, preview, onProgress, rowsOfPart = usualRowsOfPart } = options;
  const rows = readingRows(name, text, Number.MAX_SAFE_INTEGER);
  const items: ImportedRow[] = [];
  for (let from = 0; from < rows.length; from += rowsOfPart) {
    const part = rows.slice(from, from + rowsOfPart);
    items.push(...(await imported(options, part)));
    onProgress?.(items.length, rows.length);
  }
  const counts = Object.fromEntries(rowEffects.map((effect) => [effect, 0])) as Record<RowEffect, number>;
  for (const { effect } of items) counts[effect] += 1;
  return { preview, counts, items };
}

async function imported(options: ImportFileOptions, part: readonly ReadingRow[]): Promise<ImportedRow[]> {
  const sent = part.filter(({ wanted }) => wanted !== undefined);
  const answers = sent.length === 0 ? [] : await ask(options, sent);
  let next = 0;
  return part.map(({ line, participant, period, wanted, problem: wrong = "it is no reading" }) => {
    const row = { line, participant, period };
    if (wanted === undefined) return { ...row, effect: "refused", reason: wrong };
    const told = answers[next];
    next += 1;
    if (told === undefined) throw new Error("the market has answered with fewer rows than it was sent");
    return { ...told, ...row };
  });
}

async function ask({ url, key, preview, fetch: send }: ImportFileOptions, rows: readonly ReadingRow[]) {
  const address = `${url.replace(/\/$/, "")}/operator/readings${preview ? "?preview=true" : ""}`;
  const headers = { authorization: `Bearer ${key}`, "content-type": "text/csv" };
  for (let tries = 1; ; tries += 1) {
    const response = await send(address, { method: "POST", headers, body: csvOf(rows) }).catch((error: Error) => {
      const why = error.cause instanceof Error ? error.cause.message : error.message;
      throw new Error(`no market answers at ${url}: ${why}`);
    });
    const body: unknown = await response.json().catch(() => undefined);
    if (response.ok) return answer.parse(body).items;
    const why = problem.safeParse(body).data?.detail ?? `it answers with ${response.status}`;
    if (response.status !== 429 || tries >= mostTries) throw new Error(`${url} does not take the readings: ${why}`);
    await wait(1000 * Math.min(30, Number(response.headers.get("retry-after") ?? 1)));
  }
}

function csvOf(rows: readonly ReadingRow[]): string {
  const lines = rows.flatMap(({ wanted }) => {
    if (wanted === undefined) return [];
    const { participant, importWh, exportWh, generationWh, quality } = wanted.reading;
    const energies = [importWh, exportWh, generationWh].map(kwhFromWh);
    return [[participant, isoUtc(wanted.periodMs), ...energies, quality].join(",")];
  });
  return `participant,period,importKwh,exportKwh,generationKwh,quality\n${lines.join("\n")}\n`;
}
