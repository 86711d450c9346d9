/** All participants in a table: state, battery, orders, balance. One of them opens its page below. */
import { Card, Empty } from "../../page/components/card.js";
import { ColumnHeads } from "../../page/components/column-heads.js";
import { ExportButtons } from "../../page/components/export-buttons.js";
import { ScrollArea } from "../../page/components/scroll-area.js";
import type { Sheet } from "../../page/csv.js";
import { number, time } from "../../page/formats.js";
import { about, currency, timezone } from "../model/market.js";
import type { OwnOrder, ParticipantRow } from "../model/participant-row.js";
import { chosenParticipant, participants } from "../model/participants.js";

export function ParticipantsCard() {
  const rows = participants.value;
  return (
    <Card
      title={rows.length === 0 ? "Participants" : `Participants (${rows.length})`}
      tools={<ExportButtons what="participants" sheet={() => sheetOf(rows)} />}
    >
      {rows.length === 0 ? (
        <Empty title="Nobody is here yet">Whoever registers, or comes as a guest, stands here.</Empty>
      ) : (
        <ScrollArea className="participants" label="All participants">
          <table>
            <ColumnHeads columns={["Participant", "State", "Battery", "Next order", { number: "Balance" }]} />
            <tbody>
              {rows.map((row) => (
                <ParticipantLine key={row.id} row={row} />
              ))}
            </tbody>
          </table>
        </ScrollArea>
      )}
    </Card>
  );
}

function ParticipantLine({ row }: { readonly row: ParticipantRow }) {
  const { id, account, isOnline, strategy, battery, openCount, nextOrder } = row;
  const isChosen = chosenParticipant.value === id;
  return (
    <tr class={isChosen ? "chosen" : undefined}>
      <th scope="row">
        <button
          type="button"
          class="small"
          aria-pressed={isChosen}
          onClick={() => (chosenParticipant.value = isChosen ? undefined : id)}
        >
          {id}
        </button>{" "}
        <span class="small soft">{account?.name ?? ""}</span>
      </th>
      <td class="state">
        <span class={`presence ${isOnline ? "on" : "off"}`} aria-hidden="true" />
        {isOnline ? "online" : "away"}
        {account?.standing !== undefined && account.standing !== "active" && (
          <span class="tag">{account.standing}</span>
        )}
        <span class="small soft"> {strategy ?? account?.origin ?? ""}</span>
      </td>
      <td>{battery === undefined ? <span class="soft">–</span> : <BatteryGauge {...battery} />}</td>
      <td>
        {nextOrder === undefined ? <span class="soft">none</span> : orderText(nextOrder)}
        {openCount > 1 && <span class="small soft"> and {openCount - 1} more</span>}
      </td>
      <td class="number">
        {number(account?.balance, 2)} <span class="unit">{currency.value}</span>
      </td>
    </tr>
  );
}

function orderText({ period, side, energyKwh, pricePerKwh }: OwnOrder) {
  return (
    <>
      <span class={`side ${side}`}>{side}</span> {number(energyKwh, 3)} kWh at {number(pricePerKwh, 4)}{" "}
      <span class="small soft">for {time(Date.parse(period), "time", timezone.value)}</span>
    </>
  );
}

/** How full a battery is, as a bar and in numbers. */
export function BatteryGauge({ storedKwh, capacityKwh }: { readonly storedKwh: number; readonly capacityKwh: number }) {
  const share = capacityKwh <= 0 ? 0 : Math.max(0, Math.min(1, storedKwh / capacityKwh));
  return (
    <span class="gauge">
      <svg width="46" height="14" aria-hidden="true">
        <rect class="shell" x="0.75" y="0.75" width="40.5" height="12.5" rx="2.5" />
        <rect class="charge" x="2.5" y="2.5" width={37 * share} height="9" rx="1" />
        <rect class="pole" x="42.5" y="4.5" width="2.5" height="5" rx="1" />
      </svg>
      {number(storedKwh, 1)} <span class="unit">of {number(capacityKwh, 1)} kWh</span>
    </span>
  );
}

function sheetOf(rows: readonly ParticipantRow[]): Sheet {
  return {
    name: `elecbay-${about.market}-participants`,
    columns: ["participant", "state", "strategy", "storedKwh", "capacityKwh", "openOrders", "balance"],
    rows: rows.map(({ id, account, isOnline, strategy, battery, openCount }) => [
      ...[id, isOnline ? "online" : "away", strategy, battery?.storedKwh, battery?.capacityKwh, openCount],
      account?.balance,
    ]),
  };
}
