/** The accounts of one market: its processes, the operator, the observer, and the participants of its scenario. */

import type { MarketTerms } from "../../market/terms.js";
import { processRoles } from "../../shared/participant-id.js";
import type { Account } from "../mqtt/accounts.js";
import type { Secrets } from "./secrets.js";

export function accountsOf(terms: MarketTerms, secrets: Secrets): Account[] {
  const withPassword = (username: string, standing: Account["standing"]): Account => ({
    ...{ username, standing },
    password: secrets.passwordOf(username),
  });
  return [
    withPassword("market", { kind: "market" }),
    ...processRoles.map((role) => withPassword(role, { kind: "process", role })),
    withPassword("operator", { kind: "operator" }),
    { username: "observer", password: undefined, standing: { kind: "observer" } },
    ...terms.members.map(({ id }) => withPassword(id, { kind: "participant", id })),
  ];
}
