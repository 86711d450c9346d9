/** The periods that are open for bidding: how much is asked and offered, and what each would clear at if its gate closed now. */
import type { BookTop } from "../../../../shared/messages/public.js";
import { periodTopicLevel } from "../../../../shared/time.js";
import { Card, Empty } from "../../page/components/card.js";
import { ColumnHeads } from "../../page/components/column-heads.js";
import { ExportButtons } from "../../page/components/export-buttons.js";
import { ScrollArea } from "../../page/components/scroll-area.js";
import type { Sheet } from "../../page/csv.js";
import { number, time } from "../../page/formats.js";
import { choosePeriod, chosenPeriod } from "../model/chosen-period.js";
import type { LivePeriod } from "../model/live-periods.js";
import { about, currency, timezone, told } from "../model/market.js";
import { biddingPeriods } from "../model/trading.js";

const bookOf = ({ startMs }: LivePeriod) => told<BookTop>(`public/book/${periodTopicLevel(startMs)}`).value;

export function OpenPeriodsCard() {
  const open = biddingPeriods.value;
  return (
    <Card title="Open for bidding" tools={<ExportButtons what="the open periods" sheet={() => sheetOf(open)} />}>
      {open.length === 0 ? (
        <Empty title="No period is open for bidding">The market opens the next one by itself.</Empty>
      ) : (
        <>
          <ScrollArea className="tight picks open-periods" label="Open for bidding">
            <table>
              <ColumnHeads
                columns={[
                  "Period",
                  { number: "Orders" },
                  { number: "Items" },
                  { number: "Best bid" },
                  { number: "Best ask" },
                  { number: "Clears at" },
                  { number: "For", unit: "kWh" },
                ]}
              />
              <tbody>
                {open.map((period) => (
                  <OpenRow key={period.period} open={period} />
                ))}
              </tbody>
            </table>
          </ScrollArea>
          <p class="small soft">
            Prices in {currency.value}/kWh. What it clears at is what it would if its gate closed now.
          </p>
        </>
      )}
    </Card>
  );
}

function OpenRow({ open }: { readonly open: LivePeriod }) {
  const book = bookOf(open);
  return (
    <tr class={chosenPeriod.value === open.period ? "chosen" : ""}>
      <td>
        <button
          type="button"
          class="plain small"
          aria-pressed={chosenPeriod.value === open.period}
          onClick={() => choosePeriod(open.period)}
        >
          {time(open.startMs, "day-time", timezone.value)}
        </button>
      </td>
      <td class="number">{open.orderCount}</td>
      <td class="number">{open.itemCount}</td>
      <td class="number">{number(book?.bestBidPerKwh, 4)}</td>
      <td class="number">{number(book?.bestAskPerKwh, 4)}</td>
      <td class="number">
        <strong>{number(book?.indicativePerKwh, 4)}</strong>
      </td>
      <td class="number">{number(book?.indicativeKwh, 3)}</td>
    </tr>
  );
}

function sheetOf(open: readonly LivePeriod[]): Sheet {
  return {
    name: `elecbay-${about.market}-open-periods`,
    columns: ["period", "orders", "items", "bestBidPerKwh", "bestAskPerKwh", "indicativePerKwh", "indicativeKwh"],
    rows: open.map((one) => {
      const book = bookOf(one);
      return [
        ...[one.period, one.orderCount, one.itemCount, book?.bestBidPerKwh],
        ...[book?.bestAskPerKwh, book?.indicativePerKwh, book?.indicativeKwh],
      ];
    }),
  };
}
