/** What a backup holds, as it tells itself in `backup.json`: the other files of the archive, each with its length and hash. */
import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { journalledRoles } from "../journal/hosted-actor.js";
import { personsName } from "../journal/journal-folder.js";

export const manifestName = "backup.json";

/** Names that a backup may hold beside its manifest, with `/` on every system. */
const journalName = new RegExp(`^journal/(${journalledRoles.join("|")})\\.sqlite$`);
const keyName = /^(secret|[a-z][a-z0-9-]*\.(key|pub|pem))$/;

export function isJournalName(name: string): boolean {
  return journalName.test(name);
}

/** Names of persons, where somebody has registered. */
export function isPersonsName(name: string): boolean {
  return name === personsName;
}

/** The secret of a state folder, and keys beside it. */
export function isKeyName(name: string): boolean {
  return keyName.test(name);
}

const heldFile = z.strictObject({
  name: z
    .string()
    .refine((name) => isJournalName(name) || isKeyName(name) || isPersonsName(name), "no file of a state folder"),
  bytes: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

export const manifest = z.strictObject({
  format: z.literal(1),
  madeBy: z.string(),
  madeAt: z.string(),
  journals: z.array(
    z.strictObject({
      role: z.enum(journalledRoles),
      inputs: z.int().min(0),
      facts: z.int().min(0),
      digest: z.string(),
    }),
  ),
  files: z.array(heldFile),
});
export type Manifest = z.infer<typeof manifest>;

/** Length and hash of a file of the folder, read piece by piece: journals may be larger than what memory takes at once. */
export function fileHeld(folder: string, name: string): Manifest["files"][number] {
  const hash = createHash("sha256");
  const piece = Buffer.alloc(2 ** 20);
  const handle = openSync(join(folder, name), "r");
  let bytes = 0;
  try {
    for (let read = readSync(handle, piece); read > 0; read = readSync(handle, piece)) {
      hash.update(piece.subarray(0, read));
      bytes += read;
    }
  } finally {
    closeSync(handle);
  }
  return { name, bytes, sha256: hash.digest("hex") };
}
