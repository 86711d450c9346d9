/**
 * The dashboard of a simulation, where everybody sees everything: each view shows what the market told, also when the run is over. Screenshots
 * go to artifacts/screenshots, to be looked at.
 */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createOutcome } from "../../infra/main/outcome.js";
import type { Summary } from "../../infra/results/summary.js";
import { loadScenario } from "../../infra/scenario/load-scenario.js";
import { energy, withUnit } from "../../infra/web/page/formats.js";
import { type FinishedRun, removeRunFolders, runThesis } from "../infra/lockstep/thesis-run.js";
import { desktop, isBrowserInstalled, openPage, phone, startBrowser, type WatchedPage } from "./browser.js";

const soon = { timeout: 20_000 };

describe.skipIf(!isBrowserInstalled)("the dashboard of a simulation", () => {
  const [url, finished, looked] = [createOutcome<string>(), createOutcome<Summary>(), createOutcome<void>()];
  let run: Promise<FinishedRun>;
  let browser: Browser;
  let shown: WatchedPage;
  let summary: Summary;

  beforeAll(async () => {
    run = runThesis({
      scenario: loadScenario("scenarios/thesis-microgrid.yaml", { overrides: { periods: 12, shadow: ["pay-as-bid"] } }),
      watch: { restPort: 0, onListening: url.resolve, onFinished: finished.resolve, until: looked.promise },
    });
    browser = await startBrowser();
    shown = await openPage(browser, await url.promise);
    summary = await finished.promise;
  }, 90_000);
  afterAll(async () => {
    await browser?.close();
    looked.resolve();
    await run;
    removeRunFolders();
  });

  const open = (name: string) => shown.page.getByRole("link", { name, exact: true }).click();

  it("says once all is settled that the run is over, not that a market is away", async () => {
    await expect.poll(() => shown.text("link"), soon).toBe("run is over");
  });

  it("has an energy flow for each period, whose numbers are those of the history", async () => {
    await open("Energy flow");
    const { page } = shown;
    const history = (await (await fetch(`${await url.promise}/history?series=energy`)).json()) as {
      readonly items: readonly { readonly period: string; readonly energy: { readonly generationKwh: number } }[];
    };
    const sunniest = history.items.toSorted((one, other) => other.energy.generationKwh - one.energy.generationKwh)[0];
    await page.getByLabel("Delivery period").selectOption(sunniest?.period ?? "");
    const generation = `Generation ${withUnit(energy(sunniest?.energy.generationKwh))}`;
    await expect.poll(() => page.locator("svg.flow").textContent(), soon).toContain(generation);
    expect(await page.locator("svg.flow .band").count()).toBeGreaterThan(2);
  });

  it("lists every participant with state and balance, and opens the page of one", async () => {
    await open("Participants");
    const { page } = shown;
    const rows = page.locator(".participants tbody tr");
    await expect.poll(() => rows.count(), soon).toBe(10);
    await expect.poll(() => rows.first().textContent(), soon).toMatch(/peer1.*(online|away).*-?\d+\.\d\d GBP/);
    await page.getByRole("button", { name: "peer3" }).click();
    await expect.poll(() => page.getByRole("region", { name: "peer3" }).textContent(), soon).toContain("GBP/kWh");
    await expect.poll(() => page.locator(".bills tbody tr").count(), soon).toBe(12);
  });

  it("maps who hangs where, and says that no network operator takes part", async () => {
    await open("Network");
    const { page } = shown;
    await expect.poll(() => page.locator("svg.network .home").count(), soon).toBe(10);
    expect(await page.getByText("No network operator publishes here").count()).toBe(1);
  });

  it("compares with no market and with other mechanisms, as the run's summary does", async () => {
    await open("Comparison");
    const { page } = shown;
    const savings = `${(summary.kpis.savings ?? 0).toFixed(2)}\u00a0GBP`;
    await expect.poll(() => shown.text("savings"), soon).toBe(savings);
    const lines = page.locator(".mechanisms tbody tr");
    await expect.poll(() => lines.count(), soon).toBe(2);
    const shadow = summary.shadow?.mechanisms.find(({ mechanism }) => mechanism === "pay-as-bid");
    expect(await lines.nth(1).textContent()).toContain(`${shadow?.volumeKwh.toFixed(2)} kWh`);
    await expect.poll(() => page.locator("svg.drawing path").count(), soon).toBe(2);
  });

  it("has no serious fault in these views, on a desktop and on a phone, and asks no other host", async () => {
    const { page } = shown;
    for (const [size, viewport, colorScheme] of [
      ["desktop", desktop, "dark"],
      ["phone", phone, "light"],
    ] as const) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      for (const name of ["Energy flow", "Participants", "Network", "Comparison"]) {
        await open(name);
        await shown.screenshot(`simulation-${name.toLowerCase().replace(" ", "-")}-${size}-${colorScheme}`);
        expect(await shown.faults(), name).toEqual([]);
        expect(await shown.overflow(), name).toBe(0);
      }
    }
    expect(shown.complaints).toEqual([]);
  });
});
