/** Commands sent from the page, and what becomes of them. */
import { describe, expect, it } from "vitest";
import { createCommandDesk } from "../../../infra/web/dashboard/model/commands.js";
import { commandOf, draftAfter, freshDraft, orderOn } from "../../../infra/web/dashboard/model/draft.js";
import type { Refusal } from "../../../infra/web/page/private-stream.js";
import { itemsCommand, ordersCommand } from "../../../shared/messages/commands.js";
import type { Reply } from "../../../shared/messages/private.js";
import type { ListedItem } from "../../../shared/messages/public.js";

function stage(refusal?: Refusal) {
  const sent: object[] = [];
  const due: (() => void)[] = [];
  let id = 0;
  const desk = createCommandDesk({
    async publish(name, command) {
      sent.push({ name, ...command });
      return refusal;
    },
    requestId() {
      id += 1;
      return `w${id}`;
    },
    now: () => 0,
    after: (_ms, act) => void due.push(act),
  });
  const later = () => {
    for (const act of due.splice(0)) act();
  };
  return { desk, sent, later, state: () => desk.commands.value[0]?.state };
}

const answered = { v: 1, ts: "2016-08-01T00:30:00Z", topic: "orders" } as const;
const accepted: Reply = { ...answered, requestId: "w1", status: "accepted", acceptedAt: answered.ts, orderId: "o9" };
const rejected: Reply = { ...answered, requestId: "w1", status: "rejected", code: "gate-closed", reason: "too late" };
const place = { action: "place" };

describe("a command of the page", () => {
  it("counts as nothing before the market's reply, and as what the reply says after it", () => {
    const { desk, state } = stage();
    desk.send("orders", place, "an order");
    expect(state()).toBe("sent");
    desk.heard(accepted);
    expect(state()).toBe("accepted");
    expect(desk.commands.value[0]?.reply).toEqual(accepted);
  });

  it("is not answered by a reply to another command, or to the same id on another topic", () => {
    const { desk, state } = stage();
    desk.send("orders", place, "an order");
    desk.heard({ ...accepted, requestId: "w2" });
    desk.heard({ ...accepted, topic: "items" });
    expect(state()).toBe("sent");
    desk.heard(rejected);
    expect(state()).toBe("rejected");
  });

  it("is sent again as it was when no reply comes, three times in all, and then called unanswered", () => {
    const { desk, sent, later, state } = stage();
    desk.send("orders", place, "an order");
    for (let time = 0; time < 5; time += 1) later();
    expect(sent).toEqual(Array.from({ length: 3 }, () => ({ name: "orders", v: 1, requestId: "w1", ...place })));
    expect(state()).toBe("unanswered");
    desk.heard(accepted);
    expect(state()).toBe("accepted");
  });

  it("that the server does not let through is told with its reason, and is not sent again", async () => {
    const refusal = { code: "rate-limited", reason: "wait 5 s" };
    const { desk, sent, later, state } = stage(refusal);
    desk.send("orders", place, "an order");
    await Promise.resolve();
    later();
    expect(sent).toHaveLength(1);
    expect(state()).toBe("refused");
    expect(desk.commands.value[0]?.refusal).toEqual(refusal);
  });

  it("that the market rejects over REST shows the market's own reply, whichever of the two comes first", async () => {
    for (const isReplyFirst of [true, false]) {
      const { desk, state } = stage({ code: "gate-closed", reason: "too late" });
      desk.send("orders", place, "an order");
      if (isReplyFirst) desk.heard(rejected);
      await Promise.resolve();
      if (!isReplyFirst) desk.heard(rejected);
      expect(state()).toBe("rejected");
      expect(desk.commands.value[0]?.reply).toEqual(rejected);
    }
  });
});

describe("a draft", () => {
  const period = "2016-08-01T00:30:00Z";
  const item: ListedItem = {
    itemId: "i7",
    side: "sell",
    energyKwh: 0.8,
    pricePerKwh: 0.11,
    minEnergyKwh: 0.1,
    sale: "fixed",
    owner: "p4f",
    reliability: 1,
  };
  const amounts = { side: "sell", energyKwh: "0.5", pricePerKwh: "0.12" } as const;
  const valid = (draft: Parameters<typeof commandOf>[0]) => {
    const { name, command } = commandOf(draft, period, "00:30", "GBP");
    return (name === "items" ? itemsCommand : ordersCommand).parse({ v: 1, requestId: "w1", ...command });
  };

  it("becomes a command of the contract, whatever its kind", () => {
    expect(valid({ ...freshDraft, ...amounts, kind: "auction" })).toMatchObject({ action: "place", energyKwh: 0.5 });
    expect(valid({ kind: "list", ...amounts, minEnergyKwh: "", sale: "fixed" })).not.toHaveProperty("minEnergyKwh");
    expect(valid({ kind: "list", ...amounts, minEnergyKwh: "0.2", sale: "best-offer" })).toMatchObject({
      minEnergyKwh: 0.2,
    });
    expect(valid({ kind: "modify", ...amounts, orderId: "o9", version: 3 })).toMatchObject({ expectedVersion: 3 });
  });

  it("stays in the form until the market has accepted it, and so does what was typed since", () => {
    const draft = { ...freshDraft, ...amounts, kind: "auction" } as const;
    for (const state of ["sent", "rejected", "refused", "unanswered", undefined] as const)
      expect(draftAfter(draft, { draft, state })).toBe(draft);
    expect(draftAfter(draft, { draft, state: "accepted" })).toEqual({ ...freshDraft, side: "sell" });
    const typed = { ...draft, energyKwh: "0.7" };
    expect(draftAfter(typed, { draft, state: "accepted" })).toBe(typed);
  });

  it("on an item takes the other side, at the item's price, for all that is left", () => {
    expect(valid(orderOn(item))).toMatchObject({
      ...{ action: "place", side: "buy", itemId: "i7", energyKwh: 0.8, pricePerKwh: 0.11, period },
    });
  });
});
