/** Starts the embedded broker in a thread of its own, and stops it. */
import { Worker } from "node:worker_threads";
import type { Account } from "./accounts.js";
import type { BrokerThreadData, FromBroker, ToBroker } from "./broker-messages.js";

export interface EmbeddedBroker {
  readonly port: number;
  readonly url: string;
  /** A newcomer, or an account that has changed; `cut`: its live connections end. */
  setAccount(account: Account, cut: boolean): void;
  /** Lets it stand still for so much wall time. */
  pause(forMs: number): void;
  stop(): Promise<void>;
}

export interface BrokerOptions extends BrokerThreadData {
  /** The thread's file. */
  readonly threadFile: string;
  /** Makes a new guest known to the market before its login is accepted; the password is what it will log in with from now on. */
  readonly onGuest: (id: string, password: string) => void | Promise<void>;
  readonly onRefused: (what: string, reason: string) => void;
  /** The broker's thread ended by itself, after it had listened. */
  readonly onCrash: (error: Error) => void;
}

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
  const { threadFile, onGuest, onRefused, onCrash, ...workerData } = options;
  const worker = new Worker(threadFile, { workerData });
  const send = (message: ToBroker): void => worker.postMessage(message);
  let state: "starting" | "listening" | "ending" = "starting";
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      if (state === "starting") reject(error);
      if (state === "listening") onCrash(error);
      state = "ending";
    };
    worker.on("error", fail);
    worker.on("exit", (code) => fail(new Error(`the MQTT broker's thread ended with ${code}`)));
    worker.on("message", (message: FromBroker) => {
      switch (message.type) {
        case "listening":
          state = "listening";
          return resolve({ port: message.port, url: `mqtt://127.0.0.1:${message.port}`, setAccount, pause, stop });
        case "failed":
          fail(
            message.code === "EADDRINUSE"
              ? new PortTakenError("the MQTT broker", options.port, "--mqtt-port")
              : new Error(`the MQTT broker cannot start: ${message.message}`),
          );
          return void worker.terminate();
        case "guest":
          return void Promise.resolve(onGuest(message.id, message.password))
            .catch((error: unknown) => onRefused(`guest ${message.id}`, String(error)))
            .finally(() => send({ type: "guest-known", id: message.id }));
        case "refused":
          return onRefused(message.what, message.reason);
      }
    });
    function setAccount(account: Account, cut: boolean): void {
      send({ type: "account", account, cut });
    }
    function pause(forMs: number): void {
      send({ type: "pause", forMs });
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
