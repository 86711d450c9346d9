import { describe, expect, it } from "vitest";
import type { ManageMetered } from "../../../../shared/messages/manage.js";
import { isoUtc, minuteMs } from "../../../../shared/time.js";
import { first, firstGateMs, firstMs, second, startMs } from "../sample-terms.js";
import { aList, anOrder, biddingRoom } from "./bidding-room.js";

const list = "public/items/20160801-0230";

type Quality = ManageMetered["readings"][number]["quality"];

/** Ann has sold 0.5 kWh to bob at the first gate and lists another item for the second period. */
function ratedRoom() {
  const room = biddingRoom();
  room.send("ann", "items", aList({ energyKwh: 0.5 }));
  room.send("bob", "orders", anOrder({ itemId: "i1" }));
  room.tickAt(firstGateMs);
  room.send("ann", "items", aList({ period: second }));
  room.tickAt(firstGateMs + 10 * minuteMs);
  const meter = (exportKwh: number, quality: Quality, correction = false): void => {
    const readings = [{ participant: "ann", importKwh: 0, exportKwh, generationKwh: 0, quality }];
    const message = { v: 1 as const, ts: isoUtc(firstMs), n: 1, period: first, correction, readings };
    room.hear({ type: "METERED", message });
    room.tickAt(room.clock.now() + minuteMs);
  };
  return { ...room, meter };
}

describe("reliability on the item list", () => {
  it("is published anew when a meter has told how a promise was kept, under a number of its own", () => {
    const room = ratedRoom();
    const before = room.outbox.retained.get(list);
    expect(before).toMatchObject({ items: [{ itemId: "i2", reliability: 1 }] });
    room.meter(0.3, "actual");
    expect(room.outbox.retained.get(list)).toMatchObject({ n: 3, items: [{ itemId: "i2", reliability: 0.6 }] });
    room.send("ann", "items", aList({ period: second }));
    expect(room.outbox.on("public/items-delta/20160801-0230").at(-1)).toMatchObject({ n: 4, reliability: 0.6 });
  });

  it("waits where the reading is only estimated, and follows its correction", () => {
    const room = ratedRoom();
    const published = room.outbox.on(list).length;
    room.meter(0.5, "estimated");
    expect(room.outbox.on(list)).toHaveLength(published);
    room.meter(0.25, "actual", true);
    expect(room.outbox.retained.get(list)).toMatchObject({ items: [{ reliability: 0.5 }] });
    // The sample market has a meter of its own, whose word outranks the participant's.
    room.meter(0.5, "actual", true);
    expect(room.outbox.retained.get(list)).toMatchObject({ items: [{ reliability: 1 }] });
  });

  it("is nobody's business where nothing was promised", () => {
    const room = biddingRoom();
    room.hear({
      type: "METERED",
      message: {
        ...{ v: 1, ts: isoUtc(startMs), n: 1, period: first, correction: false },
        readings: [{ participant: "ann", importKwh: 1, exportKwh: 0, generationKwh: 0, quality: "actual" }],
      },
    });
    room.send("ann", "items", aList());
    room.tickAt(startMs + minuteMs);
    expect(room.outbox.retained.get("public/items/20160801-0200")).toMatchObject({ items: [{ reliability: 1 }] });
  });
});
