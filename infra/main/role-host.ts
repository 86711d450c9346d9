/** One of the market's processes on the broker: its own account, its own connection, its own last will. */
import { type Observable, Subject, type Subscription } from "rxjs";
import { readJson } from "../../market/door/decode.js";
import { type Packet, packetFrom } from "../../market/door/packet.js";
import type { Log, Outbox } from "../../market/ports.js";
import { clockTick } from "../../shared/messages/clock.js";
import type { ProcessRole } from "../../shared/participant-id.js";
import { instantFromIso, isoUtc } from "../../shared/time.js";
import { sentTo, topicsOf } from "../../shared/topics.js";
import { type BrokerLink, type BrokerLinkOptions, createBrokerLink } from "../mqtt/broker-link.js";
import type { Connection } from "../mqtt/connection.js";
import { outboxOn } from "../mqtt/outbox.js";
import { programVersion } from "../version.js";
import type { World } from "./world.js";

export interface RoleHostOptions {
  readonly role: ProcessRole;
  readonly market: string;
  readonly url: string;
  readonly password: string;
  readonly now: () => number;
  readonly world: World;
  readonly log: Log;
  /** Filters of what it hears besides its hand-overs and the clock. */
  readonly filters: readonly string[];
  /** Filters of what it only looks at: at QoS 0, for each acknowledgement costs as much as the message. */
  readonly seen?: readonly string[];
  readonly hearsClock: boolean;
  /** Its last will; that it is offline by default. */
  readonly will?: { readonly topic: string; readonly message: object };
  /** `retained`: it was published before this process came. `rate`: market time over wall time. */
  readonly onTick?: (tsMs: number, seq: number, retained: boolean, rate: number) => void;
  readonly onHandover?: BrokerLinkOptions["onHandover"];
  /** Hears reports and the operator. */
  readonly onEvent?: BrokerLinkOptions["onEvent"];
  readonly onAcknowledged?: BrokerLinkOptions["onAcknowledged"];
  readonly onPacket?: (packet: Packet) => void;
  /** Sees every message this process publishes. */
  readonly onPublished?: (topic: string, message: object | null) => void;
}

export interface RoleHost {
  readonly role: ProcessRole;
  readonly outbox: Outbox;
  readonly link: BrokerLink;
  end(): Promise<void>;
}

/** Connects, subscribes, and hears from the end of that turn on. @throws Error saying who cannot connect where. */
export async function openRole(options: RoleHostOptions): Promise<RoleHost> {
  const { role, market, log } = options;
  const topics = topicsOf(market);
  let connection: Connection | undefined;
  let ending = false;
  const connected = (): Connection => {
    if (connection === undefined) throw new Error(`${role} is not connected yet`);
    return connection;
  };
  const link = createBrokerLink({
    ...{ market, role, connection: connected, now: options.now, log, wall: options.world.wall },
    onHandover: (sender, event) => options.onHandover?.(sender, event),
    onEvent: (event) => options.onEvent?.(event),
    onAcknowledged: (n, receiver) => options.onAcknowledged?.(n, receiver),
  });
  const outbox = outboxOn(connected);
  const packets = new Subject<Packet>();
  const subscription = workInOrder(packets, options);
  const hear = hearing(options, link, packets, (topic) => connected().publish(topic, "", true));
  /** What comes before whoever opens the role has it: it could not be answered yet. */
  let early: (() => void)[] | undefined = [];
  const offline = { v: 1, ts: isoUtc(options.now()), role, status: "offline", periods: [] };
  connection = await options.world.connect({
    ...{ url: options.url, clientId: role, username: role, password: options.password },
    will: {
      topic: options.will?.topic ?? topics.manageRole("status", role),
      payload: JSON.stringify(options.will?.message ?? offline),
    },
    onMessage: (...message) => {
      if (early === undefined) hear(...message);
      else early.push(() => hear(...message));
    },
    onConnect: () => {
      if (connection === undefined) return; // the first time there is nothing to send again
      outbox.republish();
      link.republish();
    },
    onError: (error) => log.warn(`${role} has trouble with the broker`, { error: error.message }),
    onDisconnect: () => {
      if (!ending) log.warn(`${role} lost the broker and connects again`);
    },
  });
  await connection.subscribe([
    ...link.filters,
    ...options.filters,
    ...(options.hearsClock ? [topics.public("clock")] : []),
  ]);
  if (options.seen !== undefined) await connection.subscribe(options.seen, 0);
  options.world.atEndOfTurn(() => {
    const waiting = early ?? [];
    early = undefined;
    for (const work of waiting) work();
  });
  return {
    role,
    link,
    outbox: {
      publish(topic, message, retain) {
        if (ending) return;
        options.onPublished?.(topic, message);
        outbox.publish(topic, message, retain);
      },
    },
    async end() {
      link.stop();
      subscription.unsubscribe();
      connected().publish(
        topics.manageRole("status", role),
        JSON.stringify({ ...offline, ts: isoUtc(options.now()) }),
        true,
      );
      ending = true;
      await connected().end(1000);
    },
  };
}

/** One after the other, as they come: all that is decided on one is decided before the next. An error of one ends nothing for the others. */
function workInOrder(packets: Observable<Packet>, { role, log, onPacket }: RoleHostOptions): Subscription {
  return packets.subscribe((packet) => {
    try {
      onPacket?.(packet);
    } catch (error) {
      const { sender, topic } = packet;
      log.warn(`${role}: a command could not be worked`, { sender, topic, error: String(error) });
    }
  });
}

/** Sorts what comes in: ticks, what participants sent, hand-overs. */
function hearing(
  options: RoleHostOptions,
  link: BrokerLink,
  packets: Subject<Packet>,
  clear: (topic: string) => void,
): (topic: string, payload: Buffer, retained: boolean) => void {
  const { market, role } = options;
  const clockTopic = topicsOf(market).public("clock");
  return (topic, payload, retained) => {
    const text = payload.toString("utf8");
    const sent = sentTo(market, topic);
    if (topic === clockTopic) hearTick(options, text, retained);
    else if (sent === undefined) link.take(topic, text);
    else if (payload.length === 0)
      return; // a clearing: no reply, not counted
    else if (retained && sent.name !== "status") {
      // Nobody may keep a command on the broker: what is delivered as retained is ignored, and cleared by the supervisor.
      if (role === "supervisor") clear(topic);
    } else {
      packets.next(packetFrom(sent.id, sent.name, text, payload.length, options.now()));
    }
  };
}

function hearTick({ onTick }: RoleHostOptions, text: string, retained: boolean): void {
  const parsed = clockTick.safeParse(readJson(text));
  if (!parsed.success) return;
  const { ts, seq, rate } = parsed.data;
  onTick?.(instantFromIso(ts) ?? 0, seq, retained, rate);
}

/** What `public/status` says when the supervisor's connection, or in lockstep the market's, breaks off. */
export function goneStatus(nowMs: number): object {
  return { v: 1, ts: isoUtc(nowMs), status: "offline", reason: "the connection broke off", version: programVersion };
}
