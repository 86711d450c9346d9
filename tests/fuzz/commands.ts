/** Commands as a participant sends them, to be spoilt. */
import type { RandomStream } from "../../shared/random-stream.js";
import { pick } from "./mutation.js";

export interface FuzzCommand {
  readonly topic: "items" | "orders" | "meter" | "ready" | "status";
  readonly message: Readonly<Record<string, unknown>>;
}

/** @param period one that is open for bidding */
export function drawnCommand(random: RandomStream, period: string): FuzzCommand {
  const requestId = `f${random.integer(1, 1_000_000)}`;
  const common = { v: 1, requestId };
  const trade = { period, side: pick(random, ["buy", "sell"]), energyKwh: 0.2, pricePerKwh: 0.11 };
  return pick<FuzzCommand>(random, [
    { topic: "orders", message: { ...common, action: "place", ...trade } },
    { topic: "orders", message: { ...common, action: "modify", orderId: "o1", expectedVersion: 1, energyKwh: 0.1 } },
    { topic: "orders", message: { ...common, action: "cancel", orderId: `o${random.integer(1, 50)}` } },
    { topic: "items", message: { ...common, action: "list", ...trade } },
    { topic: "items", message: { ...common, action: "withdraw", itemId: `i${random.integer(1, 50)}` } },
    { topic: "meter", message: { ...common, period, importKwh: 0.2, exportKwh: 0, quality: "measured" } },
    { topic: "ready", message: { v: 1, seq: random.integer(0, 100) } },
    { topic: "status", message: { v: 1, status: "online", ts: period } },
  ]);
}
