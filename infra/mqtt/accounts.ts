/**
 * Accounts of the embedded broker: who may log in as what. Keys are compared in constant time.
 *
 * Ids come from the scenario and from registration, while the broker runs too; where guests are welcome, a stranger takes a free id, and
 * the first password given for it holds.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { KeyHash } from "../../market/rules/account.js";
import { mostGuests } from "../../market/rules/guests.js";
import { isParticipantId, isReservedName } from "../../shared/participant-id.js";
import { isKeyOf } from "../registry/keys.js";
import type { Standing } from "./access.js";
import { isWatcher } from "./watcher.js";

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
  | {
      readonly ok: true;
      readonly username: string;
      readonly standing: Standing;
      readonly isNewGuest: boolean;
      /** As it was when it was found good. */
      readonly account: Account;
    }
  | { readonly ok: false; readonly cause: "login" | "client-id"; readonly reason: string };

/** Hashes a key when its turn has come. */
export type InTurn = (compare: () => Promise<boolean>) => Promise<boolean>;

const refused = (reason: string): LoginResult => ({ ok: false, cause: "login", reason });

export class Accounts {
  private readonly byName = new Map<string, Account>();
  /** The digest of the key that an account was last found good with: who comes back is not hashed again. */
  private readonly good = new WeakMap<Account, Buffer>();
  /** Those who came in this life of it, as they came. */
  private readonly guests = new Map<string, Account>();

  constructor(
    accounts: readonly Account[],
    private readonly guestsWelcome: boolean,
    private readonly longestClientIdBytes: number,
  ) {
    for (const account of accounts) this.byName.set(account.username, account);
  }

  /** Decides a login; a new guest gets its account at once. @throws what `inTurn` throws */
  async login(login: Login, inTurn: InTurn): Promise<LoginResult> {
    const { username = "observer", password, clientId } = login;
    const account = this.byName.get(username);
    if (account === undefined) return this.welcomeGuest(username, password, clientId);
    if (!(await this.isPasswordOf(account, password ?? "", inTurn))) return refused(`wrong password for ${username}`);
    if (this.byName.get(username) !== account) return refused(`the key of ${username} has changed`); // while it was hashed
    if (!this.ownsClientId(account, clientId)) return foreign(clientId, username);
    return { ok: true, username, standing: account.standing, isNewGuest: false, account };
  }

  find(username: string): Account | undefined {
    return this.byName.get(username);
  }

  /** A newcomer, or an account that has changed: its next login is held against this. */
  set(account: Account): void {
    this.byName.set(account.username, account);
  }

  /** The market does not take this guest: its id is free again, unless it is somebody's by now. */
  turnAway(username: string): void {
    if (this.byName.get(username) === this.guests.get(username)) this.byName.delete(username);
    this.guests.delete(username);
  }

  private welcomeGuest(username: string, password: string | undefined, clientId: string): LoginResult {
    if (!this.guestsWelcome || isWatcher(clientId)) return refused(`nobody is registered as ${username}`);
    if (password === undefined || password === "") return refused(`${username} needs a password of its own`);
    if (this.guests.size >= mostGuests) return refused(`there is no room for more than ${mostGuests} guests`);
    if (!isParticipantId(username)) return refused(`${username} is no free participant id`);
    const account: Account = { username, password, standing: { kind: "participant", id: username } };
    if (!this.ownsClientId(account, clientId)) return foreign(clientId, username);
    this.byName.set(username, account);
    this.guests.set(username, account);
    return { ok: true, username, standing: account.standing, isNewGuest: true, account };
  }

  /** Client id = user name, or `<user name>/<anything>`; observers, who are many, may use any that is nobody else's. */
  private ownsClientId({ username, standing }: Account, clientId: string): boolean {
    if (Buffer.byteLength(clientId) > this.longestClientIdBytes) return false;
    const owner = clientId.split("/")[0] ?? "";
    if (owner === username) return true;
    return standing.kind === "observer" && !this.byName.has(owner) && !isReservedName(owner);
  }

  private async isPasswordOf(account: Account, given: string, inTurn: InTurn): Promise<boolean> {
    const { password, key } = account;
    if (key === undefined) return password === undefined || timingSafeEqual(digestOf(password), digestOf(given));
    const digest = digestOf(given);
    const last = this.good.get(account);
    if (last !== undefined && timingSafeEqual(last, digest)) return true;
    const isKey = await inTurn(() => isKeyOf(given, key));
    if (isKey) this.good.set(account, digest);
    return isKey;
  }
}

function foreign(clientId: string, username: string): LoginResult {
  return { ok: false, cause: "client-id", reason: `client id ${clientId} is not ${username}'s` };
}

const digestOf = (text: string): Buffer => createHash("sha256").update(text).digest();
