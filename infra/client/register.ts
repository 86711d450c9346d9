/** Registration over REST: a name and a role in, an id and a key out. Source: contract.md, REST, POST /participants. */
import * as z from "zod";
import { topicParts } from "../../shared/topics.js";

export interface RegistrationRequest {
  /** Of the person: kept apart from the ledger, which knows ids alone. */
  readonly name: string;
  readonly role: "prosumer" | "meter" | "gateway";
  /** Most that its connection can take or give. */
  readonly capacityKw?: number;
  readonly connectionPoint?: string;
  readonly phase?: "a" | "b" | "c" | "abc";
  /** Where the market asks for one. */
  readonly invitation?: string;
}

/** All that joining needs. The key is told this once: keep it. */
export interface Account {
  readonly id: string;
  readonly key: string;
  /** Where the broker is; the first is the nearest. */
  readonly urls: readonly string[];
  readonly market: string;
}

/** Refused, with the market's code (contract.md), or the answer was none of a market. */
export class RegistrationError extends Error {
  override readonly name = "RegistrationError";
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

const answer = z.object({
  id: z.string(),
  key: z.string(),
  mqtt: z.object({ urls: z.array(z.string()).min(1), topics: z.object({ write: z.array(z.string()).min(1) }) }),
});
const problem = z.object({ code: z.string(), detail: z.string() });

/**
 * @param restUrl of the market's REST side, as http://127.0.0.1:5001
 * @throws RegistrationError with its code: `registration-closed`, `invitation-invalid`, `bad-message`, …
 */
export async function register(restUrl: string, request: RegistrationRequest): Promise<Account> {
  const where = new URL("/participants", restUrl);
  const response = await fetch(where, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(request),
  });
  const content: unknown = await response.json().catch(() => undefined);
  if (!response.ok) {
    const told = problem.safeParse(content);
    const { code, detail } = told.data ?? { code: "no-answer", detail: `${where.href} answered ${response.status}` };
    throw new RegistrationError(code, detail);
  }
  const { data, error } = answer.safeParse(content);
  if (data === undefined) {
    throw new RegistrationError("no-answer", `${where.href} is no market's: ${z.prettifyError(error)}`);
  }
  const { id, key, mqtt } = data;
  return { id, key, urls: mqtt.urls, market: marketOf(mqtt.topics.write) };
}

/** Its name is a level of every topic. */
function marketOf(topics: readonly string[]): string {
  const [first = ""] = topics;
  const name = first.split("/")[1];
  if (name === undefined || topicParts(name, first) === undefined) {
    throw new RegistrationError("no-answer", `${first} is no topic of a market`);
  }
  return name;
}
