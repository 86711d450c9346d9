/** Who is registered in a state folder, read from the registrar's journal while nobody or somebody writes it. */
import type { Account } from "../../market/rules/account.js";
import { journalsIn, openJournals } from "../journal/journal-folder.js";
import { createAccountBook } from "../registry/account-book.js";
import { programVersion } from "../version.js";

/** Sorted by id; none where there is no such journal. @throws JournalError where it cannot be read. */
export function registeredIn(stateFolder: string): readonly Account[] {
  if (!journalsIn(stateFolder).includes("api")) return [];
  const journals = openJournals(stateFolder, { roles: ["api"], programVersion, durability: "full", readonly: true });
  try {
    return createAccountBook([], journals.journalOf("api").facts()).accounts();
  } finally {
    journals.close();
  }
}
