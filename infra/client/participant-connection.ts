/** A participant's connection: its own login, and a last will that says that it is gone. Our own bots hang on it too. */
import { topicsOf } from "../../shared/topics.js";
import { type Connection, type ConnectionOptions, openConnection } from "../mqtt/connection.js";

export interface ParticipantConnectionOptions
  extends Omit<ConnectionOptions, "clientId" | "username" | "password" | "will"> {
  readonly market: string;
  readonly id: string;
  /** The key that registration told. */
  readonly key: string;
  /** The id by default; a second connection of the same participant needs one of its own: the id, a slash, anything. */
  readonly clientId?: string;
}

/** @throws Error saying where and why the broker did not accept it. */
export function openParticipantConnection({
  market,
  id,
  key,
  clientId = id,
  ...options
}: ParticipantConnectionOptions): Promise<Connection> {
  const will = { topic: topicsOf(market).in(id, "status"), payload: statusText("offline") };
  return openConnection({ ...options, clientId, username: id, password: key, will });
}

export function statusText(status: "online" | "offline"): string {
  return JSON.stringify({ v: 1, status });
}
