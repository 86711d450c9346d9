/** Where the energy of a period or a day came from, and where it went. */
import "./flow.css";
import { useRef } from "preact/hooks";
import { isoUtc } from "../../../../shared/time.js";
import { Card, Empty } from "../../page/components/card.js";
import { Choice } from "../../page/components/choice.js";
import { ExportButtons } from "../../page/components/export-buttons.js";
import type { Sheet } from "../../page/csv.js";
import { energy, time, withUnit } from "../../page/formats.js";
import { useWidth } from "../../page/use-width.js";
import { chosenPeriod } from "../model/chosen-period.js";
import { flowPeriod, flowSpan, meteredPeriods, type ShownFlow, shownFlow } from "../model/flow-choice.js";
import { totalOf } from "../model/flows.js";
import { about, seesAll, timezone } from "../model/market.js";
import { FlowDrawing, nodeNames } from "./flow-drawing.js";
import { PeriodChoice } from "./period-choice.js";

const spans = [
  { value: "period", label: "Period" },
  { value: "day", label: "Day" },
] as const;

export function FlowView() {
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place, 900);
  const flow = shownFlow.value;
  return (
    <Card
      title="Energy flow"
      tools={
        <>
          <Choice
            label="Of how long a time"
            options={spans}
            value={flowSpan.value}
            onChoose={(value) => (flowSpan.value = value)}
          />
          <PeriodChoice
            periods={meteredPeriods.value}
            shown={flowPeriod.value}
            onChoose={(period) => (chosenPeriod.value = period)}
          />
          {flow !== undefined && (
            <ExportButtons what="the energy flow" sheet={() => sheetOf(flow)} drawing={() => place.current} />
          )}
        </>
      }
    >
      <div ref={place} class="flow-place">
        {flow === undefined ? (
          <Empty title="No period is metered yet">
            The flow of a period appears when its meters have been read, an hour after its end.
          </Empty>
        ) : flow.links.length === 0 ? (
          <Empty title="Nothing flowed in this time">Choose another period.</Empty>
        ) : (
          <>
            <p class="small soft">{caption(flow)}</p>
            <FlowDrawing links={flow.links} width={width} height={width < 560 ? 460 : 430} label={sentence(flow)} />
          </>
        )}
      </div>
    </Card>
  );
}

function caption({ fromMs, toMs, periods, knowsBatteries }: ShownFlow): string {
  const zone = timezone.value;
  const when =
    flowSpan.value === "day"
      ? `${time(fromMs, "day", zone)}, ${periods} metered periods`
      : `${time(fromMs, "day-time", zone)} to ${time(toMs, "time", zone)}`;
  if (knowsBatteries) return `${when}.`;
  const why = seesAll.value ? "None was heard of batteries" : "What batteries do is for the operator to see";
  return `${when}. ${why}: charging counts as load, discharging takes from it.`;
}

function sentence({ links }: ShownFlow): string {
  const from = ["generation", "battery-out", "supplier"] as const;
  const to = ["load", "battery-in", "export"] as const;
  const named = (nodes: readonly (typeof from | typeof to)[number][]) =>
    nodes
      .map((node) => [node, totalOf(links, node)] as const)
      .filter(([, total]) => total > 0)
      .map(([node, total]) => `${nodeNames[node]} ${withUnit(energy(total))}`)
      .join(", ");
  const traded = withUnit(energy(totalOf(links, "neighbours")));
  return `Energy flow: from ${named(from)}; to ${named(to)}; traded between neighbours ${traded}`;
}

function sheetOf({ fromMs, links }: ShownFlow): Sheet {
  return {
    name: `elecbay-${about.market}-flow-${isoUtc(fromMs).replaceAll(":", "")}`,
    columns: ["from", "to", "energyKwh"],
    rows: links.map(({ source, target, energyKwh }) => [source, target, Math.round(energyKwh * 1000) / 1000]),
  };
}
