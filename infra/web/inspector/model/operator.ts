/** What an operator asks of the inspection: to switch it, and to give an actor an event. */
import type { ManageInspect, ManageInspectSend } from "../../../../shared/messages/inspection.js";
import { login } from "../../page/session.js";
import { publish, topics } from "./source.js";

/** The part of the REST interface's problems that is shown. */
interface Problem {
  readonly detail?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

/** Shows actors in every program of the market, or no longer. @throws Error that says why it was refused */
export async function switchInspection(wanted: Pick<ManageInspect, "on" | "actors" | "forMinutes">): Promise<void> {
  const answer = await fetch("/operator/inspection", {
    method: "PUT",
    headers: { "content-type": "application/json", authorization: `Bearer ${login.peek()?.password ?? ""}` },
    body: JSON.stringify(wanted),
  });
  if (answer.ok) return;
  const { detail, errors = [] } = (await answer.json().catch(() => ({}))) as Problem;
  const told = errors.map(({ path, message }) => `${path} ${message}`).join("; ");
  throw new Error(told || detail || `the market does not take it (${answer.status})`);
}

/** Gives one actor an event. @returns the request's id, which its node's answer carries @throws Error while the broker is away */
export async function sendEvent(command: Pick<ManageInspectSend, "actor" | "event">): Promise<string> {
  const requestId = `inspector-${Math.random().toString(36).slice(2, 10)}`;
  await publish(topics.manage("inspect-send"), { v: 1, requestId, ...command } satisfies ManageInspectSend);
  return requestId;
}
