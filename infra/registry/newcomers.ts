/**
 * Newcomers: who registers, who follows somebody at a connection, and guests. Chance is drawn here, the registrar decides, one at a time for
 * each id, so that the name that is kept is always that of whom the registrar took.
 */
import type { KeyHash } from "../../market/rules/account.js";
import type { AccountBook } from "./account-book.js";
import { digestOf, drawId, drawKey, hashKey } from "./keys.js";
import type { Persons } from "./persons.js";
import type { RegistrarDesk } from "./registrar-desk.js";
import {
  longestName,
  type NewKey,
  type OperatorsRequest,
  type Outcome,
  type RegisterRequest,
  type TenantRequest,
} from "./registry.js";
import { createTurns } from "./turns.js";

export interface NewcomersOptions {
  readonly desk: Pick<RegistrarDesk, "ask">;
  readonly book: Pick<AccountBook, "account">;
  readonly persons: Pick<Persons, "keep" | "erase">;
  /** Resolves once the market knows what the registrar has told it, or takes too long for it. */
  readonly toldToMarket: () => Promise<void>;
  /** A key was drawn, and is asked for next. */
  readonly onKeyDrawn?: ((id: string, key: string) => void) | undefined;
  /** Resolves once a new key opens the broker too, or that takes too long. */
  readonly tellKey: (id: string, key: string) => Promise<void>;
}

export interface Newcomers {
  register(request: RegisterRequest & OperatorsRequest, by: "stranger" | "operator"): Promise<Outcome<NewKey>>;
  follow(leaver: string, fromMs: number, newcomer: TenantRequest): Promise<Outcome<NewKey>>;
  admitGuest(id: string, key: KeyHash | null): Promise<Outcome>;
}

interface Entering {
  readonly name: string;
  /** Undefined: one is drawn, again where it is taken. */
  readonly id: string | undefined;
  readonly ask: (id: string, key: KeyHash) => Promise<Outcome>;
}

const mostDraws = 5;

export function createNewcomers({
  desk,
  book,
  persons,
  toldToMarket,
  tellKey,
  onKeyDrawn,
}: NewcomersOptions): Newcomers {
  const inTurn = createTurns();

  async function decided(id: string, key: string, { name, ask }: Entering): Promise<Outcome> {
    const isNew = book.account(id) === undefined;
    if (isNew) persons.keep(id, name); // before the account, so that none is ever without
    const outcome = await ask(id, await hashKey(key));
    if (outcome.ok)
      persons.keep(id, name); // a guest had none
    else if (isNew && book.account(id) === undefined) persons.erase(id);
    return outcome;
  }

  async function enter(entering: Entering): Promise<Outcome<NewKey>> {
    for (let draws = 1; ; draws += 1) {
      const id = entering.id ?? drawId();
      const key = drawKey(id);
      onKeyDrawn?.(id, key);
      const outcome = await inTurn(id, () => decided(id, key, entering));
      if (outcome.ok) {
        await Promise.all([toldToMarket(), tellKey(id, key)]);
        return { ok: true, id, key };
      }
      if (outcome.code !== "id-taken" || entering.id !== undefined || draws >= mostDraws) return outcome;
    }
  }

  return {
    async register({ name, role, capacityW, connectionPoint, phase, invitation, id: asked, adopts = false }, by) {
      const trimmed = name.trim();
      if (trimmed === "" || trimmed.length > longestName)
        return { ok: false, code: "bad-message", reason: `a name has 1 to ${longestName} characters` };
      return enter({
        ...{ name: trimmed, id: asked },
        ask: (id, key) =>
          desk.ask({
            ...{ type: "REGISTER", id, role, by, key, capacityW: capacityW ?? null },
            ...{ connectionPoint: connectionPoint ?? null, phase: phase ?? null },
            invitation: invitation === undefined ? null : digestOf(invitation),
            ...(adopts ? { adopts } : {}),
          }),
      });
    },
    follow: (leaver, fromMs, { name, id: asked, capacityW = null }) =>
      enter({
        ...{ name, id: asked },
        ask: (id, key) =>
          desk.ask({ type: "CHANGE_TENANT", leaver, isNoted: true, newcomer: { id, capacityW, fromMs, key } }),
      }),
    async admitGuest(id, key) {
      const known = book.account(id);
      if (known !== undefined && known.origin !== "guest")
        return { ok: false, code: "id-taken", reason: `somebody is registered as ${id}` };
      if (known?.standing !== "left" && known !== undefined && (known.key !== null || key === null))
        return { ok: true };
      const outcome = await inTurn(id, () => desk.ask({ type: "GUEST", id, key }));
      if (outcome.ok) await toldToMarket();
      return outcome;
    },
  };
}
