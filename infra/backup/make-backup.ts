/** Makes a backup of a state folder while its market runs: one archive of the journals of one moment and the keys. */
import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import * as tar from "tar";
import { copyJournals } from "../journal/copy-journals.js";
import { personsName, syncFolder } from "../journal/journal-folder.js";
import { checkedJournals } from "../journal/journals-agree.js";
import { copyPersons } from "../registry/persons.js";
import { InputError } from "../series/input-error.js";
import { programVersion } from "../version.js";
import { fileHeld, isKeyName, type Manifest, manifestName } from "./manifest.js";

export interface BackupOptions {
  readonly stateFolder: string;
  /** The archive to write. */
  readonly file: string;
  /** Takes the place of a file that is there. */
  readonly force: boolean;
  readonly nowMs: number;
}

/**
 * Written under another name and renamed when it is whole and on the disk, readable by its owner alone: it holds the market's secret.
 * @throws InputError where `file` is taken or its folder missing, JournalError of the journals.
 */
export function makeBackup({ stateFolder, file, force, nowMs }: BackupOptions): Manifest {
  if (existsSync(file) && !force)
    throw new InputError({ file }, "it is there already; name another file, or take --force");
  const folder = dirname(resolve(file));
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new InputError({ file }, `there is no folder ${folder}`);
  }
  // Beside the archive: there is where room for it has to be.
  const staging = mkdtempSync(`${resolve(file)}.part-`);
  try {
    mkdirSync(join(staging, "journal"));
    const roles = copyJournals(stateFolder, join(staging, "journal"));
    const journals = checkedJournals(join(staging, "journal"), roles);
    const keys = readdirSync(stateFolder).filter(isKeyName).sort();
    for (const name of keys) {
      copyFileSync(join(stateFolder, name), join(staging, name));
      chmodSync(join(staging, name), statSync(join(stateFolder, name)).mode & 0o777);
    }
    const persons = copyPersons(stateFolder, staging) ? [personsName] : [];
    const names = [...roles.map((role) => `journal/${role}.sqlite`), ...keys, ...persons];
    const held: Manifest = {
      ...{ format: 1, madeBy: programVersion, madeAt: new Date(nowMs).toISOString(), journals },
      files: names.map((name) => fileHeld(staging, name)),
    };
    writeFileSync(join(staging, manifestName), `${JSON.stringify(held, null, 2)}\n`);
    pack(staging, [manifestName, ...names], resolve(file));
    return held;
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

function pack(staging: string, names: readonly string[], file: string): void {
  const unfinished = join(staging, "archive");
  const handle = openSync(unfinished, "wx", 0o600);
  try {
    tar.create({ sync: true, gzip: true, portable: true, strict: true, cwd: staging, file: unfinished }, [...names]);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(unfinished, file);
  syncFolder(dirname(file));
}
