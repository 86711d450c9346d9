/** Starts the embedded broker in a thread of its own, and stops it. */
import { Worker } from "node:worker_threads";
import type { Account } from "./accounts.js";
import type { BrokerThreadData, Certificate, FromBroker, FromStream, ToBroker } from "./broker-messages.js";
import type { FromInside, ToInside } from "./inside-messages.js";
import { type BrokerLimits, brokerLimits } from "./limits.js";

export type BrokerCounts = Omit<Extract<FromBroker, { readonly type: "counts" }>, "type">;

export interface EmbeddedBroker {
  readonly port: number;
  /** Of the market's own door. */
  readonly insidePort: number;
  /** Where the market's own processes reach it, on this machine. */
  readonly url: string;
  /** A newcomer, or an account that has changed; `cut`: its live connections end. */
  setAccount(account: Account, cut: boolean): void;
  /** Its door speaks TLS with it from the next connection on. */
  setCertificate(tls: Certificate): void;
  /** Lets it stand still for so much wall time. */
  pause(forMs: number): void;
  /** A connection that came over something else than its ports; `address`: the real client's. */
  openStream(address: string, onMessage: (message: FromStream) => void): BrokerStream;
  /** To the door of the market's own connections. */
  tellInside(message: ToInside): void;
  stop(): Promise<void>;
}

/** The program's end of such a connection. */
export interface BrokerStream {
  data(bytes: Uint8Array): void;
  /** So many of the broker's bytes have left. */
  sent(bytes: number): void;
  close(): void;
}

export interface BrokerOptions extends Omit<BrokerThreadData, "limits"> {
  /** Those of limits.ts, unless others are named. */
  readonly limits?: BrokerLimits | undefined;
  /** The thread's file. */
  readonly threadFile: string;
  /**
   * Makes a new guest known to the market before its login is accepted; the password is what it will log in with from now on.
   * @throws Error saying why it may not come in
   */
  readonly onGuest: (id: string, password: string) => void | Promise<void>;
  /** Hears of some of what is refused, in words; all of it is in the counts. */
  readonly onRefused: (what: string, reason: string) => void;
  readonly onCounts?: (counts: BrokerCounts) => void;
  /** Hears the door of the market's own connections. */
  readonly onInside?: (message: FromInside) => void;
  /** The broker's thread ended by itself, after it had listened. */
  readonly onCrash: (error: Error) => void;
}

/**
 * What is young is soon gone here: V8 would give it 48 MB under load, and keep them. The other is far above what limits.ts admits; the nearer
 * it is, the less V8 lets a heap grow from one collection to the next: to 1.6 times what lives there instead of 4.
 */
const resourceLimits = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 1024 };

/** A port that is taken already. */
export class PortTakenError extends Error {
  constructor(
    readonly what: string,
    readonly port: number,
    readonly flag: string,
  ) {
    super(`${what} cannot listen on port ${port}: it is taken by another program; choose another with ${flag}`);
  }
}

/** @throws PortTakenError, or Error with what the platform says. */
export function startBroker(options: BrokerOptions): Promise<EmbeddedBroker> {
  const { threadFile, onGuest, onRefused, onCounts, onCrash, onInside, limits = brokerLimits, ...rest } = options;
  const workerData: BrokerThreadData = { ...rest, limits };
  const worker = new Worker(threadFile, { workerData, resourceLimits });
  const send = (message: ToBroker): void => worker.postMessage(message);
  const streams = new Map<number, (message: FromStream) => void>();
  let lastStream = 0;
  let state: "starting" | "listening" | "ending" = "starting";
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      if (state === "starting") reject(error);
      if (state === "listening") onCrash(error);
      state = "ending";
      for (const [id, hear] of [...streams]) hear({ type: "stream-closed", id });
    };
    worker.on("error", fail);
    worker.on("exit", (code) => fail(new Error(`the MQTT broker's thread ended with ${code}`)));
    worker.on("message", (message: FromBroker) => {
      switch (message.type) {
        case "listening":
          state = "listening";
          return resolve({
            ...{ port: message.port, insidePort: message.insidePort },
            ...{ url: `mqtt://127.0.0.1:${message.insidePort}`, setAccount, setCertificate, pause, stop, openStream },
            tellInside: send,
          });
        case "failed":
          fail(
            message.code === "EADDRINUSE"
              ? new PortTakenError("the MQTT broker", options.port, "--mqtt-port")
              : new Error(`the MQTT broker cannot start: ${message.message}`),
          );
          return void worker.terminate();
        case "guest":
          return void Promise.resolve(onGuest(message.id, message.password)).then(
            () => send({ type: "guest-known", id: message.id }),
            (error: Error) => send({ type: "guest-known", id: message.id, refusal: error.message }),
          );
        case "refused":
          return onRefused(message.what, message.reason);
        case "counts":
          return onCounts?.(message);
        case "stream-data":
        case "stream-flow":
        case "stream-known":
        case "stream-closed":
          return streams.get(message.id)?.(message);
        default:
          return onInside?.(message);
      }
    });
    function setAccount(account: Account, cut: boolean): void {
      send({ type: "account", account, cut });
    }
    function setCertificate(tls: Certificate): void {
      send({ type: "certificate", tls });
    }
    function pause(forMs: number): void {
      send({ type: "pause", forMs });
    }
    function openStream(address: string, onMessage: (message: FromStream) => void): BrokerStream {
      lastStream += 1;
      const id = lastStream;
      streams.set(id, (message) => {
        if (message.type === "stream-closed") streams.delete(id);
        onMessage(message);
      });
      send({ type: "stream-open", id, address });
      return {
        data: (bytes) => send({ type: "stream-data", id, bytes }),
        sent: (bytes) => send({ type: "stream-sent", id, bytes }),
        close() {
          if (streams.delete(id)) send({ type: "stream-closed", id });
        },
      };
    }
    async function stop(): Promise<void> {
      if (state === "ending") return;
      state = "ending";
      const ended = new Promise<void>((done) => worker.once("exit", () => done()));
      send({ type: "stop" });
      const late = setTimeout(() => void worker.terminate(), 1000);
      await ended;
      clearTimeout(late);
    }
  });
}
