/** Placing, listing and changing: one form, which says what the market answered. */
import { signal, useSignalEffect } from "@preact/signals";
import { Card } from "../../page/components/card.js";
import { Choice } from "../../page/components/choice.js";
import { number, time } from "../../page/formats.js";
import { chosenPeriod } from "../model/chosen-period.js";
import { asKind, commandOf, type Draft, draftAfter, freshDraft, type SentDraft } from "../model/draft.js";
import { currency, info, linkState, timeline, timezone } from "../model/market.js";
import { biddingPeriods, desk, ownTariff, tradePeriod } from "../model/trading.js";
import { Answer } from "./answer.js";
import { TradePeriod } from "./trade-period.js";

const draft = signal<Draft>(freshDraft);
const sentLast = signal<{ readonly requestId: string; readonly draft: Draft } | undefined>(undefined);

function answeredLast(): SentDraft | undefined {
  const sent = sentLast.value;
  const command = desk.commands.value.find(({ requestId }) => requestId === sent?.requestId);
  return sent && { draft: sent.draft, state: command?.state };
}

/** Fills the form in and goes there. */
export function startDraft(begun: Draft, period: string | undefined): void {
  draft.value = begun;
  if (period !== undefined) chosenPeriod.value = period;
  document.querySelector<HTMLInputElement>("#order-energy")?.focus();
}

const ends = [
  { value: "auction", label: "Order" },
  { value: "list", label: "List an item" },
] as const;
const sides = [
  { value: "buy", label: "▼ Buy" },
  { value: "sell", label: "▲ Sell" },
] as const;

export function OrderForm() {
  useSignalEffect(() => {
    const sent = answeredLast();
    if (sent !== undefined) draft.value = draftAfter(draft.peek(), sent);
  });
  const now = draft.value;
  const set = (change: object) => {
    draft.value = { ...draft.value, ...change } as Draft;
    // The period stays what it is while somebody types.
    chosenPeriod.value ??= tradePeriod.peek();
  };
  const { title, button } = wordsOf(now);
  const why = whyNot();
  return (
    <Card title={title}>
      <form class="order" onSubmit={submit}>
        {now.kind === "auction" || now.kind === "list" ? (
          <div class="row">
            <Choice label="What to place" options={ends} value={now.kind} onChoose={(kind) => set(asKind(now, kind))} />
            <Choice label="Side" options={sides} value={now.side} onChoose={(side) => set({ side })} />
          </div>
        ) : (
          <p class="row">
            <span>{aboutObject(now)}</span>
            <button type="button" class="small" onClick={() => (draft.value = freshDraft)}>
              New order instead
            </button>
          </p>
        )}
        {now.kind !== "modify" && (
          <div class="field">
            <span aria-hidden="true">Delivery period</span>
            <TradePeriod label="Delivery period of the order" />
          </div>
        )}
        <AmountFields now={now} set={set} />
        {now.kind === "list" && <ListFields now={now} set={set} />}
        <button type="submit" class="main" disabled={why !== undefined}>
          {button}
        </button>
        <p class="small soft">{why ?? fundsLine()}</p>
      </form>
      <Answer requestId={sentLast.value?.requestId} name="answer" />
    </Card>
  );
}

interface FieldsProps<Kind extends Draft> {
  readonly now: Kind;
  readonly set: (change: object) => void;
}

function AmountFields({ now, set }: FieldsProps<Draft>) {
  const terms = info.value;
  return (
    <div class="pair">
      <label class="field">
        Energy, kWh
        <input
          id="order-energy"
          type="number"
          inputmode="decimal"
          required
          step="0.001"
          min={terms?.minEnergyKwh ?? 0.001}
          value={now.energyKwh}
          onInput={({ currentTarget }) => set({ energyKwh: currentTarget.value })}
        />
      </label>
      <label class="field">
        {now.side === "buy" ? "Highest" : "Lowest"} price, {currency.value}/kWh
        <input
          type="number"
          inputmode="decimal"
          required
          step="0.000001"
          min={terms?.priceFloor}
          max={terms?.priceCap}
          value={now.pricePerKwh}
          onInput={({ currentTarget }) => set({ pricePerKwh: currentTarget.value })}
        />
      </label>
    </div>
  );
}

function ListFields({ now, set }: FieldsProps<Extract<Draft, { kind: "list" }>>) {
  return (
    <div class="pair">
      <label class="field">
        Smallest part, kWh
        <input
          type="number"
          inputmode="decimal"
          step="0.001"
          min={info.value?.minEnergyKwh ?? 0.001}
          placeholder="as the market has it"
          value={now.minEnergyKwh}
          onInput={({ currentTarget }) => set({ minEnergyKwh: currentTarget.value })}
        />
      </label>
      <label class="field">
        Sale
        <select value={now.sale} onChange={({ currentTarget }) => set({ sale: currentTarget.value })}>
          <option value="fixed">fixed price: the first gets it</option>
          <option value="best-offer">best offer gets it at the gate</option>
        </select>
      </label>
    </div>
  );
}

function wordsOf({ kind, side }: Draft): { readonly title: string; readonly button: string } {
  const verb = side === "buy" ? "Buy" : "Sell";
  if (kind === "modify") return { title: "Change an order", button: "Change it" };
  if (kind === "item") return { title: "Order an item", button: verb };
  if (kind === "list")
    return { title: "List an item", button: side === "buy" ? "List what you need" : "List what you offer" };
  return { title: "Place an order", button: `Place order to ${verb.toLowerCase()}` };
}

function aboutObject(now: Draft): string {
  if (now.kind === "modify") return `Your order ${now.orderId}, version ${now.version}`;
  if (now.kind !== "item") return "";
  const { itemId, owner, energyKwh } = now.item;
  return `Item ${itemId} of ${owner}, ${number(energyKwh, 3)} kWh left`;
}

/** Why nothing can be sent now. */
function whyNot(): string | undefined {
  if (timeline.paused.value !== undefined) return "An earlier moment is shown. Go back to live to trade.";
  if (linkState.value !== "live") return "The connection is away; it comes back by itself.";
  const period = tradePeriod.value;
  if (draft.value.kind === "modify") return undefined;
  if (period === undefined) return "No gate is open now.";
  const isOpen = biddingPeriods.value.some((open) => open.period === period);
  return isOpen ? undefined : "The gate of this period has closed. Pick a later one.";
}

function fundsLine(): string {
  const funds = ownTariff.value?.freeFunds;
  return funds === undefined || funds === null ? "\u00a0" : `Free funds: ${number(funds, 2)} ${currency.value}`;
}

function submit(event: Event): void {
  event.preventDefault();
  const last = answeredLast();
  if (last?.state === "sent" && last.draft === draft.peek()) return; // it stands there until it is answered
  const period = tradePeriod.peek() ?? "";
  const at = time(Date.parse(period), "day-time", timezone.peek());
  const { name, command, words } = commandOf(draft.peek(), period, at, currency.peek());
  sentLast.value = { requestId: desk.send(name, command, words), draft: draft.peek() };
}
