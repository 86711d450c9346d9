/**
 * One column of a CSV file as values of equal steps without gaps: the data as it is, before it meets the market's period.
 *
 * A series `repeats: day` holds one typical day by local clock time, its first step starting at 00:00; its instants count from 0.
 */
import type { IANAZone } from "luxon";
import { dayMs, isoUtc, minuteMs } from "../../shared/time.js";
import { type CsvTable, columnIndex, readTable, type TableCache } from "./csv-table.js";
import { filled, type Slot } from "./gaps.js";
import { InputError, type InputPlace } from "./input-error.js";
import { clockTimeMs, localFromIso } from "./local-stamp.js";
import { numberFromText } from "./number-text.js";
import type { Stepped } from "./resample.js";
import { clockFromText, instantsOf, type LocalStamp } from "./series-clock.js";
import type { SeriesReference } from "./series-reference.js";

export interface ColumnSource {
  readonly reference: SeriesReference;
  /** Resolved path of `reference.file`. */
  readonly file: string;
  /** The scenario's timezone. */
  readonly timezone: IANAZone;
  /** Where the scenario names the column. */
  readonly place: InputPlace;
  readonly cache: TableCache;
}

interface TimedCell {
  readonly line: number;
  readonly instantMs: number;
  readonly value: number | undefined;
}

/**
 * @param sign whether values below zero make sense
 * @throws InputError with file, line, column and what to do, for whatever is wrong with the file
 */
export function readColumn(source: ColumnSource, sign: "any" | "never-negative"): Stepped {
  const { reference, file } = source;
  const table = readTable(file, source.cache);
  const column = columnIndex(table, reference.column);
  const instants = reference.repeats === "day" ? dayInstants(table, reference) : dataInstants(table, source);
  const place = { file, column: reference.column };
  const cells = table.rows.map((row, index) => ({
    line: row.line,
    instantMs: instants[index] ?? 0,
    value: numberIn(row.cells[column] ?? "", sign, { ...place, line: row.line }),
  }));
  const slots = slotsOf(cells, reference, place);
  return {
    fromMs: cells[0]?.instantMs ?? 0,
    stepMinutes: reference.stepMinutes,
    values: filled(slots, reference.gaps, place).map((value) => value * reference.scale),
  };
}

function stampsOf(
  table: CsvTable,
  reference: SeriesReference,
  read: (text: string) => number | undefined,
  wanted: string,
): LocalStamp[] {
  const name = reference.timeColumn ?? table.columns[0] ?? "";
  const column = columnIndex(table, name);
  return table.rows.map((row) => {
    const text = row.cells[column] ?? "";
    const localMs = read(text);
    if (localMs === undefined) {
      throw new InputError(
        { file: table.file, line: row.line, column: name },
        `"${text}" is no ${wanted}; mend it, or name the column of the time stamps with timeColumn`,
      );
    }
    return { line: row.line, localMs };
  });
}

function dataInstants(table: CsvTable, source: ColumnSource): number[] {
  const { reference } = source;
  const stamps = stampsOf(table, reference, localFromIso, "date and time like 2016-08-01T00:30 that exists");
  const clock = clockFromText(reference.clock);
  const place = { file: table.file, column: reference.timeColumn ?? table.columns[0] };
  if (clock === undefined) throw new InputError(place, `${reference.clock} is no clock`);
  const instants = instantsOf(stamps, clock, reference.stepMinutes, source.timezone, place);
  const backMs = reference.stamps === "end" ? reference.stepMinutes * minuteMs : 0;
  return instants.map((instantMs) => instantMs - backMs);
}

/** Starts of a typical day's steps since its midnight: the rows must be the whole day, in order. */
function dayInstants(table: CsvTable, reference: SeriesReference): number[] {
  const stamps = stampsOf(table, reference, clockTimeMs, "clock time like 00:30");
  const stepMs = reference.stepMinutes * minuteMs;
  const place = { file: table.file, column: reference.timeColumn ?? table.columns[0] };
  const shiftMs = reference.stamps === "end" ? stepMs : 0;
  stamps.forEach(({ line, localMs }, index) => {
    const expectedMs = (index * stepMs + shiftMs) % dayMs;
    if (localMs % dayMs !== expectedMs || index * stepMs >= dayMs) {
      throw new InputError(
        { ...place, line },
        `a typical day has one row per ${reference.stepMinutes} minutes, its first step starting at 00:00; ` +
          `here ${clockName(expectedMs)} was expected; check stepMinutes and stamps (start or end)`,
      );
    }
  });
  if (stamps.length * stepMs !== dayMs) {
    throw new InputError(
      { ...place, line: stamps.at(-1)?.line },
      `a typical day of steps of ${reference.stepMinutes} minutes has ${dayMs / stepMs} rows, here are ${stamps.length}`,
    );
  }
  return stamps.map((_, index) => index * stepMs);
}

const clockName = (sinceMidnightMs: number): string => isoUtc(sinceMidnightMs).slice(11, 16);

/** Every step from the first row to the last, with the value of its row where there is one. */
function slotsOf(cells: readonly TimedCell[], reference: SeriesReference, place: InputPlace): Slot[] {
  const stepMs = reference.stepMinutes * minuteMs;
  const slots: Slot[] = [];
  let nextMs = cells[0]?.instantMs ?? 0;
  for (const { line, instantMs, value } of cells) {
    if ((instantMs - nextMs) % stepMs !== 0 || instantMs < nextMs) {
      throw new InputError(
        { ...place, line },
        `${isoUtc(instantMs)} does not lie on steps of ${reference.stepMinutes} minutes from the row before; check stepMinutes and clock`,
      );
    }
    // A stray date far ahead would otherwise fill the memory with gaps.
    if ((instantMs - nextMs) / stepMs > 100_000) {
      throw new InputError({ ...place, line }, `${isoUtc(instantMs)} is more than 100000 steps after the row before`);
    }
    for (; nextMs < instantMs; nextMs += stepMs) slots.push({ line, name: isoUtc(nextMs), value: undefined });
    slots.push({ line, name: reference.repeats === "day" ? clockName(instantMs) : isoUtc(instantMs), value });
    nextMs += stepMs;
  }
  return slots;
}

function numberIn(text: string, sign: "any" | "never-negative", place: InputPlace): number | undefined {
  if (text === "") return undefined;
  const value = numberFromText(text);
  if (value === undefined) {
    throw new InputError(
      place,
      `"${text}" is no number; write 1.25, and leave the cell empty where the value is missing`,
    );
  }
  if (value < 0 && sign === "never-negative") {
    throw new InputError(
      place,
      `${text} is negative; consumption, generation and sunlight never are: give each a column of its own`,
    );
  }
  return value;
}
