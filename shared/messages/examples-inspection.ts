/** Golden messages of the inspection: shown in docs/contract.md, parsed by the tests. */
const stamp = { v: 1, ts: "2016-08-01T01:00:00Z" };
const plain = { exit: [], invoke: [], tags: [], description: null, lines: [] };
const edge = { guard: null, delay: null, actions: [], internal: false };

export const machineExamples = [
  {
    ...stamp,
    machine: "door",
    hash: "5f0c2a97b1d3e846",
    nodes: [
      {
        ...{ id: "door", key: "door", parent: null, type: "compound", initial: "door.open", ...plain },
        ...{ x: 0, y: 0, width: 210, height: 240, entry: [] },
        lines: [{ text: "COMMAND / decideCommand", edge: "door|COMMAND|0" }],
      },
      {
        ...{ id: "door.open", key: "open", parent: "door", type: "atomic", initial: null, ...plain },
        ...{ x: 20, y: 60, width: 120, height: 50, entry: ["openDoor"] },
        lines: [{ text: "entry / openDoor", edge: null }],
      },
      {
        ...{ id: "door.closed", key: "closed", parent: "door", type: "final", initial: null, ...plain },
        ...{ x: 20, y: 170, width: 120, height: 30, entry: [] },
      },
    ],
    edges: [
      {
        ...{ ...edge, id: "door|COMMAND|0", source: "door", target: null, event: "COMMAND", kind: "event" },
        ...{ actions: ["decideCommand"], internal: true, sections: [], label: null },
      },
      {
        ...{ ...edge, id: "door.open|CONTROL|0", source: "door.open", target: "door.closed", event: "CONTROL" },
        ...{ guard: "isClosing", kind: "event" },
        sections: [
          [80, 110],
          [80, 170],
        ],
        label: { x: 86, y: 130, width: 110, height: 16, lines: ["CONTROL [isClosing]"] },
      },
    ],
    width: 210,
    height: 240,
  },
] as const;

export const actorExamples = [
  {
    ...{ ...stamp, n: 412, actor: "bidding/x7", name: "bidding-1470016800000", parent: "bidding/x0" },
    ...{ machine: "bidding-period", status: "active", state: ["bidding-period", "bidding-period.open"], value: "open" },
    context: { periodMs: 1470016800000, gateAtMs: 1470013200000 },
  },
] as const;

export const eventsExamples = [
  {
    ...stamp,
    n: 96,
    missed: 0,
    events: [
      {
        ...{ n: 410, at: 1795413600123, ...{ ts: stamp.ts }, actor: "bidding/x0", kind: "event", type: "TICK" },
        ...{ from: "clock", topic: "public/clock", payload: { type: "TICK", seq: 97 } },
      },
      {
        ...{ n: 411, at: 1795413600124, ...{ ts: stamp.ts }, actor: "bidding/x7", kind: "transition", type: "ALARM" },
        ...{ from: "bidding/x8", edges: ["bidding-period.open|ALARM|0"] },
        ...{ state: ["bidding-period", "bidding-period.checking"], value: "checking" },
        context: { set: { "orders.count": 12 }, removed: ["gate"] },
      },
    ],
  },
] as const;

export const inspectExamples = [
  { v: 1, requestId: "i1", on: true, actors: ["bidding/*", "bot7/x0"], forMinutes: 15 },
  { v: 1, requestId: "i1", on: true, actors: ["bidding/*", "bot7/x0"], forMinutes: 15, until: "2026-11-23T10:15:00Z" },
  { v: 1, ts: stamp.ts, requestId: "i2", on: false },
] as const;

export const inspectingExamples = [
  { ...stamp, node: "bidding", on: true, actors: ["bidding/*"], allowsSending: false, program: "bidding-8c0f21aa" },
  {
    ...{ ...stamp, node: "bot7", on: true, actors: ["bot7/x0"], allowsSending: true },
    sent: { requestId: "i3", accepted: false, reason: "its machine knows no event SLEEP" },
  },
] as const;

export const inspectGoneExamples = [{ ...stamp, program: "bidding-8c0f21aa" }] as const;

export const inspectSendExamples = [
  { v: 1, ts: stamp.ts, requestId: "i3", actor: "bot7/x0", event: { type: "DISCONNECTED" } },
] as const;
