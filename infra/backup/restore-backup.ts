/** Makes a state folder from a backup, checked before anything stands where it was asked for. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import * as tar from "tar";
import { journalledRoles } from "../journal/hosted-actor.js";
import { syncFolder } from "../journal/journal-folder.js";
import { checkedJournals } from "../journal/journals-agree.js";
import { InputError } from "../series/input-error.js";
import {
  fileHeld,
  isJournalName,
  isKeyName,
  isPersonsName,
  type Manifest,
  manifest,
  manifestName,
} from "./manifest.js";

/**
 * @param folder must be empty or missing; it is made readable by its owner alone
 * @throws InputError where `folder` is not empty, or `file` is no sound backup; JournalError of the journals in it.
 */
export function restoreBackup(file: string, folder: string): Manifest {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found !== undefined && (!found.isDirectory() || readdirSync(folder).length > 0)) {
    throw new InputError({ file: folder }, "a backup is restored to a folder that is empty or not there yet");
  }
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true)
    throw new InputError({ file }, "there is no such file");
  assertExpectedNames(file);
  const target = resolve(folder);
  mkdirSync(dirname(target), { recursive: true });
  const staging = mkdtempSync(`${target}.part-`);
  try {
    readArchive(file, () => tar.extract({ sync: true, strict: true, file, cwd: staging, preserveOwner: false }));
    const held = checkedContents(file, staging);
    rmSync(join(staging, manifestName));
    if (existsSync(target)) rmdirSync(target);
    renameSync(staging, target);
    syncFolder(dirname(target));
    return held;
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/** Looked through before a byte is written: names that a backup has, each once, and plain files. */
function assertExpectedNames(file: string): void {
  const seen = new Set<string>();
  readArchive(file, () =>
    tar.list({
      sync: true,
      strict: true,
      file,
      onReadEntry({ path, type }) {
        const isExpected = path === manifestName || isJournalName(path) || isKeyName(path) || isPersonsName(path);
        if (!isExpected || type !== "File" || seen.has(path)) {
          throw new InputError(
            { file },
            `it holds ${JSON.stringify(path)} (${type}), which no backup does; it is not restored`,
          );
        }
        seen.add(path);
      },
    }),
  );
  if (!seen.has(manifestName)) throw new InputError({ file }, `it is no backup: it holds no ${manifestName}`);
}

function checkedContents(file: string, staging: string): Manifest {
  const held = readManifest(file, staging);
  for (const expected of held.files) {
    const { name, bytes, sha256 } = expected;
    if (!existsSync(join(staging, name))) throw new InputError({ file }, `${name} is missing from it`);
    const is = fileHeld(staging, name);
    if (is.bytes !== bytes || is.sha256 !== sha256)
      throw new InputError({ file }, `${name} in it is not what was backed up`);
  }
  const journalFolder = join(staging, "journal");
  const extracted = [
    ...readdirSync(staging).filter((name) => name !== "journal" && name !== manifestName),
    ...(existsSync(journalFolder) ? readdirSync(journalFolder).map((name) => `journal/${name}`) : []),
  ];
  const unknown = extracted.find((name) => !held.files.some((expected) => expected.name === name));
  if (unknown !== undefined)
    throw new InputError({ file }, `it holds ${unknown}, of which its ${manifestName} knows nothing`);
  const roles = journalledRoles.filter((role) => held.files.some(({ name }) => name === `journal/${role}.sqlite`));
  const journals = checkedJournals(journalFolder, roles);
  if (JSON.stringify(journals) !== JSON.stringify(held.journals)) {
    throw new InputError({ file }, "its journals do not end where they were backed up");
  }
  return held;
}

function readManifest(file: string, staging: string): Manifest {
  try {
    return manifest.parse(JSON.parse(readFileSync(join(staging, manifestName), "utf8")));
  } catch {
    throw new InputError({ file }, `its ${manifestName} cannot be read: it is damaged, or of a newer elecbay`);
  }
}

function readArchive(file: string, read: () => void): void {
  try {
    read();
  } catch (error) {
    if (error instanceof InputError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new InputError({ file }, `it is no sound backup: ${why}`);
  }
}
