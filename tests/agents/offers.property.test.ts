/** Changes of supply: the newest that has begun holds, what was before stays, and prices by the clock are those of the scenario's own. */
import fc from "fast-check";
import { DateTime } from "luxon";
import { describe, expect, it } from "vitest";
import { offerAt, pairOf, supplierAt } from "../../agents/supplier/offers.js";
import type { SupplierSpecification } from "../../agents/supplier/specification.js";
import { tariffsFrom } from "../../agents/supplier/supplier.js";
import { offerFrom } from "../../infra/registry/offer-from.js";
import { majorFromMicro, microPerKwhFromMajor } from "../../shared/decimal.js";
import { dayMs, isoUtc, minuteMs } from "../../shared/time.js";
import { microPerKwh } from "../../shared/units.js";

const half = 30 * minuteMs;
const fromMs = Date.parse("2016-08-01T00:00:00Z");
const flat = (price: number) => [microPerKwh(price)];
const own = { participant: "ann", supplier: "old", importMicroPerKwh: flat(150_000), exportMicroPerKwh: flat(50_000) };
const specification: SupplierSpecification = {
  ...{ name: "retail1", market: "main", fromMs, stepMinutes: 30 },
  ...{ systemBuyMicroPerKwh: flat(160_000), systemSellMicroPerKwh: flat(40_000), carbonMilligramPerKwh: undefined },
  tariffs: [own],
  guestTariff: { supplier: "retail1", importMicroPerKwh: flat(145_700), exportMicroPerKwh: flat(50_300) },
};

const step = fc.integer({ min: 1, max: 60 });
const name = fc.constantFrom("old", "retail1", "green");
const price = fc.integer({ min: 1, max: 400 }).map((milli) => milli / 1000);
const offers = fc.array(fc.record({ supplier: name, step, price }), { maxLength: 6 });
const customers = fc.array(fc.record({ supplier: name, step }), { maxLength: 6 });

describe("changes of supply", () => {
  it("are told step by step: in each the newest supplier that has begun, at its newest offer that has begun", () => {
    fc.assert(
      fc.property(offers, customers, fc.integer({ min: 0, max: 40 }), (prices, moves, now) => {
        const changes = {
          offers: prices.map((one) => ({
            ...{ supplier: one.supplier, from: isoUtc(fromMs + one.step * half) },
            ...{ importPerKwh: [one.price], exportPerKwh: [0.01] },
          })),
          customers: moves.map((one) => ({
            ...{ participant: "ann", supplier: one.supplier, from: isoUtc(fromMs + one.step * half) },
          })),
        };
        const told = tariffsFrom(specification, fromMs + now * half, ["bob"], changes);
        const ann = told.tariffs.find(({ participant }) => participant === "ann");
        for (let at = now; at < now + 96; at += 1) {
          // By hand: the last of the list with the largest step that is not after this one.
          const last = <T extends { step: number }>(list: readonly T[]): T | undefined =>
            list
              .filter((one) => one.step <= at)
              .reduce<T | undefined>(
                (best, one) => (best === undefined || one.step >= best.step ? one : best),
                undefined,
              );
          const supplier = last(moves)?.supplier ?? "old";
          const scenarios = supplier === "old" ? 0.15 : 0.1457;
          const expected = last(prices.filter((one) => one.supplier === supplier))?.price ?? scenarios;
          const index = at - now;
          const of = <T>(values: readonly T[]): T | undefined => (values.length === 1 ? values[0] : values[index]);
          expect(of(ann?.importPerKwh ?? [])).toBe(expected);
          expect(of(ann?.suppliers ?? [ann?.supplier])).toBe(supplier);
        }
        const bob = told.tariffs.find(({ participant }) => participant === "bob");
        expect(bob?.supplier).toBe("retail1");
      }),
    );
  });

  it("leave the message as it was before where nothing changes within what is told", () => {
    const later = {
      offers: [{ supplier: "old", from: isoUtc(fromMs + 3 * dayMs), importPerKwh: [1], exportPerKwh: [0] }],
      customers: [],
    };
    expect(tariffsFrom(specification, fromMs, [], later)).toEqual(tariffsFrom(specification, fromMs, []));
  });
});

describe("prices by the clock", () => {
  const time = fc.integer({ min: 0, max: 47 }).map((halves) => {
    return `${String(Math.floor(halves / 2)).padStart(2, "0")}:${halves % 2 === 0 ? "00" : "30"}`;
  });
  const days = fc.constantFrom("all" as const, "weekdays" as const, "weekends" as const);
  const months = fc.option(fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 1 }), { nil: undefined });
  const band = fc
    .record({ from: time, to: time, price, days, months })
    .filter(({ from, to }) => from !== to)
    .map(({ months: of, ...one }) => ({ ...one, ...(of === undefined ? {} : { months: of }) }));

  it("go by local time, through every change of the clocks", () => {
    const zone = fc.constantFrom("Europe/London", "Europe/Berlin", "America/New_York", "Australia/Sydney", "UTC");
    fc.assert(
      fc.property(
        zone,
        fc.array(band, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 0, max: 48 * 800 }),
        (where, timeOfUse, ahead) => {
          const offer = offerFrom(
            { supplier: "green", fromMs, import: { otherwise: 0.2, timeOfUse }, export: 0.05 },
            where,
          );
          const atMs = fromMs + ahead * half;
          const local = DateTime.fromMillis(atMs, { zone: where });
          const minute = local.hour * 60 + local.minute;
          const minutes = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
          const found = timeOfUse.find((one) => {
            const isDay = one.days === "all" || local.weekday > 5 === (one.days === "weekends");
            const [start, end] = [minutes(one.from), minutes(one.to)];
            const isTime = start < end ? minute >= start && minute < end : minute >= start || minute < end;
            return isDay && isTime && (one.months === undefined || one.months.includes(local.month));
          });
          const pair = pairOf(offer, atMs, 30);
          expect(majorFromMicro(pair.importMicroPerKwh)).toBe(found?.price ?? 0.2);
          expect(pair.exportMicroPerKwh).toBe(microPerKwhFromMajor(0.05));
        },
      ),
    );
  });

  it("as a series go by period, and the last one holds on", () => {
    const offer = offerFrom({ supplier: "green", fromMs, import: { prices: [0.1, 0.2] }, export: 0 }, "UTC");
    const at = (period: number): number => majorFromMicro(pairOf(offer, fromMs + period * half, 30).importMicroPerKwh);
    expect([at(0), at(1), at(2), at(500)]).toEqual([0.1, 0.2, 0.2, 0.2]);
    expect(offerAt({ offers: [offer], customers: [] }, "green", fromMs - 1)).toBeUndefined();
    expect(supplierAt({ offers: [], customers: [] }, own, fromMs)).toBe("old");
  });
});
