/** A broker outside of the program whose accounts the market keeps: told of everybody who comes, changes or goes while it runs. */
import type { Account } from "../mqtt/accounts.js";

export interface OutsideBroker {
  /** A newcomer, or an account that has changed; `cut`: its live connections end. */
  setAccount(account: Account, cut: boolean): void;
  /** A key was drawn that may hold in a moment; undefined: the broker needs hashes alone. */
  readonly noteKey?: (username: string, key: string) => void;
  /** The key that an account's hash was made of, while it is still known: resolves once it opens the broker's door. */
  giveKey(username: string, key: string): Promise<void>;
  stop(): Promise<void>;
}

/** What a broker must be able to say of a market's accounts. */
export interface OutsideBrokerOptions {
  readonly market: string;
  readonly accounts: readonly Account[];
}
