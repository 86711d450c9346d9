/** The frame of the inspector: actors, chart or sequence diagram, context, log, and the bar of moments at the foot. */
import { Choice } from "../page/components/choice.js";
import { SignIn } from "../page/components/sign-in.js";
import { TopBar } from "../page/components/top-bar.js";
import { isOperator } from "../page/session.js";
import { openPanel, panels } from "./model/panels.js";
import { type CentreView, centreView } from "./model/shown.js";
import { about, file, linkState, openFile } from "./model/source.js";
import { ActorTree } from "./views/actor-tree.js";
import { ChartPanel } from "./views/chart-panel.js";
import { ChartTitle } from "./views/chart-title.js";
import { ContextPanel } from "./views/context-panel.js";
import { FileButtons } from "./views/file-buttons.js";
import { InspectionSwitch } from "./views/inspection-switch.js";
import { LogPanel } from "./views/log-panel.js";
import { SequencePanel, SequenceTitle } from "./views/sequence-panel.js";
import { SourceBadge } from "./views/source-badge.js";
import { TimeBar } from "./views/time-bar.js";

export function Inspector() {
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: files are dropped anywhere; there is a button for the keyboard
    <div class="inspector" onDragOver={(event) => event.preventDefault()} onDrop={drop}>
      <TopBar about={about} here="/inspector">
        <SourceBadge />
        {about.log === undefined && <SignIn linkState={linkState.value === "none" ? "live" : linkState.value} />}
      </TopBar>
      <div class="source-bar">
        {file.value === undefined && isOperator.value && <InspectionSwitch />}
        <FileButtons />
      </div>
      <nav class="panel-tabs" aria-label="Parts of the page">
        {panels.map(({ name, title }) => (
          <button
            key={name}
            type="button"
            aria-pressed={openPanel.value === name}
            onClick={() => {
              openPanel.value = name;
            }}
          >
            {title}
          </button>
        ))}
      </nav>
      <main id="main" tabIndex={-1} class={`panels shows-${openPanel.value}`}>
        <ActorTree />
        <Centre />
        <ContextPanel />
        <LogPanel />
      </main>
      <TimeBar />
    </div>
  );
}

function Centre() {
  return (
    <section class="panel centre" aria-label="Statechart and sequence diagram" data-panel="centre">
      <header class="centre-head">
        <Choice<CentreView>
          label="Diagram"
          value={centreView.value}
          options={[
            { value: "chart", label: "Statechart" },
            { value: "sequence", label: "Sequence" },
          ]}
          onChoose={(view) => {
            centreView.value = view;
          }}
        />
        {centreView.value === "chart" ? <ChartTitle /> : <SequenceTitle />}
      </header>
      {centreView.value === "chart" ? <ChartPanel /> : <SequencePanel />}
    </section>
  );
}

function drop(event: DragEvent): void {
  event.preventDefault();
  const [dropped] = event.dataTransfer?.files ?? [];
  if (dropped !== undefined) void openFile(dropped);
}
