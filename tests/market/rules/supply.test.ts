import { describe, expect, it } from "vitest";
import type { Account } from "../../../market/rules/account.js";
import { refusedCustomer, refusedOffer, type SupplySetting } from "../../../market/rules/supply.js";
import { isoUtc, minuteMs } from "../../../shared/time.js";
import { microPerKwh, watt } from "../../../shared/units.js";

const half = 30 * minuteMs;
const startMs = Date.parse("2016-08-01T00:00:00Z");
const setting: SupplySetting = {
  ...{ supplier: "retail1", offers: [], nowMs: startMs + half },
  isPeriod: (atMs) => atMs % half === 0 && atMs < startMs + 48 * half,
  ...{ priceFloorMicroPerKwh: microPerKwh(-1_000_000), priceCapMicroPerKwh: microPerKwh(2_000_000) },
};
const at = (period: number): string => isoUtc(startMs + period * half);
const offer = (period: number, price = 0.1) => {
  return { supplier: "green", from: at(period), importPerKwh: [price], exportPerKwh: [0.05] };
};
const ann: Account = {
  ...{ id: "ann", role: "prosumer", capacityW: watt(7000), connectionPoint: null, phase: null, creditLimitMicro: null },
  ...{ standing: "active", reason: null, key: null, claim: null, registeredAtMs: null },
};
const move = (supplier: string, period: number, more: Partial<SupplySetting> = {}, account = ann) =>
  refusedCustomer({ participant: "ann", supplier, from: at(period) }, account, { ...setting, ...more, changes: 0 })
    ?.code;

describe("a change of supply", () => {
  it("is for a period that has not begun: not the one that begins now, nor one of no run", () => {
    expect(refusedOffer(offer(2), setting)).toBeUndefined();
    expect(refusedOffer(offer(1), setting)?.code).toBe("period-begun");
    expect(refusedOffer(offer(0), setting)?.code).toBe("period-begun");
    expect(refusedOffer(offer(48), setting)?.code).toBe("tariff-refused");
    expect(refusedOffer({ ...offer(2), from: "2016-08-01T02:10:00Z" }, setting)?.code).toBe("tariff-refused");
    expect([move("retail1", 1), move("retail1", 2)]).toEqual(["period-begun", undefined]);
  });

  it("keeps all prices within the market's band", () => {
    for (const price of [-1, 2]) expect(refusedOffer(offer(2, price), setting)).toBeUndefined();
    for (const price of [-1.000001, 2.000001])
      expect(refusedOffer(offer(2, price), setting)?.code).toBe("tariff-refused");
    const bands = [{ from: "00:00", to: "07:00", pricePerKwh: 3 }];
    const offsets = [{ from: at(0), minutes: 60 }];
    expect(refusedOffer({ ...offer(2), exportBands: bands, offsets }, setting)?.reason).toContain("3 lies outside");
    expect(
      refusedOffer({ ...offer(2), importBands: [{ ...bands[0], from: "00:00", to: "01:00", pricePerKwh: 0 }] }, setting)
        ?.reason,
    ).toContain("clock");
  });

  it("brings a prosumer to a supplier whose offer holds by then", () => {
    expect(move("green", 4)).toBe("unknown-supplier");
    expect(move("green", 4, { offers: [offer(5)] })).toBe("unknown-supplier");
    expect(move("green", 4, { offers: [offer(4)] })).toBeUndefined();
    expect(move("retail1", 4, {}, { ...ann, role: "meter" })).toBe("tariff-refused");
  });

  it("is not made where all have one tariff for good", () => {
    expect(refusedOffer(offer(2), { ...setting, supplier: undefined })?.code).toBe("tariff-refused");
    expect(move("retail1", 2, { supplier: undefined })).toBe("tariff-refused");
  });
});
