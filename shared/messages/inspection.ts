/**
 * What operators see of the running actors, and how they ask for it. Readers take fields that they do not know.
 *
 * Numbers begin anew where an inspection does. A node is a process of the market (`bidding`, `supervisor`, …) or a bot by its id; an actor is told by `<node>/<actor>`, the latter being
 * its number within the program that runs it (`x3`). Drawing units are CSS pixels, from the top left of the whole drawing.
 */
import * as z from "zod";
import * as f from "./fields.js";

const program = z
  .string()
  .regex(/^[a-z0-9-]{1,64}$/)
  .meta({ description: "a running program, another one at each start" });
const node = f.participant.meta({ description: "a process of the market, or a bot by its id" });
const actor = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{1,31}\/[a-z0-9]{1,16}$/, { error: "is no actor like bidding/x3" })
  .meta({ description: "whose it is, `<node>/<number>`" });
const stateId = z.string().meta({ description: "id of the state in its machine" });
const states = z.array(stateId).meta({ description: "ids of the states that it is in, outermost first" });
const pixels = z.number().meta({ description: "pixels" });
const point = z.tuple([pixels, pixels]);
const box = { x: pixels, y: pixels, width: pixels, height: pixels };
const status = z.enum(["active", "done", "error", "stopped"]);

const machineNode = z.object({
  id: stateId,
  key: z.string().meta({ description: "its own name, without its parents'" }),
  parent: z.string().nullable().meta({ description: "id of the state that it is in; null: the whole machine" }),
  type: z.enum(["atomic", "compound", "parallel", "final", "history"]).meta({ description: "kind of state" }),
  initial: z.string().nullable().meta({ description: "id of the state inside that it begins in; null: none, or all" }),
  ...box,
  entry: z.array(z.string()).meta({ description: "actions on entering" }),
  exit: z.array(z.string()).meta({ description: "actions on leaving" }),
  invoke: z.array(z.string()).meta({ description: "actors that run while it is in the state" }),
  tags: z.array(z.string()).meta({ description: "of the state" }),
  description: z.string().nullable().meta({ description: "a sentence; null: none" }),
  lines: z
    .array(
      z.object({
        text: z.string().meta({ description: "as it is drawn" }),
        edge: z.string().nullable().meta({ description: "id of the edge it tells; null: none" }),
      }),
    )
    .meta({ description: "what to write below the name, top down: entry, exit, invoke, inner transitions" }),
});

const machineEdge = z.object({
  id: z.string().meta({ description: "`<source>|<event type>|<index>`: as in the events" }),
  source: stateId,
  target: z.string().nullable().meta({ description: "null: it stays, and only acts" }),
  event: z.string().meta({ description: "type of the event; empty for `always`" }),
  guard: z.string().nullable().meta({ description: "what must hold; null: nothing" }),
  delay: z.string().nullable().meta({ description: "after how long; null: at once" }),
  actions: z.array(z.string()).meta({ description: "names of what is done on it" }),
  kind: z.enum(["event", "always", "after", "done", "error", "initial"]),
  internal: z.boolean().meta({ description: "no state is left; drawn as a line of its state" }),
  sections: z.array(point).meta({ description: "the bends of its line, from source to target" }),
  label: z
    .object({ ...box, lines: z.array(z.string()).meta({ description: "of its text" }) })
    .nullable()
    .meta({ description: "its text and where that goes; null: none" }),
});

export const inspectedMachine = z.object({
  ...f.stamped,
  machine: z.string().meta({ description: "id of the machine" }),
  hash: z.string().meta({ description: "the same for the same machine" }),
  nodes: z.array(machineNode).meta({ description: "states, parents before their children" }),
  edges: z.array(machineEdge).meta({ description: "transitions" }),
  width: pixels.meta({ description: "of the whole drawing" }),
  height: pixels.meta({ description: "of the whole drawing" }),
});
export type InspectedMachine = z.infer<typeof inspectedMachine>;

export const inspectedActor = z.object({
  ...f.stamped,
  n: z.int().min(0).meta({ description: "number of the node's last event before" }),
  actor,
  name: z.string().meta({ description: "what the market calls it" }),
  parent: z.string().nullable().meta({ description: "the actor that made it; null: none did" }),
  machine: z.string().nullable().meta({ description: "id of its machine; null: it is none, such as an alarm" }),
  status,
  state: states,
  value: z.unknown().meta({ description: "the state as XState writes it: a name, or an object of names" }),
  context: z.unknown().meta({ description: "what it knows, cut to a bounded size, secrets taken out" }),
});
export type InspectedActor = z.infer<typeof inspectedActor>;

const inspectedEvent = z.object({
  n: z.int().min(1).meta({ description: "number of the event within its node, from 1" }),
  at: z.number().meta({ description: "wall time, milliseconds since 1970" }),
  ts: f.instant,
  actor,
  kind: z.enum(["event", "transition", "action", "started", "stopped"]),
  type: z.string().meta({ description: "type of the event, or name of the action" }),
  from: z
    .string()
    .nullable()
    .meta({ description: "the actor that sent it, or who wrote the message; null: not known, or nobody" }),
  topic: z.string().optional().meta({ description: "below the market's name: where the message came on" }),
  edges: z.array(z.string()).optional().meta({ description: "ids of the transitions taken" }),
  state: states.optional(),
  value: z.unknown().optional(),
  context: z
    .object({
      set: z
        .record(z.string(), z.unknown())
        .meta({ description: "by path, such as `funds.ann`; a dot within a name is `\\.`, a backslash `\\\\`" }),
      removed: z.array(z.string()).meta({ description: "paths that are gone" }),
    })
    .optional()
    .meta({ description: "what of the context differs since it was told last" }),
  payload: z.unknown().optional().meta({ description: "the event itself, cut to a bounded size" }),
});
export type InspectedEvent = z.infer<typeof inspectedEvent>;

export const inspectedEvents = z.object({
  ...f.stamped,
  n: z.int().min(1).meta({ description: "number of the batch within its node, from 1" }),
  missed: z.int().min(0).meta({ description: "events since the batch before that did not fit" }),
  events: z.array(inspectedEvent).max(500).meta({ description: "in their order" }),
});
export type InspectedEvents = z.infer<typeof inspectedEvents>;

/** `*` stands for any characters: `*`, `bidding/*`, `bot7/x0`; without a slash a whole node. */
const pattern = z.string().regex(/^[a-z0-9_*-]{1,64}(\/[A-Za-z0-9_*:.-]{1,64})?$/, {
  error: "is no pattern of actors like bidding/* or bot7/x0",
});
const actors = z
  .array(pattern)
  .max(20)
  .meta({ description: "which: patterns of `<node>/<actor>` or `<node>/<name>`, such as `*`, `bidding/*`, `bot7/x0`" });

export const manageInspect = z.strictObject({
  v: f.version,
  ts: f.instant.optional(),
  requestId: f.requestId.optional(),
  on: z.boolean().meta({ description: "whether actors are shown" }),
  actors: actors.min(1).optional().meta({ description: "which (all by default): `*`, `bidding/*`, `bot7/x0`" }),
  forMinutes: z
    .number()
    .gt(0)
    .max(1440)
    .optional()
    .meta({ description: "wall time after which it ends by itself; 60 by default, 1440 at most" }),
  until: f.instant.optional().meta({
    description: "instant of wall time (UTC) at which it ends; the market adds it, and one that is past is ignored",
  }),
});
export type ManageInspect = z.infer<typeof manageInspect>;

export const manageInspecting = z.object({
  ...f.stamped,
  node,
  on: z.boolean().meta({ description: "whether actors are shown" }),
  actors,
  allowsSending: z.boolean().meta({ description: "whether it takes `manage/inspect-send`" }),
  program: program.optional().meta({ description: "which running program tells of it" }),
  sent: z
    .object({
      requestId: f.requestId.nullable(),
      accepted: z.boolean().meta({ description: "whether the actor got it" }),
      reason: z.string().nullable().meta({ description: "why it did not" }),
    })
    .optional()
    .meta({ description: "what became of the event that was sent last" }),
});
export type ManageInspecting = z.infer<typeof manageInspecting>;

export const manageInspectGone = z.object({ ...f.stamped, program });
export type ManageInspectGone = z.infer<typeof manageInspectGone>;

export const manageInspectSend = z.strictObject({
  v: f.version,
  ts: f.instant.optional(),
  requestId: f.requestId.optional(),
  actor,
  event: z
    .looseObject({ type: z.string().min(1).max(64).meta({ description: "of the event" }) })
    .meta({ description: "the event, as the machine takes it" }),
});
export type ManageInspectSend = z.infer<typeof manageInspectSend>;
