/** An event for the chosen actor, where its node takes such; else why not. */
import { useState } from "preact/hooks";
import type { InspectedMachine } from "../../../../shared/messages/inspection.js";
import type { ActorHistory, Moment } from "../model/actor-history.js";
import { sendEvent } from "../model/operator.js";
import { eventTypes, readEvent } from "../model/sendable-events.js";
import { cursor, recording } from "../model/shown.js";
import { isLive } from "../model/source.js";

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
  const [sent, setSent] = useState<Sent>({ requestId: undefined, problem: undefined });
  const submit = async (submitted: Event) => {
    submitted.preventDefault();
    try {
      const requestId = await sendEvent({ actor: actor.id, event: readEvent(type, fields) });
      setSent({ requestId, problem: undefined });
    } catch (error) {
      setSent({ requestId: undefined, problem: error instanceof Error ? error.message : String(error) });
    }
  };
  const answer = answerTo(sent, actor.node);
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
        <p class={`note small ${answer.tone}`} role="status" data-testid="sent">
          {answer.text}
        </p>
      )}
    </form>
  );
}

interface Sent {
  /** Of the event that was sent last. */
  readonly requestId: string | undefined;
  /** Why it was not sent. */
  readonly problem: string | undefined;
}

/** What became of an event, as its node tells. */
function answerTo(
  { requestId, problem }: Sent,
  node: string,
): { readonly text: string; readonly tone: string } | undefined {
  if (problem !== undefined) return { text: problem, tone: "bad" };
  if (requestId === undefined) return undefined;
  const told = recording.value.inspecting.value.get(node)?.sent;
  if (told?.requestId !== requestId) return { text: "It is sent; the node has not answered yet.", tone: "" };
  if (told.accepted) return { text: "The actor has got it: what comes of it is in the log.", tone: "good" };
  return { text: `Refused: ${told.reason ?? "no reason was told"}.`, tone: "bad" };
}
