/** A small actor for tests of the host: counts what it is told, hands every third count over, and rings an alarm. */
import type { MakeActor } from "../../../infra/journal/hosted-actor.js";
import type { ActorEvent } from "../../../infra/journal/journal.js";

export interface Add extends ActorEvent {
  readonly type: "ADD";
  readonly value: number;
}

export const add = (value: number): Add => ({ type: "ADD", value });

/** Its state is its sum; ADD of a negative number is more than it can bear. */
export const makeCounting: MakeActor = (ports, saved, onError) => {
  let sum = (saved as { sum: number } | undefined)?.sum ?? 0;
  const say = (): void => ports.outbox.publish("elecbay/main/public/sum", { sum }, true);
  return {
    start() {
      say();
      ports.clock.setTimeout(() => {
        sum += 1000;
        say();
      }, 1000);
    },
    send(event) {
      const value = event.type === "ADD" ? (event as Add).value : 0;
      if (value < 0) return onError(new Error(`cannot add ${value}`));
      sum += value;
      if (event.type === "COMMAND") {
        const { packet } = event as unknown as { packet: { sender: string; payload: string } };
        sum += Number(packet.payload);
        ports.outbox.publish(`elecbay/main/private/${packet.sender}/replies`, {
          requestId: "a",
          status: "accepted",
          version: sum,
        });
      } else say();
      if (sum % 3 === 0) {
        const grants = [{ participant: "peer1", funds: sum }];
        ports.link.hand({ kind: "grants", body: { grants } });
      }
    },
    stop: () => {},
    save: () => ({ sum }),
  };
};
