/**
 * The dashboard in a real browser, with a real market behind it: one market, one page, one story. Screenshots of every view go to
 * artifacts/screenshots, to be looked at.
 */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Fields, type PlainClient, plainClient, topic } from "../end-to-end/plain-client.js";
import { desktop, isBrowserInstalled, openPage, phone, startBrowser, type WatchedPage } from "./browser.js";
import { type MarketStage, startStage } from "./stage.js";

const soon = { timeout: 20_000 };
const speed = 300;

describe.skipIf(!isBrowserInstalled)("the dashboard", () => {
  let stage: MarketStage;
  let browser: Browser;
  let observer: PlainClient;
  let shown: WatchedPage;

  beforeAll(async () => {
    stage = await startStage(speed);
    observer = await plainClient(stage.market.mqttUrl, "observer");
    await observer.reads(topic.everythingPublic);
    browser = await startBrowser();
    shown = await openPage(browser, stage.market.restUrl);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    observer?.mqtt.end(true);
    await stage?.stop();
  });

  const heard = (name: string): Fields | undefined =>
    observer.heard.filter((message) => message.topic === topic.public(name)).at(-1)?.fields;
  const priceText = () => {
    const told = heard("price");
    return told?.pricePerKwh === null ? "no trade" : `${Number(told?.pricePerKwh).toFixed(4)}\u00a0GBP/kWh`;
  };
  const showsThePrice = () => expect.poll(async () => (await shown.text("price")) === priceText(), soon).toBe(true);

  it("shows an observer what the topics say: the last price, who is online, the clearing point of the last gate", async () => {
    await expect.poll(() => shown.text("link"), soon).toBe("live");
    await expect.poll(() => heard("price")?.pricePerKwh, soon).toBeTypeOf("number");
    await showsThePrice();
    await expect.poll(() => shown.text("online"), soon).toBe("10");
    const cleared = () => {
      const { pricePerKwh, tradeCount } = heard("price") ?? {};
      return pricePerKwh === null
        ? "no trade"
        : `${Number(pricePerKwh).toFixed(4)} GBP/kWh for .* in ${tradeCount} trades`;
    };
    await expect.poll(async () => new RegExp(cleared()).test(await shown.text("clearing")), soon).toBe(true);
  });

  it("takes an order by keyboard from who signs in, shows the market's answer and the order, and cancels it", async () => {
    const { page } = shown;
    await page.getByRole("button", { name: "Sign in" }).first().click();
    await page.getByLabel("Id", { exact: true }).fill("operator");
    await page.getByLabel("Key", { exact: true }).fill("no key of anybody");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").waitFor();
    expect(await page.getByLabel("Id", { exact: true }).inputValue()).toBe("operator");
    await page.keyboard.type("x");
    expect(await page.getByLabel("Key", { exact: true }).inputValue()).toBe("x");
    await page.getByLabel("Id", { exact: true }).fill("visitor");
    await page.getByLabel("Key", { exact: true }).fill("visitor has a secret");
    await page.keyboard.press("Enter");
    await expect.poll(() => shown.text("signed-in"), soon).toBe("visitor");
    await page.getByRole("link", { name: "List and orders" }).click();
    const energy = page.getByLabel("Energy, kWh");
    await energy.focus();
    await page.keyboard.type("0.25");
    await page.keyboard.press("Tab");
    await page.keyboard.type("0.031");
    await page.keyboard.press("Enter");
    await expect.poll(() => shown.text("answer"), soon).toContain("Accepted.");
    await expect.poll(() => energy.inputValue()).toBe("");
    const mine = page.locator("tr[data-order]");
    await expect.poll(() => mine.textContent(), soon).toContain("0.250");
    await page.getByRole("button", { name: /^Cancel/ }).click();
    await expect.poll(() => mine.count(), soon).toBe(0);
  });

  it("says in words why the market rejects an order", async () => {
    const { page } = shown;
    const open = page.getByLabel("Delivery period of the order");
    await open.selectOption({ index: 8 });
    await page.getByLabel("Energy, kWh").fill("5000");
    await page.getByLabel(/price, GBP/).fill("0.1");
    await page.keyboard.press("Enter");
    await expect.poll(() => shown.text("answer"), soon).toContain("Rejected.");
    expect(await shown.text("answer")).toContain("energy-out-of-range");
    expect(await page.getByLabel("Energy, kWh").inputValue()).toBe("5000");
  });

  it("keeps the moment at which it is paused while the market goes on, and comes back to live", async () => {
    const { page } = shown;
    await page.getByRole("button", { name: "Pause" }).click();
    const [moment, price] = [await shown.text("market-time"), await shown.text("price")];
    const before = heard("price")?.ts;
    await expect.poll(() => heard("price")?.ts !== before, soon).toBe(true);
    expect([await shown.text("market-time"), await shown.text("price")]).toEqual([moment, price]);
    await page.getByRole("button", { name: "Back to live" }).click();
    await showsThePrice();
  });

  it.each([
    { size: "desktop", viewport: desktop, colorScheme: "light" },
    { size: "phone", viewport: phone, colorScheme: "dark" },
  ] as const)(
    "has no serious fault in any view, $size $colorScheme, and fits its window",
    { timeout: 90_000 },
    async (look) => {
      const { page } = shown;
      await page.setViewportSize(look.viewport);
      await page.emulateMedia({ colorScheme: look.colorScheme });
      for (const link of await page.locator("nav.views a").all()) {
        const name = (await link.getAttribute("href"))?.replace("#/", "") ?? "";
        await link.click();
        await expect.poll(() => link.getAttribute("aria-current")).toBe("page");
        await shown.screenshot(`${name}-${look.size}-${look.colorScheme}`);
        expect(await shown.faults(), name).toEqual([]);
        expect(await shown.overflow(), name).toBe(0);
      }
    },
  );

  it("has neither complained nor asked another host", () => {
    expect(shown.complaints).toEqual([]);
  });

  it("says that it reconnects when the broker fails, and is live again by itself once it is back", async () => {
    await showsThePrice();
    stage.breakBroker();
    await expect.poll(() => shown.text("link"), soon).toBe("reconnecting");
    await expect.poll(() => shown.text("link"), soon).toBe("live");
    const client = await plainClient(stage.market.mqttUrl, "observer");
    observer.mqtt.end(true);
    observer = client;
    await observer.reads(topic.everythingPublic);
    const seq = heard("clock")?.seq;
    await expect.poll(() => heard("clock")?.seq !== seq && heard("price") !== undefined, soon).toBe(true);
    await showsThePrice();
  });
});
