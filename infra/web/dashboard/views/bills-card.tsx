/** Bills of one participant, day by day beside what its supplier alone would have billed, and the newest ones line by line. */
import { useRef } from "preact/hooks";
import type { Bill } from "../../../../shared/messages/private.js";
import { Card, Empty } from "../../page/components/card.js";
import { ColumnHeads } from "../../page/components/column-heads.js";
import { ExportButtons } from "../../page/components/export-buttons.js";
import { ScrollArea } from "../../page/components/scroll-area.js";
import type { Sheet } from "../../page/csv.js";
import { number, time } from "../../page/formats.js";
import { about, currency, timezone } from "../model/market.js";
import { type DaySum, type MonthSum, monthsOf } from "../model/one-participant.js";
import { DayBars } from "./day-bars.js";

/** Further back the CSV, and `GET /bills`, go on. */
const mostShown = 12;
const mostDays = 14;

export interface BillsCardProps {
  readonly id: string;
  /** Newest first. */
  readonly bills: readonly Bill[];
}

export function BillsCard({ id, bills }: BillsCardProps) {
  const place = useRef<HTMLDivElement>(null);
  const months = monthsOf(id);
  const days = (months ?? []).flatMap((month) => month.days);
  return (
    <Card
      title="Bills"
      tools={<ExportButtons what="bills" sheet={() => sheetOf(id, bills)} drawing={() => place.current} />}
    >
      <div ref={place}>{days.length > 0 && <Compared months={months ?? []} days={days.slice(-mostDays)} />}</div>
      {bills.length === 0 ? (
        <Empty title="No bill yet">Bills go out on the bill date, most often a day after delivery.</Empty>
      ) : (
        <ScrollArea className="bills" label="Newest bills">
          <table>
            <ColumnHeads
              columns={["Period", { number: "Contract" }, { number: "Metered" }, "Lines", { number: "Total" }]}
            />
            <tbody>
              {bills.slice(0, mostShown).map((bill) => (
                <BillLine key={bill.billId} bill={bill} />
              ))}
            </tbody>
          </table>
        </ScrollArea>
      )}
    </Card>
  );
}

function Compared({ months, days }: { readonly months: readonly MonthSum[]; readonly days: readonly DaySum[] }) {
  const unit = currency.value;
  const sum = (of: (month: MonthSum) => number) => months.reduce((total, month) => total + of(month), 0);
  const saved = sum(({ exact, supplierAlone }) => exact - supplierAlone);
  return (
    <>
      <p>
        Billed so far <Billed amount={sum(({ exact }) => exact)} unit={unit} />; the supplier alone would have billed{" "}
        <Billed amount={sum(({ supplierAlone }) => supplierAlone)} unit={unit} />:{" "}
        <strong class={saved < 0 ? "lost" : "gained"}>
          {number(Math.abs(saved), 2)} {unit} {saved < 0 ? "lost" : "saved"}
        </strong>
        .
      </p>
      <DayBars days={days} currency={unit} />
    </>
  );
}

/** `amount`: above 0 it was earned. */
function Billed({ amount, unit }: { readonly amount: number; readonly unit: string }) {
  const isEarned = amount > 0.005;
  return (
    <>
      <strong>{number(Math.abs(amount), 2)}</strong> {unit}
      {isEarned && " (earned)"}
    </>
  );
}

function BillLine({ bill }: { readonly bill: Bill }) {
  const { period, contractedKwh, meteredKwh, lines, total } = bill;
  const kinds = lines.map(({ kind, name, amount }) => `${name ?? kind} ${number(amount, 4)}`);
  return (
    <tr>
      <th scope="row">{time(Date.parse(period), "day-time", timezone.value)}</th>
      <td class="number">{number(contractedKwh, 3)} kWh</td>
      <td class="number">{number(meteredKwh, 3)} kWh</td>
      <td class="small">{kinds.join(", ")}</td>
      <td class="number">
        <strong>{number(total, 4)}</strong> <span class="unit">{currency.value}</span>
      </td>
    </tr>
  );
}

function sheetOf(id: string, bills: readonly Bill[]): Sheet {
  return {
    name: `elecbay-${about.market}-${id}-bills`,
    columns: ["period", "billId", "contractedKwh", "meteredKwh", "kind", "name", "energyKwh", "pricePerKwh", "amount"],
    rows: bills.flatMap(({ period, billId, contractedKwh, meteredKwh, lines }) =>
      lines.map(({ kind, name, energyKwh, pricePerKwh, amount }) => [
        ...[period, billId, contractedKwh, meteredKwh, kind, name, energyKwh, pricePerKwh, amount],
      ]),
    ),
  };
}
