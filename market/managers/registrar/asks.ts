/**
 * What the registrar is asked, as plain data. All chance in it (ids, keys, salts, codes) is drawn before, so that a fold repeats; `askId`
 * names the asking, and comes back with the answer.
 */
import type { WireCustomer, WireOffer } from "../../../shared/messages/manage.js";
import type { ParticipantRole } from "../../../shared/participant-id.js";
import type { AccountChange, KeyHash } from "../../rules/account.js";
import type { DisputedBill } from "../../rules/disputes.js";
import type { DraftKind } from "../../rules/drafts.js";
import type { GuestRequest } from "../../rules/guests.js";
import type { Payment } from "../../rules/payments.js";
import type { RegistrationRequest } from "../../rules/registration.js";

export type Ask =
  /** `adopts`: the guest of that id becomes this participant; not in journals of before. */
  | ({ readonly type: "REGISTER"; readonly invitation: string | null; readonly adopts?: true } & Asked &
      RegistrationRequest)
  /** A guest has come over MQTT. */
  | ({ readonly type: "GUEST" } & Asked & GuestRequest)
  | ({ readonly type: "RENEW_KEY"; readonly id: string; readonly key: KeyHash } & Asked)
  /** `endsWithOpen`: who leaves at once has no part in periods that open later; journals of before know no such end. */
  | ({ readonly type: "LEAVE"; readonly id: string; readonly untilMs?: number; readonly endsWithOpen?: true } & Asked)
  /** `leaver` leaves with the period that the newcomer begins with, at the same connection point. `isNoted`: so that nobody else follows; not in journals of before. */
  | ({
      readonly type: "CHANGE_TENANT";
      readonly leaver: string;
      readonly newcomer: Newcomer;
      readonly isNoted?: true;
    } & Asked)
  | ({ readonly type: "SUSPEND"; readonly id: string; readonly reason: string } & Asked)
  | ({ readonly type: "RESUME"; readonly id: string } & Asked)
  | ({ readonly type: "CHANGE"; readonly id: string; readonly change: AccountChange } & Asked)
  | ({
      readonly type: "INVITE";
      /** Of the code. */
      readonly hash: string;
      readonly role: ParticipantRole;
      readonly uses: number;
      readonly expiresAtMs: number;
    } & Asked)
  | ({ readonly type: "REVOKE_INVITATION"; readonly hash: string } & Asked)
  /** The operator changes what a supplier offers, or who is with whom. */
  | ({ readonly type: "OFFER"; readonly offer: WireOffer } & Asked)
  | ({ readonly type: "ASSIGN"; readonly customer: WireCustomer } & Asked)
  /** The operator notes a payment. */
  | ({ readonly type: "PAY"; readonly payment: Payment } & Asked)
  /** Of a bill that is the participant's own. */
  | ({ readonly type: "DISPUTE"; readonly bill: DisputedBill } & Asked)
  | ({
      readonly type: "ANSWER_DISPUTE";
      readonly billId: string;
      readonly state: "upheld" | "rejected";
      readonly answer: string;
    } & Asked)
  | ({
      readonly type: "KEEP_DRAFT";
      readonly draftId: string;
      readonly participant: string;
      readonly kind: DraftKind;
      readonly message: Readonly<Record<string, unknown>>;
    } & Asked)
  | ({ readonly type: "DROP_DRAFT"; readonly participant: string; readonly draftId: string } & Asked);

/** Connection point and phase are its predecessor's. */
export interface Newcomer extends Pick<RegistrationRequest, "id" | "capacityW" | "key"> {
  readonly fromMs: number;
}

interface Asked {
  readonly askId: string;
}
