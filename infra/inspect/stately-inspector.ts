/**
 * Tells Stately's own inspector of the actors of this program, for those who use it: its library makes the messages, a WebSocket carries
 * them to a server of theirs (`createInspectorServer` of `@statelyai/inspect/server`), which shows them on a page of stately.ai.
 *
 * It knows actors, events and snapshots, no transitions and no actions. Actors are told by XState's numbers, which repeat in threads: so
 * bots, which live in those, are not told. Copies are bounded and redacted as everywhere.
 */

import { WebSocket } from "ws";
import type { AnyActorRef, AnyEventObject, AnyMachineSnapshot } from "xstate";
import { boundedCopy } from "./bounded-copy.js";
import type { Redaction } from "./redaction.js";

export interface StatelyInspector {
  /** @returns ends the telling */
  add(root: AnyActorRef): () => void;
  stop(): void;
}

/** While the server is away: so many messages, the oldest dropped. */
const mostWaiting = 1000;
const againAfterMs = 5000;

/** @param url of Stately's server, such as `ws://localhost:8080`; it is tried again until it is there */
export async function openStatelyInspector(url: string, redaction: Redaction): Promise<StatelyInspector> {
  const { createInspector } = await import("@statelyai/inspect");
  const wire = openWire(url);
  const inspector = createInspector(
    { send: (event) => wire.send(redaction.cleared(JSON.stringify(plain(event, redaction)))) },
    {
      sanitizeEvent: (event) => boundedCopy(event, redaction) as AnyEventObject,
      sanitizeContext: (context) => boundedCopy(context ?? {}, redaction) as Record<string, unknown>,
    },
  );
  const tell = (actor: AnyActorRef): void => {
    const { status, value, context, children = {} } = actor.getSnapshot() as AnyMachineSnapshot;
    inspector.actor(actor, { status, value, context });
    for (const child of Object.values(children)) tell(child as AnyActorRef);
  };
  return {
    add(root) {
      tell(root);
      const subscription = root.system.inspect((event) => inspector.inspect.next?.(event));
      return () => subscription.unsubscribe();
    },
    stop: wire.stop,
  };
}

/** A snapshot as XState has it points at its whole machine; its context is copied before, by the library's own hook. */
function plain<E extends { readonly type: string }>(event: E, redaction: Redaction): object {
  if (event.type !== "@xstate.actor" && event.type !== "@xstate.snapshot") return event;
  const { status, value, context, ...rest } = (event as unknown as { snapshot: Partial<AnyMachineSnapshot> }).snapshot;
  const { input, output, error } = rest as Readonly<Record<string, unknown>>;
  const copy = boundedCopy({ input, output, error }, redaction) as object;
  return { ...event, snapshot: { status, value, context, ...copy } };
}

function openWire(url: string) {
  let socket: WebSocket | undefined;
  let again: NodeJS.Timeout | undefined;
  let isOver = false;
  const waiting: string[] = [];
  function open(): void {
    const opened = new WebSocket(url);
    socket = opened;
    opened.on("open", () => {
      for (const text of waiting.splice(0)) opened.send(text);
    });
    opened.on("error", () => {}); // "close" follows
    opened.on("close", () => {
      if (!isOver) again = setTimeout(open, againAfterMs).unref();
    });
  }
  open();
  return {
    send(text: string): void {
      if (socket?.readyState === WebSocket.OPEN && socket.bufferedAmount < 1_000_000) socket.send(text);
      else {
        waiting.push(text);
        if (waiting.length > mostWaiting) waiting.shift();
      }
    },
    stop(): void {
      isOver = true;
      clearTimeout(again);
      socket?.terminate();
    },
  };
}
