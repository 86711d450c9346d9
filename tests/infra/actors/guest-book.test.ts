/** Guests are made known to supervisor and supplier, who may be down when they come. */
import { expect, it } from "vitest";
import { guestBook, type MarketHosts } from "../../../infra/actors/market-hosts.js";
import { terms } from "../../market/managers/sample-terms.js";

function room() {
  const told: string[] = [];
  const up = { supervisor: false, supplier: false };
  const host = (role: keyof typeof up) => ({
    isUp: () => up[role],
    take: ({ type }: { type: string }) => told.push(type),
  });
  const of = { supervisor: host("supervisor"), supplier: host("supplier") };
  return { told, up, hosts: { of } as unknown as MarketHosts };
}

it("a guest who comes while one of them is down is told later, and is not forgotten", () => {
  const { told, up, hosts } = room();
  const admit = guestBook(hosts, terms);
  expect(admit("gil", 0)).toBe("later");
  up.supervisor = true;
  expect(admit("gil", 0)).toBe("later");
  expect(told).toEqual([]);
  up.supplier = true;
  expect(admit("gil", 0)).toBe("told");
  expect(told).toEqual(["JOIN", "GUEST"]);
});

it("who is a member is no guest, and nobody is where guests are not welcome", () => {
  const { told, up, hosts } = room();
  up.supervisor = up.supplier = true;
  expect(guestBook(hosts, terms)("ann", 0)).toBe("no");
  expect(guestBook(hosts, { ...terms, guestCapacityW: undefined })("gil", 0)).toBe("no");
  expect(told).toEqual([]);
});
