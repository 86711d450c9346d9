/**
 * The registrar: who is registered here, with which key, and what drafts they keep.
 *
 *   serving ──REGISTER, GUEST, RENEW_KEY, LEAVE, CHANGE_TENANT, SUSPEND, RESUME, CHANGE, INVITE, REVOKE_INVITATION, OFFER, ASSIGN, PAY, DISPUTE, ANSWER_DISPUTE, KEEP_DRAFT, DROP_DRAFT──► serving (each answered once)
 *           ──BOOKED──► serving (what became of payments)
 *           ──POLICY──► serving (who may register from now on)     ──TICK──► serving (who is to leave has left; says that it is there)
 *           ──STOP──► stopped (final)
 *
 * It knows no order and no money. Whoever asks hears of it once it is durable.
 */
import { setup } from "xstate";
import type { RegistrationPolicy } from "../../rules/registration.js";
import type { HandoverEvent } from "../handover.js";
import type { Ask } from "./asks.js";

export type RegistrarEvent =
  | Ask
  | Extract<HandoverEvent, { readonly type: "BOOKED" }>
  | { readonly type: "POLICY"; readonly policy: RegistrationPolicy }
  | { readonly type: "TICK" }
  | { readonly type: "STOP" };

const toBeProvided = () => {
  throw new Error("the registrar's root provides this action");
};

export const registrarMachine = setup({
  types: {} as { events: RegistrarEvent },
  actions: {
    answer: toBeProvided,
    learnPolicy: toBeProvided,
    learnBooked: toBeProvided,
    leaveInTime: toBeProvided,
    reportPresence: toBeProvided,
    countUnknown: toBeProvided,
  },
}).createMachine({
  id: "registrar",
  initial: "serving",
  states: {
    serving: {
      on: {
        REGISTER: { actions: "answer" },
        GUEST: { actions: "answer" },
        RENEW_KEY: { actions: "answer" },
        LEAVE: { actions: "answer" },
        CHANGE_TENANT: { actions: "answer" },
        SUSPEND: { actions: "answer" },
        RESUME: { actions: "answer" },
        CHANGE: { actions: "answer" },
        INVITE: { actions: "answer" },
        REVOKE_INVITATION: { actions: "answer" },
        OFFER: { actions: "answer" },
        ASSIGN: { actions: "answer" },
        PAY: { actions: "answer" },
        DISPUTE: { actions: "answer" },
        ANSWER_DISPUTE: { actions: "answer" },
        KEEP_DRAFT: { actions: "answer" },
        DROP_DRAFT: { actions: "answer" },
        BOOKED: { actions: "learnBooked" },
        POLICY: { actions: "learnPolicy" },
        TICK: { actions: ["leaveInTime", "reportPresence"] },
        STOP: "stopped",
        "*": { actions: "countUnknown" },
      },
    },
    stopped: { type: "final" },
  },
});
