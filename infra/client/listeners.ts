/** Who listens to what, and the last of each topic that the broker keeps: a second listener learns it from here, not from the broker. */
import { type Heard, type HeardName, isRetained } from "./heard.js";

type Listener = (message: never) => void;

export interface Listeners {
  /** @returns whether nobody has listened to that name before: then it has to be subscribed to */
  add<Name extends HeardName>(name: Name, listener: (message: Heard<Name>) => void): boolean;
  remove(name: HeardName, listener: Listener): void;
  isHeard(name: HeardName): boolean;
  tell<Name extends HeardName>(name: Name, topic: string, message: Heard<Name>): void;
  /** The topic was cleared. */
  forget(name: HeardName, topic: string): void;
}

export function createListeners(): Listeners {
  const listening = new Map<HeardName, Set<Listener>>();
  const latest = new Map<HeardName, Map<string, unknown>>();
  return {
    add(name, listener) {
      const known = listening.get(name);
      if (known === undefined) {
        listening.set(name, new Set([listener as Listener]));
        latest.set(name, new Map());
        return true;
      }
      known.add(listener as Listener);
      for (const message of latest.get(name)?.values() ?? []) listener(message as Heard<typeof name>);
      return false;
    },
    remove: (name, listener) => void listening.get(name)?.delete(listener),
    isHeard: (name) => listening.has(name),
    tell(name, topic, message) {
      if (isRetained(name)) latest.get(name)?.set(topic, message);
      for (const listener of [...(listening.get(name) ?? [])]) listener(message as never);
    },
    forget: (name, topic) => void latest.get(name)?.delete(topic),
  };
}
