/**
 * Ids, keys and invitation codes: drawn here, kept as hashes alone.
 *
 * A key is `<id>.<43 characters>`: 256 random bits, so that few iterations are enough against guessing and a broker is not kept busy by
 * logins. The hash is PBKDF2-SHA512 over the whole key, in the form of Mosquitto's dynamic security plugin (its default iterations).
 * A guest's password is its own, and no random bits: it is hashed two hundred times as long.
 */
import { createHash, pbkdf2, randomBytes, randomInt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import type { KeyHash } from "../../market/rules/account.js";

const iterations = 101;
/** Some 10 ms. */
const passwordIterations = 20_000;
const saltBytes = 12;
const hashBytes = 64;
/** What cannot be mistaken for one another. */
const idLetters = "abcdefghjkmnpqrstuvwxyz23456789";
const idLength = 8;
const longestKey = 128;
const derive = promisify(pbkdf2);

/** `p` and eight letters and digits: nobody's name, for the ledger keeps it for good. */
export function drawId(): string {
  const letters = Array.from({ length: idLength }, () => idLetters[randomInt(idLetters.length)]);
  return `p${letters.join("")}`;
}

export function drawKey(id: string): string {
  return `${id}.${randomBytes(32).toString("base64url")}`;
}

/** Of an invitation, or of an asking. */
export function drawCode(): string {
  return randomBytes(18).toString("base64url");
}

/** Whose key it says it is; undefined where it is none. */
export function ownerOf(key: string): string | undefined {
  const dot = key.indexOf(".");
  return dot > 0 && key.length <= longestKey ? key.slice(0, dot) : undefined;
}

export const hashKey = (key: string): Promise<KeyHash> => hashed(key, iterations);

/** Of a password that somebody thought of. */
export const hashPassword = (password: string): Promise<KeyHash> => hashed(password, passwordIterations);

async function hashed(secret: string, rounds: number): Promise<KeyHash> {
  const salt = randomBytes(saltBytes);
  const hash = await derive(secret, salt, rounds, hashBytes, "sha512");
  return { saltBase64: salt.toString("base64"), hashBase64: hash.toString("base64"), iterations: rounds };
}

/** In constant time, off the main thread. */
export async function isKeyOf(key: string, { saltBase64, hashBase64, iterations: rounds }: KeyHash): Promise<boolean> {
  const hash = Buffer.from(hashBase64, "base64");
  const found = await derive(key, Buffer.from(saltBase64, "base64"), rounds, hash.length, "sha512");
  return timingSafeEqual(found, hash);
}

/** Of a secret that is long and random, to be found again by it. */
export function digestOf(secret: string): string {
  return createHash("sha256").update(secret).digest("base64url");
}
