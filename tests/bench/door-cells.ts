/** Clients in front of the door, in a process of their own: so many at once, each asks again when it has its answer. */
import { type ChildProcess, spawn } from "node:child_process";
import { Agent } from "node:http";
import { join } from "node:path";
import { openConnection } from "../../infra/mqtt/connection.js";
import { topicsOf } from "../../shared/topics.js";
import type { DoorServer } from "./door-server.js";
import { asked } from "./http-client.js";
import { distFolder } from "./setting.js";

export interface DoorCell {
  readonly kind: "door";
  readonly behind: "market" | "echoes";
  readonly over: "mqtt" | "rest";
  readonly clients: number;
  readonly seconds: number;
}

export interface DoorFigures {
  readonly perSecond: number;
  readonly p99Ms: number;
}

/** Not counted: connections become warm, code is compiled. */
const warmUpMs = 3000;

export async function doorCell({ behind, over, clients, seconds }: DoorCell): Promise<DoorFigures> {
  const { server, stop } = await doorServer(behind, clients, 1);
  try {
    const periods = behind === "echoes" ? ["2026-08-01T11:00:00Z"] : await biddingPeriods(server.restUrl);
    const { place, leave } = over === "mqtt" ? await overMqtt(server) : overRest(server);
    const [times, startedAt]: [number[], number] = [[], performance.now() + Math.min(warmUpMs, seconds * 1000)];
    const end = startedAt + seconds * 1000;
    await Promise.all(
      server.ids.map(async (_, client) => {
        for (let count = 0; ; count += 1) {
          const sentAt = performance.now();
          if (sentAt > end) return;
          const side = count % 2 === 0 ? "buy" : "sell";
          const pricePerKwh = (side === "buy" ? 80 : 100) / 1000 + (count % 20) / 1000;
          const period = periods[count % periods.length];
          await place(client, `c${client}-${count}`, { period, side, energyKwh: 0.001, pricePerKwh });
          if (sentAt >= startedAt) times.push(performance.now() - sentAt);
        }
      }),
    );
    await leave();
    times.sort((one, other) => one - other);
    return { perSecond: times.length / seconds, p99Ms: times[Math.floor(times.length * 0.99)] ?? Number.NaN };
  } finally {
    await stop();
  }
}

interface Clients {
  place(client: number, requestId: string, order: object): Promise<void>;
  leave(): Promise<void>;
}

async function overMqtt({ mqttUrl, ids, keys }: DoorServer): Promise<Clients> {
  const topics = topicsOf("main");
  const clients = await Promise.all(
    ids.map(async (id, place) => {
      let waiting = (_text: string): void => {};
      const connection = await openConnection({
        ...{ url: mqttUrl, clientId: id, username: id, password: keys[place] ?? "" },
        onMessage: (_topic, payload) => waiting(payload.toString("utf8")),
      });
      await connection.subscribe([topics.private(id, "replies")]);
      const answered = (requestId: string): Promise<string> =>
        new Promise((resolve) => {
          waiting = (text) => {
            if (text.includes(`"${requestId}"`)) resolve(text);
          };
        });
      return { topic: topics.in(id, "orders"), connection, answered };
    }),
  );
  const place: Clients["place"] = async (client, requestId, order) => {
    const own = clients[client];
    if (own === undefined) throw new RangeError(`there is no client ${client}`);
    const answered = own.answered(requestId);
    own.connection.publish(own.topic, JSON.stringify({ v: 1, requestId, action: "place", ...order }), false);
    const reply = await answered;
    if (!reply.includes('"accepted"')) throw new Error(reply);
  };
  return {
    place,
    async leave() {
      await Promise.all(clients.map(({ connection }) => connection.end()));
    },
  };
}

function overRest({ restUrl, keys }: DoorServer): Clients {
  const agents = keys.map(() => new Agent({ keepAlive: true, maxSockets: 1, noDelay: true }));
  const place: Clients["place"] = async (client, requestId, order) => {
    const agent = agents[client];
    const { status, text } = await asked(restUrl, {
      ...{ method: "POST", path: "/orders", body: { requestId, ...order }, key: keys[client] ?? "" },
      ...(agent === undefined ? {} : { agent }),
    });
    if (status !== 201) throw new Error(`${status} ${text}`);
  };
  return {
    place,
    async leave() {
      for (const agent of agents) agent.destroy();
    },
  };
}

/** In the order of their gates. */
export async function biddingPeriods(restUrl: string): Promise<readonly string[]> {
  for (;;) {
    const { text } = await asked(restUrl, { method: "GET", path: "/market-state" });
    const { bidding } = JSON.parse(text) as { bidding?: { period: string }[] };
    if (bidding !== undefined && bidding.length > 0) return bidding.map(({ period }) => period);
    await new Promise((later) => setTimeout(later, 100));
  }
}

/** Starts what stands behind the door. @throws Error with what it said where it ends instead. */
export async function doorServer(behind: DoorCell["behind"], peers: number, speed: number) {
  const program = join(distFolder, "door-server.js");
  const child: ChildProcess = spawn(process.execPath, [program, behind, `${peers}`, `${speed}`], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  let said = "";
  const server = await new Promise<DoorServer>((resolve, reject) => {
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      if (said.includes("\n")) resolve(JSON.parse(said) as DoorServer);
    });
    void ended.then(() => reject(new Error(`what stands behind the door ended: ${said}`)));
  });
  const stop = async (): Promise<void> => {
    child.stdin?.end();
    await ended;
  };
  return { server, stop };
}
