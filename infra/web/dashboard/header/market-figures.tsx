/** The figures that are always in sight: time, last price, traded energy, key figures, who is online. */
import type { ComponentChildren } from "preact";
import type { Price } from "../../../../shared/messages/public.js";
import { dayMs } from "../../../../shared/time.js";
import { Amount } from "../../page/components/amount.js";
import { counted, energy, percent, price, time, withUnit, zoneName } from "../../page/formats.js";
import { history } from "../model/histories.js";
import { clock, currency, info, kpi, lastPrice, marketMs, timeline, timezone, wallMs } from "../model/market.js";
import { participantsOnline } from "../model/online.js";

export function MarketFigures() {
  const now = lastPrice.value;
  const sums = kpi.value;
  return (
    <dl class="figures">
      <MarketTime />
      <LocalTime />
      <Figure name="Last price" note={now && priceNote(now)}>
        <span data-testid="price">
          {now !== undefined && now.pricePerKwh === null ? (
            "no trade"
          ) : (
            <Amount {...price(now?.pricePerKwh, currency.value)} />
          )}
        </span>
      </Figure>
      <Traded />
      <Figure
        name="Self-sufficiency"
        note={sums === undefined ? "from the first bills on" : `${withUnit(percent(sums.localShare))} local trade`}
      >
        <Amount {...percent(sums?.selfSufficiency)} />
      </Figure>
      <Figure name="Online" note="participants">
        <span data-testid="online">{participantsOnline.value ?? "–"}</span>
      </Figure>
    </dl>
  );
}

/** Of the last day's periods, from their gates: bills, which come later, have it in the key figures. */
function Traded() {
  const rows = history.price.value;
  const lastMs = rows.at(-1)?.atMs ?? 0;
  const day = rows.filter(({ atMs }) => atMs > lastMs - dayMs);
  const tradedKwh = day.length === 0 ? undefined : day.reduce((total, row) => total + (row.volumeKwh ?? 0), 0);
  return (
    <Figure name="Traded, last day" note={`in ${counted(day.length, "period")}`}>
      <span data-testid="traded">
        <Amount {...energy(tradedKwh)} />
      </span>
    </Figure>
  );
}

function priceNote({ period, volumeKwh, tradeCount }: Price): string {
  const at = period === undefined ? "" : `${time(Date.parse(period), "time", timezone.value)}: `;
  return tradeCount === 0 ? `${at}no bids met` : `${at}${withUnit(energy(volumeKwh))}, ${counted(tradeCount, "trade")}`;
}

interface FigureProps {
  readonly name: string;
  readonly note?: string | undefined;
  readonly children: ComponentChildren;
}

function Figure({ name, note, children }: FigureProps) {
  return (
    <div class="figure">
      <dt>{name}</dt>
      <dd>
        <span class="value">{children}</span>
        <span class="small soft">{note ?? "\u00a0"}</span>
      </dd>
    </div>
  );
}

function MarketTime() {
  const nowMs = marketMs.value;
  const zone = timezone.value;
  const name = nowMs === undefined ? "" : zoneName(nowMs, zone);
  return (
    <Figure name="Market time" note={nowMs === undefined ? undefined : `${time(nowMs, "day", zone)} ${name}`}>
      <span data-testid="market-time">{time(nowMs, fast() ? "time" : "seconds", zone)}</span>
    </Figure>
  );
}

/** Seconds of a market that runs much faster than the wall clock are a blur. */
const fast = (): boolean => (clock.value?.rate ?? 1) > 30;

function LocalTime() {
  const paused = timeline.paused.value;
  const shownMs = paused === undefined ? wallMs.value : timeline.wallMsOf(paused);
  return (
    <Figure name="Your time" note={speed()}>
      {time(shownMs, "seconds")}
    </Figure>
  );
}

function speed(): string | undefined {
  const tick = clock.value;
  if (tick === undefined) return undefined;
  if (tick.mode === "lockstep") return "simulation, in steps";
  const length = info.value?.periodMinutes;
  if (tick.mode === "real" || length === undefined) return "the market runs in real time";
  return `market runs ×${tick.rate}`;
}
