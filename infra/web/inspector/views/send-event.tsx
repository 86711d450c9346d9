/** An event for the chosen actor, where its node takes such; else why not. */
import { useState } from "preact/hooks";
import type { InspectedMachine } from "../../../../shared/messages/inspection.js";
import type { ActorHistory, Moment } from "../model/actor-history.js";
import { eventTypes, readEvent } from "../model/sendable-events.js";
import { cursor, recording } from "../model/shown.js";
import { isLive, sendEvent } from "../model/source.js";

interface SendEventProps {
  readonly actor: ActorHistory;
  readonly moment: Moment;
  readonly machine: InspectedMachine | undefined;
}

/** Undefined: it may be sent. */
function whyNot({ node }: ActorHistory, { status }: Moment, machine: InspectedMachine | undefined): string | undefined {
  if (!isLive.value) return "only to a running market";
  if (cursor.value !== undefined) return "only live: go back to live first";
  if (status !== "active") return "it is over";
  if (machine === undefined) return "it is no state machine";
  const told = recording.value.inspecting.value.get(node);
  if (told?.allowsSending !== true) return `${node} takes none: the market was started without --inspect-send`;
  return undefined;
}

export function SendEvent({ actor, moment, machine }: SendEventProps) {
  const why = whyNot(actor, moment, machine);
  return (
    <details class="send">
      <summary class="small">Send an event {why !== undefined && <span class="soft">({why})</span>}</summary>
      {why === undefined && machine !== undefined ? (
        <SendForm key={actor.id} {...{ actor, moment, machine }} />
      ) : (
        <p class="small soft">Not now: {why}.</p>
      )}
    </details>
  );
}

function SendForm({ actor, moment, machine }: SendEventProps & { readonly machine: InspectedMachine }) {
  const types = eventTypes(machine, moment.state);
  const [type, setType] = useState(types[0] ?? "");
  const [fields, setFields] = useState("");
  const [answer, setAnswer] = useState<{ readonly text: string; readonly isBad: boolean } | undefined>(undefined);
  const submit = async (submitted: Event) => {
    submitted.preventDefault();
    try {
      await sendEvent({ actor: actor.id, event: readEvent(type, fields) });
      setAnswer({ text: `${type} is sent; what comes of it is in the log.`, isBad: false });
    } catch (error) {
      setAnswer({ text: error instanceof Error ? error.message : String(error), isBad: true });
    }
  };
  return (
    <form class="send-form" onSubmit={(event) => void submit(event)}>
      <label class="field">
        Type
        <input
          list="event-types"
          required
          maxLength={64}
          value={type}
          onInput={({ currentTarget }) => setType(currentTarget.value)}
        />
        <datalist id="event-types">
          {types.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      </label>
      <label class="field">
        Further fields, as JSON
        <input
          placeholder='{"period": "2016-08-01T01:00:00Z"}'
          spellcheck={false}
          value={fields}
          onInput={({ currentTarget }) => setFields(currentTarget.value)}
        />
      </label>
      <button type="submit" class="main">
        Send
      </button>
      {answer !== undefined && (
        <p class={`note small ${answer.isBad ? "bad" : "good"}`} role="status">
          {answer.text}
        </p>
      )}
    </form>
  );
}
