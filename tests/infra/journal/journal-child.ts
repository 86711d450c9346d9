/**
 * A process of its own that writes a journal, for tests of what happens when it is killed or its disk is full. Arguments:
 *
 * `write FILE`: appends three entries at a time for ever, and prints the last number that is durable.
 * `fill FILE FILLER`: appends until that fails, takes the file FILLER away, goes on, and prints what it saw as JSON.
 * `hand FOLDER`: bidding hands over and exchange takes, in turn for ever, each in its journal; prints the last number.
 * `read FILE`: prints the last number, or the complaint. `open FILE`: the same with the right to write.
 * With `nobody` as the last argument it gives its rights away first.
 */
import { rmSync } from "node:fs";
import type { ActorJournal } from "../../../infra/journal/journal.js";
import { openJournals } from "../../../infra/journal/journal-folder.js";
import { type JournalOptions, openJournal } from "../../../infra/journal/sqlite-journal.js";
import { commandEntry } from "./command-entries.js";

const [task, file = "", filler = "", last] = process.argv.slice(2);
if ([filler, last].includes("nobody")) {
  process.setgroups?.([]);
  process.setegid?.(65_534);
  process.seteuid?.(65_534);
}
const options: JournalOptions = { role: "bidding", programVersion: "1.2.3", durability: "full" };
const big = JSON.stringify({ text: "x".repeat(3000) });

if (task === "write") {
  const journal = openJournal(file, options);
  for (;;) {
    appendThree(journal);
    process.stdout.write(`${journal.lastNumber()}\n`);
  }
} else if (task === "hand") {
  const { journalOf } = openJournals(file, { ...options, durability: "normal", roles: ["bidding", "exchange"] });
  const [bidding, exchange] = [journalOf("bidding"), journalOf("exchange")];
  for (let n = 1; ; n += 1) {
    const handedOver = [{ n, topic: "manage/contracts", message: { n }, receivers: ["exchange"] as const }];
    bidding.append([{ ...commandEntry(n), handedOver }], new Map());
    const taken = { type: "CONTRACTS", sender: "bidding", message: { n } };
    exchange.append([{ ...commandEntry(n), event: taken, reply: null }], new Map());
    bidding.acknowledged(n, "exchange");
    if (n % 50 === 0) process.stdout.write(`${n}\n`);
  }
} else if (task === "fill") {
  const journal = openJournal(file, options);
  const complaint = complaintOf(() => {
    for (;;) appendThree(journal);
  });
  const kept = journal.lastNumber();
  const again = complaintOf(() => appendThree(journal));
  const tried = complaintOf(() => journal.assertWritable());
  const readable = [...journal.inputs(0)].length;
  rmSync(filler);
  journal.assertWritable();
  appendThree(journal);
  journal.close();
  const reopened = openJournal(file, options);
  const inputs = [...reopened.inputs(0)].map(({ n }) => n);
  process.stdout.write(`${JSON.stringify({ complaint, kept, again, tried, readable, inputs })}\n`);
} else {
  const complaint = complaintOf(() => {
    const journal = openJournal(file, { ...options, readonly: task === "read" });
    process.stdout.write(`${[...journal.inputs(0)].length} of ${journal.lastNumber()}\n`);
  });
  process.stdout.write(`${complaint}\n`);
}

function appendThree(journal: ActorJournal): void {
  const next = journal.lastNumber() + 1;
  const entries = [next, next + 1, next + 2].map((n) => commandEntry(n, big));
  journal.append(entries, new Map([["last", String(next + 2)]]));
}

function complaintOf(action: () => void): string {
  try {
    action();
    return "";
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
}
