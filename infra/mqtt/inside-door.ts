/**
 * Where the market's own connections come into the embedded broker's thread: they are no MQTT clients, what they publish and hear goes to
 * and from aedes directly. The access list holds for them as for everybody.
 *
 * Who does not work what it is sent holds the broker up, as a full socket would: beyond a bound, publishing to it waits.
 */
import type { Aedes, AedesPublishPacket } from "aedes";
import { mayPublish, maySubscribe, type Standing } from "./access.js";
import type { Login, LoginResult } from "./accounts.js";
import type { FromInside, HeardBatch, SentBatch, ToInside } from "./inside-messages.js";
import type { RefusalCause } from "./refusals.js";

export interface InsideDoorOptions {
  readonly market: string;
  readonly broker: Pick<Aedes, "publish" | "subscribe" | "unsubscribe">;
  readonly login: (login: Login) => Promise<LoginResult>;
  /** What the broker keeps of the topics of a filter. */
  readonly retainedOf: (filter: string) => readonly Kept[];
  readonly tell: (message: FromInside, transfer?: readonly ArrayBuffer[]) => void;
  readonly onRefused: (cause: RefusalCause, what: string, reason: string) => void;
}

interface Kept {
  readonly topic: string;
  readonly payload: string | Buffer;
}

type Deliver = (packet: AedesPublishPacket, done: () => void) => void;

interface Inside {
  readonly id: number;
  readonly username: string;
  readonly standing: Standing;
  readonly filters: Map<string, Deliver>;
  /** The broker's number of what it was given last: filters that overlap give it once. */
  lastCounter: number;
}

/** What may be on its way. */
const mostUnheard = 10_000;
const mostUnheardBytes = 16 * 2 ** 20;

export function createInsideDoor(options: InsideDoorOptions): { take(message: ToInside): void } {
  const { market, broker, retainedOf, tell, onRefused } = options;
  const insides = new Map<number, Inside>();
  let leaving = emptyBatch();
  let isFlushAsked = false;
  let [unheard, unheardBytes] = [0, 0];
  /** Called when what they wait for has left, and there is room again. */
  let held: (() => void)[] = [];

  async function open({ id, filters, ...login }: Extract<ToInside, { type: "inside-open" }>): Promise<void> {
    const result = await options.login(login);
    const refusal = result.ok ? undefined : result.reason;
    if (result.ok) {
      const { username, standing } = result;
      const inside: Inside = { id, username, standing, filters: new Map(), lastCounter: 0 };
      insides.set(id, inside);
      subscribe(inside, filters);
    } else onRefused("login", `login as ${login.username}`, result.reason);
    tell({ type: "inside-opened", id, refusal });
  }

  function send(inside: Inside, topic: string, payload: string | Buffer, isRetained: boolean): void {
    leaving.add(inside.id, topic, payload, isRetained);
    unheard += 1;
    if (isFlushAsked) return;
    isFlushAsked = true;
    setImmediate(flush);
  }

  function flush(): void {
    isFlushAsked = false;
    const batch = leaving.end();
    unheardBytes += batch.bytes.length;
    leaving = emptyBatch();
    tell({ type: "inside-messages", ...batch }, [batch.bytes.buffer as ArrayBuffer]);
    letGo();
  }

  function letGo(): void {
    if (unheard >= mostUnheard || unheardBytes >= mostUnheardBytes) return;
    const going = held;
    held = [];
    for (const done of going) done();
  }

  function deliverTo(inside: Inside): Deliver {
    return ({ topic, payload, brokerCounter }, done) => {
      if (brokerCounter !== inside.lastCounter) {
        inside.lastCounter = brokerCounter;
        send(inside, topic, payload, false);
        held.push(done);
      } else setImmediate(done);
    };
  }

  function subscribe(inside: Inside, filters: readonly string[]): string[] {
    const refused: string[] = [];
    for (const filter of filters) {
      if (!maySubscribe(market, inside.standing, filter)) {
        onRefused("subscription", `a subscription to ${filter}`, `${inside.username} may not read it`);
        refused.push(filter);
        continue;
      }
      if (!inside.filters.has(filter)) {
        const deliver = deliverTo(inside);
        inside.filters.set(filter, deliver);
        broker.subscribe(filter, deliver, () => {});
      }
      for (const { topic, payload } of retainedOf(filter)) send(inside, topic, payload, true);
    }
    return refused;
  }

  function unsubscribe(inside: Inside, filters: Iterable<string>): void {
    for (const filter of filters) {
      const deliver = inside.filters.get(filter);
      if (deliver === undefined) continue;
      inside.filters.delete(filter);
      broker.unsubscribe(filter, deliver, () => {});
    }
  }

  function publish({ batch, ids, topics, payloads, retain }: SentBatch): void {
    let left = ids.length;
    const taken = (): void => {
      left -= 1;
      if (left === 0) tell({ type: "inside-taken", batch });
    };
    for (const [place, id] of ids.entries()) {
      const [topic = "", payload = "", isRetained = false] = [topics[place], payloads[place], retain[place]];
      const inside = insides.get(id);
      const clears = isRetained && payload === "";
      if (inside === undefined || !mayPublish(market, inside.standing, topic, isRetained, clears)) {
        const reason = `${inside?.username ?? "who has left"} may not publish there`;
        onRefused("publish", `a message on ${topic}`, reason);
        taken();
        continue;
      }
      broker.publish(
        { cmd: "publish", qos: 1, dup: false, retain: isRetained, topic, payload: Buffer.from(payload) },
        taken,
      );
    }
  }

  return {
    take(message) {
      if (message.type === "inside-sent") return publish(message);
      if (message.type === "inside-open") return void open(message);
      if (message.type === "inside-heard") {
        unheard -= message.messages;
        unheardBytes -= message.bytes;
        return letGo();
      }
      const inside = insides.get(message.id);
      if (inside === undefined) return;
      if (message.type === "inside-close") {
        unsubscribe(inside, [...inside.filters.keys()]);
        insides.delete(message.id);
        return;
      }
      const { id, ask, filters } = message;
      if (message.type === "inside-unsubscribe") unsubscribe(inside, filters);
      const refused = message.type === "inside-subscribe" ? subscribe(inside, filters) : [];
      tell({ type: "inside-answered", id, ask, refused });
    },
  };
}

/** What leaves for the program next. One payload for all who hear it: they hear it one after the other. */
function emptyBatch() {
  const [ids, topics, retained, starts, ends]: [number[], string[], boolean[], number[], number[]] = [
    [],
    [],
    [],
    [],
    [],
  ];
  const parts: Uint8Array[] = [];
  let bytes = 0;
  let last: string | Buffer | undefined;
  return {
    add(id: number, topic: string, payload: string | Buffer, isRetained: boolean): void {
      const part = typeof payload === "string" ? Buffer.from(payload) : payload;
      if (payload !== last) {
        parts.push(part);
        bytes += part.length;
        last = payload;
      }
      ids.push(id);
      topics.push(topic);
      retained.push(isRetained);
      starts.push(bytes - part.length);
      ends.push(bytes);
    },
    end(): HeardBatch {
      const whole = new Uint8Array(bytes); // no pooled memory: it goes to the other thread whole
      let at = 0;
      for (const part of parts) {
        whole.set(part, at);
        at += part.length;
      }
      return { ids, topics, retained, starts, ends, bytes: whole };
    },
  };
}
