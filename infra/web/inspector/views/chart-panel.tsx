/** The statechart of the chosen actor, with its name, and what can be done with both. */
import { signal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { InspectedMachine } from "../../../../shared/messages/inspection.js";
import { mermaidOf } from "../../../inspect/mermaid.js";
import { Empty } from "../../page/components/card.js";
import { svgText } from "../../page/export.js";
import type { ActorHistory, Moment } from "../model/actor-history.js";
import { readableName, stateText } from "../model/actor-names.js";
import { writeAddress } from "../model/address.js";
import { chosen, chosenId, chosenMoment, recording, shownPlace } from "../model/shown.js";
import { CopyButton } from "./copy-button.js";
import { NothingYet } from "./nothing-yet.js";
import { Scrolls } from "./scrolls.js";
import { SendEvent } from "./send-event.js";
import { Statechart } from "./statechart.js";

const zoom = signal<number | undefined>(undefined);

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
  return <Chart actor={actor} moment={moment} />;
}

function Chart({ actor, moment }: { readonly actor: ActorHistory; readonly moment: Moment }) {
  const place = useRef<HTMLElement>(null);
  const machine = actor.machine === null ? undefined : recording.value.machine(actor.node, actor.machine);
  const leaf = moment.state.at(-1);
  const hash = machine?.hash;
  useLayoutEffect(() => {
    if (hash !== undefined) bringIntoSight(place.current, leaf);
  }, [leaf, hash]);
  return (
    <>
      <Title {...{ actor, moment, machine, drawing: () => place.current?.querySelector("svg") ?? null }} />
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

interface TitleProps {
  readonly actor: ActorHistory;
  readonly moment: Moment;
  readonly machine: InspectedMachine | undefined;
  readonly drawing: () => SVGSVGElement | null;
}

function Title({ actor, moment, machine, drawing }: TitleProps) {
  const file = `${actor.machine ?? actor.name}`;
  const link = () => `${location.origin}${location.pathname}${writeAddress({ actor: actor.id, view: "chart" })}`;
  const svg = () => {
    const found = drawing();
    return found === null ? "" : svgText(found);
  };
  const status = moment.status === "active" ? stateText(moment.value) || "running" : moment.status;
  const entry = recording.value.entry(moment.movedAt ?? -1);
  return (
    <div class="chart-title">
      <div class="chart-name">
        <h3>
          {readableName(actor.name)} <span class="small soft">{actor.id}</span>
        </h3>
        <p class="small">
          <strong data-testid="chosen-state">{status}</strong>
          <span class="soft">{entry === undefined ? "" : `, last moved by ${entry.type}`}</span>
          {moment.movedAt === shownPlace.value && <span class="now tag">now</span>}
        </p>
      </div>
      <div class="tools">
        <CopyButton label="Link" what="the link to this actor" text={link} file="link.txt" />
        {machine !== undefined && (
          <>
            <CopyButton label="SVG" what="the statechart as SVG" text={svg} file={`${file}.svg`} />
            <CopyButton
              label="Mermaid"
              what="the machine as Mermaid"
              text={() => mermaidOf(machine)}
              file={`${file}.mmd`}
            />
            <Zoom />
          </>
        )}
      </div>
    </div>
  );
}

function Zoom() {
  const by = (factor: number) => () => {
    zoom.value = Math.min(3, Math.max(0.3, (zoom.value ?? 1) * factor));
  };
  return (
    <span class="choice">
      <button type="button" aria-label="Smaller" onClick={by(0.8)}>
        −
      </button>
      <button
        type="button"
        aria-pressed={zoom.value === undefined}
        onClick={() => {
          zoom.value = undefined;
        }}
      >
        Fit
      </button>
      <button type="button" aria-label="Larger" onClick={by(1.25)}>
        +
      </button>
    </span>
  );
}

function wordsFor({ name }: ActorHistory, { state, edges }: Moment, machine: InspectedMachine): string {
  const keyOf = (id: string | null) => machine.nodes.find((node) => node.id === id)?.key ?? id;
  const leaves = state.filter((id) => !state.some((other) => other.startsWith(`${id}.`))).map(keyOf);
  const taken = machine.edges.filter(({ id }) => edges.includes(id));
  const last = taken.map(
    ({ event, source, target }) => `${event || "always"} from ${keyOf(source)} to ${keyOf(target ?? source)}`,
  );
  const told = last.length === 0 ? "" : ` Last transition: ${last.join(", then ")}.`;
  return `Statechart of ${readableName(name)}. Active: ${leaves.join(", ")}.${told}`;
}

function bringIntoSight(place: HTMLElement | null, state: string | undefined): void {
  const box = [...(place?.querySelectorAll("[data-state]") ?? [])].find(
    (one) => one.getAttribute("data-state") === state,
  );
  if (place === null || box === undefined) return;
  const [outer, inner] = [place.getBoundingClientRect(), box.getBoundingClientRect()];
  const room = 24;
  if (inner.top < outer.top + room) place.scrollTop -= outer.top + room - inner.top;
  else if (inner.bottom > outer.bottom - room) place.scrollTop += inner.bottom - outer.bottom + room;
  if (inner.left < outer.left + room) place.scrollLeft -= outer.left + room - inner.left;
  else if (inner.right > outer.right - room) place.scrollLeft += inner.right - outer.right + room;
}
