/** A registry in memory: accounts, keys and drafts, without rules. */
import { createDisputeBook } from "../../../infra/registry/dispute-book.js";
import { offerFrom } from "../../../infra/registry/offer-from.js";
import { createPaymentBook } from "../../../infra/registry/payment-book.js";
import type { InvitationView, NewKey, Outcome, PersonView, Registry } from "../../../infra/registry/registry.js";
import { createSupplyBook } from "../../../infra/registry/supply-book.js";
import { answered, raised } from "../../../market/rules/disputes.js";
import { isSamePayment } from "../../../market/rules/payments.js";
import { watt } from "../../../shared/units.js";

type Draft = NonNullable<ReturnType<Registry["drafts"]["get"]>>;

export interface MemoryRegistry extends Registry {
  /** Whose key it is. */
  readonly keys: ReadonlyMap<string, string>;
}

export function memoryRegistry(): MemoryRegistry {
  const accounts = new Map<string, PersonView>();
  const keys = new Map<string, string>();
  const drafts = new Map<string, Draft>();
  const invitations: InvitationView[] = [];
  const book = createPaymentBook([]);
  const policy = { mode: "open", capacityW: watt(4000), maxParticipants: 9, disputeDays: 14 } as const;
  const disputes = createDisputeBook([{ type: "policy", policy }]);
  const supply = createSupplyBook([]);
  let made = 0;
  const nobody = { ok: false, code: "unknown-participant", reason: "nobody is called so" } as const;
  const known = (id: string, change: Partial<PersonView>): Outcome => {
    const account = accounts.get(id);
    if (account === undefined) return nobody;
    accounts.set(id, { ...account, ...change });
    return { ok: true };
  };
  const newKey = (id: string): NewKey => {
    for (const [key, owner] of keys) if (owner === id) keys.delete(key);
    made += 1;
    const key = `${id}.${String(made).padEnd(43, "k")}`;
    keys.set(key, id);
    return { id, key };
  };
  const open = (id: string, name: string, role: PersonView["role"]): NewKey => {
    const connection = { capacityW: watt(4000), connectionPoint: null, phase: null };
    const rest = { standing: "active", reason: null, claim: null, registeredAtMs: 0, creditLimitMicro: null } as const;
    accounts.set(id, { id, name, role, ...connection, ...rest });
    return newKey(id);
  };
  open("operator", "the operator", "operator");
  return {
    keys,
    async register({ name, role, invitation }) {
      if (invitation === "forged")
        return { ok: false, code: "invitation-invalid", reason: "there is no such invitation" };
      return { ok: true, ...open(`p${accounts.size}`, name, role) };
    },
    authenticate: async (key) => accounts.get(keys.get(key) ?? ""),
    account: (id) => accounts.get(id),
    renewKey: async (id) => (accounts.has(id) ? { ok: true, ...newKey(id) } : nobody),
    leave: async (id) => known(id, { standing: "left" }),
    guests: {
      async admit(id) {
        open(id, "", "prosumer");
        return known(id, { name: null, origin: "guest" });
      },
    },
    drafts: {
      async keep(participant, { draftId = `d${drafts.size}`, kind, message }) {
        if (drafts.size >= 3 && !drafts.has(draftId)) {
          return { ok: false, code: "too-many-drafts", reason: "you have 3 drafts already" };
        }
        const draft = { draftId, participant, kind, message, keptAtMs: 0, expiresAtMs: 3_600_000 } as Draft;
        drafts.set(draftId, draft);
        return { ok: true, draft };
      },
      get: (participant, draftId) => {
        const draft = drafts.get(draftId);
        return draft?.participant === participant ? draft : undefined;
      },
      list: (id) => [...drafts.values()].filter(({ participant }) => participant === id),
      drop: async (_id, draftId) => {
        drafts.delete(draftId);
        return { ok: true };
      },
    },
    ...{ payments: book, supply },
    disputes: {
      ...disputes,
      async raise({ sentAtMs, ...bill }) {
        const dispute = raised({ ...bill, sentAtMs }, disputes.list({ limit: 100 }) ?? [], 14, sentAtMs);
        if ("code" in dispute) return { ok: false, ...dispute };
        disputes.learn({ type: "dispute", dispute });
        return { ok: true, dispute };
      },
    },
    operator: {
      leave: async (id, untilMs) => known(id, untilMs === undefined ? { standing: "left" } : { untilMs }),
      async changeTenant(leaver, fromMs, { name, id = `p${accounts.size}` }) {
        if (!accounts.has(leaver)) return nobody;
        known(leaver, { untilMs: fromMs });
        const opened = open(id, name, "prosumer");
        known(id, { fromMs });
        return { ok: true, ...opened };
      },
      async answerDispute(answer) {
        const dispute = answered(disputes.of(answer.billId), answer, 0);
        if ("code" in dispute) return { ok: false, ...dispute };
        disputes.learn({ type: "dispute", dispute });
        return { ok: true, dispute };
      },
      async offer(request) {
        const offer = offerFrom(request, "Europe/London");
        supply.learn({ type: "offer", offer });
        return { ok: true, offer };
      },
      async assign(id, supplier, fromMs) {
        const customer = { participant: id, supplier, from: new Date(fromMs).toISOString().replace(".000", "") };
        supply.learn({ type: "customer", customer });
        return { ok: true, customer };
      },
      async pay(payment) {
        const known = book.payment(payment.paymentId);
        if (known !== undefined && !isSamePayment(known, payment))
          return { ok: false, code: "request-id-reused", reason: "it was another one" };
        const noted = { ...payment, notedAtMs: 0 };
        book.learn({
          type: "payment",
          payment:
            payment.kind === "payout"
              ? { ...noted, state: "refused", reason: "there is nothing" }
              : { ...noted, state: "booked", entry: 1 },
        });
        return { ok: true, payment: book.payment(payment.paymentId) ?? { ...noted, state: "pending" } };
      },
      list: () => ({ items: [...accounts.values()], next: undefined }),
      register: async ({ id = `p${accounts.size}`, name, role }) => ({ ok: true, ...open(id, name, role) }),
      renewKey: async (id) => ({ ok: true, ...newKey(id) }),
      async revokeKey(id) {
        if (accounts.has(id)) newKey(id);
        return known(id, {});
      },
      suspend: async (id, reason) => known(id, { standing: "suspended", reason }),
      resume: async (id) => known(id, { standing: "active", reason: null }),
      change: async (id, change) =>
        known(id, Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))),
      async invite(request) {
        const id = `i${invitations.length}`;
        invitations.push({ id, ...request });
        return { ok: true, id, code: "invited" };
      },
      invitations: () => invitations,
      async revokeInvitation(id) {
        const place = invitations.findIndex((one) => one.id === id);
        if (place < 0) return { ok: false, code: "unknown-invitation", reason: "there is none" };
        invitations.splice(place, 1);
        return { ok: true };
      },
      erase: (id) => known(id, { name: null }),
    },
  };
}
