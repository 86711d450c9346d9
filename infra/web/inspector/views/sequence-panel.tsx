/** Who sent what to whom across processes, up to the moment shown. A click on an arrow goes to its moment and to who got it. */
import { computed } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Empty } from "../../page/components/card.js";
import { Choice } from "../../page/components/choice.js";
import { svgText } from "../../page/export.js";
import { time } from "../../page/formats.js";
import { readableName } from "../model/actor-names.js";
import { nodeOf } from "../model/entry.js";
import { type Arrow, type LifelineKind, sequenceOf } from "../model/sequence.js";
import { chosenId, goTo, isWanted, lifelines, nameOf, places, recording, shownPlace } from "../model/shown.js";
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

const sequence = computed(() =>
  sequenceOf({
    ...{ places: places.value, upTo: shownPlace.value, entryAt: recording.value.entry, isWanted: isWanted.value },
    ...{ lifelines: lifelines.value, most: mostArrows },
  }),
);

export function SequencePanel() {
  const place = useRef<HTMLElement>(null);
  const { arrows } = sequence.value;
  const newest = arrows.at(-1)?.place;
  useLayoutEffect(() => {
    if (place.current !== null && newest !== undefined) place.current.scrollTop = place.current.scrollHeight;
  }, [newest]);
  if (recording.value.actors().length === 0 && arrows.length === 0) return <NothingYet />;
  const svg = () => {
    const found = place.current?.querySelector("svg");
    return found === null || found === undefined ? "" : svgText(found);
  };
  return (
    <>
      <div class="chart-title">
        <div class="chart-name">
          <h3>Messages between {lifelines.value === "node" ? "processes" : "actors"}</h3>
          <p class="small soft">the last {arrows.length} that pass the log's filter, up to the moment shown</p>
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
          <CopyButton label="SVG" what="the sequence diagram as SVG" text={svg} file="sequence.svg" />
        </div>
      </div>
      {arrows.length === 0 ? (
        <Empty title="No message passes the filter">Widen the filter above the log, or move on in time.</Empty>
      ) : (
        <Scrolls className="chart-place sequence-place" label="Sequence diagram, scrolls" place={place}>
          <Drawing />
        </Scrolls>
      )}
    </>
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
            {...{ arrow, fromX: xOf.get(arrow.from) ?? 0, toX: xOf.get(arrow.to) ?? 0 }}
            y={headHeight + (index + 1) * rowHeight}
            ts={arrows[index - 1]?.ts === arrow.ts ? undefined : arrow.ts}
            width={width}
          />
        ))}
      </svg>
    </>
  );
}

function Lifeline({ line, x, height }: { readonly line: string; readonly x: number; readonly height: number }) {
  const name = nameOf(line);
  const title = line.includes("/") && name !== "" ? `${readableName(name)}` : line;
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
  readonly toX: number;
  readonly y: number;
  /** Undefined: as the row before. */
  readonly ts: string | undefined;
  readonly width: number;
}

function ArrowRow({ arrow, fromX, toX, y, ts, width }: ArrowRowProps) {
  const { place, from, to, text, times } = arrow;
  const show = () => {
    const entry = recording.peek().entry(place);
    if (entry !== undefined) chosenId.value = entry.actor;
    goTo(place);
  };
  const isHere = place === shownPlace.value;
  const words = times === 1 ? text : `${text} ×${times}`;
  const path = fromX === toX ? `M${fromX} ${y - 5}h22v10h-${22 - 4}` : `M${fromX} ${y}H${toX + (toX > fromX ? -1 : 1)}`;
  return (
    // biome-ignore lint/a11y/useSemanticElements: there are no buttons inside of SVG
    <g
      class={`arrow${isHere ? " here" : ""}`}
      role="button"
      tabIndex={0}
      aria-label={`${from} to ${to}: ${words}`}
      data-from={from}
      data-to={to}
      onClick={show}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        show();
      }}
    >
      <rect class="row" {...{ x: 0, y: y - rowHeight / 2 - 4, width, height: rowHeight }} />
      {ts !== undefined && (
        <text class="when" x={4} y={y + 3}>
          {time(Date.parse(ts), "seconds", "UTC")}
        </text>
      )}
      <path d={path} marker-end="url(#tip)" />
      <text x={fromX === toX ? fromX + 28 : Math.min(fromX, toX) + 8} y={fromX === toX ? y + 4 : y - 4}>
        {words}
      </text>
    </g>
  );
}
