/** The page of one participant: connection and tariff, open orders, contracts with their receipts, bills against the supplier alone. */
import { useEffect, useMemo } from "preact/hooks";
import type { Status } from "../../../../shared/messages/clock.js";
import type { OwnOrders, Tariff } from "../../../../shared/messages/private.js";
import { Card, Empty } from "../../page/components/card.js";
import { ExportButtons } from "../../page/components/export-buttons.js";
import { number, time } from "../../page/formats.js";
import { about, currency, kpi, marketMs, timezone, told } from "../model/market.js";
import { askMonths, oneParticipant } from "../model/one-participant.js";
import { participants } from "../model/participants.js";
import { tariffNow } from "../model/tariff-now.js";
import { BillsCard } from "./bills-card.js";
import { BatteryGauge } from "./participants-card.js";
import { ReceiptsCard } from "./receipts-card.js";

export function ParticipantPage({ id, isOwn }: { readonly id: string; readonly isOwn: boolean }) {
  const mine = useMemo(() => oneParticipant(id), [id]);
  const settled = kpi.value?.periods ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked anew when more is settled
  useEffect(() => void askMonths(id), [id, Math.floor(settled / 4)]);
  return (
    <div class="grid">
      <div class="narrow">
        <StateCard id={id} title={isOwn ? "Your connection" : id} />
        <OpenCard id={id} />
      </div>
      <div class="wide">
        <ReceiptsCard id={id} contracts={mine.contracts.value} />
        <BillsCard id={id} bills={mine.bills.value} />
      </div>
    </div>
  );
}

function StateCard({ id, title }: { readonly id: string; readonly title: string }) {
  const status = told<Status>(`in/${id}/status`).value;
  const tariff = told<Tariff>(`private/${id}/tariff`).value;
  const account = participants.value.find((row) => row.id === id)?.account;
  const unit = currency.value;
  const now = tariff === undefined ? undefined : tariffNow(tariff, marketMs.value);
  const { storedKwh, capacityKwh } = status ?? {};
  return (
    <Card title={title}>
      {tariff === undefined ? (
        <Empty title="Nothing heard yet">The market tells tariff and connection once the participant is known.</Empty>
      ) : (
        <dl class="facts">
          <Fact name="Supplier">{tariff.supplier}</Fact>
          <Fact name="Buys from it at">{`${number(now?.importPerKwh, 4)} ${unit}/kWh`}</Fact>
          <Fact name="Sells to it at">{`${number(now?.exportPerKwh, 4)} ${unit}/kWh`}</Fact>
          <Fact name="Deviation costs">
            {`short ${number(now?.systemBuyPerKwh, 4)}, long ${number(now?.systemSellPerKwh, 4)} ${unit}/kWh`}
          </Fact>
          <Fact name="Connection">
            {`${number(tariff.capacityKw, 1)} kW at ${tariff.connectionPoint ?? "no point named"}`}
            {tariff.phase === null ? "" : `, phase ${tariff.phase}`}
          </Fact>
          <Fact name="Free funds">
            {tariff.freeFunds === null ? "no limit" : `${number(tariff.freeFunds, 2)} ${unit}`}
          </Fact>
          {account !== undefined && <Fact name="Balance">{`${number(account.balance, 2)} ${unit}`}</Fact>}
          {status?.strategy !== undefined && <Fact name="Strategy">{status.strategy}</Fact>}
          {storedKwh !== undefined && capacityKwh !== undefined && (
            <Fact name="Battery">
              <BatteryGauge storedKwh={storedKwh} capacityKwh={capacityKwh} />
            </Fact>
          )}
        </dl>
      )}
    </Card>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function OpenCard({ id }: { readonly id: string }) {
  const own = told<OwnOrders>(`private/${id}/orders`).value;
  const rows = [
    ...(own?.orders ?? []).map(({ orderId, ...rest }) => ({ name: orderId, kind: "order", ...rest })),
    ...(own?.items ?? []).map(({ itemId, ...rest }) => ({ name: itemId, kind: "item", ...rest })),
  ].sort((one, other) => (one.period < other.period ? -1 : 1));
  return (
    <Card
      title="Open orders and items"
      tools={
        <ExportButtons
          what="open orders"
          sheet={() => ({
            name: `elecbay-${about.market}-${id}-open`,
            columns: ["period", "kind", "id", "side", "energyKwh", "pricePerKwh"],
            rows: rows.map(({ period, kind, name, side, energyKwh, pricePerKwh }) => [
              ...[period, kind, name, side, energyKwh, pricePerKwh],
            ]),
          })}
        />
      }
    >
      {rows.length === 0 ? (
        <Empty title="None">What is ordered or listed stands here until its gate closes.</Empty>
      ) : (
        <ul class="open-orders">
          {rows.map(({ name, kind, period, side, energyKwh, pricePerKwh }) => (
            <li key={name}>
              <strong>{time(Date.parse(period), "time", timezone.value)}</strong>{" "}
              <span class={`side ${side}`}>{side}</span> {number(energyKwh, 3)} kWh at {number(pricePerKwh, 4)}{" "}
              <span class="small soft">{`${kind} ${name}`}</span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
