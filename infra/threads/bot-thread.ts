/** A thread with one bot or several: each has its own actor and its own connection to the broker. */
import { parentPort, workerData } from "node:worker_threads";
import { type ActorRefFrom, createActor } from "xstate";
import type { Outgoing } from "../../agents/prosumer/mind.js";
import { batteryReport, prosumerMachine } from "../../agents/prosumer/prosumer.machine.js";
import type { BotSpecification } from "../../agents/prosumer/specification.js";
import { startingSubscriptionsOf, subscriptionsOf } from "../../agents/prosumer/subscriptions.js";
import { stream } from "../../shared/random-stream.js";
import { type BotFaults, createBotFaults } from "../chaos/bot-faults.js";
import { openParticipantConnection } from "../client/participant-connection.js";
import type { BotInspection } from "../inspect/bot-inspection.js";
import type { Connection } from "../mqtt/connection.js";
import type { BotThreadData, FromBots, ToBots } from "./bot-messages.js";

type Tap = Pick<typeof import("../inspect/bot-inspection.js"), "createBotInspection">;

interface RunningBot {
  readonly id: string;
  readonly actor: ActorRefFrom<typeof prosumerMachine>;
  readonly connection: Connection;
}

const { url, bots, delay, faults, tellsState } = workerData as BotThreadData;
const tell = (message: FromBots): void => parentPort?.postMessage(message);
const running: RunningBot[] = [];
const actors = new Map<string, RunningBot["actor"]>();
let inspection: BotInspection | undefined;
/** Wall time after which a bot no longer listens for what an earlier life has left. */
const startingMs = 3000;

const undisturbed: BotFaults = { hear: (_topic, payload) => payload, send: (_topic, message) => message };

void startAll();

parentPort?.on("message", (message: ToBots) => {
  if (message.type === "stop") void stopAll();
  else if (message.type === "show") show(message);
  else if (message.type === "flush") {
    inspection?.flush();
    tell({ type: "sent", request: message.request, sent: { accepted: true } });
  } else {
    const { request, id, actor, event } = message;
    tell({
      type: "sent",
      request,
      sent: inspection?.send(id, actor, event) ?? { accepted: false, reason: "not shown" },
    });
  }
});

/** Loaded when it is first asked for: most threads never need it. */
function show({ patterns, pace, marketNowMs, tapFile }: Extract<ToBots, { readonly type: "show" }>): void {
  if (inspection === undefined && patterns.length > 0) {
    const { createBotInspection } = process.getBuiltinModule("node:module").createRequire(tapFile)(tapFile) as Tap;
    const market = bots[0]?.specification.market ?? "";
    const secrets = bots.map(({ password }) => password);
    inspection = createBotInspection({ market, secrets, tell: (id, told) => tell({ type: "told", id, told }) });
    for (const [id, actor] of actors) inspection.add(id, actor);
  }
  inspection?.show(patterns, pace, marketNowMs);
}

async function startAll(): Promise<void> {
  for (const { specification, password } of bots) {
    try {
      running.push(await startBot(specification, password));
      tell({ type: "online", id: specification.id });
    } catch (error) {
      tell({ type: "failed", id: specification.id, message: error instanceof Error ? error.message : String(error) });
    }
  }
}

async function startBot(specification: BotSpecification, password: string): Promise<RunningBot> {
  const { id, market } = specification;
  const actor = createActor(prosumerMachine, { id, input: specification });
  const { hear: heard, send } = faults === undefined ? undisturbed : createBotFaults(faults, market, id);
  const hear = (topic: string, payload: Buffer): void =>
    actor.send({ type: "MESSAGE", topic, payload: heard(topic, payload.toString("utf8")) });
  actors.set(id, actor);
  inspection?.add(id, actor);
  actor.start();
  const connection = await openParticipantConnection({
    ...{ url, market, id, key: password },
    onMessage: delay === undefined ? hear : delayed(hear, id, delay),
    onDisconnect: () => actor.send({ type: "DISCONNECTED" }),
    onConnect: () => actor.send({ type: "CONNECTED" }),
    onError: (error) =>
      tell({ type: "note", id, level: "warn", message: "connection trouble", values: { error: error.message } }),
  });
  const publish = ({ topic, message, retain }: Outgoing): void => {
    const sent = send(topic, message);
    if (sent !== undefined) connection.publish(topic, JSON.stringify(sent), retain);
  };
  actor.on("SEND", publish);
  if (tellsState === true) actor.on("STATE", publish);
  actor.on("NOTE", ({ level, message, values }) => tell({ type: "note", id, level, message, values }));
  const starting = startingSubscriptionsOf(specification);
  // First, so that what is left of an earlier life is known before all the rest is.
  await connection.subscribe([...starting, ...subscriptionsOf(specification)]);
  setTimeout(() => void connection.unsubscribe(starting).catch(() => {}), startingMs).unref();
  return { id, actor, connection };
}

/** Hands messages on later, in their order: for showing that a run does not depend on timing. */
function delayed(
  hear: (topic: string, payload: Buffer) => void,
  id: string,
  { seed, mostMs }: { seed: number; mostMs: number },
) {
  const random = stream(seed, id, "delay");
  let last = Promise.resolve();
  return (topic: string, payload: Buffer): void => {
    const copy = Buffer.from(payload);
    const delayMs = random.uniform() < 0.2 ? Math.floor(random.uniform() * mostMs) : 0;
    last = last
      .then(() => (delayMs === 0 ? undefined : new Promise<void>((resolve) => setTimeout(resolve, delayMs))))
      .then(() => hear(topic, copy));
  };
}

async function stopAll(): Promise<void> {
  await Promise.all(
    running.map(async ({ id, actor, connection }) => {
      tell({ type: "report", id, ...batteryReport(actor.getSnapshot()) });
      actor.send({ type: "STOP" });
      await connection.end(1000);
      actor.stop();
    }),
  );
  inspection?.flush();
  parentPort?.close();
}
