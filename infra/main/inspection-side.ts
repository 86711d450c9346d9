/**
 * The inspection of a program on the broker: its own account and connection, heard commands of operators, answers of its nodes.
 *
 * The program that runs the market (`isHost`) also keeps `manage/inspect` for those that start later, with the end that it adds to what an
 * operator has asked, and clears it when it is over.
 */
import { join } from "node:path";
import { readJson } from "../../market/door/decode.js";
import type { Log } from "../../market/ports.js";
import type { MarketTerms } from "../../market/terms.js";
import { type ManageInspect, manageInspect, manageInspectSend } from "../../shared/messages/inspection.js";
import { isoUtc } from "../../shared/time.js";
import { topicsOf } from "../../shared/topics.js";
import type { OnLife } from "../actors/market-hosts.js";
import { isNodeShown } from "../inspect/actor-patterns.js";
import type { Sent } from "../inspect/actor-tap.js";
import { type AskedInspection, leftMs, longestMinutes, withEnd } from "../inspect/asked-inspection.js";
import { createInspection, type Inspection, type InspectionState } from "../inspect/inspection.js";
import type { InspectionSwitch } from "../inspect/inspection-switch.js";
import { operatorsSend } from "../inspect/journalled-send.js";
import { createLayoutDesk } from "../inspect/layout-desk.js";
import { createRedaction } from "../inspect/redaction.js";
import { openStatelyInspector, type StatelyInspector } from "../inspect/stately-inspector.js";
import { type InspectionLink, openInspectionLink } from "./inspection-link.js";
import { knownSecrets } from "./known-secrets.js";
import { clearingOfGone } from "./left-behind.js";
import type { Secrets } from "./secrets.js";
import type { World } from "./world.js";

export interface InspectionSideOptions {
  readonly terms: MarketTerms;
  readonly url: string;
  /** What tells this program's connection from others of the same account. */
  readonly program: string;
  readonly isHost: boolean;
  readonly secrets: Secrets;
  readonly distFolder: string;
  readonly marketNow: () => number;
  readonly world: Pick<World, "connect" | "wall">;
  readonly log: Log;
  /** Shown from the start; undefined: nothing is. */
  readonly actors: readonly string[] | undefined;
  /** Operators may send actors events. */
  readonly allowsSending: boolean;
  /** Stately's own inspector is told too. */
  readonly statelyUrl?: string | undefined;
}

export interface InspectionSide {
  /** Why nobody can be told; undefined: its connection is there. */
  readonly unreachable: string | undefined;
  readonly inspection: Inspection;
  readonly onLife: OnLife;
  readonly switch: InspectionSwitch;
  stop(): Promise<void>;
}

/** The bundled layout-thread.ts. */
export function layoutThreadFile(distFolder: string): string {
  return join(distFolder, "layout-thread.js");
}

/** Actors of processes, each life of theirs at its node. */
export function onLifeOf(inspection: Pick<Inspection, "node">): OnLife {
  return (node, { take, ...seen }) =>
    inspection
      .node(node)
      .add({ ...seen, ...(take === undefined ? {} : { send: operatorsSend(node, seen.root, take) }) });
}

function alsoTo(stately: StatelyInspector, onLife: OnLife): OnLife {
  return (node, seen) => {
    const leaving = [onLife(node, seen), stately.add(seen.root)];
    return () => {
      for (const leave of leaving) leave();
    };
  };
}

/** Said by whoever opened it, once it is clear that it is worth a word. */
export function tellUnreachable({ unreachable }: InspectionSide, log: Log): void {
  if (unreachable !== undefined) log.warn("actors cannot be inspected", { reason: unreachable });
}

/** Goes on without a connection where the broker does not know the account yet: the market does not hang on it. */
export async function openInspectionSide(options: InspectionSideOptions): Promise<InspectionSide> {
  const { terms, secrets, marketNow, world, log, allowsSending } = options;
  const topics = topicsOf(terms.market);
  let link: InspectionLink | undefined;
  let unreachable: string | undefined;
  let lastRequest: string | undefined;
  let asked = 0;

  const redaction = createRedaction(knownSecrets(terms, secrets));
  const stately =
    options.statelyUrl === undefined ? undefined : await openStatelyInspector(options.statelyUrl, redaction);
  const inspection = createInspection(
    {
      ...{ market: terms.market, wall: world.wall, marketNow, log, isLossless: false, redaction },
      layouts: createLayoutDesk(layoutThreadFile(options.distFolder)),
      sink: {
        publish: (topic, text) => link?.publish(topic, text),
        publishEvents: (topic, batch) => link?.publishEvents(topic, batch),
      },
    },
    {
      onTurned(state, nodes) {
        for (const node of nodes) tellOf(node, state);
      },
      onOver() {
        if (options.isHost) link?.request.clear();
      },
    },
  );

  function tellOf(node: string, { on, actors }: InspectionState, sent?: object): void {
    const shown = on && isNodeShown(actors, node) ? actors.filter((pattern) => isNodeShown([pattern], node)) : [];
    const told = {
      ...{ v: 1, ts: isoUtc(marketNow()), node, on: shown.length > 0, actors: shown, allowsSending },
      ...(link === undefined ? {} : { program: link.program }),
    };
    link?.publish(topics.inspecting(node), JSON.stringify(sent === undefined ? told : { ...told, sent }));
  }

  function turn(request: AskedInspection): void {
    const { on, actors = ["*"] } = request;
    inspection.turn(on ? actors : [], on ? leftMs(request, world.wall.now()) : undefined);
  }

  function hearSwitch(text: string): void {
    if (text === "") {
      if (inspection.state().on) inspection.turn([], undefined);
      return;
    }
    const parsed = manageInspect.safeParse(readJson(text));
    if (!parsed.success) log.warn("cannot read manage/inspect", { reason: parsed.error.message });
    else if (parsed.data.requestId === undefined || parsed.data.requestId !== lastRequest) hearAsked(parsed.data);
  }

  function hearAsked(request: ManageInspect): void {
    if (request.on && leftMs(request, world.wall.now()) <= 0) {
      if (options.isHost && !inspection.state().on) link?.request.clear();
      return;
    }
    lastRequest = request.requestId;
    turn(request);
    if (options.isHost && request.on) keep(request);
  }

  /** Retained, with its end. */
  function keep(request: AskedInspection & { readonly requestId?: string | undefined }): void {
    asked += 1;
    lastRequest = request.requestId ?? `${options.program}-${world.wall.now()}-${asked}`;
    const message = { v: 1, ts: isoUtc(marketNow()), ...withEnd(request, world.wall.now()), requestId: lastRequest };
    link?.request.say(JSON.stringify(message));
  }

  async function hearSend(text: string): Promise<void> {
    const parsed = manageInspectSend.safeParse(readJson(text));
    if (!parsed.success) return log.warn("cannot read manage/inspect-send", { reason: parsed.error.message });
    const { actor, event, requestId = null } = parsed.data;
    const [node = "", number = ""] = actor.split("/");
    if (!inspection.names().includes(node)) return; // another program's
    const refused: Sent = { accepted: false, reason: "this program was started without --inspect-send" };
    const sent = allowsSending ? await inspection.send(node, number, event) : refused;
    log.info(`the operator sent ${actor} the event ${event.type}: ${sent.accepted ? "taken" : sent.reason}`);
    tellOf(node, inspection.state(), {
      requestId,
      accepted: sent.accepted,
      reason: sent.accepted ? null : sent.reason,
    });
  }

  const clearing = clearingOfGone({
    ...{ url: options.url, market: terms.market, password: secrets.passwordOf("supervisor"), log },
    ...{ connect: world.connect, wall: world.wall },
  });

  try {
    link = await openInspectionLink({
      ...{ ...options, market: terms.market, password: secrets.passwordOf("inspect"), ...world },
      onSwitch: hearSwitch,
      onSend: (text) => void hearSend(text),
      onGone: options.isHost ? clearing : undefined,
    });
    await link.listen(); // now that there is somebody to answer through
  } catch (error) {
    link = undefined;
    unreachable = error instanceof Error ? error.message : String(error);
  }

  /** To all programs, by the broker; here at once. */
  function ask(request: AskedInspection): void {
    keep(request);
    turn(request);
  }

  if (options.actors !== undefined) ask({ on: true, actors: options.actors, forMinutes: longestMinutes });
  return {
    ...{ inspection, unreachable },
    onLife: stately === undefined ? onLifeOf(inspection) : alsoTo(stately, onLifeOf(inspection)),
    switch: {
      state: () => ({ ...inspection.state(), allowsSending, nodes: inspection.names() }),
      turn: ask,
    },
    async stop() {
      stately?.stop();
      await inspection.stop();
      for (const node of inspection.names()) link?.publish(topics.inspecting(node), "");
      await link?.end();
    },
  };
}
