/** docs/settlement.md tells an example in numbers: they are what the rules give. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { netFor, netOf } from "../../../market/rules/ledger.js";
import { type PeriodSettlement, settlePeriod } from "../../../market/rules/settlement.js";
import { micro, microPerKwh } from "../../../shared/units.js";
import { period, reading, trade } from "./settlement-cases.js";

const text = readFileSync("docs/settlement.md", "utf8");

/** Cells of the table that follows a line, without its header. */
function tableAfter(line: string): string[][] {
  const rest = text.slice(text.indexOf(line) + line.length).trimStart();
  const rows = rest.slice(0, `${rest}\n\n`.indexOf("\n\n")).split("\n");
  return rows.slice(2).map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

function billOf(settlement: PeriodSettlement, participant: string): string[][] {
  const settled = settlement.participants.find((one) => one.participant === participant);
  const rows = (settled?.lines ?? []).map(({ kind, name = "", energyWh, amountMicro }) => {
    return [kind, name, String(energyWh / 1000), String(amountMicro / 1e6)];
  });
  const total = ["total", "", String((settled?.meteredWh ?? 0) / 1000), String((settled?.totalMicro ?? 0) / 1e6)];
  return [...rows, total];
}

it("the example of docs/settlement.md is what the rules give", () => {
  const price = microPerKwh;
  const example = period([trade("ann", "bob", 1000, 100_000)], [reading("ann", 0, 1400), reading("bob", 1500, 0)], {
    terms: {
      serviceChargeMicroPerKwh: price(1000),
      serviceChargeMillionths: 5000,
      gridFeeMicroPerKwh: price(50_000),
      localGridFeeMicroPerKwh: price(20_000),
      levies: [{ name: "renewables", microPerKwh: price(4000) }],
      standingChargeMicroPerDay: micro(480_000),
      vatMillionths: 50_000,
    },
  });
  const tariff = { supplier: "retail1", importMicroPerKwh: price(200_000), exportMicroPerKwh: price(50_000) };
  const tariffs = new Map(["ann", "bob"].map((id) => [id, tariff]));
  const settlement = settlePeriod({ ...example, tariffs });
  expect(billOf(settlement, "bob")).toEqual(tableAfter("Bob's bill:"));
  expect(billOf(settlement, "ann")).toEqual(tableAfter("Ann's bill:"));
  const net = netOf(settlement.entries);
  const told = tableAfter("What the other accounts have of it:");
  expect(told.map(([account = ""]) => [account, String(netFor(net, account) / 1e6)])).toEqual(told);
  expect(net.size).toBe(told.length + 2);
});
