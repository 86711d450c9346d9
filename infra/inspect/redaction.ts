/**
 * What never leaves with an inspection: passwords, keys, hashes, salts and codes by the name of their field, names of persons likewise,
 * and every secret that the program knows by its value, wherever it stands.
 */

export const redacted = "(redacted)";

export interface Redaction {
  /** Whether what stands under this name is told to nobody. */
  isSecretName(name: string): boolean;
  /** The text without any secret that is known. */
  cleared(text: string): string;
}

/** Parts of names, each a word of a camel-case or dashed name, or the whole name. */
const secretWords: ReadonlySet<string> = new Set([
  ...[
    "password",
    "passwords",
    "secret",
    "secrets",
    "salt",
    "salts",
    "hash",
    "hashes",
    "key",
    "keys",
    "token",
    "tokens",
  ],
  ...["credential", "credentials", "authorization", "signature", "invitation", "master", "private", "statementkey"],
]);
/** Whole names alone: as a part of another they are harmless. */
const secretNames: ReadonlySet<string> = new Set(["name", "fullname", "email", "phone", "address", "person"]);
/** Shorter ones would take ordinary words with them. */
const shortestSecret = 6;

/** @param secrets values that are known: passwords, the master secret, what is derived of it */
export function createRedaction(secrets: readonly string[]): Redaction {
  const known = [...new Set(secrets)].filter(({ length }) => length >= shortestSecret);
  const pattern = known.length === 0 ? undefined : new RegExp(known.map(literally).join("|"), "g");
  const decided = new Map<string, boolean>();
  return {
    isSecretName(name) {
      const before = decided.get(name);
      if (before !== undefined) return before;
      const isSecret = secretNames.has(name.toLowerCase()) || wordsOf(name).some((word) => secretWords.has(word));
      if (decided.size < 5000) decided.set(name, isSecret); // ids of participants are names too: not without end
      return isSecret;
    },
    cleared: (text) =>
      pattern === undefined || text.length < shortestSecret ? text : text.replaceAll(pattern, redacted),
  };
}

function wordsOf(name: string): string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/);
}

function literally(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
