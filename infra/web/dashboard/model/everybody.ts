/** What only who sees everything hears: the statuses of all participants, with how their batteries stand. */
import { effect } from "@preact/signals";
import { hearBattery } from "./batteries.js";
import { listenTo, onMessage, seesAll, topics } from "./market.js";

/** Starts to listen, once somebody may. */
export function watchEverybody(): void {
  onMessage(hearBattery);
  effect(() => {
    if (seesAll.value) listenTo(topics.in("+", "status"));
  });
}
