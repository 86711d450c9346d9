/**
 * A market whose disk is full: the system refuses it every byte that it would add to a file, as `ulimit -f` does, but from one moment on and
 * until another. Where the user may mount one, also a file system of 3 MB that is really full.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { connectAsync, type MqttClient } from "mqtt";
import { afterAll, describe, expect, it } from "vitest";
import { killStarted } from "../processes/started-process.js";
import { auditMarket } from "./audit.js";
import { type Stage, setStage } from "./stage.js";
import { type Fields, startTrader } from "./trader.js";

const folder = mkdtempSync(join(tmpdir(), "elecbay-full-"));
const mounted: string[] = [];
afterAll(() => {
  killStarted();
  for (const place of mounted) attempt("umount", "-l", place);
  rmSync(folder, { recursive: true, force: true });
});

/** Takes all space away from the market, and gives it back. */
interface Disk {
  readonly stateFolder: string;
  fill(market: number): void;
  clear(market: number): void;
}

const disks: Record<string, () => Disk | undefined> = {
  "may write no more bytes"() {
    if (!attempt("prlimit", "--version")) return undefined;
    const limit = (market: number, bytes: string) => attempt("prlimit", "--pid", String(market), `--fsize=${bytes}:`);
    return {
      stateFolder: join(folder, "limited", "state"),
      fill: (market) => void limit(market, "1024"),
      clear: (market) => void limit(market, "unlimited"),
    };
  },
  "has a full file system"() {
    const place = join(folder, "small");
    mkdirSync(place);
    if (!attempt("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", place)) return undefined;
    mounted.push(place);
    const filling = join(place, "filling");
    return {
      stateFolder: join(place, "state"),
      fill() {
        const { bavail, bsize } = statfsSync(place);
        for (let left = bavail; left > 0; left = statfsSync(place).bavail) {
          writeFileSync(filling, Buffer.alloc(left * bsize), { flag: "a" });
        }
      },
      clear: () => rmSync(filling),
    };
  },
};

describe.each(Object.keys(disks))("a market that %s", (name) => {
  it("takes no commands and says why, keeps what it has, and goes on when there is space", { timeout: 90_000 }, async ({
    skip,
  }) => {
    const disk = disks[name]?.();
    if (disk === undefined) return skip("this system or user has no way to do it");
    const distFolder = resolve("dist");
    const own = { traders: ["ann", "bob"], folder: join(folder, name.replaceAll(" ", "-")), distFolder };
    const stage = await setStage({ ...own, mode: "embedded", stateFolder: disk.stateFolder, onWarning: () => {} });
    const [market] = stage.actors;
    await market?.start();
    const pid = market?.pid() ?? 0;
    let status: Fields = {};
    let marketTimeMs = 0;
    const trader = startTrader({
      ...{ id: "ann", password: stage.passwordOf("ann"), url: stage.url, onReply: () => {} },
      filters: ["elecbay/main/public/clock", "elecbay/main/public/status"],
      onMessage: (topic, fields) => {
        if (topic.endsWith("status")) status = fields;
        else marketTimeMs = Date.parse(String(fields.ts));
      },
    });
    const place = () => {
      const period = new Date(Math.ceil(marketTimeMs / 300_000) * 300_000 + 1_800_000)
        .toISOString()
        .replace(".000Z", "Z");
      return trader.send("orders", { action: "place", side: "buy", period, energyKwh: 0.002, pricePerKwh: 0.1 });
    };
    const { client, refusals } = await refusalsTo("ann", stage);
    await expect.poll(() => marketTimeMs, { timeout: 20_000 }).toBeGreaterThan(0);
    const before = place();
    await expect.poll(() => before.reply?.fields.status, { timeout: 20_000 }).toBe("accepted");
    disk.fill(pid);
    await expect
      .poll(
        () => {
          place();
          return refusals.length;
        },
        { timeout: 20_000, interval: 200 },
      )
      .toBeGreaterThan(2);
    expect(new Set(refusals)).toEqual(new Set(["market-closed"]));
    await expect.poll(() => status.status, { timeout: 20_000 }).toBe("degraded");
    expect(String(status.reason)).toMatch(/disk|written|space|journal/);
    disk.clear(pid);
    // What was refused meanwhile is sent again by its client, until it is decided.
    await expect.poll(() => trader.unanswered().length, { timeout: 30_000 }).toBe(0);
    await expect.poll(() => status.status, { timeout: 20_000 }).toBe("online");
    const after = place();
    await expect.poll(() => after.reply?.fields.status, { timeout: 20_000 }).toBe("accepted");
    const settledMs = marketTimeMs + 60 * 60_000;
    await expect.poll(() => marketTimeMs, { timeout: 30_000 }).toBeGreaterThan(settledMs);
    await Promise.all([trader.end(), client.endAsync(true)]);
    await stage.stop();
    const { complaints, ledgerSumMicro } = auditMarket(stage.stateFolder, [trader]);
    expect({ complaints, ledgerSumMicro }).toEqual({ complaints: [], ledgerSumMicro: 0 });
  });
});

/** Codes of the refusals that participant `id` hears. */
async function refusalsTo(id: string, { url, passwordOf }: Stage): Promise<{ client: MqttClient; refusals: string[] }> {
  const login = { clientId: `${id}/ears`, username: id, password: passwordOf(id) };
  const client = await connectAsync(url, login);
  const refusals: string[] = [];
  client.on("message", (_topic, payload) => {
    const { status, code } = JSON.parse(payload.toString()) as Fields;
    if (status === "rejected") refusals.push(String(code));
  });
  await client.subscribeAsync(`elecbay/main/private/${id}/replies`, { qos: 1 });
  return { client, refusals };
}

function attempt(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: "ignore", timeout: 20_000 });
    return true;
  } catch {
    return false;
  }
}
