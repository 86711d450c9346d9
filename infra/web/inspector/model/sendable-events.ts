/** Events that can be given to an actor by hand: the types its machine knows, and a text made into an event. */
import type { InspectedMachine, ManageInspectSend } from "../../../../shared/messages/inspection.js";

/** Those that the active states take come first. */
export function eventTypes({ edges }: InspectedMachine, active: readonly string[]): string[] {
  const own = edges.filter(({ kind, event }) => kind === "event" && event !== "*");
  const [now, later] = [
    own.filter(({ source }) => active.includes(source)),
    own.filter(({ source }) => !active.includes(source)),
  ];
  return [...new Set([...now, ...later].map(({ event }) => event))];
}

/** @param fields JSON of an object, or nothing @throws Error that says what is wrong with them */
export function readEvent(type: string, fields: string): ManageInspectSend["event"] {
  const trimmed = fields.trim();
  if (trimmed === "") return { type: type.trim() };
  let read: unknown;
  try {
    read = JSON.parse(trimmed);
  } catch (error) {
    throw new Error(`the fields are no JSON: ${error instanceof Error ? error.message : error}`);
  }
  if (typeof read !== "object" || read === null || Array.isArray(read)) {
    throw new Error('the fields have to be an object, such as {"n": 1}');
  }
  return { ...read, type: type.trim() };
}
