/**
 * Secrets of one market: a master secret made at its first start, from which every account's password and the key that signs
 * statement heads are derived. Kept in the state folder, readable by its owner alone; without one, for this run only.
 * The public half of that key lies beside it, for whoever checks a statement head.
 */

import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  hash,
  type KeyObject,
  randomBytes,
  sign as signBytes,
} from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Digest, Sign } from "../../market/ports.js";
import { JournalError } from "../journal/journal.js";
import { journalsIn, syncFolder } from "../journal/journal-folder.js";
import { makeFolder, privateMode } from "../make-folder.js";

export interface Secrets {
  passwordOf(account: string): string;
  /** 32 bytes to make a key pair of, for one purpose. */
  seedOf(purpose: string): Buffer;
  /** Ed25519 over the text's UTF-8 bytes, base64. */
  readonly sign: Sign;
  /** The public key that its signatures verify with, as PEM. */
  statementKey(): string;
  /** What the salts of statements are made from; nobody's password. */
  readonly statementSecret: string;
  /** What hides who stands behind a pseudonym; nobody's password. */
  readonly pseudonymSecret: string;
  /** Where the operator's password was written; undefined without a state folder. */
  readonly operatorKeyFile: string | undefined;
}

/** Secrets that nothing has been written of yet. */
export interface DrawnSecrets {
  readonly secrets: Secrets;
  /** The state folder had none. */
  readonly isNew: boolean;
  /** Writes them, synced to the disk: a journal that was begun with a secret is never older than it. @throws Error when that cannot be. */
  keep(): void;
}

/**
 * Those of the state folder, or new ones where it has none; nothing is written before `keep`.
 * @throws Error when its file cannot be read, or holds no secret
 */
export function drawSecrets(stateFolder: string): DrawnSecrets {
  const file = join(stateFolder, "secret");
  const operatorKeyFile = join(stateFolder, "operator.key");
  const isNew = !existsSync(file);
  const master = isNew ? randomBytes(32).toString("base64url") : readFileSync(file, "utf8").trim();
  if (master === "")
    throw new Error(
      `${file} holds no secret: put it back from a backup, or take it away where no market was begun yet`,
    );
  const secrets = secretsFrom(master, operatorKeyFile);
  let isWritten = !isNew;
  return {
    secrets,
    isNew,
    keep() {
      makeFolder(stateFolder, privateMode);
      if (!isWritten) {
        writeFileSync(file, `${master}\n`, { mode: 0o600, flag: "wx", flush: true });
        syncFolder(stateFolder);
        isWritten = true;
      }
      keep(operatorKeyFile, `${secrets.passwordOf("operator")}\n`, 0o600);
      keep(join(stateFolder, "statement-head.pub"), secrets.statementKey(), 0o644);
    },
  };
}

/**
 * Those of the state folder, made and kept where it has none yet.
 * @param stateFolder made where it is missing; undefined: nothing is kept.
 * @throws Error when it cannot be written, or holds no secret; JournalError where a market was begun there and its secret is lost.
 */
export function loadSecrets(stateFolder: string | undefined): Secrets {
  if (stateFolder === undefined) return secretsFrom(randomBytes(32).toString("base64url"), undefined);
  const drawn = drawSecrets(stateFolder);
  if (drawn.isNew && journalsIn(stateFolder).length > 0) throw lostSecret(stateFolder);
  drawn.keep();
  return drawn.secrets;
}

/** A market cannot go on with a new secret: passwords, statements and pseudonyms hang on the one it was begun with. */
export function lostSecret(stateFolder: string): JournalError {
  return new JournalError(
    `${stateFolder} holds a market whose file \`secret\` is missing: put it back (it is in every backup), name another --state folder, or begin anew with elecbay up --fresh, which keeps the old journals aside`,
  );
}

/** Those of a state folder, to be read; undefined where it has none. */
export function secretsIn(stateFolder: string): Secrets | undefined {
  const file = join(stateFolder, "secret");
  return existsSync(file) ? secretsFrom(readFileSync(file, "utf8").trim(), undefined) : undefined;
}

/** A swarm reads the folder where the market writes it: nothing is written that is there already. */
function keep(file: string, text: string, mode: number): void {
  if (!existsSync(file) || readFileSync(file, "utf8") !== text) writeFileSync(file, text, { mode });
}

function secretsFrom(master: string, operatorKeyFile: string | undefined): Secrets {
  const derive = (purpose: string): Buffer => createHmac("sha256", master).update(purpose).digest();
  let key: KeyObject | undefined;
  const signingKey = (): KeyObject => {
    key ??= ed25519Key(derive("statement-head"));
    return key;
  };
  return {
    operatorKeyFile,
    passwordOf: (account) => derive(`account/${account}`).toString("base64url"),
    seedOf: (purpose) => derive(`seed/${purpose}`),
    statementSecret: derive("statement-salt").toString("base64url"),
    pseudonymSecret: derive("pseudonyms").toString("base64url"),
    sign: (text) => signBytes(null, Buffer.from(text), signingKey()).toString("base64"),
    statementKey: () => createPublicKey(signingKey()).export({ format: "pem", type: "spki" }).toString(),
  };
}

/** An Ed25519 private key from 32 bytes, in the DER form of RFC 8410. */
function ed25519Key(seed: Buffer): KeyObject {
  const prefix = Buffer.from("302e020100300506032b657004220420", "hex");
  return createPrivateKey({ key: Buffer.concat([prefix, seed]), format: "der", type: "pkcs8" });
}

export const sha256: Digest = (text) => hash("sha256", text, "hex");
