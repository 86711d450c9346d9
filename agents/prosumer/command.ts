/** An intent in the contract's words: decimals on the wire, `v` and `requestId` added. */
import { kwhFromWh, majorFromMicro } from "../../shared/decimal.js";
import type { ItemsCommand, OrdersCommand } from "../../shared/messages/commands.js";
import { isoUtc } from "../../shared/time.js";
import type { Intent } from "../strategies/intent.js";

/** The command to send on `in/<id>/items` or `in/<id>/orders`. */
export function commandOf(intent: Intent, requestId: string): ItemsCommand | OrdersCommand {
  const head = { v: 1, requestId } as const;
  if (intent.action === "cancel") return { ...head, action: "cancel", orderId: intent.orderId };
  if (intent.action === "withdraw") return { ...head, action: "withdraw", itemId: intent.itemId };
  const amount = {
    energyKwh: kwhFromWh(intent.energyWh),
    pricePerKwh: majorFromMicro(intent.priceMicroPerKwh),
  };
  if (intent.action === "modify") {
    const { orderId, expectedVersion } = intent;
    return { ...head, action: "modify", orderId, expectedVersion, ...amount };
  }
  const period = isoUtc(intent.periodMs);
  if (intent.action === "list") {
    return { ...head, action: "list", side: intent.side, period, ...amount, sale: intent.sale };
  }
  const order = { ...head, action: "place", period, side: intent.side, ...amount } as const;
  return intent.itemId === undefined ? order : { ...order, itemId: intent.itemId };
}
