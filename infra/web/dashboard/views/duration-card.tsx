/** The price duration curve: how much of the time, or of the energy, had at least which price; other mechanisms beside it. */
import { computed, signal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { Card, Empty } from "../../page/components/card.js";
import { Choice } from "../../page/components/choice.js";
import { ExportButtons } from "../../page/components/export-buttons.js";
import type { Sheet } from "../../page/csv.js";
import { number } from "../../page/formats.js";
import { useWidth } from "../../page/use-width.js";
import { durationCurve } from "../model/duration-curve.js";
import { history } from "../model/histories.js";
import { about, currency } from "../model/market.js";
import { shadows } from "../model/shadows.js";
import { DurationDrawing, type NamedCurve } from "./duration-drawing.js";

const weights = [
  { value: "period", label: "by time" },
  { value: "energy", label: "by energy" },
] as const;
const weight = signal<(typeof weights)[number]["value"]>("period");

const curves = computed((): readonly NamedCurve[] => {
  const own = history.price.value.map((row) => ({
    pricePerKwh: row.pricePerKwh ?? null,
    volumeKwh: row.volumeKwh ?? null,
  }));
  const others = (shadows.value?.mechanisms ?? []).filter(
    ({ effective, mechanism }) => !effective && mechanism !== "none",
  );
  return [
    { name: "this market", steps: durationCurve(own, weight.value) },
    ...others.map(({ mechanism }) => {
      const rows = shadows.value?.rows.filter((row) => row.mechanism === mechanism) ?? [];
      return { name: mechanism, steps: durationCurve(rows, weight.value) };
    }),
  ].filter(({ steps }) => steps.length > 0);
});

export function DurationCard() {
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place, 600);
  const all = curves.value;
  const [first] = all;
  return (
    <Card
      title="Price duration curve"
      tools={
        <>
          <Choice
            label="What is counted"
            options={weights}
            value={weight.value}
            onChoose={(value) => (weight.value = value)}
          />
          <ExportButtons what="the price duration curve" sheet={() => sheetOf(all)} drawing={() => place.current} />
        </>
      }
    >
      <div ref={place} class="duration-place">
        {first === undefined ? (
          <Empty title="No price yet">The curve begins with the first period in which something is traded.</Empty>
        ) : (
          <DurationDrawing
            {...{ curves: all, width, height: 330, currency: currency.value, label: sentence(first) }}
            counted={weight.value === "period" ? "% of the periods with trades" : "% of the energy traded"}
          />
        )}
      </div>
    </Card>
  );
}

function sentence({ steps }: NamedCurve): string {
  const half = steps.find(({ to }) => to >= 0.5);
  const ends = [steps[0], half, steps.at(-1)].map((step) => number(step?.pricePerKwh, 4));
  return `Price duration curve: at most ${ends[0]}, in the middle ${ends[1]}, at least ${ends[2]} ${currency.value} per kWh`;
}

function sheetOf(all: readonly NamedCurve[]): Sheet {
  return {
    name: `elecbay-${about.market}-price-duration`,
    columns: ["mechanism", "fromShare", "toShare", "pricePerKwh"],
    rows: all.flatMap(({ name, steps }) => steps.map(({ from, to, pricePerKwh }) => [name, from, to, pricePerKwh])),
  };
}
