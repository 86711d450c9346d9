/**
 * The workload of the thesis' communication study (elecbay.md 0): each peer lists or orders, and browses, once per 5 to 10 min during the
 * first 20 min of a bidding half hour, then once per 0 to 2 min; here 30 times as fast.
 */
import { Agent } from "node:http";
import { openConnection } from "../../infra/mqtt/connection.js";
import { stream } from "../../shared/random-stream.js";
import { topicsOf } from "../../shared/topics.js";
import { delayedPort } from "./delayed-port.js";
import { biddingPeriods, doorServer } from "./door-cells.js";
import { asked } from "./http-client.js";

export interface PeersCell {
  readonly kind: "peers";
  readonly peers: number;
  readonly speed: number;
  /** Minutes of market time. */
  readonly minutes: number;
  /** Added on each way, over a port in between. */
  readonly delayMs: number;
}

export interface PeersFigures {
  readonly connectMs: number;
  readonly placeMs: number;
  readonly placeP99Ms: number;
  readonly browseMs: number;
  readonly browseP99Ms: number;
  readonly actions: number;
  /** Share of actions that did what was asked of them. */
  readonly success: number;
}

export async function peersCell({ peers, speed, minutes, delayMs }: PeersCell): Promise<PeersFigures> {
  const { server, stop } = await doorServer("market", peers, speed);
  const doors =
    delayMs === 0 ? [] : await Promise.all([server.mqttUrl, server.restUrl].map((url) => delayedPort(url, delayMs)));
  const [mqttUrl = server.mqttUrl, restUrl = server.restUrl] = doors.map(({ url }) => url);
  const topics = topicsOf("main");
  const took = { connect: [] as number[], place: [] as number[], browse: [] as number[] };
  let failures = 0;
  const fail = (answer: string): void => {
    failures += 1;
    if (failures <= 3) process.stderr.write(`failed: ${answer === "" ? "no reply" : answer}\n`);
  };
  try {
    const period = (await biddingPeriods(server.restUrl)).at(-1);
    const startedAt = performance.now() + 2000 + peers * 5;
    const minuteMs = 60_000 / speed;
    const peer = async (id: string, place: number): Promise<void> => {
      const random = stream(1, id, "workload");
      // One after the other, as people come; all are there when the half hour begins.
      await pause(random.uniform() * (1000 + peers * 5));
      let waiting = (_text: string): void => {};
      const connectedAt = performance.now();
      const connection = await openConnection({
        ...{ url: mqttUrl, clientId: id, username: id, password: server.keys[place] ?? "" },
        onMessage: (_topic, payload) => waiting(payload.toString("utf8")),
      });
      await connection.subscribe([topics.private(id, "replies")]);
      took.connect.push(performance.now() - connectedAt);
      const agent = new Agent({ keepAlive: true, maxSockets: 1, noDelay: true });
      const act = async (count: number): Promise<void> => {
        const requestId = `${id}-${count}`;
        const answered = new Promise<string>((resolve) => {
          waiting = (text) => {
            if (text.includes(`"${requestId}"`)) resolve(text);
          };
          setTimeout(() => resolve(""), 10_000).unref();
        });
        const kind = count % 2 === place % 2 ? "items" : "orders";
        const order = {
          period,
          energyKwh: 0.01,
          pricePerKwh: 0.1,
          ...(kind === "items" ? { action: "list", side: "sell" } : { action: "place", side: "buy" }),
        };
        const placedAt = performance.now();
        connection.publish(topics.in(id, kind), JSON.stringify({ v: 1, requestId, ...order }), false);
        const reply = await answered;
        if (reply.includes('"accepted"')) took.place.push(performance.now() - placedAt);
        else fail(reply);
        const browsedAt = performance.now();
        const { status, text } = await asked(restUrl, {
          method: "GET",
          path: `/items?period=${period}&limit=100`,
          key: server.keys[place] ?? "",
          agent,
        });
        // Before the first list there is none.
        if (status === 200 || status === 404) took.browse.push(performance.now() - browsedAt);
        else fail(text);
      };
      for (let minute = 0, count = 0; ; count += 1) {
        minute += minute < 20 ? 5 + random.uniform() * 5 : random.uniform() * 2;
        if (minute > minutes) break;
        await pause(startedAt + minute * minuteMs - performance.now());
        await act(count);
      }
      agent.destroy();
      await connection.end();
    };
    await Promise.all(server.ids.map(peer));
    const actions = took.place.length + took.browse.length + failures;
    return {
      connectMs: most(took.connect),
      ...{ placeMs: most(took.place), placeP99Ms: ninetyNinth(took.place) },
      ...{ browseMs: most(took.browse), browseP99Ms: ninetyNinth(took.browse) },
      ...{ actions, success: (actions - failures) / actions },
    };
  } finally {
    for (const { close } of doors) close();
    await stop();
  }
}

const pause = (ms: number): Promise<void> => new Promise((later) => setTimeout(later, Math.max(0, ms)));
const most = (values: readonly number[]): number => values.reduce((largest, value) => Math.max(largest, value), 0);
const ninetyNinth = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length * 0.99)] ?? Number.NaN;
