/** Contracts of one participant with the receipt of every order: what became of it, and why. */
import type { Contract } from "../../../../shared/messages/private.js";
import { Card, Empty } from "../../page/components/card.js";
import { ColumnHeads } from "../../page/components/column-heads.js";
import { ExportButtons } from "../../page/components/export-buttons.js";
import { ScrollArea } from "../../page/components/scroll-area.js";
import type { Sheet } from "../../page/csv.js";
import { number, time } from "../../page/formats.js";
import { about, currency, timezone } from "../model/market.js";

/** Further back the CSV goes on. */
const mostShown = 16;

export interface ReceiptsCardProps {
  readonly id: string;
  /** Newest first. */
  readonly contracts: readonly Contract[];
}

export function ReceiptsCard({ id, contracts }: ReceiptsCardProps) {
  const told = contracts.filter(({ orders, energyKwh }) => orders.length > 0 || energyKwh !== 0);
  return (
    <Card
      title="Contracts and receipts"
      tools={<ExportButtons what="contracts and receipts" sheet={() => sheetOf(id, contracts)} />}
    >
      {told.length === 0 ? (
        <Empty title="No contract that is not billed yet">
          After each gate every order gets its receipt here: what it traded, at which price, and why.
        </Empty>
      ) : (
        <ScrollArea className="receipts" label="Contracts and receipts">
          <table>
            <ColumnHeads columns={["Period", "Contract", "Orders"]} />
            <tbody>
              {told.slice(0, mostShown).map((contract) => (
                <ContractLine key={contract.period} contract={contract} />
              ))}
            </tbody>
          </table>
        </ScrollArea>
      )}
    </Card>
  );
}

function ContractLine({ contract }: { readonly contract: Contract }) {
  const { period, energyKwh, value, orders } = contract;
  const unit = currency.value;
  return (
    <tr>
      <th scope="row">{time(Date.parse(period), "day-time", timezone.value)}</th>
      <td class="contract">
        {energyKwh === 0 ? (
          <span class="soft">none</span>
        ) : (
          <>
            <span class={`side ${energyKwh > 0 ? "sell" : "buy"}`}>{energyKwh > 0 ? "sells" : "buys"}</span>{" "}
            <strong>{number(Math.abs(energyKwh), 3)}</strong> kWh
            <span class="block small soft">{`${number(Math.abs(value), 4)} ${unit}`}</span>
          </>
        )}
      </td>
      <td>
        <ul>
          {orders.map(({ orderId, outcome, energyKwh: traded, pricePerKwh, why, wouldTradeAtPerKwh, rank }) => (
            <li key={orderId}>
              <span class={`tag outcome ${outcome}`}>{outcome}</span>{" "}
              {traded > 0 && `${number(traded, 3)} kWh at ${number(pricePerKwh, 4)}: `}
              {why}
              {wouldTradeAtPerKwh !== null && outcome !== "filled" && (
                <span class="small soft">{` (would have traded at ${number(wouldTradeAtPerKwh, 4)})`}</span>
              )}
              <span class="small soft">{` ${orderId}${rank === null ? "" : `, rank ${rank}`}`}</span>
            </li>
          ))}
        </ul>
      </td>
    </tr>
  );
}

function sheetOf(id: string, contracts: readonly Contract[]): Sheet {
  return {
    name: `elecbay-${about.market}-${id}-receipts`,
    columns: [
      "period",
      "contractKwh",
      "value",
      "orderId",
      "outcome",
      "energyKwh",
      "pricePerKwh",
      "why",
      "wouldTradeAtPerKwh",
      "rank",
    ],
    rows: contracts.flatMap(({ period, energyKwh, value, orders }) =>
      orders.map((order) => [
        ...[period, energyKwh, value, order.orderId, order.outcome, order.energyKwh, order.pricePerKwh, order.why],
        ...[order.wouldTradeAtPerKwh, order.rank],
      ]),
    ),
  };
}
