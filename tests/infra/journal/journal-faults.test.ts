/** What a journal on the disk does when others write or read it, its process is killed, the disk is full, or it may only be read. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openJournal } from "../../../infra/journal/sqlite-journal.js";
import { childProgram } from "./child-program.js";
import { commandEntries, commandEntry } from "./command-entries.js";
import { journalFolder, removeFolders } from "./journal-entries.js";

const options = { role: "bidding", programVersion: "1.2.3", durability: "full" } as const;
const readonly = { ...options, readonly: true };
const newFile = (): string => join(journalFolder(), "bidding.sqlite");
const none = new Map<string, string>();

let program = "";
beforeAll(async () => {
  program = await childProgram(journalFolder());
});
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
  removeFolders();
});

/** Runs it to its end. */
function child(...args: string[]): string {
  return spawnSync(process.execPath, [program, ...args], { encoding: "utf8", timeout: 25_000 }).stdout;
}

/** Starts a writer; resolves when so many entries are durable. */
function writer(file: string, least = 30) {
  const process_ = spawn(process.execPath, [program, "write", file], { stdio: ["ignore", "pipe", "inherit"] });
  children.push(process_);
  let said = "";
  const durable = (): number => Number(said.split("\n").at(-2) ?? "0");
  const ready = new Promise<void>((resolve) => {
    process_.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      if (durable() >= least) resolve();
    });
  });
  const gone = new Promise<void>((resolve) => process_.once("close", () => resolve()));
  const kill = (): Promise<void> => {
    process_.kill("SIGKILL");
    return gone;
  };
  return { ready, durable, kill };
}

describe("a journal that a process writes", () => {
  it("has no second writer, in this process or another, and says that a market runs on the state folder", async () => {
    const file = newFile();
    const own = openJournal(file, options);
    expect(() => openJournal(file, options)).toThrow(
      /bidding\.sqlite is being written by another process: a market already runs on/,
    );
    expect(child("open", file)).toMatch(/^JournalError: .*bidding\.sqlite is being written by another process/);
    own.close();
    const other = writer(file);
    await other.ready;
    expect(() => openJournal(file, options)).toThrow("a market already runs on");
    await other.kill();
    openJournal(file, options).close();
  });

  it("can be read meanwhile, and its readers see whole appends", async () => {
    const file = newFile();
    const other = writer(file);
    await other.ready;
    for (let look = 0; look < 20; look += 1) {
      const reader = openJournal(file, readonly);
      const last = [...reader.inputs(0)].at(-1)?.n ?? 0;
      expect(last % 3).toBe(0);
      expect(reader.lastNumber()).toBeGreaterThanOrEqual(last);
      expect(() => reader.append([commandEntry(last + 1)], none)).toThrow("was opened only to be read");
      reader.close();
    }
    await other.kill();
  });

  it("keeps all that was durable when the process is killed at any moment", async () => {
    const file = newFile();
    let before = 0;
    for (let round = 0; round < 5; round += 1) {
      const other = writer(file, before + 3 * (round + 1));
      await other.ready;
      await other.kill();
      for (const how of [readonly, options]) {
        const journal = openJournal(file, how);
        const last = journal.lastNumber();
        expect(last).toBeGreaterThanOrEqual(other.durable());
        expect(last % 3).toBe(0);
        expect([...journal.inputs(0)].map(({ n }) => n)).toEqual(commandEntries(1, last).map(({ n }) => n));
        expect(journal.retained().get("last")).toBe(String(last));
        before = last;
        journal.close();
      }
    }
  });

  it("keeps its log bounded, also while others read", () => {
    const file = newFile();
    const journal = openJournal(file, { ...options, durability: "normal" });
    const reader = openJournal(file, readonly);
    let half: Iterator<unknown> | undefined;
    for (let n = 1; n <= 30_000; n += 100) {
      journal.append(commandEntries(n, n + 99), none);
      half ??= reader.inputs(0)[Symbol.iterator]();
      half.next();
      expect(statSync(`${file}-wal`).size).toBeLessThan(4.6e6);
    }
    reader.close();
    journal.close();
    expect(statSync(file).size).toBeGreaterThan(5e6);
  });

  it("refuses an entry that is not the next one, and keeps nothing of that append", () => {
    const journal = openJournal(newFile(), options);
    journal.append(commandEntries(1, 3), new Map([["last", "3"]]));
    expect(() => journal.append([commandEntry(4), commandEntry(6)], new Map([["last", "6"]]))).toThrow(
      "6 cannot be next",
    );
    expect(journal.lastNumber()).toBe(3);
    expect([...journal.inputs(0)]).toHaveLength(3);
    journal.append(commandEntries(4, 5), none);
    expect([...journal.inputs(3)].map(({ n }) => n)).toEqual([4, 5]);
    expect(journal.retained().get("last")).toBe("3");
    journal.close();
  });

  it("is one file alone when it was closed", () => {
    const file = newFile();
    const journal = openJournal(file, options);
    journal.append(commandEntries(1, 10), none);
    journal.close();
    expect(statSync(`${file}-wal`, { throwIfNoEntry: false })).toBeUndefined();
    const copy = newFile();
    copyFileSync(file, copy);
    expect([...openJournal(copy, readonly).inputs(0)]).toHaveLength(10);
  });
});

describe("a disk that is full", () => {
  /** Runs the child on a disk of 1 MB of which a filler takes 300 kB; undefined where this user may mount none. */
  function onSmallDisk(folder: string) {
    const script = `mount -t tmpfs -o size=1m none '${folder}' && head -c 300000 /dev/zero > '${folder}/filler' &&
      exec '${process.execPath}' '${program}' fill '${folder}/bidding.sqlite' '${folder}/filler'`;
    const { stdout, stderr, error } = spawnSync("unshare", ["-rm", "sh", "-c", script], {
      encoding: "utf8",
      timeout: 25_000,
    });
    const mayNot = error?.message.includes("ENOENT") === true || /unshare: |mount: /.test(stderr);
    return mayNot
      ? undefined
      : (JSON.parse(stdout) as Record<"complaint" | "again" | "tried" | "kept" | "readable" | "inputs", never>);
  }

  it("fails an append as a whole, keeps what there is, and takes more when there is room again", ({ skip }) => {
    const seen = onSmallDisk(journalFolder());
    if (seen === undefined) return skip("no small disk can be mounted here");
    expect(seen.complaint).toMatch(
      /^JournalError: .*bidding\.sqlite cannot be written: the disk (is full|failed or holds no more)/,
    );
    expect(seen.again).toMatch(/^JournalError: /);
    expect(seen.tried).toMatch(/^JournalError: /);
    expect(seen.kept).toBeGreaterThan(30);
    expect(seen.readable).toBe(seen.kept);
    expect(seen.inputs).toEqual(commandEntries(1, seen.kept + 3).map(({ n }) => n));
  });

  it("as a limit on the size of files does", ({ skip }) => {
    const file = newFile();
    const limited = spawnSync("sh", ["-c", `ulimit -f 800; exec '${process.execPath}' '${program}' write '${file}'`], {
      encoding: "utf8",
      timeout: 25_000,
    });
    if (process.platform === "win32") return skip("no such limit here");
    expect(limited.stderr).toMatch(/JournalError: .*bidding\.sqlite cannot be written: the disk/);
    const durable = Number(limited.stdout.trimEnd().split("\n").at(-1));
    const journal = openJournal(file, options);
    expect(journal.lastNumber()).toBe(durable);
    journal.append(commandEntries(durable + 1, durable + 5), none);
    expect([...journal.inputs(0)]).toHaveLength(durable + 5);
    journal.close();
  });
});

describe("a file that this user may only read", () => {
  const nobody = process.getuid?.() === 0 ? ["nobody"] : [];

  function readOnly(folder: string): void {
    for (const name of ["bidding.sqlite", "bidding.sqlite-wal", "bidding.sqlite-shm", "bidding.lock"]) {
      if (statSync(join(folder, name), { throwIfNoEntry: false }) !== undefined) chmodSync(join(folder, name), 0o444);
    }
    chmodSync(folder, 0o555);
  }

  it("is read, when it was closed and when its writer was killed; it cannot be written, which is said", async () => {
    const file = newFile();
    const journal = openJournal(file, options);
    journal.append(commandEntries(1, 10), none);
    journal.close();
    const killed = newFile();
    const other = writer(killed);
    await other.ready;
    await other.kill();
    for (const name of [file, killed]) readOnly(join(name, ".."));
    expect(child("read", file, ...nobody)).toBe("10 of 10\n\n");
    expect(child("read", killed, ...nobody)).toMatch(/^(\d+) of \1\n\n$/);
    for (const name of [file, killed])
      expect(child("open", name, ...nobody)).toMatch(/^JournalError: .*bidding\.\w+ .*(right|only be read)/);
    for (const name of [file, killed]) chmodSync(join(name, ".."), 0o755);
  });
});
