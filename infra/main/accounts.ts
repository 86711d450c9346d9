/** The accounts of one market: its processes, the operator, the observer, and the participants of its scenario and of its registrar. */

import type { Account as RegisteredAccount } from "../../market/rules/account.js";
import { isGuest } from "../../market/rules/guests.js";
import type { MarketTerms } from "../../market/terms.js";
import { processRoles } from "../../shared/participant-id.js";
import type { Account } from "../mqtt/accounts.js";
import type { Secrets } from "./secrets.js";

/** @param registered accounts as the registrar has them */
export function accountsOf(
  terms: MarketTerms,
  secrets: Secrets,
  registered: readonly RegisteredAccount[] = [],
): Account[] {
  const withPassword = (username: string, standing: Account["standing"]): Account => ({
    ...{ username, standing },
    password: secrets.passwordOf(username),
  });
  return [
    withPassword("market", { kind: "market" }),
    ...processRoles.map((role) => withPassword(role, { kind: "process", role })),
    withPassword("operator", { kind: "operator" }),
    withPassword("inspect", { kind: "inspect" }),
    { username: "observer", password: undefined, standing: { kind: "observer" } },
    ...terms.members.map((member) => brokerAccount({ ...member, key: null }, secrets, terms.members)),
    // In the place of those above.
    ...registered.flatMap((account) =>
      account.key === null && account.role !== "gateway" ? [] : [brokerAccount(account, secrets, registered)],
    ),
  ];
}

/** Guests of a broker that cannot let strangers in by itself. */
const guestAccounts = 5;

/** The accounts of a broker outside of this program, each user name once; guests `guest1` … have their name as password. */
export function outsideAccountsOf(
  terms: MarketTerms,
  guestsWelcome: boolean,
  secrets: Secrets,
  registered: readonly RegisteredAccount[] = [],
): Account[] {
  const guests = Array.from({ length: guestsWelcome ? guestAccounts : 0 }, (_, index): Account => {
    const id = `guest${index + 1}`;
    return { username: id, password: id, standing: { kind: "participant", id } };
  });
  const all = [...guests, ...accountsOf(terms, secrets, registered)];
  return [...new Map(all.map((account) => [account.username, account])).values()];
}

type BrokerAccountOf = Pick<RegisteredAccount, "id" | "key" | "role"> & {
  readonly standing?: RegisteredAccount["standing"] | undefined;
};

/** What tells who sends for whom: of a member of the scenario, or of a registered account. */
type Reachable = {
  readonly id: string;
  readonly gateway?: string | null | undefined;
  readonly standing?: string | undefined;
};

/**
 * How the broker knows a registered account. One of the scenario's keeps the password that the market made until it has a key of its own.
 * A gateway that is suspended or has left reads what is its own alone.
 */
export function brokerAccount(
  { id, key, role, standing: its = "active" }: BrokerAccountOf,
  secrets: Secrets,
  registered: readonly Reachable[] = [],
): Account {
  const under = role === "gateway" && its === "active" ? underGateway(id, registered) : [];
  const standing: Account["standing"] = { kind: "participant", id, ...(under.length === 0 ? {} : { under }) };
  return key === null
    ? { username: id, standing, password: secrets.passwordOf(id) }
    : { username: id, standing, password: undefined, key };
}

/**
 * Whether live connections end with this change: they came in with a key that opens no more, or as a guest under an id that is another's
 * from now on. Who is suspended or has left stays, and is answered.
 */
export function isCutBy(account: RegisteredAccount, before: RegisteredAccount | undefined): boolean {
  // A guest's own password is known here now: whoever is in came with it.
  if (isGuest(account) && (before?.key ?? null) === null) return false;
  return before?.key?.hashBase64 !== account.key?.hashBase64;
}

/** Whose private topics a gateway reads: theirs whom the operator put under it, as long as they have not left. */
function underGateway(gateway: string, registered: readonly Reachable[]): string[] {
  return registered.filter((one) => one.gateway === gateway && one.standing !== "left").map(({ id }) => id);
}

/** Gateways whose list has changed with this account, or the gateway itself where it is that: they come in anew to read by it. */
export function gatewaysChangedBy(
  account: RegisteredAccount,
  before: RegisteredAccount | undefined,
  registered: readonly RegisteredAccount[],
): readonly RegisteredAccount[] {
  const of = (one: RegisteredAccount | undefined) =>
    one === undefined || one.standing === "left" ? null : (one.gateway ?? null);
  if (account.role === "gateway") return (before?.standing ?? "active") === account.standing ? [] : [account];
  if (of(account) === of(before)) return [];
  return registered.filter(({ id }) => id === of(account) || id === of(before));
}
