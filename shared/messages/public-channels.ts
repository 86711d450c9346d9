/** The topics everybody may read. Source: contract.md, "Topics under elecbay/<m>/". */
import type { Channel } from "./channel.js";
import { clockTick } from "./clock.js";
import { publicExamples as examples } from "./examples-public.js";
import * as m from "./public.js";

const standing: readonly Channel[] = [
  {
    address: "public/clock",
    schema: clockTick,
    retained: "yes",
    writtenBy: "clock",
    summary: "The published tick that everybody lives by.",
    examples: examples.clock,
  },
  {
    address: "public/market-info",
    schema: m.marketInfo,
    retained: "yes",
    writtenBy: "supervisor",
    summary: "The standing rules a stranger needs.",
    examples: examples["market-info"],
  },
  {
    address: "public/market-state",
    schema: m.marketState,
    retained: "yes",
    writtenBy: "supervisor",
    summary: "Every live delivery period and the phase it is in.",
    examples: examples["market-state"],
  },
  {
    address: "public/price",
    schema: m.price,
    retained: "yes",
    writtenBy: "bidding",
    summary: "Flat, of the period cleared last.",
    examples: examples.price,
  },
  {
    address: "public/energy",
    schema: m.energy,
    retained: "yes",
    writtenBy: "exchange",
    summary: "Flat, of the period metered last.",
    examples: examples.energy,
  },
  {
    address: "public/network",
    schema: m.network,
    retained: "yes",
    writtenBy: "dso",
    summary: "Flat, the state of the wires.",
    notYet: "There is no DSO yet: nobody writes it.",
    examples: examples.network,
  },
  {
    address: "public/kpi",
    schema: m.kpi,
    retained: "yes",
    writtenBy: "settlement",
    summary: "Flat, the community's key figures since the run began.",
    examples: examples.kpi,
  },
  {
    address: "public/statement-head",
    schema: m.statementHead,
    retained: "yes",
    writtenBy: "settlement",
    summary: "The signed head of the chain of a day's bills.",
    examples: examples["statement-head"],
  },
  {
    address: "public/status",
    schema: m.marketStatus,
    retained: "yes, last will",
    writtenBy: "supervisor",
    summary: "Whether the market is there; its last will says `offline`.",
    examples: examples.status,
  },
];

const environment: readonly Channel[] = [
  {
    address: "public/solar-output",
    schema: m.solarOutput,
    retained: "yes",
    writtenBy: "environment",
    summary: "The sun and the weather as they are.",
    examples: examples["solar-output"],
  },
  {
    address: "public/solar-forecast",
    schema: m.solarForecast,
    retained: "yes",
    writtenBy: "environment",
    summary: "The sun and the weather as they are expected, one value per step.",
    examples: examples["solar-forecast"],
  },
  {
    address: "public/consumption-curve",
    schema: m.consumptionCurve,
    retained: "yes",
    writtenBy: "environment",
    summary: "The typical home's consumption of a local day, one value per step.",
    examples: examples["consumption-curve"],
  },
];

const perPeriod: readonly Channel[] = [
  {
    address: "public/items/<p>",
    schema: m.itemList,
    retained: "until the gate",
    writtenBy: "bidding",
    summary: "The whole item list: once a tick in lockstep, else at most twice a wall second.",
    examples: examples.items,
  },
  {
    address: "public/items-delta/<p>",
    schema: m.itemDelta,
    retained: "no",
    writtenBy: "bidding",
    summary: "One item as it now is, all fields; the list is true at its own `n`. `energyKwh` 0: the item is gone.",
    examples: examples["items-delta"],
  },
  {
    address: "public/book/<p>",
    schema: m.bookTop,
    retained: "until the gate",
    writtenBy: "bidding",
    summary: "Best prices, after each round (auction: indicative) or trade (continuous).",
    examples: examples.book,
  },
  {
    address: "public/trades/<p>",
    schema: m.publicTrade,
    retained: "no",
    writtenBy: "bidding",
    summary: "Each trade of a continuous market or of the list, as it happens.",
    examples: examples.trades,
  },
  {
    address: "public/results/<p>",
    schema: m.results,
    retained: "until settled",
    writtenBy: "bidding",
    summary: "What the gate's clearing gave, with the anonymous merit order.",
    examples: examples.results,
  },
];

export const publicChannels: readonly Channel[] = [...standing, ...environment, ...perPeriod];
