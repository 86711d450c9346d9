/** The name of the chosen actor beside its statechart, where it stands, and what can be done with the drawing. */
import { signal } from "@preact/signals";
import { mermaidOf } from "../../../inspect/mermaid.js";
import { svgText } from "../../page/export.js";
import { readableName, readableType, startInName, stateText } from "../model/actor-names.js";
import { writeAddress } from "../model/address.js";
import { chosen, chosenMachine, chosenMoment, recording, shownPlace, timezone } from "../model/shown.js";
import { CopyButton } from "./copy-button.js";

/** Factor; undefined: as wide as there is room. */
export const zoom = signal<number | undefined>(undefined);

export function ChartTitle() {
  const actor = chosen.value;
  const moment = chosenMoment.value;
  if (actor === undefined || moment === undefined) return null;
  const link = () => `${location.origin}${location.pathname}${writeAddress({ actor: actor.id, view: "chart" })}`;
  const status = moment.status === "active" ? stateText(moment.value) || "running" : moment.status;
  const entry = recording.value.entry(moment.movedAt ?? -1);
  const start = startInName(actor.name, timezone.value);
  return (
    <>
      <div class="chart-name">
        <h3 title={start}>
          {readableName(actor.name, timezone.value)} <span class="small soft">{actor.id}</span>
        </h3>
        <p class="small">
          <strong data-testid="chosen-state">{status}</strong>
          <span class="soft">
            {entry === undefined ? "" : `, last moved by ${readableType(entry.type, timezone.value)}`}
          </span>
          {moment.movedAt === shownPlace.value && <span class="now tag">now</span>}
        </p>
      </div>
      <div class="tools">
        <CopyButton label="Link" what="the link to this actor" text={link} file="link.txt" />
        {chosenMachine.value !== undefined && <DrawingTools name={actor.machine ?? actor.name} />}
      </div>
    </>
  );
}

function DrawingTools({ name }: { readonly name: string }) {
  const mermaid = () => {
    const machine = chosenMachine.peek();
    return machine === undefined ? "" : mermaidOf(machine);
  };
  return (
    <>
      <CopyButton
        label="SVG"
        what="the statechart as SVG"
        text={() => drawingText(".statechart")}
        file={`${name}.svg`}
      />
      <CopyButton label="Mermaid" what="the machine as Mermaid" text={mermaid} file={`${name}.mmd`} />
      <Zoom />
    </>
  );
}

/** The drawing on the page as a file's text; empty where it is not drawn. */
export function drawingText(selector: string): string {
  const found = document.querySelector<SVGSVGElement>(selector);
  return found === null ? "" : svgText(found);
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
