/** Folders that a user names: made where they are missing, with a sentence where that cannot be. */
import { mkdirSync, statSync } from "node:fs";

/** Of a market: its secret, keys as hashes, and everybody's bills are nobody else's on this machine to read. */
export const privateMode = 0o700;

/** @param mode of what is made new; as the user's other folders where it is left out @throws Error naming the folder and what to do */
export function makeFolder(path: string, mode?: number): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found !== undefined && !found.isDirectory()) throw new Error(`${path} is a file; name a folder`);
  try {
    mkdirSync(path, { recursive: true, mode });
  } catch (error) {
    throw new Error(`the folder ${path} cannot be made: ${error instanceof Error ? error.message : String(error)}`);
  }
}
