/** What other mechanisms would have made of the same bids: asked of the server when something was settled, for it is on no topic. */
import { effect, signal } from "@preact/signals";
import { kpi, linkState } from "./market.js";

export interface MechanismFigures {
  readonly mechanism: string;
  /** The one that counts. */
  readonly effective: boolean;
  /** Why it was given up. */
  readonly failed: string | null;
  readonly meanPricePerKwh: number | null;
  readonly volumeKwh: number;
  readonly trades: number;
  readonly welfare: number;
  readonly cost: number;
  readonly savings: number;
  readonly gini: number | null;
  readonly jain: number | null;
}

export interface MechanismRow {
  readonly period: string;
  readonly mechanism: string;
  readonly pricePerKwh: number | null;
  readonly volumeKwh: number;
}

export interface Shadows {
  readonly since: string | null;
  readonly periods: number;
  readonly mechanisms: readonly MechanismFigures[];
  readonly rows: readonly MechanismRow[];
}

/** Undefined until the server has answered. */
export const shadows = signal<Shadows | undefined>(undefined);

const askAtMostEveryMs = 3000;
let askedAtMs = Number.NEGATIVE_INFINITY;
let isWaiting = false;

/** Asks as long as the view is open. @returns ends it */
export function watchShadows(): () => void {
  return effect(() => {
    if (linkState.value === "live" && (kpi.value !== undefined || shadows.peek() === undefined)) askSoon();
  });
}

function askSoon(): void {
  if (isWaiting) return;
  isWaiting = true;
  setTimeout(() => void ask(), Math.max(0, askedAtMs + askAtMostEveryMs - Date.now()));
}

async function ask(): Promise<void> {
  isWaiting = false;
  askedAtMs = Date.now();
  const answer = await fetch("/shadows").catch(() => undefined);
  if (answer?.ok === true) shadows.value = (await answer.json()) as Shadows;
}
