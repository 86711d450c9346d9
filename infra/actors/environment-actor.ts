/** The environment's actor: what it publishes follows from the tick alone, so it keeps no journal. */
import { createActor } from "xstate";
import { environmentMachine } from "../../agents/environment/environment.machine.js";
import type { EnvironmentSpecification } from "../../agents/environment/specification.js";
import type { Outbox } from "../../market/ports.js";

export function environmentActor(
  specification: EnvironmentSpecification,
  roundLengthMs: number,
  outbox: Outbox,
  onFailure: (error: unknown) => void,
) {
  const actor = createActor(environmentMachine, { id: "environment", input: { specification, roundLengthMs } });
  actor.on("PUBLISH", ({ topic, message }) => outbox.publish(topic, message, true));
  actor.subscribe({ error: onFailure });
  return actor;
}
