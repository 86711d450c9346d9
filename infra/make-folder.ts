/** Folders that a user names: made where they are missing, with a sentence where that cannot be. */
import { mkdirSync, statSync } from "node:fs";

/** @throws Error naming the folder and what to do. */
export function makeFolder(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found !== undefined && !found.isDirectory()) throw new Error(`${path} is a file; name a folder`);
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw new Error(`the folder ${path} cannot be made: ${error instanceof Error ? error.message : String(error)}`);
  }
}
