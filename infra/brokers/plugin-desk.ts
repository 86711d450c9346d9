/**
 * Asks Mosquitto's dynamic security plugin over MQTT, as its administrator: commands on `$CONTROL/dynamic-security/v1`, answers beside it.
 *
 * The plugin writes its file at every command that changes something, before it answers: what it has answered outlives a `kill -9`.
 */
import { randomBytes } from "node:crypto";
import { z } from "zod";
import { readJson } from "../../market/door/decode.js";
import type { Clock } from "../../market/managers/alarm.js";
import type { Connect } from "../mqtt/connection.js";
import type { PluginRole } from "./plugin-access.js";
import type { PluginClient, PluginCommand } from "./plugin-commands.js";
import { adminName, ownerText } from "./plugin-file.js";

const controlTopic = "$CONTROL/dynamic-security/v1";
const answerTopic = `${controlTopic}/response`;
/** In one message, far below the 256 kB that brokers of this market take. */
const mostCommands = 50;
const longestAnswerMs = 3000;
/** Of a list, in one answer. */
const pageLength = 100;
/** How a refused login is told, whatever the reason. */
const refusal = "Connection refused: ";

const answers = z.object({
  responses: z.array(
    z.object({
      command: z.string(),
      error: z.string().optional(),
      data: z.record(z.string(), z.unknown()).optional(),
      correlationData: z.string().optional(),
    }),
  ),
});
type Answer = z.infer<typeof answers>["responses"][number];

const listedClients = z.object({
  totalCount: z.number(),
  clients: z.array(
    z.object({
      username: z.string(),
      clientid: z.string().optional(),
      textname: z.string().optional(),
      textdescription: z.string().optional(),
      disabled: z.boolean().optional(),
      roles: z.array(z.object({ rolename: z.string() })).default([]),
    }),
  ),
});
const listedRoles = z.object({
  totalCount: z.number(),
  roles: z.array(
    z.object({
      rolename: z.string(),
      acls: z.array(z.object({ acltype: z.string(), topic: z.string(), allow: z.boolean() })).default([]),
    }),
  ),
});

/** The broker is there, and has no such plugin, or one that another administrator drives. */
export class NoPluginError extends Error {}

export interface PluginDesk {
  /** In their order. @returns what the plugin refused, in words. @throws Error when it does not answer. */
  tell(commands: readonly PluginCommand[]): Promise<readonly string[]>;
  /** Those that this market keeps, by user name. @throws Error when the plugin does not answer. */
  clients(): Promise<ReadonlyMap<string, PluginClient>>;
  /** By name. @throws Error when the plugin does not answer. */
  roles(): Promise<ReadonlyMap<string, PluginRole>>;
  end(): Promise<void>;
}

export interface PluginDeskOptions {
  readonly url: string;
  readonly market: string;
  readonly password: string;
  readonly connect: Connect;
  readonly wall: Pick<Clock, "setTimeout" | "clearTimeout">;
  /** The broker is back after it was away. */
  readonly onBack: () => void;
}

/** @throws NoPluginError where the broker does not let the administrator in, Error where it is not there. */
export async function openPluginDesk(options: PluginDeskOptions): Promise<PluginDesk> {
  const { wall } = options;
  const desk = randomBytes(6).toString("base64url");
  const waiting = new Map<string, (answer: Answer) => void>();
  let asked = 0;
  let isFirst = true;
  const connection = await options
    .connect({
      ...{ url: options.url, clientId: `${adminName}/${desk}`, username: adminName, password: options.password },
      onMessage(topic, payload) {
        const parsed = topic === answerTopic ? answers.safeParse(readJson(payload.toString())) : undefined;
        for (const answer of parsed?.data?.responses ?? []) waiting.get(answer.correlationData ?? "")?.(answer);
      },
      onConnect() {
        if (!isFirst) options.onBack();
        isFirst = false;
      },
      onError: () => {}, // it tries again
    })
    .catch((error: Error) => {
      throw error.message.includes(refusal) ? new NoPluginError(error.message) : error;
    });
  try {
    await connection.subscribe([answerTopic]);
  } catch (error) {
    await connection.end();
    throw new NoPluginError(String(error));
  }

  async function askTogether(commands: readonly PluginCommand[]): Promise<Answer[]> {
    if (!connection.isConnected()) throw new Error("the broker is away"); // it must not wait and come after what is told then
    const numbered = commands.map((command) => {
      asked += 1;
      return { ...command, correlationData: `${desk}/${asked}` };
    });
    const all = Promise.all(
      numbered.map(({ correlationData }) => new Promise<Answer>((resolve) => waiting.set(correlationData, resolve))),
    );
    let timer: unknown;
    const late = new Promise<never>((_, reject) => {
      const complain = () => reject(new NoPluginError("no dynamic security plugin answers there"));
      timer = wall.setTimeout(complain, longestAnswerMs);
    });
    connection.publish(controlTopic, JSON.stringify({ commands: numbered }), false);
    try {
      return await Promise.race([all, late]);
    } finally {
      wall.clearTimeout(timer);
      for (const { correlationData } of numbered) waiting.delete(correlationData);
    }
  }

  async function pages<Page extends { readonly totalCount: number }>(
    command: string,
    schema: z.ZodType<Page>,
    take: (page: Page) => number,
  ): Promise<void> {
    for (let offset = 0; ; ) {
      const [answer] = await askTogether([{ command, verbose: true, count: pageLength, offset }]);
      const page = schema.parse(answer?.data);
      const taken = take(page);
      offset += taken;
      if (taken === 0 || offset >= page.totalCount) return;
    }
  }

  return {
    async tell(commands) {
      const refused: string[] = [];
      for (let from = 0; from < commands.length; from += mostCommands) {
        const some = commands.slice(from, from + mostCommands);
        const given = await askTogether(some);
        for (const [i, { error }] of given.entries())
          if (error !== undefined)
            refused.push(`${some[i]?.command} ${some[i]?.username ?? some[i]?.rolename}: ${error}`);
      }
      return refused;
    },
    async clients() {
      const found = new Map<string, PluginClient>();
      await pages("listClients", listedClients, ({ clients }) => {
        for (const { username, clientid, textname, textdescription, disabled, roles } of clients)
          if (textname === ownerText(options.market))
            found.set(username, {
              ...{ fingerprint: textdescription, clientId: clientid, disabled: disabled === true },
              roles: roles.map(({ rolename }) => rolename),
            });
        return clients.length;
      });
      return found;
    },
    async roles() {
      const found = new Map<string, PluginRole>();
      await pages("listRoles", listedRoles, ({ roles }) => {
        for (const role of roles) found.set(role.rolename, role as PluginRole);
        return roles.length;
      });
      return found;
    },
    end: () => connection.end(),
  };
}
