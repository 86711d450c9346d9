/**
 * Who may do what in this market, for the doors: accounts, keys, drafts and the operator's acts.
 *
 * Acts are decided by the registrar (market/managers/registrar) and answered once they are durable; reads are a projection of its facts.
 * A refusal carries a code of shared/reject-codes.ts, `accountCodes`, which has its HTTP status.
 */
import type { AccountChange, AccountStanding, ConnectionClaim, KeyHash } from "../../market/rules/account.js";
import type { Dispute, DisputedBill } from "../../market/rules/disputes.js";
import type { Draft, DraftKind } from "../../market/rules/drafts.js";
import type { NotedPayment, Payment } from "../../market/rules/payments.js";
import type { WireCustomer, WireOffer } from "../../shared/messages/manage.js";
import type { ParticipantRole } from "../../shared/participant-id.js";
import type { AccountCode } from "../../shared/reject-codes.js";
import type { Micro, Watt } from "../../shared/units.js";
import type { DisputeBook } from "./dispute-book.js";
import type { OfferRequest } from "./offer-from.js";
import type { PaymentBook } from "./payment-book.js";
import type { SupplyBook } from "./supply-book.js";

export interface Refused {
  readonly ok: false;
  readonly code: AccountCode;
  /** A sentence for whoever asked. */
  readonly reason: string;
}
export type Outcome<Answer extends object = object> = ({ readonly ok: true } & Answer) | Refused;

/** Characters of a person's name. */
export const longestName = 100;

export interface GuestDesk {
  /** A guest as it comes: known to the market when this resolves. `key`: of its password; null: the broker alone knows that. */
  admit(id: string, key: KeyHash | null): Promise<Outcome>;
}

/** What the operator says of whom it registers. */
export interface OperatorsRequest extends RegisterRequest {
  /** Undefined: one is drawn. */
  readonly id?: string | undefined;
  /** The guest of that id becomes this participant, with its money and its bills. */
  readonly adopts?: boolean | undefined;
}

export interface RegisterRequest {
  /** Of the person: kept apart from everything else, and erased on request. */
  readonly name: string;
  readonly role: ParticipantRole;
  readonly capacityW?: Watt | undefined;
  readonly connectionPoint?: string | undefined;
  readonly phase?: string | undefined;
  readonly invitation?: string | undefined;
}

/** What is told once and never again. */
export interface NewKey {
  readonly id: string;
  /** `<id>.<43 characters>`: bearer token and MQTT password. */
  readonly key: string;
}

export interface AccountView {
  readonly id: string;
  readonly role: ParticipantRole;
  readonly standing: AccountStanding;
  /** Why it is suspended. */
  readonly reason: string | null;
  readonly capacityW: Watt;
  readonly connectionPoint: string | null;
  readonly phase: string | null;
  /** Null: no limit. */
  readonly creditLimitMicro: Micro | null;
  /** Who sends for it, in batches; null, undefined: it alone. */
  readonly gateway?: string | null | undefined;
  /** What it said of its connection and the operator has not confirmed. */
  readonly claim: ConnectionClaim | null;
  /** Null: a member from the start. */
  readonly registeredAtMs: number | null;
  /** Undefined: it registered, or is a member from the start. */
  readonly origin?: "guest" | undefined;
  /** First delivery period that it takes part in; undefined: all. */
  readonly fromMs?: number | undefined;
  /** First that it takes no part in any more; undefined: none is known. */
  readonly untilMs?: number | undefined;
}

export interface PersonView extends AccountView {
  /** Null: never told, or erased. */
  readonly name: string | null;
}

export interface InvitationRequest {
  readonly role: ParticipantRole;
  /** How often it may be used. */
  readonly uses: number;
  /** Market time. */
  readonly expiresAtMs: number;
}

export interface InvitationView extends InvitationRequest {
  /** Names it to the operator; not the code, which is nowhere kept. */
  readonly id: string;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** To be asked for as `after` next; undefined at the end. */
  readonly next: string | undefined;
}

export interface Registry {
  /** Of a stranger. The newcomer is known to the market when this resolves, unless a part of it is away. */
  register(request: RegisterRequest): Promise<Outcome<NewKey>>;
  /** Whose key this is: a participant's, or the operator's (role `operator`). Undefined: nobody's. Who has left still reads. */
  authenticate(key: string): Promise<AccountView | undefined>;
  /** Undefined: nobody is registered so. */
  account(id: string): PersonView | undefined;
  /** The old key is refused from now on, and its connections are cut. */
  renewKey(id: string): Promise<Outcome<NewKey>>;
  /** For good. Contracts stand, and meter readings of the periods that are open now, and of those before, are still taken. */
  leave(id: string): Promise<Outcome>;
  readonly guests: GuestDesk;
  readonly drafts: DraftDesk;
  readonly supply: Pick<SupplyBook, "offers" | "customers">;
  readonly payments: Pick<PaymentBook, "payment" | "list">;
  readonly disputes: DisputeDesk;
  readonly operator: OperatorDesk;
}

export interface DisputeDesk extends Omit<DisputeBook, "learn"> {
  /** Of the participant's own bill: whether it is so was looked up before. */
  raise(bill: DisputedBill): Promise<Outcome<{ readonly dispute: Dispute }>>;
}

export interface TenantRequest {
  readonly name: string;
  readonly id?: string | undefined;
  /** As its predecessor's where it is left out. */
  readonly capacityW?: Watt | undefined;
}

export interface DisputeAnswer {
  readonly billId: string;
  readonly state: "upheld" | "rejected";
  /** A sentence for the participant. */
  readonly answer: string;
}

export interface DraftDesk {
  /** A new one, or with `draftId` one's own draft replaced. */
  keep(id: string, draft: DraftRequest): Promise<Outcome<{ readonly draft: Draft }>>;
  /** Undefined: there is none of this id, it has expired, or it is somebody else's. */
  get(id: string, draftId: string): Draft | undefined;
  /** In order of keeping; at most 100. */
  list(id: string): readonly Draft[];
  drop(id: string, draftId: string): Promise<Outcome>;
}

export interface DraftRequest {
  readonly draftId?: string | undefined;
  readonly kind: DraftKind;
  /** The flat command without `v` and `requestId`. */
  readonly message: Readonly<Record<string, unknown>>;
}

export interface ListQuery {
  readonly after?: string | undefined;
  readonly limit: number;
  /** Those alone whose name holds this. */
  readonly name?: string | undefined;
  readonly standing?: AccountStanding | undefined;
}

export interface OperatorDesk {
  /** By id, at most `limit` after `after`. */
  list(query: ListQuery): Page<PersonView>;
  /** In every mode but `closed`. Without an id one is drawn. */
  register(request: OperatorsRequest): Promise<Outcome<NewKey>>;
  renewKey(id: string): Promise<Outcome<NewKey>>;
  /** Its key is nobody's any more, and nobody has another one: until it is given a new one. */
  revokeKey(id: string): Promise<Outcome>;
  suspend(id: string, reason: string): Promise<Outcome>;
  resume(id: string): Promise<Outcome>;
  /** What the operator says of a connection is confirmed. */
  change(id: string, change: AccountChange): Promise<Outcome>;
  /** The code is told once. */
  invite(request: InvitationRequest): Promise<Outcome<{ readonly id: string; readonly code: string }>>;
  /** Those that are still good. `uses`: how often it may still be used. */
  invitations(): readonly InvitationView[];
  revokeInvitation(id: string): Promise<Outcome>;
  /** From a period on that has not begun. */
  offer(request: OfferRequest): Promise<Outcome<{ readonly offer: WireOffer }>>;
  assign(id: string, supplier: string, fromMs: number): Promise<Outcome<{ readonly customer: WireCustomer }>>;
  /** Once; the same again is nothing new. */
  answerDispute(answer: DisputeAnswer): Promise<Outcome<{ readonly dispute: Dispute }>>;
  /** Noted once; the answer is how it stands some seconds later at the latest, which is `pending` while a part of the market is away. */
  pay(payment: Payment): Promise<Outcome<{ readonly payment: NotedPayment }>>;
  /** With a delivery period whose bidding has not opened: the participant takes part up to the one before it. Undefined: from now on not. */
  leave(id: string, untilMs: number | undefined): Promise<Outcome>;
  /** The one leaves with that period, the other begins with it, at the same connection point: both or neither. */
  changeTenant(id: string, fromMs: number, newcomer: TenantRequest): Promise<Outcome<NewKey>>;
  /** Forgets the person's name; what the market holds are pseudonyms. */
  erase(id: string): Outcome;
}
