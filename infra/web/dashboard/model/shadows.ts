/** What other mechanisms would have made of the same bids: asked of the server when something was settled, for it is on no topic. */
import { effect, signal } from "@preact/signals";
import type { ShadowsTold } from "../../../../shared/shadow-figures.js";
import { kpi, linkState } from "./market.js";

/** Undefined until the server has answered. */
export const shadows = signal<ShadowsTold | undefined>(undefined);

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
  if (answer?.ok === true) shadows.value = (await answer.json()) as ShadowsTold;
}
