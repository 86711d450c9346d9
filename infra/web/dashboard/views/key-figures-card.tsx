/** All key figures of the run, in groups. */
import { Amount } from "../../page/components/amount.js";
import { Card, Empty } from "../../page/components/card.js";
import { ExportButtons } from "../../page/components/export-buttons.js";
import type { Sheet } from "../../page/csv.js";
import { type FigureGroup, keyFigures } from "../model/key-figures.js";
import { about, currency, kpi } from "../model/market.js";

export function KeyFiguresCard() {
  const sums = kpi.value;
  const groups = sums === undefined ? [] : keyFigures(sums, currency.value);
  return (
    <Card
      title="Key figures since the run began"
      tools={<ExportButtons what="key figures" sheet={() => sheetOf(groups)} />}
    >
      {sums === undefined ? (
        <Empty title="Nothing is settled yet">Key figures come with the first settled period.</Empty>
      ) : (
        <div class="figure-groups">
          {groups.map(({ title, figures }) => (
            <section key={title} aria-label={title}>
              <h3>{title}</h3>
              <dl class="figure-list">
                {figures.map(({ field, name, meaning, amount }) => (
                  <div key={field}>
                    <dt>
                      {name}
                      <span class="small soft">{meaning}</span>
                    </dt>
                    <dd>
                      <Amount {...amount} />
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </div>
      )}
    </Card>
  );
}

function sheetOf(groups: readonly FigureGroup[]): Sheet {
  return {
    name: `elecbay-${about.market}-key-figures`,
    columns: ["group", "figure", "value", "unit"],
    rows: groups.flatMap(({ title, figures }) =>
      figures.map(({ field, amount: { unit } }) => [title, field, kpi.peek()?.[field] as number, unit]),
    ),
  };
}
