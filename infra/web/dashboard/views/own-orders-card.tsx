/** One's open orders and items, to be changed, cancelled and withdrawn, and the last commands with their answers. */
import { signal } from "@preact/signals";
import { Card, Empty } from "../../page/components/card.js";
import { ColumnHeads } from "../../page/components/column-heads.js";
import { ExportButtons } from "../../page/components/export-buttons.js";
import type { Sheet } from "../../page/csv.js";
import { number, time } from "../../page/formats.js";
import type { SentCommand } from "../model/commands.js";
import { changeOf } from "../model/draft.js";
import { about, currency, timeline, timezone } from "../model/market.js";
import { refusalWords } from "../model/reject-words.js";
import { desk, ownOrders } from "../model/trading.js";
import { Answer } from "./answer.js";
import { Side } from "./item-list-card.js";
import { startDraft } from "./order-form.js";

const endedLast = signal<string | undefined>(undefined);

interface OwnRow {
  readonly id: string;
  readonly kind: "order" | "item";
  readonly period: string;
  readonly side: "buy" | "sell";
  readonly energyKwh: number;
  /** Of an item: ordered by others already. Of an order: traded already. */
  readonly takenKwh: number;
  readonly pricePerKwh: number;
  readonly change: (() => void) | undefined;
  readonly end: () => void;
}

export function OwnOrdersCard() {
  const rows = ownRows();
  return (
    <Card title="Your open orders and items" tools={<ExportButtons what="your orders" sheet={() => sheetOf(rows)} />}>
      <div class="own">
        <div>
          {rows.length === 0 ? (
            <Empty title="You have nothing open">What you place or list stands here until its gate closes.</Empty>
          ) : (
            <OwnTable rows={rows} />
          )}
          <Answer requestId={endedLast.value} name="ended" />
        </div>
        <CommandLog />
      </div>
    </Card>
  );
}

function ownRows(): OwnRow[] {
  const { items = [], orders = [] } = ownOrders.value ?? {};
  const ended = (name: "items" | "orders", command: object, words: string) => () => {
    endedLast.value = desk.send(name, command, words);
  };
  return [
    ...orders.map((order): OwnRow => {
      const { orderId, period, side, energyKwh, filledKwh = 0, pricePerKwh } = order;
      return {
        ...{ id: orderId, kind: "order", period, side, energyKwh, takenKwh: filledKwh, pricePerKwh },
        change: () => startDraft(changeOf(order), period),
        end: ended("orders", { action: "cancel", orderId }, `Cancellation of ${orderId}`),
      };
    }),
    ...items.map(
      ({ itemId, period, side, energyKwh, reservedKwh, pricePerKwh }): OwnRow => ({
        ...{ id: itemId, kind: "item", period, side, energyKwh, takenKwh: reservedKwh, pricePerKwh },
        change: undefined,
        end: ended("items", { action: "withdraw", itemId }, `Withdrawal of ${itemId}`),
      }),
    ),
  ].sort((left, right) => (left.period < right.period ? -1 : 1));
}

function OwnTable({ rows }: { readonly rows: readonly OwnRow[] }) {
  const isPast = timeline.paused.value !== undefined;
  return (
    <div class="table tight">
      <table>
        <ColumnHeads
          columns={[
            "Period",
            "What",
            "Side",
            { number: "Energy", unit: "kWh" },
            { number: "Taken", unit: "kWh" },
            { number: "Price", unit: `${currency.value}/kWh` },
            { unseen: "Change or end" },
          ]}
        />
        <tbody>
          {rows.map((row) => (
            <tr key={row.id} data-order={row.id}>
              <td>{time(Date.parse(row.period), "day-time", timezone.value)}</td>
              <td>
                {row.kind} <span class="soft">{row.id}</span>
              </td>
              <td>
                <Side side={row.side} />
              </td>
              <td class="number">{number(row.energyKwh, 3)}</td>
              <td class="number">{number(row.takenKwh, 3)}</td>
              <td class="number">{number(row.pricePerKwh, 4)}</td>
              <td class="number actions">
                {row.change !== undefined && (
                  <button type="button" class="small" disabled={isPast} onClick={row.change}>
                    Change<span class="hidden"> order {row.id}</span>
                  </button>
                )}{" "}
                <button type="button" class="small" disabled={isPast} onClick={row.end}>
                  {row.kind === "order" ? "Cancel" : "Withdraw"}
                  <span class="hidden">
                    {" "}
                    {row.kind} {row.id}
                  </span>
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function CommandLog() {
  const all = desk.commands.value;
  if (all.length === 0) return null;
  return (
    <section aria-label="What you sent">
      <h3>What you sent</h3>
      <ul class="log small">
        {all.slice(0, 8).map((sent) => (
          <li key={sent.requestId}>
            <span class="soft">{time(sent.wallMs, "seconds")}</span> {sent.words}: <strong>{outcome(sent)}</strong>
          </li>
        ))}
      </ul>
    </section>
  );
}

function outcome({ state, reply, refusal }: SentCommand): string {
  if (reply?.status === "rejected") return `rejected. ${refusalWords(reply.code)}`;
  if (state === "refused" && refusal !== undefined) return `rejected. ${refusalWords(refusal.code)}`;
  return state === "sent" ? "waiting" : state;
}

function sheetOf(rows: readonly OwnRow[]): Sheet {
  return {
    name: `elecbay-${about.market}-own-orders`,
    columns: ["id", "kind", "period", "side", "energyKwh", "takenKwh", "pricePerKwh"],
    rows: rows.map((row) => [row.id, row.kind, row.period, row.side, row.energyKwh, row.takenKwh, row.pricePerKwh]),
  };
}
