/**
 * What never leaves with an inspection: passwords, keys, hashes, salts and invitations by the name of their field, names of persons
 * likewise; wherever it stands every secret that the program knows by its value, and every participant's key by its form, whoever drew it
 * and whenever. What is kept by a hash is told without it.
 */

export const redacted = "(redacted)";

export interface Redaction {
  /** Whether what stands under this name is told to nobody. */
  isSecretName(name: string): boolean;
  /** The text without any secret that is known, and without keys of participants. */
  cleared(text: string): string;
  /** Whether entries of a map are kept under a hash. */
  isHash(name: string): boolean;
  /** Whether a text that is no whole JSON names a secret. */
  namesSecret(text: string): boolean;
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
/** The half of a participant's key that is secret: `<id>.<32 bytes>`. */
const keyOfParticipant = /(?<=[A-Za-z0-9_-]\.)[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])/g;
const shortestKey = 45;
/** SHA-256 as the registrar writes it, in base 64; or hexadecimal, as long as MD5 at least. */
const hash = /^(?:[0-9a-f]{32,}|(?=.*[A-Z])[A-Za-z0-9_-]{43})$/;
const shortestHash = 32;
/** A name as JSON writes it, also within a text that JSON holds: `\"key\":`. */
const quotedNames = /([^"\s]*?)\\*"\s*:/g;
/** Shorter ones would take ordinary words with them. */
const shortestSecret = 6;

/** @param secrets values that are known: passwords, the master secret, what is derived of it */
export function createRedaction(secrets: readonly string[]): Redaction {
  const values = [...new Set(secrets)].filter(({ length }) => length >= shortestSecret);
  const pattern = values.length === 0 ? undefined : new RegExp(values.map(literally).join("|"), "g");
  const decided = new Map<string, boolean>();
  function isSecretName(name: string): boolean {
    const before = decided.get(name);
    if (before !== undefined) return before;
    const isSecret = secretNames.has(name.toLowerCase()) || wordsOf(name).some((word) => secretWords.has(word));
    if (decided.size < 5000) decided.set(name, isSecret); // ids of participants are names too: not without end
    return isSecret;
  }
  return {
    isSecretName,
    cleared(text) {
      const known = pattern === undefined || text.length < shortestSecret ? text : text.replaceAll(pattern, redacted);
      return known.length < shortestKey || !known.includes(".") ? known : known.replaceAll(keyOfParticipant, redacted);
    },
    isHash: (name) => name.length >= shortestHash && hash.test(name),
    // A name in which something is escaped may read as any other.
    namesSecret: (text) =>
      [...text.matchAll(quotedNames)].some(([, name = ""]) => name.includes("\\") || isSecretName(name)),
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
