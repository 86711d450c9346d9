/** A bot without a mind: at each clock message it sends what the real one sent in that tick. */
import { parentPort, workerData } from "node:worker_threads";
import { openConnection } from "../../../infra/mqtt/connection.js";
import { type Sent, textOf } from "./transcript.js";

export interface BareBotData {
  readonly url: string;
  readonly id: string;
  readonly password: string;
  readonly will: { readonly topic: string; readonly payload: string };
  readonly filters: readonly string[];
  readonly clockTopic: string;
  readonly ticks: readonly (readonly Sent[])[];
}

const { url, id, password, will, filters, clockTopic, ticks } = workerData as BareBotData;
const texts = new Map<number, string>();
let tick = 0;

const connection = openConnection({
  ...{ url, clientId: id, username: id, password, will },
  onMessage: (topic) => {
    if (topic === clockTopic) void answer();
  },
});
void connection.then(async (open) => {
  await open.subscribe(filters);
  parentPort?.postMessage("online");
});
parentPort?.on("message", () => void connection.then((open) => open.end(1000)).then(() => parentPort?.close()));

async function answer(): Promise<void> {
  tick += 1;
  const sent = ticks[tick] ?? [];
  const open = await connection;
  for (const { topic, bytes, retain } of sent) open.publish(topic, textOf(texts, bytes), retain);
}
