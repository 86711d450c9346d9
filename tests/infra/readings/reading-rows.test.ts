import { describe, expect, it } from "vitest";
import { readingRows } from "../../../infra/readings/reading-rows.js";

const file = (importKwh: string): string =>
  `participant,period,importKwh,exportKwh\npeer3,2016-08-01T00:30:00Z,${importKwh},0\n`;
const first = (importKwh: string) => JSON.stringify(readingRows("readings.csv", file(importKwh))[0]);

describe("a number in a file of readings", () => {
  it.each([
    ["0.312", 312],
    ["+1.5", 1500],
    ["1e-1", 100],
  ])("is decimal: %s is %d Wh", (text, energyWh) => {
    expect(first(text)).toContain(`"importWh":${energyWh}`);
  });

  it.each(["0x10", "", "1,5", "one", "Infinity", "0b1"])("is not %j", (text) => {
    const [row] = readingRows("readings.csv", file(`"${text}"`));
    expect([row?.wanted, row?.problem]).toEqual([undefined, expect.stringContaining("importKwh")]);
  });
});
