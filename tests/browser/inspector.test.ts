/**
 * The inspector in a real browser: first with a log file and no market, then with a running market that it switches the inspection on in.
 * Screenshots of its parts go to artifacts/screenshots, to be looked at.
 */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { desktop, isBrowserInstalled, openPage, phone, startBrowser, type WatchedPage } from "./browser.js";
import { type MarketStage, startStage } from "./stage.js";

const soon = { timeout: 20_000 };
const longestMs = 90_000;
/** A gate in some 4 seconds. */
const speed = 450;
const log = resolve("tests/inspect/three-homes.inspect.ndjson");

describe.skipIf(!isBrowserInstalled)("the inspector", { timeout: longestMs }, () => {
  let stage: MarketStage;
  let browser: Browser;
  let shown: WatchedPage;
  let url: string;

  beforeAll(async () => {
    stage = await startStage(speed, { actors: undefined, allowsSending: true });
    url = `${stage.market.restUrl}/inspector`;
    browser = await startBrowser();
    shown = await openPage(browser, url);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await stage?.stop();
  });

  const part = (name: string) => shown.page.getByRole("button", { name, exact: true }).click();
  const typeFilter = () => shown.page.getByLabel("Filter by type of event or topic; a minus leaves out");
  const edge = (id: string) => shown.page.locator(`.edge[data-edge="${id}"]`);
  const state = (id: string) => shown.page.locator(`[data-state="${id}"]`).getAttribute("data-active");

  it("says to whoever is not signed in how to see actors", async () => {
    await expect.poll(() => shown.page.getByText("Actors are shown to operators").count(), soon).toBe(1);
    await shown.screenshot("inspector-signed-out");
    expect(await shown.faults()).toEqual([]);
  });

  it("opens a log file, and goes to where the gate of a period closed", async () => {
    await shown.page.getByLabel("Log file").setInputFiles(log);
    await expect.poll(() => shown.text("file"), soon).toContain("elecbay simulate");
    await typeFilter().fill("closeGate");
    const closing = shown.page.locator(".entry.action").first();
    await closing.click();
    await typeFilter().fill("");
    await part("Event after");
    await expect.poll(() => shown.text("chosen-state"), soon).toBe("checking");
    expect(await state("bidding-period.checking")).toBe("true");
    expect(await state("bidding-period.open")).toBe("false");
    expect(await edge("bidding-period.open|ALARM|0").getAttribute("data-last")).toBe("true");
    expect(await shown.page.locator('.edge[data-last="true"]').count()).toBe(1);
    await shown.screenshot("inspector-log-gate-closed");
    expect(await shown.faults()).toEqual([]);
  });

  it("draws who sent what to whom, and says it in the log too", async () => {
    await typeFilter().fill("in/home1/orders");
    await part("Sequence");
    await expect
      .poll(() => shown.page.locator('.arrow[data-from="home1"][data-to="bidding"]').count(), soon)
      .toBeGreaterThan(0);
    await typeFilter().fill("");
    await shown.screenshot("inspector-log-sequence");
    expect(await shown.faults()).toEqual([]);
    await part("Statechart");
    await part("Close");
  });

  it("switches the inspection on for the operator, and shows a period's bidding close and be contracted", async () => {
    const { page } = shown;
    const key = readFileSync(stage.market.operatorKeyFile ?? "", "utf8").trim();
    await page.getByRole("button", { name: "Sign in" }).first().click();
    await page.getByLabel("Id", { exact: true }).fill("operator");
    await page.getByLabel("Key", { exact: true }).fill(key);
    await page.keyboard.press("Enter");
    await expect.poll(() => shown.text("inspection"), soon).toBe("inspection is off");
    await shown.screenshot("inspector-off");
    await part("Switch…");
    await shown.screenshot("inspector-switch");
    await part("Switch on");
    await expect.poll(() => shown.text("inspection"), soon).toMatch(/^inspecting all actors in 1\d nodes$/);
    const period = page.locator('[data-actor^="bidding/"]').filter({ hasText: /\d\d:\d\d/ });
    await expect.poll(() => period.count(), soon).toBeGreaterThan(0);
    expect(await period.first().getAttribute("title")).toMatch(/:\d\d GMT, 2017-\S+:00Z$/);
    await expect.poll(() => shown.text("actor-count"), soon).toMatch(/, times GMT$/);
    await expect.poll(() => page.locator(".moment").textContent(), soon).toContain("market time, GMT");
    const open = page
      .locator('[data-actor^="bidding/"]')
      .filter({ hasText: /\d\d:\d\d.*open$/ })
      .first();
    await open.click();
    await expect.poll(() => shown.text("chosen-state"), soon).toBe("open");
    await expect.poll(() => shown.text("chosen-state"), soon).toBe("checking");
    await expect.poll(() => shown.text("chosen-state"), soon).toBe("contracted");
    expect(await state("bidding-period.contracted")).toBe("true");
    const taken = page.locator('.edge[data-last="true"]');
    expect(await taken.getAttribute("data-edge")).toMatch(/^bidding-period\.checking\|/);
    await shown.screenshot("inspector-live");
  });

  it("goes back in time and to live again", async () => {
    await typeFilter().fill("closeGate");
    await shown.page.locator(".entry.action").last().click();
    await expect.poll(() => shown.text("chosen-state"), soon).toBe("open");
    await part("Back to live");
    await typeFilter().fill("");
    await expect.poll(() => shown.text("chosen-state"), soon).not.toBe("open");
  });

  it("gives a bot an event, and tells why a period takes none", async () => {
    const { page } = shown;
    const send = async (type: string): Promise<void> => {
      await page.getByLabel("Type", { exact: true }).fill(type);
      await part("Send");
    };
    await page.getByText("Send an event").click();
    await send("ALARM");
    await expect.poll(() => shown.text("sent"), soon).toContain("Refused: only its manager speaks to it");
    await page.getByLabel("Filter actors by name").fill("peer1");
    await page.locator('[data-actor="peer1/x0"]').click();
    await send("DISCONNECTED");
    await expect.poll(() => shown.text("sent"), soon).toContain("The actor has got it");
    await expect.poll(() => shown.text("chosen-state"), soon).toBe("offline");
    await shown.screenshot("inspector-sent");
    await page.getByLabel("Filter actors by name").fill("");
  });

  it("links to one actor, and stays in its window on a phone and in the dark", async () => {
    const hash = await shown.page.evaluate<string>("location.hash");
    expect(hash).toBe("#actor=peer1/x0");
    await shown.page.emulateMedia({ colorScheme: "dark" });
    await shown.page.setViewportSize(phone);
    for (const name of ["Actors", "Chart", "Context", "Log"]) {
      await part(name);
      await shown.screenshot(`inspector-phone-${name.toLowerCase()}`);
      expect(await shown.overflow()).toBe(0);
    }
    expect(await shown.faults()).toEqual([]);
    await shown.page.setViewportSize(desktop);
    await part("Sequence");
    await shown.screenshot("inspector-live-dark");
  });

  it("neither complains nor asks another host", () => {
    expect(shown.complaints).toEqual([]);
  });
});
