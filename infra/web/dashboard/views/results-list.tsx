/** Results of the last periods as a table; picking one shows its merit order. */
import { signal } from "@preact/signals";
import { isoUtc } from "../../../../shared/time.js";
import { Card, Empty } from "../../page/components/card.js";
import { ColumnHeads } from "../../page/components/column-heads.js";
import { ExportButtons } from "../../page/components/export-buttons.js";
import { ScrollArea } from "../../page/components/scroll-area.js";
import type { Sheet } from "../../page/csv.js";
import { number, time } from "../../page/formats.js";
import { chosenPeriod } from "../model/chosen-period.js";
import { history } from "../model/histories.js";
import { about, currency, timezone } from "../model/market.js";
import { resultsPeriod } from "../model/past-results.js";
import type { Row } from "../model/series.js";

const shownAtFirst = 48;
const shownCount = signal(shownAtFirst);

const columns = [
  { field: "pricePerKwh", name: "Price", places: 4 },
  { field: "volumeKwh", name: "Traded", places: 2 },
  { field: "tradeCount", name: "Trades", places: 0 },
  { field: "offeredKwh", name: "Offered", places: 2 },
  { field: "wantedKwh", name: "Wanted", places: 2 },
] as const;

export function ResultsList() {
  const rows = history.price.value.toReversed();
  const shown = rows.slice(0, shownCount.value);
  return (
    <Card title="Results" tools={<ExportButtons what="all results" sheet={() => sheetOf(rows)} />}>
      {rows.length === 0 ? (
        <Empty title="No gate has closed yet">A row is added with every gate.</Empty>
      ) : (
        <ScrollArea className="results-list picks" label="Results by period">
          <table>
            <ColumnHeads
              columns={["Period", ...columns.map(({ field, name }) => ({ number: name, unit: unitOf(field) }))]}
            />
            <tbody>
              {shown.map((row) => (
                <ResultRow key={row.atMs} row={row} />
              ))}
            </tbody>
          </table>
          {shown.length < rows.length && (
            <button type="button" class="small" onClick={() => (shownCount.value += shownAtFirst)}>
              Show {Math.min(shownAtFirst, rows.length - shown.length)} more
            </button>
          )}
        </ScrollArea>
      )}
    </Card>
  );
}

function unitOf(field: string): string {
  if (field === "pricePerKwh") return `${currency.value}/kWh`;
  return field === "tradeCount" ? "\u00a0" : "kWh";
}

function ResultRow({ row }: { readonly row: Row }) {
  const period = isoUtc(row.atMs);
  const isShown = resultsPeriod.value === period;
  return (
    <tr class={isShown ? "chosen" : ""}>
      <td>
        <button type="button" class="plain small" aria-pressed={isShown} onClick={() => (chosenPeriod.value = period)}>
          {time(row.atMs, "day-time", timezone.value)}
        </button>
      </td>
      {columns.map(({ field, places }) => (
        <td key={field} class="number">
          {field === "pricePerKwh" && row[field] === null ? (
            <span class="soft">no trade</span>
          ) : (
            number(row[field], places)
          )}
        </td>
      ))}
    </tr>
  );
}

function sheetOf(rows: readonly Row[]): Sheet {
  return {
    name: `elecbay-${about.market}-results`,
    columns: ["period", ...columns.map(({ field }) => field)],
    rows: rows.map((row) => [isoUtc(row.atMs), ...columns.map(({ field }) => row[field])]),
  };
}
