/** Voltages and loadings as a DSO publishes them for everybody. */
import { useRef } from "preact/hooks";
import type { Network } from "../../../../shared/messages/public.js";
import { isoUtc } from "../../../../shared/time.js";
import { Card, Empty } from "../../page/components/card.js";
import type { ChartColumn } from "../../page/components/chart-data.js";
import { ExportButtons } from "../../page/components/export-buttons.js";
import { TimeChart } from "../../page/components/time-chart.js";
import { number } from "../../page/formats.js";
import { history, periodMs } from "../model/histories.js";
import { about, timezone, told } from "../model/market.js";

const fields = ["voltageMinPu", "voltageMaxPu", "loadingMaxPercent", "lossesKw", "cutKwh"] as const;
const columns: readonly ChartColumn[] = [
  {
    ...{ field: "voltageMaxPu", label: "Highest voltage", unit: "p.u.", places: 3 },
    ...{ colour: "--price", form: "line", scale: "voltage" },
  },
  {
    ...{ field: "voltageMinPu", label: "Lowest voltage", unit: "p.u.", places: 3 },
    ...{ colour: "--load", form: "line", scale: "voltage", dashed: true },
  },
  {
    ...{ field: "loadingMaxPercent", label: "Highest loading", unit: "%", places: 0 },
    ...{ colour: "--generation", form: "bars", scale: "loading" },
  },
];

export function LoadingCard() {
  const place = useRef<HTMLDivElement>(null);
  const rows = history.network.value;
  const now = told<Network>("public/network").value;
  return (
    <Card
      title="Voltages and loadings"
      tools={
        rows.length > 0 && (
          <ExportButtons
            what="voltages and loadings"
            drawing={() => place.current}
            sheet={() => ({
              name: `elecbay-${about.market}-network`,
              columns: ["period", ...fields],
              rows: rows.map((row) => [isoUtc(row.atMs), ...fields.map((field) => row[field] ?? null)]),
            })}
          />
        )
      }
    >
      {now === undefined ? (
        <Empty title="No network operator publishes here">
          A DSO that takes part under the role dso tells voltages, loadings, losses and cuts on public/network.
        </Empty>
      ) : (
        <>
          <dl class="facts">
            <div>
              <dt>Voltage</dt>
              <dd>
                {number(now.voltageMinPu, 3)} to {number(now.voltageMaxPu, 3)} p.u.
              </dd>
            </div>
            <div>
              <dt>Highest loading</dt>
              <dd>{number(now.loadingMaxPercent, 0)} %</dd>
            </div>
            <div>
              <dt>Losses</dt>
              <dd>{number(now.lossesKw, 2)} kW</dd>
            </div>
            <div>
              <dt>Cut</dt>
              <dd>{number(now.cutKwh, 3)} kWh</dd>
            </div>
          </dl>
          <div ref={place}>
            <TimeChart
              label="Voltages and loadings"
              {...{ rows, columns, height: 240, stepMs: periodMs.value, timezone: timezone.value }}
            />
          </div>
        </>
      )}
    </Card>
  );
}
