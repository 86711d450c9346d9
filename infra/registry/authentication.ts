/**
 * Whose key a key is: a participant's of its own, one of the scenario's that the market made, or the operator's.
 *
 * Keys that were found good are remembered by their digest, each as long as the account keeps the hash that it was found good against.
 */
import type { Account, KeyHash } from "../../market/rules/account.js";
import { digestOf, isKeyOf, ownerOf } from "./keys.js";

export interface AuthenticationOptions {
  readonly account: (id: string) => Account | undefined;
  /** Ids of those whose password the market made, the operator's included. */
  readonly made: readonly string[];
  readonly passwordOf: (id: string) => string;
}

/** So many are remembered. */
const mostRemembered = 10_000;

/** @returns the id of its owner; undefined: nobody's. */
export function createAuthentication({ account, made, passwordOf }: AuthenticationOptions) {
  const madeBy = new Map(made.map((id) => [digestOf(passwordOf(id)), id]));
  const good = new Map<string, { readonly id: string; readonly against: KeyHash }>();

  /** Found by its digest, which tells nobody how much of a guess was right. */
  function ownerOfMade(digest: string): string | undefined {
    const id = madeBy.get(digest);
    return id === undefined || (account(id)?.key ?? null) !== null ? undefined : id; // a key of its own has taken its place
  }

  return async (key: string): Promise<string | undefined> => {
    const digest = digestOf(key);
    const madeFor = ownerOfMade(digest);
    if (madeFor !== undefined) return madeFor;
    const known = good.get(digest);
    if (known !== undefined && account(known.id)?.key === known.against) return known.id;
    good.delete(digest);
    const id = ownerOf(key);
    const against = id === undefined ? null : (account(id)?.key ?? null);
    if (id === undefined || against === null || !(await isKeyOf(key, against))) return undefined;
    if (account(id)?.key !== against) return undefined; // it was renewed meanwhile
    if (good.size >= mostRemembered) good.clear();
    good.set(digest, { id, against });
    return id;
  };
}
