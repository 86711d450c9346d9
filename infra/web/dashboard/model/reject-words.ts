/** Why the market refuses, in words for whoever reads the page, with what to do about it; the market's own reason has the numbers. */
import type { RejectCode } from "../../../../shared/reject-codes.js";

const rejectWords: Readonly<Record<RejectCode, string>> = {
  "bad-message":
    "The market does not understand the command. Check that energy has at most 3 and price at most 6 decimals.",
  "not-registered": "The market does not know this participant. Register first.",
  "request-id-reused": "This request was sent before with other content. Send it anew.",
  "market-closed": "The market cannot take commands now. Try again in a moment.",
  suspended: "The operator has suspended this account. Ask the operator.",
  "rate-limited": "Too many commands at once. Wait a few seconds.",
  "unknown-period": "There is no such delivery period any more. Pick one that is bidding.",
  "not-open-yet": "Bidding for this period has not begun. Pick an earlier one.",
  "gate-closed": "The gate of this period has closed. Pick a later one.",
  "unknown-item": "This item is gone from the list.",
  "unknown-order": "This order is gone: it was cancelled, traded, or its gate has closed.",
  "not-owner": "This order is somebody else's.",
  "version-conflict": "The order has changed meanwhile. Look at it again, then change it.",
  "item-taken": "Somebody else has already ordered this item, or part of it. What is reserved cannot be changed.",
  "own-item": "This item is your own.",
  "wrong-side": "Order what is offered by buying, what is wanted by selling.",
  "below-item-price": "The item's owner asks for a better price.",
  "energy-out-of-range": "That much energy cannot pass your connection, or is no amount above 0.",
  "price-out-of-range": "The price is outside of what the market allows.",
  "below-minimum": "Less energy than the smallest part that may be ordered.",
  "credit-exceeded": "Your free funds do not cover this. Lower price or energy, or cancel another order.",
  "too-many-orders": "You have as many orders in this period as the market allows. Cancel one first.",
  "network-constraint": "The network cannot carry this at your connection.",
  "no-orders-in-pool": "In this market all metered energy is priced afterwards: there are no orders.",
  absent: "You were not waited for in this tick.",
};

/** @param code of a reply, or of an error of REST, which has further ones of its own */
export function refusalWords(code: string): string {
  const known: Readonly<Record<string, string>> = rejectWords;
  return known[code] ?? "The server has not passed it on to the market. Try again in a moment.";
}
