/**
 * Accounts of the embedded broker: who may log in as what. Keys are compared in constant time.
 *
 * Ids come from the scenario and from registration, while the broker runs too; where guests are welcome, a stranger takes a free id, and
 * the first password given for it holds until the market stops.
 */
import { createHash, pbkdf2Sync, timingSafeEqual } from "node:crypto";
import type { KeyHash } from "../../market/rules/account.js";
import { isParticipantId, isReservedName } from "../../shared/participant-id.js";
import type { Standing } from "./access.js";

export interface Account {
  readonly username: string;
  /** Undefined: no password is asked for, unless there is a key. */
  readonly password: string | undefined;
  /** Its password is the key of this hash. */
  readonly key?: KeyHash | undefined;
  readonly standing: Standing;
}

export interface Login {
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly clientId: string;
}

export type LoginResult =
  | { readonly ok: true; readonly standing: Standing; readonly isNewGuest: boolean }
  | { readonly ok: false; readonly reason: string };

/** Each stays a member until the market ends: not more of them than a community would have. */
const mostGuests = 100;

export class Accounts {
  private readonly byName = new Map<string, Account>();
  private guests = 0;

  constructor(
    accounts: readonly Account[],
    private readonly guestsWelcome: boolean,
  ) {
    for (const account of accounts) this.byName.set(account.username, account);
  }

  /** Decides a login; a new guest gets its account at once. */
  login({ username = "observer", password, clientId }: Login): LoginResult {
    const account = this.byName.get(username);
    if (account === undefined) return this.welcomeGuest(username, password, clientId);
    if (!isPasswordOf(account, password ?? "")) {
      return { ok: false, reason: `wrong password for ${username}` };
    }
    if (!this.ownsClientId(account, clientId))
      return { ok: false, reason: `client id ${clientId} is not ${username}'s` };
    return { ok: true, standing: account.standing, isNewGuest: false };
  }

  /** A newcomer, or an account that has changed: its next login is held against this. */
  set(account: Account): void {
    this.byName.set(account.username, account);
  }

  private welcomeGuest(username: string, password: string | undefined, clientId: string): LoginResult {
    if (!this.guestsWelcome) return { ok: false, reason: `nobody is registered as ${username}` };
    if (password === undefined || password === "")
      return { ok: false, reason: `${username} needs a password of its own` };
    if (this.guests >= mostGuests) return { ok: false, reason: `there is no room for more than ${mostGuests} guests` };
    if (!isParticipantId(username)) return { ok: false, reason: `${username} is no free participant id` };
    const account: Account = { username, password, standing: { kind: "participant", id: username } };
    if (!this.ownsClientId(account, clientId))
      return { ok: false, reason: `client id ${clientId} is not ${username}'s` };
    this.byName.set(username, account);
    this.guests += 1;
    return { ok: true, standing: account.standing, isNewGuest: true };
  }

  /** Client id = user name, or `<user name>/<anything>`; observers, who are many, may use any that is nobody else's. */
  private ownsClientId({ username, standing }: Account, clientId: string): boolean {
    const owner = clientId.split("/")[0] ?? "";
    if (owner === username) return true;
    return standing.kind === "observer" && !this.byName.has(owner) && !isReservedName(owner);
  }
}

function isPasswordOf({ password, key }: Account, given: string): boolean {
  if (key !== undefined) return isKeyOfHash(given, key);
  return password === undefined || sameText(password, given);
}

/** Few iterations of a key that is long and random: a fraction of a millisecond. */
function isKeyOfHash(given: string, { saltBase64, hashBase64, iterations }: KeyHash): boolean {
  const hash = Buffer.from(hashBase64, "base64");
  const found = pbkdf2Sync(given, Buffer.from(saltBase64, "base64"), iterations, hash.length, "sha512");
  return timingSafeEqual(found, hash);
}

function sameText(left: string, right: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}
