/** Copies of all journals of a market that runs. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { copyJournals } from "../../../infra/journal/copy-journals.js";
import { openJournals } from "../../../infra/journal/journal-folder.js";
import { checkedJournals } from "../../../infra/journal/journals-agree.js";
import { openJournal } from "../../../infra/journal/sqlite-journal.js";
import { childProgram } from "./child-program.js";
import { commandEntries, commandEntry } from "./command-entries.js";
import { journalFolder, removeFolders } from "./journal-entries.js";

let market: ChildProcess | undefined;
afterAll(() => {
  market?.kill("SIGKILL");
  removeFolders();
});

const options = { programVersion: "1.2.3", durability: "normal" } as const;
const none = new Map<string, string>();

describe("copies of the journals of a market that runs", () => {
  it("are of one moment: what one took the other handed over, and what one knows acknowledged the other took", async () => {
    const folder = journalFolder();
    const running = spawn(process.execPath, [await childProgram(journalFolder()), "hand", folder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    market = running;
    await new Promise((resolve) => running.stdout.once("data", resolve));
    let before = 0;
    for (let round = 0; round < 20; round += 1) {
      const into = mkdtempSync(join(folder, "copy-"));
      const roles = copyJournals(folder, into);
      expect(roles).toEqual(["bidding", "exchange"]);
      const [bidding, exchange] = checkedJournals(into, roles).map(({ inputs }) => inputs) as [number, number];
      // In turn: the receiver is at most one behind, and never ahead.
      expect([0, 1]).toContain(bidding - exchange);
      const sender = openJournal(join(into, "bidding.sqlite"), { ...options, role: "bidding" });
      const waiting = sender.outstanding().map(({ n }) => n);
      expect(Math.min(...waiting, bidding + 1) - 1).toBeLessThanOrEqual(exchange);
      expect(bidding).toBeGreaterThan(before);
      before = bidding;
      sender.close();
    }
  });

  it("hold all that the journals hold, and nothing beside them", () => {
    const folder = journalFolder();
    const journals = openJournals(folder, options);
    const bidding = journals.journalOf("bidding");
    const receivers = ["exchange", "settlement"] as const;
    const handedOver = [{ n: 1, topic: "manage/contracts", message: { n: 1 }, receivers }];
    const facts = [{ type: "contract", periodMs: 1, participant: "h1", energyWh: 1, valueMicro: 1 }] as never;
    bidding.append(
      [{ ...commandEntry(1), handedOver, facts }, ...commandEntries(2, 400)],
      new Map([
        ["b", "1"],
        ["a", "2"],
      ]),
    );
    bidding.remember("terms", { k: 0.5 });
    bidding.keepSnapshot({
      n: 400,
      digest: "d",
      programVersion: "1",
      state: new Map([[1, new Set([2])]]),
    });
    const into = mkdtempSync(join(folder, "copy-"));
    copyJournals(folder, into);
    expect(readdirSync(into).sort()).toEqual(
      ["bidding", "exchange", "settlement", "supervisor", "supplier"].map((role) => `${role}.sqlite`),
    );
    const copy = openJournal(join(into, "bidding.sqlite"), { ...options, role: "bidding", readonly: true });
    expect([...copy.inputs(0)]).toEqual([...bidding.inputs(0)]);
    expect([...copy.facts()]).toEqual([...bidding.facts()]);
    expect(copy.outstanding()).toEqual(bidding.outstanding());
    expect([...copy.retained()]).toEqual([
      ["b", "1"],
      ["a", "2"],
    ]);
    expect(copy.snapshot()).toEqual(bidding.snapshot());
    expect(copy.recall("terms")).toEqual({ k: 0.5 });
    copy.close();
    journals.close();
  });
});

describe("journals that do not fit together", () => {
  it("are found: one took what the other never handed over", () => {
    const folder = journalFolder();
    const journals = openJournals(folder, options);
    const taken = { type: "CONTRACTS", sender: "bidding", message: { n: 7 } };
    journals.journalOf("exchange").append([{ ...commandEntry(1), event: taken, reply: null }], none);
    journals.close();
    expect(() => checkedJournals(join(folder, "journal"), ["bidding", "exchange"])).toThrow(
      /are not of one moment: exchange took hand-over 7 of bidding, which knows of 0/,
    );
  });

  it("and so is one that is damaged within", () => {
    const folder = journalFolder();
    const journals = openJournals(folder, options);
    journals.journalOf("bidding").append(commandEntries(1, 600), none);
    journals.close();
    const file = join(folder, "journal", "bidding.sqlite");
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.fill(0x55, 20 * 4096, 21 * 4096));
    expect(() => checkedJournals(join(folder, "journal"), ["bidding"])).toThrow(/bidding\.sqlite .*damaged/);
  });
});
