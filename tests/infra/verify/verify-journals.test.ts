/** A state folder checked from its journals, and journals that somebody has changed. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { restoreBackup } from "../../../infra/backup/restore-backup.js";
import { hostedRoles } from "../../../infra/journal/hosted-actor.js";
import { openRecordedRun } from "../../../infra/replay/recorded-run.js";
import { replay } from "../../../infra/replay/replay.js";
import { verifyAgainstJournals, verifyJournals } from "../../../infra/verify/verify-journals.js";
import { instantFromIso } from "../../../shared/time.js";
import { archiveOf } from "../../replay/recording.js";

const root = mkdtempSync(join(tmpdir(), "elecbay-verify-journals-"));
const sound = join(root, "sound");
beforeAll(() => void restoreBackup(archiveOf("killed-0.1.0"), sound));
afterAll(() => rmSync(root, { recursive: true }));

let copies = 0;
/** The sound state folder with one statement run on one journal. */
function changed(role: string, sql: string): string {
  copies += 1;
  const folder = join(root, `changed-${copies}`);
  mkdirSync(join(folder, "journal"), { recursive: true });
  for (const name of [...hostedRoles.map((one) => `journal/${one}.sqlite`), "secret"]) {
    copyFileSync(join(sound, name), join(folder, name));
  }
  const database = new Database(join(folder, "journal", `${role}.sqlite`));
  database.exec(sql);
  database.close();
  return folder;
}

const verified = (folder: string) => verifyJournals(folder, () => {});

async function rebuilt(folder: string, untilMs?: number) {
  const run = await openRecordedRun(folder);
  const outFolder = mkdtempSync(join(root, "rebuilt-"));
  try {
    return { ...(await replay({ run, untilMs, outFolder, onProgress: () => {} })), outFolder };
  } finally {
    run.close();
  }
}

describe("a state folder", () => {
  it("is checked from its journals alone, after its market was killed twice", async () => {
    const findings = new Map((await verified(sound)).map(({ what, count }) => [what, count]));
    expect(findings.get("periods settled again")).toBe(4);
    expect(findings.get("commands with exactly one reply")).toBeGreaterThan(50);
    expect(findings.get("hand-overs taken as they were handed over, once")).toBeGreaterThan(10);
  });

  it.each([
    ["a command's energy", "bidding", `UPDATE inputs SET event = replace(event, 'energyKwh\\":', 'energyKwh\\":1')`],
    ["a reply", "bidding", `UPDATE inputs SET reply = replace(reply, '"o2"', '"o3"')`],
    [
      "a reply taken away",
      "bidding",
      "UPDATE inputs SET reply = NULL WHERE n = (SELECT max(n) FROM inputs WHERE reply IS NOT NULL)",
    ],
    [
      "an amount of the ledger",
      "settlement",
      `UPDATE facts SET body = replace(body, '"amountMicro":', '"amountMicro":1') WHERE type = 'entry'`,
    ],
    [
      "a fact taken away",
      "settlement",
      "DELETE FROM facts WHERE type = 'bill' AND input = (SELECT max(input) FROM facts WHERE type = 'bill')",
    ],
    [
      "what was handed over",
      "exchange",
      `UPDATE handed_over SET message = replace(message, '"importKwh":', '"importKwh":1')`,
    ],
    ["what was taken", "settlement", `UPDATE inputs SET event = replace(event, '"importKwh":', '"importKwh":1')`],
    ["an input, taking it away", "exchange", "DELETE FROM inputs WHERE n = 7"],
    ["a hand-over, taking it away", "bidding", "DELETE FROM handed_over WHERE n = 1"],
    [
      "the last inputs of a receiver",
      "settlement",
      "DELETE FROM facts WHERE input > 20; DELETE FROM handed_over WHERE input > 20; DELETE FROM inputs WHERE n > 20",
    ],
  ])("is refused where somebody has changed %s", async (_what, role, sql) => {
    await expect(verified(changed(role, sql))).rejects.toThrow(/sqlite|journal/);
  });

  it("is refused in words without one of its journals, or without the market's secret", async () => {
    const incomplete = changed("exchange", "VACUUM");
    rmSync(join(incomplete, "journal", "exchange.sqlite"));
    await expect(verified(incomplete)).rejects.toThrow(/exchange\.sqlite is missing/);
    const withoutSecret = changed("exchange", "VACUUM");
    rmSync(join(withoutSecret, "secret"));
    await expect(verified(withoutSecret)).rejects.toThrow(/not its file `secret`/);
  });
});

describe("a replay", () => {
  it("stops after the period that it was asked for is billed", async () => {
    const all = await rebuilt(sound);
    const first = instantFromIso(all.summary.from) ?? 0;
    const { summary } = await rebuilt(sound, first + 3_600_000);
    expect(summary.billedPeriods).toBe(2);
    expect(summary.hash).not.toBe(all.summary.hash);
  });

  it("leaves the folder as it was", async () => {
    const before = await rebuilt(sound);
    const after = await rebuilt(sound);
    expect(after.journals).toEqual(before.journals);
  });
});

describe("results beside their journals", () => {
  it("must follow from those", async () => {
    const folder = changed("exchange", "VACUUM");
    const { outFolder } = await rebuilt(folder);
    for (const name of ["summary.json", "trades.csv", "ledger.csv", "bills.csv", "orders.csv"]) {
      copyFileSync(join(outFolder, name), join(folder, name));
    }
    await expect(verifyAgainstJournals(folder, () => {})).rejects.toThrow(/cuts\.csv/);
  });
});
