import { describe, expect, it } from "vitest";
import { screenOf } from "../../../infra/watch/layout.js";
import { createMarketWatch, hear, keptPeriods, type MarketWatch } from "../../../infra/watch/market-watch.js";
import { countdown, sparkline } from "../../../infra/watch/phrases.js";
import { plainLine } from "../../../infra/watch/plain-line.js";
import type { Section } from "../../../infra/watch/sections.js";
import { publicExamples } from "../../../shared/messages/examples-public.js";
import { isoUtc, minuteMs } from "../../../shared/time.js";

const say = (watch: MarketWatch, name: string, message: object, wallMs = 0): void =>
  hear(watch, `elecbay/main/public/${name}`, JSON.stringify(message), wallMs);

function watched(isOperator = false): MarketWatch {
  const watch = createMarketWatch("main", isOperator);
  watch.isConnected = true;
  for (const name of ["clock", "market-info", "market-state", "status", "kpi", "energy"] as const)
    say(watch, name, publicExamples[name][0]);
  say(watch, "items/20160801-0200", publicExamples.items[0]);
  say(watch, "results/20160801-0200", publicExamples.results[0]);
  return watch;
}

const textOf = ({ title, lines }: Section): string[] => [
  title,
  ...lines.map((line) => line.map(({ text }) => text).join("")),
];
const screenText = (watch: MarketWatch, columns = 90, rows = 40, wallMs = 0): string =>
  screenOf(watch, wallMs, columns, rows)
    .columns.flatMap((column) => column.flatMap(textOf))
    .join("\n");

describe("a market in a terminal", () => {
  it("shows periods with what is left to their gates, price, energy, list and figures", () => {
    const text = screenText(watched());
    expect(text).toMatch(/02:00 {2}bidding {5}gate in {4}30:00 \(6 s\)/);
    expect(text).toMatch(/price +0\.0980 GBP\/kWh/);
    expect(text).toMatch(/generation +7\.000 kWh/);
    expect(text).toMatch(/sell +0\.800 kWh at 0\.1100 GBP\/kWh .* 97 %/);
    expect(text).toMatch(/self-sufficiency 61 %/);
    expect(text).not.toContain("Online");
  });

  it("leaves out the list of a period whose gate has closed", () => {
    const watch = watched();
    hear(watch, "elecbay/main/public/items/20160801-0200", "", 0);
    expect(screenText(watch)).toContain("nobody lists anything now");
    expect(watch.prices.size).toBe(1);
  });

  it("counts down between ticks at the market's rate, but not beyond the next one", () => {
    const watch = watched();
    expect(screenText(watch, 90, 40, 1000)).toMatch(/gate in {4}25:00/);
    expect(screenText(watch, 90, 40, 60_000)).toMatch(/gate in {4}20:00/); // a tick is a third of a half hour
  });

  it("tells the operator who is there, and how their batteries stand", () => {
    const watch = watched(true);
    const status = (id: string, message: object) =>
      hear(watch, `elecbay/main/in/${id}/status`, JSON.stringify(message), 0);
    status("bot10", { v: 1, status: "online" });
    status("bot2", { v: 1, status: "online", strategy: "price-taker", capacityKwh: 10, storedKwh: 4.2 });
    status("bot3", { v: 1, status: "offline" });
    expect(screenText(watch)).toMatch(/Online \(2\)\nbot2 +price-taker .*4\.2 of 10\.0 kWh\nbot10/);
  });

  it("fits the terminal, one column or two, and says what it leaves out", () => {
    const watch = watched(true);
    for (let bot = 1; bot <= 60; bot += 1)
      hear(watch, `elecbay/main/in/bot${bot}/status`, '{"v":1,"status":"online"}', 0);
    for (const [columns, rows] of [...[[80, 24] as const, [200, 30] as const, [60, 12] as const]]) {
      for (const column of screenOf(watch, 0, columns, rows).columns) {
        const height = column.reduce((sum, { lines }) => sum + lines.length + 2, 0);
        expect(height).toBeLessThanOrEqual(rows - 3);
      }
    }
    expect(screenText(watch, 200, 30)).toMatch(/… \d+ more/);
  });

  it("says what is missing while nothing was heard, and that the broker is away", () => {
    const watch = createMarketWatch("main", false);
    expect(screenText(watch)).toContain("no gate has closed yet");
    expect(
      screenOf(watch, 0, 80, 24)
        .header.map(({ text }) => text)
        .join(""),
    ).toContain("reconnecting");
    expect(plainLine(watch)).toBeUndefined();
  });

  it("keeps the newest periods alone, in their order", () => {
    const watch = createMarketWatch("main", false);
    const start = Date.parse("2016-08-01T00:00:00Z");
    for (const step of [keptPeriods + 5, ...Array.from({ length: keptPeriods + 5 }, (_, index) => index)]) {
      const period = isoUtc(start + step * 30 * minuteMs);
      say(watch, "price", { ...publicExamples.price[0], period });
    }
    const periods = [...watch.prices.keys()];
    expect(periods).toHaveLength(keptPeriods);
    expect(periods.toSorted()).toEqual(periods);
    expect(periods.at(-1)).toBe(isoUtc(start + (keptPeriods + 5) * 30 * minuteMs));
  });

  it("is one line where there is no terminal", () => {
    expect(plainLine(watched())).toBe(
      "2016-08-01T00:30:00Z | online | price of 2016-08-01T02:00:00Z 0.0980 GBP/kWh, 4.200 kWh | energy of 2016-08-01T02:00:00Z generation 7.000, load 10.100, import 3.100, export 0.000 kWh",
    );
  });
});

describe("figures as text", () => {
  it("are bars from the least to the most, with gaps", () => {
    expect(sparkline([0, null, 1, 0.5], 10)).toBe("▁ █▅");
    expect(sparkline([3, 3], 10)).toBe("▅▅");
    expect(sparkline([null], 10)).toBe("");
    expect(sparkline([1, 2, 3], 2)).toBe("▁█");
  });

  it("are what is left of time", () => {
    expect([0, 1, 65_000, 3_600_000].map(countdown)).toEqual(["now", "0:01", "1:05", "1:00:00"]);
  });
});
