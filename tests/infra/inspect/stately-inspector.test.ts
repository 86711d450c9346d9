/** Stately's own server and receiver hear our actors. */
import { createServer } from "node:net";
import { createWebSocketReceiver, type StatelyInspectionEvent } from "@statelyai/inspect";
import { createInspectorServer } from "@statelyai/inspect/server";
import { expect, it } from "vitest";
import { createActor, fromPromise, setup } from "xstate";
import { steppedClock } from "../../../infra/clock/stepped-clock.js";
import { createRedaction } from "../../../infra/inspect/redaction.js";
import { openStatelyInspector } from "../../../infra/inspect/stately-inspector.js";
import { alarmOn } from "../../../market/managers/alarm.js";
import { restartMachine, restartPolicy } from "../../../market/managers/supervisor/restart.machine.js";

const secret = "a-planted-secret";

/** Knows more than fits, and what is nobody's business, in what it was given and what it comes to. */
const meterMachine = setup({
  actors: { reading: fromPromise(async ({ input }: { input: object }) => input) },
}).createMachine({
  id: "meter",
  initial: "reading",
  states: {
    reading: { invoke: { src: "reading", input: { salt: "salted", list: Array(5000).fill(1) }, onDone: "read" } },
    read: { type: "final" },
  },
  output: { password: "salted", list: Array(5000).fill(1) },
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

it("Stately's receiver hears which actor there is, what it hears and how it changes, and no secret", async () => {
  const port = await freePort();
  const server = createInspectorServer({ port, autoOpen: false });
  const url = `ws://127.0.0.1:${port}`;
  const heard: StatelyInspectionEvent[] = [];
  createWebSocketReceiver({ server: url }).subscribe((event) => heard.push(event));
  const stately = await openStatelyInspector(url, createRedaction([secret]));
  const clock = steppedClock(0);
  const machine = restartMachine.provide({
    actors: { alarm: alarmOn(clock) },
    actions: { restart: () => {}, tellGivenUp: () => {} },
  });
  const actor = createActor(machine, { id: "restart-bidding", input: { policy: restartPolicy } });
  const leave = stately.add(actor);
  actor.start();
  actor.send({ type: "DOWN", cause: "actor", atMs: 0, reason: secret } as never);

  const of = (type: string) => heard.filter((event) => event.type === type && event.sessionId === actor.sessionId);
  await expect
    .poll(() => of("@xstate.snapshot").map((event) => JSON.stringify(event)), { timeout: 10_000 })
    .toContainEqual(expect.stringContaining('"value":"waiting"'));
  expect(of("@xstate.actor")).toHaveLength(1);
  expect(of("@xstate.event").map((event) => JSON.stringify(event))).toContainEqual(expect.stringContaining("DOWN"));
  expect(JSON.stringify(heard)).not.toContain(secret);

  const meter = createActor(meterMachine, { id: "meter" });
  const leaveMeter = stately.add(meter);
  meter.start();
  const states = () => heard.filter(({ type }) => type === "@xstate.snapshot").map((event) => JSON.stringify(event));
  await expect.poll(() => states().filter((text) => text.includes('"output"')).length, { timeout: 10_000 }).toBe(2);
  expect(Math.max(...states().map(({ length }) => length))).toBeLessThan(2000);
  expect(states().filter((text) => text.includes("salted"))).toEqual([]);
  leaveMeter();
  leave();
  actor.stop();
  stately.stop();
  server.stop();
}, 20_000);
