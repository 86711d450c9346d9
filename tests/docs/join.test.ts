/**
 * docs/join.md, run as it is printed: one shell, one market, the snippets one after the other.
 *
 * The market listens on free ports. The settings of curl, mosquitto_pub and mosquitto_sub lead the printed ports to them.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { channels } from "../../shared/messages/channels.js";
import { cleanUp, newFolder, startProgram } from "../infra/cli/program.js";

const page = (name: string): string => readFileSync(new URL(`../../docs/${name}`, import.meta.url), "utf8");
const blocksOf = (text: string, language: string): string[] =>
  [...text.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, "g"))].map(([, block = ""]) => block);

/** What each snippet of join.md says when all is well, in their order. */
const expected: readonly RegExp[] = [
  /"id":"[a-z0-9]+","key":"/,
  /^ordering for \d{4}-\d{2}-\d{2}T\d{2}:\d{2}:00Z$/m,
  /"requestId":"a1".*"status":"accepted"/,
  /"orders":\[\{.*"energyKwh":0.5.*"importPerKwh":\[/s,
  /^$/,
  /"requestId":"b1".*"status":"accepted"/,
  /public\/clock \{.*public\/market-info \{|public\/market-info \{.*public\/clock \{/s,
  /"billId":.*amount/s,
  /"requestId": "c1".*"status": "accepted"/,
  /"topic":"orders","status":"accepted"/,
  /"importPerKwh":\[/,
  // By then its period is over: the first bill has come.
  /"requestId":"m1".*"status":"accepted"/,
];
const snippets = blocksOf(page("join.md"), "sh");

/** Debian's own programs first: its Python has Debian's packages. */
const programs = { ...process.env, PATH: `/usr/bin:${process.env.PATH}` };
const works = (command: string, args: readonly string[]): boolean => {
  try {
    execFileSync(command, args, { stdio: "ignore", env: programs, timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
};
const isThere: Readonly<Record<string, boolean>> = {
  curl: works("curl", ["--version"]),
  mosquitto_sub: works("sh", ["-c", "command -v mosquitto_sub"]),
  python3: works("python3", ["-c", "import paho.mqtt.client"]),
};
const needs = (snippet: string): string => (snippet.includes("/meter") ? `${snippet} mosquitto_sub` : snippet);
const missingFor = (snippet: string): string | undefined =>
  Object.keys(isThere).find((program) => isThere[program] === false && needs(snippet).includes(program));

let shell: ChildProcess;
let said = "";

/** Types it into the shell. @returns what it printed, errors too, and its exit status */
async function typed(snippet: string): Promise<{ readonly text: string; readonly status: number }> {
  const from = said.length;
  shell.stdin?.write(`${snippet}\nprintf "\\n== %s\\n" $?\n`);
  for (;;) {
    const end = /^== (\d+)$/m.exec(said.slice(from));
    if (end !== null) return { text: said.slice(from, from + end.index).trim(), status: Number(end[1]) };
    await pause(50);
  }
}

beforeAll(async () => {
  const ports = ["--mqtt-port", "0", "--rest-port", "0"];
  const flags = [...ports, "--log", "json", "--state", newFolder(), "--speed", "1500", "--no-bots"];
  const market = startProgram(["up", "scenarios/swarm.yaml", ...flags]);
  const [greeting] = await market.line(/MQTT at mqtt:.*swagger/);
  const mqttPort = /mqtt:\/\/[\d.]+:(\d+)/.exec(greeting)?.[1] ?? "";
  const restPort = /http:\/\/[\d.]+:(\d+)/.exec(greeting)?.[1] ?? "";
  const home = newFolder();
  mkdirSync(join(home, ".config"));
  for (const name of ["mosquitto_pub", "mosquitto_sub"]) writeFileSync(join(home, ".config", name), `-p ${mqttPort}\n`);
  writeFileSync(join(home, ".curlrc"), `connect-to = "127.0.0.1:5001:127.0.0.1:${restPort}"\n`);
  const [python = ""] = blocksOf(page("join.md"), "python");
  writeFileSync(join(home, "join.py"), python);
  const [javascript = ""] = blocksOf(page("join.md"), "js");
  writeFileSync(join(home, "join.mjs"), javascript);
  // As if it had been installed.
  mkdirSync(join(home, "node_modules"));
  symlinkSync(resolve("."), join(home, "node_modules", "open-elecbay"));
  const environment = {
    ...programs,
    HOME: home,
    XDG_CONFIG_HOME: join(home, ".config"),
    MQTT_PORT: mqttPort,
    REST_URL: `http://127.0.0.1:${restPort}`,
  };
  shell = spawn("bash", { cwd: home, env: environment, stdio: ["pipe", "pipe", "pipe"] });
  for (const output of [shell.stdout, shell.stderr]) {
    output?.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  }
  for (let state = ""; !state.includes('"bidding":[{'); await pause(100)) {
    state = await (await fetch(`http://127.0.0.1:${restPort}/market-state`)).text();
  }
}, 60_000);

afterAll(() => {
  shell?.kill();
  cleanUp();
});

describe("docs/join.md", () => {
  it("prints only snippets that are tried here", () => {
    expect(snippets.length).toBe(expected.length);
  });

  it.skipIf(isThere.curl === false)("names pages that the market serves", async () => {
    const pages = new Set(
      [...page("join.md").matchAll(/`(http:\/\/127\.0\.0\.1:5001\/[a-z]+\/)`/g)].map(([, url]) => url),
    );
    expect(pages.size).toBe(2);
    for (const url of pages)
      expect(await typed(`curl -s -o /dev/null -w '%{http_code}' ${url}`)).toEqual({ text: "200", status: 0 });
  });

  for (const [index, snippet] of snippets.entries()) {
    const missing = missingFor(snippet);
    const title = snippet.split("\n")[0] ?? "";
    if (missing !== undefined) {
      it.skip(`${title} (${missing} or its library is not installed)`);
      continue;
    }
    it(`works as printed: ${title}`, { timeout: 120_000 }, async () => {
      const { text, status } = await typed(snippet);
      expect([status, text]).toEqual([0, expect.stringMatching(expected[index] ?? "")]);
    });
  }
});

describe.each(["join.md", "observe.md"])("docs/%s", (name) => {
  it("names only topics of the contract", () => {
    const known = channels.map(({ address }) => new RegExp(`^${address.replaceAll(/<[a-z]+>/g, "[^/]+")}$`));
    const topics = [...page(name).matchAll(/elecbay\/main\/([^\s'"`,)\]]+)/g)].map(([, topic = ""]) => topic);
    const filters = new Set(["public/#", "private/<id>/#", "manage/#", "private/{me}", "in/{me}"]);
    const unknown = topics.filter((topic) => !filters.has(topic) && !known.some((pattern) => pattern.test(topic)));
    expect(topics.length).toBeGreaterThan(3);
    expect(unknown).toEqual([]);
  });
});
