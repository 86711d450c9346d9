/** The live periods along the time of their delivery: what each is in now, how far it has come, and what comes next. */
import { counted, shortSpan, span, time } from "../../page/formats.js";
import { choosePeriod, chosenPeriod } from "../model/chosen-period.js";
import { type LivePeriod, nextGate, type Phase } from "../model/live-periods.js";
import { about, clock, marketMs, marketStatus, periods, timeline, timezone } from "../model/market.js";

interface PhaseWords {
  readonly name: string;
  /** What ends the phase. */
  readonly next: string;
}

export const phaseWords: Readonly<Record<Phase, PhaseWords>> = {
  bidding: { name: "bidding", next: "gate" },
  "network-check": { name: "network check", next: "start" },
  contracted: { name: "contracted", next: "start" },
  exchange: { name: "delivery", next: "end" },
  metering: { name: "metering", next: "due" },
  settling: { name: "settling", next: "bill" },
};

export function PeriodRail() {
  const all = periods.value;
  const gate = nextGate(all);
  return (
    <section class="rail" aria-label="Live periods">
      <p class="small soft rail-head">
        <span>Delivery periods</span>
        <NextGate gate={gate} />
      </p>
      <ol>
        {all.map((period) => (
          <li key={period.period}>
            <PeriodBlock period={period} isNext={period === gate} />
          </li>
        ))}
        {all.length === 0 && <li class="rail-empty">{nothingLive()}</li>}
      </ol>
    </section>
  );
}

function nothingLive(): string {
  if (marketStatus.value?.status !== "offline") return "Waiting for the market to say which periods are live.";
  return about.openToAll
    ? "The run is over: no period is live. What it came to stands below."
    : "The market is offline: no period is live. This page goes on by itself once it is back.";
}

function NextGate({ gate }: { readonly gate: LivePeriod | undefined }) {
  const nowMs = marketMs.value;
  if (gate?.untilMs === undefined || nowMs === undefined) return <span>&nbsp;</span>;
  const leftMs = gate.untilMs - nowMs;
  const rate = clock.value?.rate ?? 1;
  const isLive = timeline.paused.value === undefined;
  const wall = isLive && clock.value?.mode === "scaled" && rate !== 1 ? `, ${span(leftMs / rate)} here` : "";
  return (
    <span data-testid="next-gate">
      next gate: {time(gate.startMs, "time", timezone.value)} in <strong>{span(leftMs)}</strong>
      {wall}
    </span>
  );
}

function PeriodBlock({ period, isNext }: { readonly period: LivePeriod; readonly isNext: boolean }) {
  const nowMs = marketMs.value;
  const { name, next } = phaseWords[period.phase];
  const { untilMs, sinceMs, orderCount, itemCount } = period;
  const left = untilMs === undefined || nowMs === undefined ? "" : `${next} ${shortSpan(untilMs - nowMs)}`;
  const done =
    untilMs === undefined || sinceMs === undefined || nowMs === undefined
      ? 0
      : Math.min(1, Math.max(0, (nowMs - sinceMs) / (untilMs - sinceMs)));
  const counts = orderCount === undefined ? "" : `${counted(orderCount, "order")}, ${counted(itemCount ?? 0, "item")}`;
  const startText = time(period.startMs, "time", timezone.value);
  return (
    <button
      type="button"
      class={`period ${period.phase}${isNext ? " next" : ""}`}
      aria-pressed={chosenPeriod.value === period.period}
      title={counts}
      onClick={() => choosePeriod(period.period)}
    >
      <span class="period-start">{startText}</span>
      <span class="period-phase">{name}</span>
      <span class="period-left">{left}</span>
      <span class="period-done" style={{ "--done": String(done) }} aria-hidden="true" />
      {counts !== "" && <span class="hidden">{counts}</span>}
    </button>
  );
}
