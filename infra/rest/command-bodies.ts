/**
 * Bodies of commands: the messages of the contract. What REST knows itself (`v`, `action`) may be left out, and must be right where it
 * is there; an id stands in the path.
 */
import * as z from "zod";
import {
  cancelOrder,
  listItem,
  meterReading,
  modifyOrder,
  notifyPosition,
  placeOrder,
  withdrawItem,
} from "../../shared/messages/commands.js";
import * as f from "../../shared/messages/fields.js";

const known = {
  v: f.version.optional(),
  requestId: f.requestId.optional().meta({ description: "or the header Idempotency-Key" }),
};

/** The one command that the route sends. @param elsewhere where the others are sent */
function theAction<Name extends string>(name: Name, elsewhere: string) {
  return { action: z.literal(name, { error: `must be "${name}" here, or left out: ${elsewhere}` }).optional() };
}

export const listBody = listItem.extend({ ...known, ...theAction("list", "DELETE /items/{id} withdraws") }).meta({
  examples: [
    {
      ...{ requestId: "a1", side: "sell", period: "2016-08-01T02:00:00Z", energyKwh: 0.8, pricePerKwh: 0.11 },
      ...{ minEnergyKwh: 0.1, sale: "fixed" },
    },
  ],
});
export const placeBody = placeOrder
  .extend({
    ...known,
    ...theAction("place", "PATCH /orders/{id} modifies, DELETE /orders/{id} cancels, a draft notifies"),
  })
  .meta({
    examples: [
      { requestId: "a2", period: "2016-08-01T02:00:00Z", side: "buy", energyKwh: 0.5, pricePerKwh: 0.12, itemId: "i7" },
    ],
  });
export const modifyBody = modifyOrder
  .omit({ orderId: true })
  .extend({ ...known, ...theAction("modify", "POST /orders places, DELETE /orders/{id} cancels") })
  .meta({ examples: [{ requestId: "a5", expectedVersion: 1, energyKwh: 0.4, pricePerKwh: 0.12 }] });
export const meterBody = meterReading.extend(known).meta({
  examples: [
    {
      ...{ requestId: "m1", period: "2016-08-01T00:00:00Z", importKwh: 0.3, exportKwh: 0, generationKwh: 0.2 },
      quality: "actual",
    },
  ],
});

const draftKnown = { v: true, ts: true, requestId: true } as const;
const trade = z.discriminatedUnion("action", [
  listItem.omit(draftKnown),
  withdrawItem.omit(draftKnown),
  placeOrder.omit(draftKnown),
  modifyOrder.omit(draftKnown),
  cancelOrder.omit(draftKnown),
  notifyPosition.omit(draftKnown),
]);

/** A bid buys, an offer sells. */
function ofSide(side: "buy" | "sell") {
  return trade.refine((message) => !("side" in message) || message.side === side, {
    error: `must be ${side} in a draft of this type`,
    path: ["side"],
  });
}

export const draftBody = z
  .discriminatedUnion("type", [
    z.strictObject({ type: z.literal("BID"), message: ofSide("buy") }),
    z.strictObject({ type: z.literal("OFFER"), message: ofSide("sell") }),
    z.strictObject({ type: z.literal("INFO"), message: meterReading.omit(draftKnown) }),
  ])
  .meta({
    examples: [
      {
        type: "BID",
        message: {
          ...{ action: "place", period: "2016-08-01T02:00:00Z", side: "buy", energyKwh: 0.5, pricePerKwh: 0.12 },
        },
      },
    ],
  });
