/** The statechart of the chosen actor at the moment shown, or why there is none. */
import { useLayoutEffect, useRef } from "preact/hooks";
import type { InspectedMachine } from "../../../../shared/messages/inspection.js";
import { Empty } from "../../page/components/card.js";
import type { ActorHistory, Moment } from "../model/actor-history.js";
import { readableName } from "../model/actor-names.js";
import { openPanel } from "../model/panels.js";
import { chosen, chosenId, chosenMachine, chosenMoment, recording, timezone } from "../model/shown.js";
import { zoom } from "./chart-title.js";
import { NothingYet } from "./nothing-yet.js";
import { Scrolls } from "./scrolls.js";
import { SendEvent } from "./send-event.js";
import { Statechart } from "./statechart.js";

export function ChartPanel() {
  const actor = chosen.value;
  const moment = chosenMoment.value;
  recording.value.version.value;
  if (recording.value.actors().length === 0) return <NothingYet />;
  if (chosenId.value === undefined) return <Empty title="No actor is chosen">Choose one in the list of actors.</Empty>;
  if (actor === undefined || moment === undefined) {
    return (
      <Empty title={`${chosenId.value} is not there`}>
        {actor === undefined
          ? "It has not been told of, or is over since long. Choose another, or switch its inspection on."
          : "At this moment it was not known yet. Move on in time."}
      </Empty>
    );
  }
  // On a narrow screen it is hidden until its part of the page is open, and then brought into sight anew.
  return <Chart key={openPanel.value} actor={actor} moment={moment} />;
}

function Chart({ actor, moment }: { readonly actor: ActorHistory; readonly moment: Moment }) {
  const place = useRef<HTMLElement>(null);
  const machine = chosenMachine.value;
  const leaf = moment.state.at(-1);
  const hash = machine?.hash;
  useLayoutEffect(() => {
    if (hash !== undefined) bringIntoSight(place.current, leaf);
  }, [leaf, hash]);
  return (
    <>
      {machine === undefined ? (
        <Empty title={actor.machine === null ? "It is no state machine" : "Its machine is not drawn yet"}>
          {actor.machine === null
            ? "Such as an alarm or a promise. Its events are in the log."
            : "The drawing comes a moment after the inspection is switched on."}
        </Empty>
      ) : (
        <Scrolls className="chart-place" label="Statechart, scrolls" place={place}>
          <Statechart
            {...{ machine, zoom: zoom.value, active: new Set(moment.state), last: new Set(moment.edges) }}
            label={wordsFor(actor, moment, machine)}
          />
        </Scrolls>
      )}
      <SendEvent actor={actor} moment={moment} machine={machine} />
    </>
  );
}

function wordsFor({ name }: ActorHistory, { state, edges }: Moment, machine: InspectedMachine): string {
  const keyOf = (id: string) => machine.nodes.find((node) => node.id === id)?.key ?? id;
  const leaves = state.filter((id) => !state.some((other) => other.startsWith(`${id}.`))).map(keyOf);
  const taken = machine.edges.filter(({ id }) => edges.includes(id));
  const last = taken.map(
    ({ event, source, target }) => `${event || "always"} from ${keyOf(source)} to ${keyOf(target ?? source)}`,
  );
  const told = last.length === 0 ? "" : ` Last transition: ${last.join(", then ")}.`;
  return `Statechart of ${readableName(name, timezone.peek())}. Active: ${leaves.join(", ")}.${told}`;
}

function bringIntoSight(place: HTMLElement | null, state: string | undefined): void {
  const boxes = [...(place?.querySelectorAll("[data-state]") ?? [])];
  const box = boxes.find((one) => one.getAttribute("data-state") === state);
  if (place === null || box === undefined) return;
  const [outer, inner] = [place.getBoundingClientRect(), box.getBoundingClientRect()];
  const room = 90; // that the transition into it is seen too
  if (inner.top < outer.top + room) place.scrollTop -= outer.top + room - inner.top;
  else if (inner.bottom > outer.bottom - room) place.scrollTop += inner.bottom - outer.bottom + room;
  if (inner.left < outer.left) place.scrollLeft -= outer.left + 8 - inner.left;
  else if (inner.right > outer.right) place.scrollLeft += inner.right - outer.right + 8;
}
