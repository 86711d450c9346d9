/** Gateways of a scenario: who sends for whom, in batches, from the start. */
import * as z from "zod";
import type { MemberTerms } from "../../market/terms.js";
import { participant } from "../../shared/messages/fields.js";
import { isParticipantId } from "../../shared/participant-id.js";
import { micro, watt } from "../../shared/units.js";
import { InputError } from "../series/input-error.js";
import type { Path } from "./located-yaml.js";

export const gatewaySchema = z.strictObject({ id: participant, for: z.array(participant).min(1) });
type GatewayEntry = z.infer<typeof gatewaySchema>;

/**
 * The members with the gateways behind them.
 * @throws InputError where a gateway has a name that is taken, or is for somebody whom nobody knows or another one has
 */
export function withGateways(
  members: readonly MemberTerms[],
  gateways: readonly GatewayEntry[],
  placeOf: (path: Path) => ConstructorParameters<typeof InputError>[0],
): readonly MemberTerms[] {
  const gatewayOf = new Map<string, string>();
  const names = new Set(members.map(({ id }) => id));
  for (const [index, { id, for: homes }] of gateways.entries()) {
    const path = ["gateways", index];
    if (!isParticipantId(id) || names.has(id) || gateways.findIndex((one) => one.id === id) < index)
      throw new InputError(placeOf([...path, "id"]), `"${id}" is taken: a gateway needs a name of its own`);
    for (const [place, home] of homes.entries()) {
      const at = placeOf([...path, "for", place]);
      if (!names.has(home)) throw new InputError(at, `there is nobody called "${home}"`);
      if (gatewayOf.has(home)) throw new InputError(at, `"${home}" is under ${gatewayOf.get(home)} already`);
      gatewayOf.set(home, id);
    }
  }
  const placed = members.map((member) => {
    const gateway = gatewayOf.get(member.id);
    return gateway === undefined ? member : { ...member, gateway };
  });
  const nowhere = { capacityW: watt(0), connectionPoint: null, phase: null };
  const noMoney = { creditLimitMicro: undefined, depositMicro: micro(0) };
  return [...placed, ...gateways.map(({ id }): MemberTerms => ({ id, role: "gateway", ...nowhere, ...noMoney }))];
}
