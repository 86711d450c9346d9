/** The registry put together: chance is drawn here, the registrar decides, the names of persons are kept apart. */
import type { Account } from "../../market/rules/account.js";
import type { Dispute } from "../../market/rules/disputes.js";
import type { NotedPayment, Payment } from "../../market/rules/payments.js";
import { isoUtc } from "../../shared/time.js";
import { watt } from "../../shared/units.js";
import type { AccountBook } from "./account-book.js";
import { createAuthentication } from "./authentication.js";
import type { DisputeBook } from "./dispute-book.js";
import { digestOf, drawCode, drawKey, hashKey } from "./keys.js";
import { createNewcomers } from "./newcomers.js";
import { offerFrom } from "./offer-from.js";
import type { PaymentBook } from "./payment-book.js";
import type { Persons } from "./persons.js";
import type { RegistrarDesk } from "./registrar-desk.js";
import type { AccountView, NewKey, Outcome, PersonView, Registry } from "./registry.js";
import type { SupplyBook } from "./supply-book.js";

export interface RegistryOptions {
  readonly desk: Pick<RegistrarDesk, "ask">;
  readonly book: AccountBook;
  readonly payments: PaymentBook;
  readonly disputes: DisputeBook;
  readonly supply: SupplyBook;
  /** Of the market. */
  readonly timezone: string;
  readonly persons: Persons;
  /** Ids of the scenario's own, whose passwords the market made. */
  readonly members: readonly string[];
  readonly passwordOf: (id: string) => string;
  /** Market time now. */
  readonly now: () => number;
  /** Resolves once the market knows what the registrar has told it, or takes too long for it. */
  readonly toldToMarket: () => Promise<void>;
  /** Resolves with what it is given, or after some seconds of wall time. */
  readonly notForEver: (waiting: Promise<void>) => Promise<void>;
  /** A key was drawn, and is asked for next. */
  readonly onKeyDrawn?: ((id: string, key: string) => void) | undefined;
  /** Resolves once a new key opens the broker too, or that takes too long. */
  readonly tellKey: (id: string, key: string) => Promise<void>;
}

export function createRegistry(options: RegistryOptions): Registry {
  const { desk, book, payments, disputes, persons, now } = options;
  const made = [...options.members, "operator"];
  const newcomers = createNewcomers(options);
  const authenticated = createAuthentication({ account: book.account, made, passwordOf: options.passwordOf });

  async function renewKey(id: string): Promise<Outcome<NewKey>> {
    const key = drawKey(id);
    options.onKeyDrawn?.(id, key);
    const outcome = await desk.ask({ type: "RENEW_KEY", id, key: await hashKey(key) });
    if (!outcome.ok) return outcome;
    await options.tellKey(id, key);
    return { ok: true, id, key };
  }

  async function told(asked: Promise<Outcome>): Promise<Outcome> {
    const outcome = await asked;
    if (outcome.ok) await options.toldToMarket();
    return outcome;
  }

  function disputed(billId: string): Dispute {
    const dispute = disputes.of(billId);
    if (dispute === undefined) throw new Error(`a dispute about ${billId} was kept and is not there`);
    return dispute;
  }

  const person = (account: Account): PersonView => ({ ...viewOf(account), name: persons.nameOf(account.id) ?? null });
  const draftOf = (id: string, draftId: string) => book.drafts(id, now()).find((draft) => draft.draftId === draftId);

  async function pay(payment: Payment): Promise<Outcome<{ readonly payment: NotedPayment }>> {
    const outcome = await desk.ask({ type: "PAY", payment });
    if (!outcome.ok) return outcome;
    await options.notForEver(payments.decided(payment.paymentId));
    const noted = payments.payment(payment.paymentId);
    if (noted === undefined) throw new Error(`payment ${payment.paymentId} was noted and is not there`);
    return { ok: true, payment: noted };
  }

  return {
    payments,
    disputes: {
      ...disputes,
      async raise(bill) {
        const outcome = await desk.ask({ type: "DISPUTE", bill });
        return outcome.ok ? { ok: true, dispute: disputed(bill.billId) } : outcome;
      },
    },
    supply: options.supply,
    register: (request) => newcomers.register({ ...request, id: undefined, adopts: false }, "stranger"),
    async authenticate(key) {
      const id = await authenticated(key);
      if (id === undefined) return undefined;
      const account = book.account(id);
      return account === undefined ? operatorView(id) : viewOf(account);
    },
    account(id) {
      const account = book.account(id);
      return account === undefined ? undefined : person(account);
    },
    renewKey,
    leave: (id) => told(desk.ask({ type: "LEAVE", id, endsWithOpen: true })),
    guests: { admit: newcomers.admitGuest },
    drafts: {
      async keep(participant, { draftId: asked, kind, message }) {
        if (asked !== undefined && draftOf(participant, asked) === undefined)
          return { ok: false, code: "unknown-draft", reason: `there is no draft ${asked}` };
        const draftId = asked ?? drawCode();
        const outcome = await desk.ask({ type: "KEEP_DRAFT", draftId, participant, kind, message });
        if (!outcome.ok) return outcome;
        const draft = draftOf(participant, draftId);
        if (draft === undefined) throw new Error(`draft ${draftId} was kept and is not there`);
        return { ok: true, draft };
      },
      get: draftOf,
      list: (participant) => book.drafts(participant, now()),
      drop: (participant, draftId) => desk.ask({ type: "DROP_DRAFT", participant, draftId }),
    },
    operator: {
      leave: (id, untilMs) =>
        told(desk.ask({ type: "LEAVE", id, ...(untilMs === undefined ? { endsWithOpen: true } : { untilMs }) })),
      changeTenant: newcomers.follow,
      async answerDispute(answer) {
        const outcome = await desk.ask({ type: "ANSWER_DISPUTE", ...answer });
        return outcome.ok ? { ok: true, dispute: disputed(answer.billId) } : outcome;
      },
      list({ after = "", limit, name, standing }) {
        const named = name === undefined ? undefined : new Set(persons.find(name));
        const rest = book
          .accounts()
          .filter((one) => one.id > after && named?.has(one.id) !== false)
          .filter((one) => standing === undefined || one.standing === standing);
        const items = rest.slice(0, limit).map(person);
        return { items, next: rest.length > limit ? items.at(-1)?.id : undefined };
      },
      register: (request) => newcomers.register(request, "operator"),
      renewKey,
      async revokeKey(id) {
        const outcome = await renewKey(id); // the new one is told to nobody
        return outcome.ok ? { ok: true } : outcome;
      },
      suspend: (id, reason) => told(desk.ask({ type: "SUSPEND", id, reason })),
      resume: (id) => told(desk.ask({ type: "RESUME", id })),
      change: (id, change) => told(desk.ask({ type: "CHANGE", id, change })),
      async invite({ role, uses, expiresAtMs }) {
        const code = drawCode();
        const id = digestOf(code);
        const outcome = await desk.ask({ type: "INVITE", hash: id, role, uses, expiresAtMs });
        return outcome.ok ? { ok: true, id, code } : outcome;
      },
      invitations: () =>
        book.invitations(now()).map(({ hash, usesLeft, ...one }) => ({ ...one, id: hash, uses: usesLeft })),
      revokeInvitation: (id) => desk.ask({ type: "REVOKE_INVITATION", hash: id }),
      pay,
      async offer(request) {
        const offer = offerFrom(request, options.timezone);
        const outcome = await told(desk.ask({ type: "OFFER", offer }));
        return outcome.ok ? { ok: true, offer } : outcome;
      },
      async assign(id, supplier, fromMs) {
        const customer = { participant: id, supplier, from: isoUtc(fromMs) };
        const outcome = await told(desk.ask({ type: "ASSIGN", customer }));
        return outcome.ok ? { ok: true, customer } : outcome;
      },
      erase(id) {
        if (book.account(id) === undefined)
          return { ok: false, code: "unknown-participant", reason: `nobody is registered as ${id}` };
        persons.erase(id);
        return { ok: true };
      },
    },
  };
}

function viewOf({ key: _key, ...account }: Account): AccountView {
  return account;
}

/** He is nobody's account: his key lies in the state folder. */
function operatorView(id: string): AccountView {
  return {
    ...{ id, reason: null, capacityW: watt(0), connectionPoint: null, phase: null },
    ...{ creditLimitMicro: null, claim: null, registeredAtMs: null },
    role: "operator",
    standing: "active",
  };
}
