/** Mechanisms side by side: the one that counts, and what others would have made of the same bids. */
import type { ShadowFigures, ShadowsTold } from "../../../../shared/shadow-figures.js";
import { Card, Empty } from "../../page/components/card.js";
import { ColumnHeads } from "../../page/components/column-heads.js";
import { ExportButtons } from "../../page/components/export-buttons.js";
import { ScrollArea } from "../../page/components/scroll-area.js";
import type { Sheet } from "../../page/csv.js";
import { number, time } from "../../page/formats.js";
import { about, currency, timeline, timezone } from "../model/market.js";
import { shadows } from "../model/shadows.js";

export function ShadowsCard() {
  const told = shadows.value;
  return (
    <Card
      title="Mechanisms side by side"
      tools={
        told !== undefined &&
        told.mechanisms.length > 0 && <ExportButtons what="mechanisms" sheet={() => sheetOf(told)} />
      }
    >
      {told === undefined ? <Empty title="Asking the server …" /> : <Told told={told} />}
    </Card>
  );
}

function Told({ told }: { readonly told: ShadowsTold }) {
  if (told.mechanisms.length === 0) {
    return (
      <Empty title="No shadow mechanisms run">
        Start the market with <code>--shadow pay-as-bid,mcafee</code>, or name them under <code>shadow</code> in the
        scenario.
      </Empty>
    );
  }
  if (told.since === null) {
    return (
      <Empty title="No period is billed yet">
        Mechanisms are compared on periods whose bills are out: with the usual bill date a day after delivery.
      </Empty>
    );
  }
  const most = Math.max(...told.mechanisms.map(({ savings }) => savings), 0);
  return (
    <>
      <p class="small soft">
        {told.periods} periods since {time(Date.parse(told.since), "day-time", timezone.value)}; bids as they were, not
        made anew for each mechanism.{timeline.paused.value === undefined ? "" : " These figures are those of now."}
      </p>
      <ScrollArea label="Mechanisms">
        <table class="mechanisms">
          <ColumnHeads
            columns={[
              "Mechanism",
              { number: "Mean price" },
              { number: "Traded" },
              { number: "Trades" },
              { number: "Welfare" },
              { number: "All paid" },
              "Saved",
              { number: "Gini" },
            ]}
          />
          <tbody>
            {told.mechanisms.map((each) => (
              <MechanismLine key={each.mechanism} figures={each} most={most} />
            ))}
          </tbody>
        </table>
      </ScrollArea>
    </>
  );
}

function MechanismLine({ figures, most }: { readonly figures: ShadowFigures; readonly most: number }) {
  const { mechanism, effective, failed, savings } = figures;
  const unit = currency.value;
  const share = most <= 0 ? 0 : Math.max(0, savings / most);
  const cell = (value: number | null, places: number, of: string) => (
    <td class="number">
      {number(value, places)} {value !== null && <span class="unit">{of}</span>}
    </td>
  );
  return (
    <tr class={effective ? "chosen" : undefined}>
      <th scope="row">
        {mechanism} {effective && <span class="tag">counts</span>}
        {failed !== null && <span class="small soft failed">given up: {failed}</span>}
      </th>
      {cell(figures.meanPricePerKwh, 4, `${unit}/kWh`)}
      {cell(figures.volumeKwh, 2, "kWh")}
      {cell(figures.trades, 0, "")}
      {cell(figures.welfare, 2, unit)}
      {cell(figures.cost, 2, unit)}
      <td>
        <div class="saving">
          <span class="track">
            <span class="fill of-local" style={{ width: `${(share * 100).toFixed(1)}%` }} />
          </span>
          <span class="number">
            {number(savings, 2)} <span class="unit">{unit}</span>
          </span>
        </div>
      </td>
      {cell(figures.gini, 3, "")}
    </tr>
  );
}

function sheetOf({ mechanisms }: ShadowsTold): Sheet {
  return {
    name: `elecbay-${about.market}-mechanisms`,
    columns: [
      "mechanism",
      "counts",
      "meanPricePerKwh",
      "volumeKwh",
      "trades",
      "welfare",
      "cost",
      "savings",
      "gini",
      "jain",
    ],
    rows: mechanisms.map((each) => [
      ...[each.mechanism, each.effective ? "yes" : "no", each.meanPricePerKwh, each.volumeKwh, each.trades],
      ...[each.welfare, each.cost, each.savings, each.gini, each.jain],
    ]),
  };
}
