/** What is for the operator's key alone, by group. */
import type { RestApp, RestServices } from "../rest-app.js";
import { operatorChaosRoutes } from "./operator-chaos.js";
import { operatorDisputeRoutes } from "./operator-disputes.js";
import { operatorInspectionRoutes } from "./operator-inspection.js";
import { operatorInvitationRoutes } from "./operator-invitations.js";
import { operatorLeavingRoutes } from "./operator-leaving.js";
import { operatorParticipantRoutes } from "./operator-participants.js";
import { operatorPaymentRoutes } from "./operator-payments.js";
import { operatorReadingRoutes } from "./operator-readings.js";
import { operatorStatementRoutes } from "./operator-statements.js";
import { operatorSupplyRoutes } from "./operator-supply.js";

export function operatorRoutes(app: RestApp, services: RestServices): void {
  operatorParticipantRoutes(app, services);
  operatorInvitationRoutes(app, services);
  operatorReadingRoutes(app, services);
  operatorPaymentRoutes(app, services);
  operatorStatementRoutes(app, services);
  operatorDisputeRoutes(app, services);
  operatorSupplyRoutes(app, services);
  operatorLeavingRoutes(app, services);
  operatorChaosRoutes(app, services);
  operatorInspectionRoutes(app, services);
}
