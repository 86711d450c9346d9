/** Debian's Chromium, driven by playwright-core; and what a page complains of while it is looked at. */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import type { AxeResults } from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";

const executablePath = "/usr/bin/chromium";
const screenshots = "artifacts/screenshots";
/** It asks nobody outside of the page. */
const quiet = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

export const isBrowserInstalled = existsSync(executablePath);

export const desktop = { width: 1440, height: 900 };
export const phone = { width: 390, height: 844 };

export const startBrowser = (): Promise<Browser> => chromium.launch({ executablePath, args: quiet });

export interface WatchedPage {
  readonly page: Page;
  /** Errors on its console, and requests that went to another host. */
  readonly complaints: string[];
  /** The text of what has this `data-testid`. */
  text(id: string): Promise<string>;
  screenshot(name: string): Promise<void>;
  /** What axe-core finds that is serious or critical. */
  faults(): Promise<string[]>;
  /** By how much it is wider than its window: it scrolls sideways, px. */
  overflow(): Promise<number>;
}

export interface Look {
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly colorScheme?: "light" | "dark";
}

export async function openPage(browser: Browser, url: string, look: Look = {}): Promise<WatchedPage> {
  const page = await browser.newPage({ viewport: desktop, reducedMotion: "reduce", ...look });
  page.setDefaultTimeout(10_000);
  const complaints: string[] = [];
  const { host } = new URL(url);
  page.on("console", (said) => said.type() === "error" && complaints.push(said.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    const asked = new URL(request.url());
    if (/^(https?|wss?):$/.test(asked.protocol) && asked.host !== host) complaints.push(`asks ${asked.host}`);
  });
  await page.goto(url);
  return {
    ...{ page, complaints },
    text: async (id) => (await page.getByTestId(id).textContent()) ?? "",
    async screenshot(name) {
      mkdirSync(screenshots, { recursive: true });
      await page.screenshot({ path: `${screenshots}/${name}.png` });
    },
    async faults() {
      // Not as a script of the page, whose content policy would refuse it.
      await page.evaluate(readFileSync("node_modules/axe-core/axe.min.js", "utf8"));
      const { violations } = await page.evaluate<AxeResults>("axe.run()");
      return violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes[0]?.html ?? ""}`);
    },
    overflow: () =>
      page.evaluate<number>("document.documentElement.scrollWidth - document.documentElement.clientWidth"),
  };
}
