/**
 * docs/operate.md, run as it is printed: one shell, one community, the snippets one after the other; and the alert rules against what a
 * running market tells.
 *
 * `elecbay` in that shell is the built program. Where a snippet starts a market in real time, it is started at 3600 times that, on free ports;
 * the settings of curl, and of `elecbay import-readings`, lead the printed port to it.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { plainClient } from "../end-to-end/plain-client.js";
import { cleanUp, newFolder } from "../infra/cli/program.js";

const page = readFileSync(new URL("../../docs/operate.md", import.meta.url), "utf8");
const blocksOf = (language: string): string[] =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, "g"))].map(([, block = ""]) => block);
const snippets = blocksOf("sh");

/** What each snippet says when all is well, in their order. */
const expected: readonly RegExp[] = [
  /^(\[\d+\] \d+)?$/,
  /"items":\[\]/,
  /"code":"/,
  /"id":"ann","key":"ann\..*"id":"bob","key":"bob\./s,
  /"id":"bob".*"connectionPoint":"R19"/,
  /"state":"booked"/,
  /^would be: 2 (new|replaces-estimate)\n2 (new|replaces-estimate)$/,
  /"complete":true.*"participant":"ann".*"participant":"bob"/s,
  /statements and index\.html in bills/,
  /"items":\[\],"next":null/,
  /"id":"cat","key":"cat\..*"id":"bob".*"until":"/s,
  /"name":null,"kept":\[/,
  /wrote market\.tar\.gz.*restored to restored.*every decision as it was/s,
  /^(\[\d+\] \d+)?$/,
];
const hasCurl = (() => {
  try {
    execFileSync("curl", ["--version"], { stdio: "ignore", timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
})();

let shell: ChildProcess;
let home = "";
let said = "";

async function typed(snippet: string): Promise<{ readonly text: string; readonly status: number }> {
  const from = said.length;
  shell.stdin?.write(`${snippet}\nprintf "\\n== %s\\n" $?\n`);
  for (;;) {
    const end = /^== (\d+)$/m.exec(said.slice(from));
    if (end !== null) return { text: said.slice(from, from + end.index).trim(), status: Number(end[1]) };
    await pause(50);
  }
}

/** Where a market says that it is, once it runs. */
async function addressesIn(log: string): Promise<{ readonly mqtt: string; readonly rest: string }> {
  for (;;) {
    const text = existsSync(join(home, log)) ? readFileSync(join(home, log), "utf8") : "";
    const found = /MQTT at (mqtt:\/\/[\d.]+:\d+).*?(http:\/\/[\d.]+:\d+)/.exec(text);
    if (found?.[1] !== undefined && found[2] !== undefined) return { mqtt: found[1], rest: found[2] };
    await pause(50);
  }
}

const operatorKey = (folder: string): string => readFileSync(join(home, folder, "operator.key"), "utf8").trim();
const bearer = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });

/** Waits until a public read fits. */
async function until(path: string, fits: (text: string) => boolean, key?: string): Promise<void> {
  const { rest } = await addressesIn("market.log");
  for (;;) {
    const answer = await fetch(`${rest}${path}`, key === undefined ? {} : bearer(key));
    if (fits(await answer.text())) return;
    await pause(100);
  }
}

/** What has to be over in the market before a snippet is tried. */
async function untilReadyFor(snippet: string): Promise<void> {
  if (snippet.includes("operator.key")) {
    const { rest } = await addressesIn("market.log");
    writeFileSync(join(home, ".curlrc"), `connect-to = "127.0.0.1:5001:${rest.slice("http://".length)}"\n`);
    await typed(`export ELECBAY_URL=${rest}`);
    await until("/market-info", (text) => text.includes('"firstPeriod"'));
  }
  if (snippet.includes("readings.csv"))
    await until(
      "/metrics",
      (text) => Number(/elecbay_market_time_seconds (\d+)/.exec(text)?.[1]) > Date.parse("2026-01-31T21:45:00Z") / 1000,
    );
  if (snippet.includes("month.csv"))
    await until(
      "/operator/statements?month=2026-01",
      (text) => text.includes('"complete":true'),
      operatorKey("market"),
    );
}

beforeAll(() => {
  home = newFolder();
  const programs = join(home, "programs");
  mkdirSync(programs);
  const [community = ""] = blocksOf("yaml");
  writeFileSync(join(home, "our-street.yaml"), community);
  const start = `exec node "${resolve("dist/elecbay.js")}"`;
  const script = `#!/bin/bash\nif [ "$1" = up ]; then set -- "\${@/--real/--speed=3600}" --mqtt-port 0 --rest-port 0; fi\n${start} "$@"\n`;
  writeFileSync(join(programs, "elecbay"), script);
  chmodSync(join(programs, "elecbay"), 0o755);
  const environment = { ...process.env, HOME: home, PATH: `${programs}:${process.env.PATH}` };
  shell = spawn("bash", { cwd: home, env: environment, stdio: ["pipe", "pipe", "pipe"] });
  for (const output of [shell.stdout, shell.stderr]) {
    output?.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  }
});

afterAll(async () => {
  await typed("kill $(jobs -p); wait");
  shell.kill();
  cleanUp();
}, 30_000);

describe.skipIf(!hasCurl)("docs/operate.md", () => {
  it("prints only snippets that are tried here", () => {
    expect(snippets.length).toBe(expected.length);
  });

  for (const [index, snippet] of snippets.entries()) {
    it(`works as printed: ${snippet.split("\n")[0]}`, { timeout: 120_000 }, async () => {
      await untilReadyFor(snippet);
      const { text, status } = await typed(snippet);
      expect([status, text]).toEqual([0, expect.stringMatching(expected[index] ?? "")]);
    });
  }

  it("leaves pages that can be read", () => {
    expect(readFileSync(join(home, "month.csv"), "utf8")).toMatch(/^month,participant,.*\n2026-01,ann,/);
    expect(readFileSync(join(home, "ann.html"), "utf8")).toMatch(/Statement of ann, January 2026/);
    expect(existsSync(join(home, "bills", "bob-2026-01.html"))).toBe(true);
  });
});

describe.skipIf(!hasCurl)("a sandbox beside a market", () => {
  it("has other keys: those of one open nothing in the other", async () => {
    const [real, sandbox] = [await addressesIn("market.log"), await addressesIn("sandbox.log")];
    await pause(500);
    const ask = async (rest: string, key: string) => (await fetch(`${rest}/operator/participants`, bearer(key))).status;
    expect(await ask(sandbox.rest, operatorKey(".elecbay-sandbox"))).toBe(200);
    expect(await ask(sandbox.rest, operatorKey("market"))).toBe(401);
    expect(await ask(real.rest, operatorKey(".elecbay-sandbox"))).toBe(401);
    const people = await (
      await fetch(`${sandbox.rest}/operator/participants`, bearer(operatorKey(".elecbay-sandbox")))
    ).text();
    expect(people).not.toContain('"ann"');
  });

  it("has play money and topics of its own, and hears nothing of the other's", async () => {
    const [real, sandbox] = [await addressesIn("market.log"), await addressesIn("sandbox.log")];
    expect(await (await fetch(`${sandbox.rest}/market-info`)).json()).toMatchObject({ currency: "XTS" });
    for (const [url, own, other] of [
      [real.mqtt, "main", "sandbox"],
      [sandbox.mqtt, "sandbox", "main"],
    ] as const) {
      const observer = await plainClient(url, "observer");
      expect(await observer.reads(`elecbay/${own}/public/#`)).toBe(true);
      await pause(1000);
      expect(observer.heard.length).toBeGreaterThan(3);
      expect(observer.heard.filter(({ topic }) => !topic.startsWith(`elecbay/${own}/`))).toEqual([]);
      expect(await observer.reads(`elecbay/${other}/public/#`)).toBe(false);
      observer.mqtt.end(true);
    }
  }, 20_000);
});

describe("docs/prometheus-alerts.yaml", () => {
  const file = "docs/prometheus-alerts.yaml";
  const { groups } = parse(readFileSync(file, "utf8")) as { groups: { rules: { alert: string; expr: string }[] }[] };
  const rules = groups.flatMap((group) => group.rules);

  it.skipIf(!hasCurl)("asks only for what a running market tells", async () => {
    const { rest } = await addressesIn("market.log");
    const told = await (await fetch(`${rest}/metrics`)).text();
    const series = new Set([...told.matchAll(/^# TYPE (\w+) /gm)].map(([, name = ""]) => name));
    const named = rules
      .flatMap(({ expr }) => expr.match(/\belecbay_\w+/g) ?? [])
      .map((name) => name.replace(/_bucket$/, ""));
    expect(named.length).toBeGreaterThanOrEqual(rules.length - 1);
    expect(named.filter((name) => !series.has(name))).toEqual([]);
  });

  let promtool = true;
  try {
    execFileSync("promtool", ["--version"], { stdio: "ignore", timeout: 10_000 });
  } catch {
    promtool = false;
  }
  it.skipIf(!promtool)(`is taken by Prometheus${promtool ? "" : " (skipped: promtool is not installed)"}`, () => {
    expect(execFileSync("promtool", ["check", "rules", file], { encoding: "utf8", timeout: 20_000 })).toContain(
      `SUCCESS: ${rules.length}`,
    );
  });
});
