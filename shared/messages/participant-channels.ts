/** The topics a participant writes, and those it alone reads. Source: contract.md, "Topics under elecbay/<m>/". */
import * as z from "zod";
import { batchReply } from "./batch-reply.js";
import type { Channel } from "./channel.js";
import { ready, status } from "./clock.js";
import { batch, itemsCommand, meterReading, ordersCommand } from "./commands.js";
import { privateExamples, participantExamples as sent } from "./examples-private.js";
import * as m from "./private.js";

export const inChannels: readonly Channel[] = [
  {
    address: "in/<id>/items",
    schema: itemsCommand,
    retained: "never",
    writtenBy: "participant",
    summary: "List an item (surplus to sell, or a need) or withdraw what of it is not reserved.",
    examples: sent.items,
  },
  {
    address: "in/<id>/orders",
    schema: ordersCommand,
    retained: "never",
    writtenBy: "participant",
    summary:
      "Place, modify or cancel an order; notify one's own position. Without `itemId` an order goes to the period's auction.",
    examples: sent.orders,
  },
  {
    address: "in/<id>/meter",
    schema: meterReading,
    retained: "never",
    writtenBy: "participant or a `meter`",
    summary: "What a meter read in a period; a `meter` names in `for` whose it is.",
    examples: sent.meter,
  },
  {
    address: "in/<id>/batch",
    schema: batch,
    retained: "never",
    writtenBy: "a `gateway`",
    summary:
      "Commands of several participants in one packet of at most 256 kB; `for` only of those the operator put under this gateway. Either readings, or items and orders; a batch has one reply, which holds one for each entry.",
    examples: sent.batch,
  },
  {
    address: "in/<id>/ready",
    schema: ready,
    retained: "never",
    writtenBy: "participant",
    summary: "Lockstep only: this participant is done with the tick.",
    examples: sent.ready,
  },
  {
    address: "in/<id>/status",
    schema: status,
    retained: "yes, last will",
    writtenBy: "participant",
    summary:
      "Whether the participant is there; its last will says `offline`. Bots add how they trade and how their battery stands, when it changes.",
    examples: sent.status,
  },
];

export const privateChannels: readonly Channel[] = [
  {
    address: "private/<id>/replies",
    schema: z.union([m.accepted, m.rejected, batchReply]),
    retained: "no",
    writtenBy: "market",
    summary:
      "Exactly one reply to each command. Unasked only the notice of absence: `requestId` null, topic `ready`, code `absent`.",
    examples: privateExamples.replies,
  },
  {
    address: "private/<id>/fills",
    schema: m.fill,
    retained: "no",
    writtenBy: "bidding",
    summary: "What became reserved, released or filled of one's orders and items, the passive side included.",
    examples: privateExamples.fills,
  },
  {
    address: "private/<id>/orders",
    schema: m.ownOrders,
    retained: "yes",
    writtenBy: "bidding",
    summary: "One's own items and orders in all periods that still bid.",
    examples: privateExamples.orders,
  },
  {
    address: "private/<id>/tariff",
    schema: m.tariff,
    retained: "yes",
    writtenBy: "settlement",
    summary: "What the supplier asks and pays, the prices of deviation, one's limits.",
    examples: privateExamples.tariff,
  },
  {
    address: "private/<id>/contracts/<p>",
    schema: m.contract,
    retained: "until billed",
    writtenBy: "bidding",
    summary:
      "Once, after the DSO's check (at the gate where there is none), to whoever had an order or item in the period or whose limits are below its capacity; again only if changed later.",
    examples: privateExamples.contracts,
  },
  {
    address: "private/<id>/bills/<p>",
    schema: m.bill,
    retained: "7 days",
    writtenBy: "settlement",
    summary: "The bill of one period, chained to the one before it.",
    examples: privateExamples.bills,
  },
  {
    address: "private/<id>/statement",
    schema: m.statement,
    retained: "yes",
    writtenBy: "settlement",
    summary: "How one's own chain of bills leads to the day's head: whoever kept a head checks his bills against it.",
    examples: privateExamples.statement,
  },
];
