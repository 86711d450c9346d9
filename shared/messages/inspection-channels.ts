/** The topics of the inspection: how operators ask for it, and what they then see. Nothing is written to them unless somebody asks. */
import type { Channel } from "./channel.js";
import * as examples from "./examples-inspection.js";
import * as i from "./inspection.js";

export const inspectionChannels: readonly Channel[] = [
  {
    address: "manage/inspect",
    schema: i.manageInspect,
    retained: "until it is over",
    writtenBy: "operator",
    summary:
      "To every node: show actors, or no longer. Retained, so that a node that starts later hears of it; it ends by itself. A newer one takes the place of the one before.",
    examples: examples.inspectExamples,
  },
  {
    address: "manage/inspecting/<node>",
    schema: i.manageInspecting,
    retained: "yes",
    writtenBy: "inspect",
    summary: "To operators: whether a node shows its actors, and which.",
    examples: examples.inspectingExamples,
  },
  {
    address: "manage/inspect-gone/<program>",
    schema: i.manageInspectGone,
    retained: "until it was seen to",
    writtenBy: "inspect",
    summary:
      "To the market: the connection of a program that told of actors broke off (its last will). If it is not back within 2 s, the market clears what it left on `inspect/#` and `manage/inspecting/+`.",
    examples: examples.inspectGoneExamples,
  },
  {
    address: "manage/inspect-send",
    schema: i.manageInspectSend,
    retained: "never",
    writtenBy: "operator",
    summary:
      "To one node: an event for one of its actors, where the market was started with `--inspect-send`. `manage/inspecting/<node>` says what became of it. An actor whose inputs are journalled takes `CONTROL` alone.",
    examples: examples.inspectSendExamples,
  },
];

export const inspectChannels: readonly Channel[] = [
  {
    address: "inspect/<node>/machine/<machine>",
    schema: i.inspectedMachine,
    retained: "while it is shown",
    writtenBy: "inspect",
    summary: "To operators: a machine as it is drawn, laid out, once.",
    examples: examples.machineExamples,
  },
  {
    address: "inspect/<node>/actor/<actor>",
    schema: i.inspectedActor,
    retained: "while it lives and is shown",
    writtenBy: "inspect",
    summary: "To operators: an actor as it now is, at most five times a wall second.",
    examples: examples.actorExamples,
  },
  {
    address: "inspect/<node>/events",
    schema: i.inspectedEvents,
    retained: "no",
    writtenBy: "inspect",
    summary:
      "To operators: what the node's actors heard and did, in its order, at most every 100 ms, 500 events and 64 kB at once; what is beyond is counted.",
    examples: examples.eventsExamples,
  },
];
