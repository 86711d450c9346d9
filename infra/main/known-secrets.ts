/** Every secret of a market that its program knows by value, so that no inspection lets one out. */
import type { MarketTerms } from "../../market/terms.js";
import { processRoles } from "../../shared/participant-id.js";
import { adminName } from "../brokers/plugin-file.js";
import type { Secrets } from "./secrets.js";

export function knownSecrets(terms: MarketTerms, secrets: Secrets): string[] {
  const accounts = [
    ...["market", "operator", "inspect", adminName, ...processRoles],
    ...terms.members.map(({ id }) => id),
  ];
  return [...accounts.map(secrets.passwordOf), secrets.statementSecret, secrets.pseudonymSecret];
}
