/** Who sent what to whom across processes, up to the moment shown. A click on an arrow goes to its moment and to who got it. */
import { computed } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Empty } from "../../page/components/card.js";
import { Choice } from "../../page/components/choice.js";
import { time } from "../../page/formats.js";
import { readableName } from "../model/actor-names.js";
import { nodeOf } from "../model/entry.js";
import { pacedPlace } from "../model/paced.js";
import { openPanel } from "../model/panels.js";
import { type Arrow, type LifelineKind, sequenceOf } from "../model/sequence.js";
import {
  chosenId,
  goTo,
  isWanted,
  lifelines,
  nameOf,
  places,
  recording,
  shownPlace,
  timezone,
} from "../model/shown.js";
import { drawingText } from "./chart-title.js";
import { CopyButton } from "./copy-button.js";
import { NothingYet } from "./nothing-yet.js";
import { Scrolls } from "./scrolls.js";

/** More would be slow to draw ten times a second, and none can be read. */
const mostArrows = 60;
const rowHeight = 26;
const gutter = 74;
const [lineWidth, actorLineWidth] = [132, 176];
const headHeight = 30;
/** For the text of an arrow beside the last lifeline. */
const roomRight = 190;

const drawnPlace = pacedPlace();
const sequence = computed(() =>
  sequenceOf({
    ...{ places: places.peek(), upTo: drawnPlace.value, entryAt: recording.value.entry, isWanted: isWanted.value },
    ...{ lifelines: lifelines.value, most: mostArrows, timezone: timezone.value },
  }),
);

export function SequenceTitle() {
  return (
    <>
      <div class="chart-name">
        <h3>Messages between {lifelines.value === "node" ? "processes" : "actors"}</h3>
        <p class="small soft">the last {sequence.value.arrows.length} that pass the log's filter</p>
      </div>
      <div class="tools">
        <Choice<LifelineKind>
          label="Lifelines"
          value={lifelines.value}
          options={[
            { value: "node", label: "Processes" },
            { value: "actor", label: "Actors" },
          ]}
          onChoose={(value) => {
            lifelines.value = value;
          }}
        />
        <CopyButton
          label="SVG"
          what="the sequence diagram as SVG"
          text={() => drawingText(".sequence")}
          file="sequence.svg"
        />
      </div>
    </>
  );
}

export function SequencePanel() {
  const { arrows } = sequence.value;
  if (recording.value.actors().length === 0 && arrows.length === 0) return <NothingYet />;
  if (arrows.length === 0) {
    return <Empty title="No message passes the filter">Widen the filter of the log, or move on in time.</Empty>;
  }
  // On a narrow screen it is hidden until its part of the page is open, and then scrolled anew.
  return <Diagram key={openPanel.value} newest={arrows.at(-1)?.place} />;
}

function Diagram({ newest }: { readonly newest: number | undefined }) {
  const place = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    if (place.current !== null && newest !== undefined) place.current.scrollTop = place.current.scrollHeight;
  }, [newest]);
  return (
    <Scrolls className="chart-place sequence-place" label="Sequence diagram, scrolls" place={place}>
      <Drawing />
    </Scrolls>
  );
}

function Drawing() {
  const { lifelines: lines, arrows } = sequence.value;
  const spacing = lifelines.value === "node" ? lineWidth : actorLineWidth;
  const xOf = new Map(lines.map((line, index) => [line, gutter + 56 + index * spacing]));
  const width = gutter + 56 + (lines.length - 1) * spacing + roomRight;
  const height = headHeight + (arrows.length + 1) * rowHeight;
  return (
    <>
      {/* Over the drawing's own names, which scroll away and are there for its copy. */}
      <svg
        class="sequence-heads"
        style={{ marginBottom: `-${headHeight}px` }}
        {...{ width, height: headHeight }}
        aria-hidden="true"
      >
        {lines.map((line) => (
          <Lifeline key={line} {...{ line, height: headHeight, x: xOf.get(line) ?? 0 }} />
        ))}
      </svg>
      <svg class="sequence" {...{ width, height, viewBox: `0 0 ${width} ${height}` }} data-testid="sequence">
        <title>Sequence diagram</title>
        <defs>
          <marker
            {...{ id: "tip", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 8, markerHeight: 8, orient: "auto" }}
            markerUnits="userSpaceOnUse"
          >
            <path class="tip" d="M0 0 8 4 0 8z" />
          </marker>
        </defs>
        {lines.map((line) => (
          <Lifeline key={line} {...{ line, height, x: xOf.get(line) ?? 0 }} />
        ))}
        {arrows.map((arrow, index) => (
          <ArrowRow
            key={arrow.place}
            {...{ arrow, fromX: xOf.get(arrow.from) ?? 0, toXs: arrow.to.map((to) => xOf.get(to) ?? 0) }}
            y={headHeight + (index + 1) * rowHeight}
            width={width}
          />
        ))}
        {timesBeside(arrows).map(({ place, row, text }) => (
          <text key={place} class="when" x={4} y={headHeight + (row + 1) * rowHeight + 3}>
            {text}
          </text>
        ))}
      </svg>
    </>
  );
}

/** Market times beside the arrows, where a later one begins: each node tells the time that it knows of. */
function timesBeside(arrows: readonly Arrow[]) {
  let latest = "";
  return arrows.flatMap(({ place, ts }, row) => {
    if (ts <= latest) return [];
    latest = ts;
    return [{ place, row, text: time(Date.parse(ts), "seconds", timezone.value) }];
  });
}

function Lifeline({ line, x, height }: { readonly line: string; readonly x: number; readonly height: number }) {
  const name = nameOf(line);
  const title = line.includes("/") && name !== "" ? `${readableName(name, timezone.value)}` : line;
  return (
    <g class={`lifeline${chosenId.value !== undefined && nodeOf(chosenId.value) === nodeOf(line) ? " chosen" : ""}`}>
      <line {...{ x1: x, x2: x, y1: headHeight, y2: height }} />
      <text {...{ x, y: 14, "text-anchor": "middle" }}>
        {title.length > 22 ? `${title.slice(0, 21)}…` : title}
        <title>{line}</title>
      </text>
      {line.includes("/") && (
        <text class="id" {...{ x, y: 26, "text-anchor": "middle" }}>
          {line}
        </text>
      )}
    </g>
  );
}

interface ArrowRowProps {
  readonly arrow: Arrow;
  readonly fromX: number;
  readonly toXs: readonly number[];
  readonly y: number;
  readonly width: number;
}

function ArrowRow({ arrow, fromX, toXs, y, width }: ArrowRowProps) {
  const { place, from, to, text, times } = arrow;
  const show = () => {
    const entry = recording.peek().entry(place);
    if (entry !== undefined) chosenId.value = entry.actor;
    goTo(place);
  };
  const isHere = place === shownPlace.value;
  const words = times > to.length ? `${text} ×${times}` : text;
  const isLoop = toXs.length === 1 && toXs[0] === fromX;
  return (
    // biome-ignore lint/a11y/useSemanticElements: there are no buttons inside of SVG
    <g
      class={`arrow${isHere ? " here" : ""}`}
      role="button"
      tabIndex={0}
      aria-label={`${words}, from ${from} to ${to.join(", ")}`}
      data-from={from}
      data-to={to.join(" ")}
      onClick={show}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        show();
      }}
    >
      <rect class="row" {...{ x: 0, y: y - rowHeight / 2 - 4, width, height: rowHeight }} />
      {toXs.map((toX) => (
        <path key={toX} d={arrowPath(fromX, toX, y)} marker-end="url(#tip)" />
      ))}
      <text x={isLoop ? fromX + 28 : Math.min(fromX, ...toXs) + 8} y={isLoop ? y + 4 : y - 4}>
        {words}
      </text>
    </g>
  );
}

/** An arrow, or a loop back to where it came from. */
function arrowPath(fromX: number, toX: number, y: number): string {
  if (fromX === toX) return `M${fromX} ${y - 5}h22v10h-18`;
  return `M${fromX} ${y}H${toX + (toX > fromX ? -1 : 1)}`;
}
