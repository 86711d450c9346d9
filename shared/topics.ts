/**
 * Every topic of the contract, built and taken apart in one place. `<m>` is the market's name, `<id>` a participant,
 * `<p>` a delivery period as `20160801-0030`. Levels use `[a-z0-9_-]` only.
 */
import { periodTopicLevel } from "./time.js";

export const publicTopics = [
  "clock",
  "market-info",
  "market-state",
  "price",
  "energy",
  "network",
  "solar-output",
  "solar-forecast",
  "consumption-curve",
  "kpi",
  "statement-head",
  "status",
] as const;
export type PublicTopic = (typeof publicTopics)[number];

export const publicPeriodTopics = ["items", "items-delta", "book", "trades", "results"] as const;
export type PublicPeriodTopic = (typeof publicPeriodTopics)[number];

export const inTopics = ["items", "orders", "meter", "batch", "ready", "status"] as const;
export type InTopic = (typeof inTopics)[number];

export const privateTopics = ["replies", "fills", "orders", "tariff", "statement"] as const;
export type PrivateTopic = (typeof privateTopics)[number];
export const privatePeriodTopics = ["contracts", "bills"] as const;
export type PrivatePeriodTopic = (typeof privatePeriodTopics)[number];

export const manageTopics = [
  "grants",
  "tariffs",
  "members",
  "accounts",
  "supply",
  "payments",
  "payouts",
  "booked",
  "control",
  "inspect",
  "inspect-send",
] as const;
export type ManageTopic = (typeof manageTopics)[number];
export const managePeriodTopics = ["check", "limits", "contracts", "metered"] as const;
export type ManagePeriodTopic = (typeof managePeriodTopics)[number];
export const manageRoleTopics = ["status", "ack"] as const;
export type ManageRoleTopic = (typeof manageRoleTopics)[number];
export const manageNodeTopics = ["inspecting"] as const;
export const manageProgramTopics = ["inspect-gone"] as const;

export interface Topics {
  readonly prefix: string;
  readonly public: (name: PublicTopic) => string;
  readonly publicPeriod: (name: PublicPeriodTopic, periodMs: number) => string;
  readonly in: (id: string, name: InTopic) => string;
  readonly private: (id: string, name: PrivateTopic) => string;
  readonly privatePeriod: (id: string, name: PrivatePeriodTopic, periodMs: number) => string;
  readonly manage: (name: ManageTopic) => string;
  readonly managePeriod: (name: ManagePeriodTopic, periodMs: number) => string;
  readonly manageRole: (name: ManageRoleTopic, role: string) => string;
  /** Whether a node shows its actors. */
  readonly inspecting: (node: string) => string;
  /** That a program which told of actors is gone. */
  readonly inspectGone: (program: string) => string;
  readonly inspectMachine: (node: string, machine: string) => string;
  readonly inspectActor: (node: string, actor: string) => string;
  readonly inspectEvents: (node: string) => string;
}

/** The topics of market `market`. */
export function topicsOf(market: string): Topics {
  const prefix = `elecbay/${market}`;
  return {
    prefix,
    public: (name) => `${prefix}/public/${name}`,
    publicPeriod: (name, periodMs) => `${prefix}/public/${name}/${periodTopicLevel(periodMs)}`,
    in: (id, name) => `${prefix}/in/${id}/${name}`,
    private: (id, name) => `${prefix}/private/${id}/${name}`,
    privatePeriod: (id, name, periodMs) => `${prefix}/private/${id}/${name}/${periodTopicLevel(periodMs)}`,
    manage: (name) => `${prefix}/manage/${name}`,
    managePeriod: (name, periodMs) => `${prefix}/manage/${name}/${periodTopicLevel(periodMs)}`,
    manageRole: (name, role) => `${prefix}/manage/${name}/${role}`,
    inspecting: (node) => `${prefix}/manage/inspecting/${node}`,
    inspectGone: (program) => `${prefix}/manage/inspect-gone/${program}`,
    inspectMachine: (node, machine) => `${prefix}/inspect/${node}/machine/${machine}`,
    inspectActor: (node, actor) => `${prefix}/inspect/${node}/actor/${actor}`,
    inspectEvents: (node) => `${prefix}/inspect/${node}/events`,
  };
}

/** What a subscriber asks for. */
export interface Filters {
  readonly everythingPublic: string;
  readonly everythingIn: string;
  readonly everythingManaged: string;
  readonly everythingInspected: string;
  readonly wholeMarket: string;
  readonly ownPrivate: (id: string) => string;
  readonly publicPeriods: (name: PublicPeriodTopic) => string;
  readonly managePeriods: (name: ManagePeriodTopic) => string;
  readonly privatePeriods: (id: string, name: PrivatePeriodTopic) => string;
}

export function filtersOf(market: string): Filters {
  const prefix = `elecbay/${market}`;
  return {
    everythingPublic: `${prefix}/public/#`,
    everythingIn: `${prefix}/in/#`,
    everythingManaged: `${prefix}/manage/#`,
    everythingInspected: `${prefix}/inspect/#`,
    wholeMarket: `${prefix}/#`,
    ownPrivate: (id) => `${prefix}/private/${id}/#`,
    publicPeriods: (name) => `${prefix}/public/${name}/+`,
    managePeriods: (name) => `${prefix}/manage/${name}/+`,
    privatePeriods: (id, name) => `${prefix}/private/${id}/${name}/+`,
  };
}

/** A topic taken apart: its area, and what follows it. Undefined for a topic of another market or of none. */
export interface TopicParts {
  readonly area: string;
  readonly levels: readonly string[];
}

export function topicParts(market: string, topic: string): TopicParts | undefined {
  const [root, name, area, ...levels] = topic.split("/");
  if (root !== "elecbay" || name !== market || area === undefined || levels.length === 0) return undefined;
  return { area, levels };
}

/** Sender and kind of a topic `in/<id>/<name>`; undefined for any other topic, further levels included. */
export function sentTo(market: string, topic: string): { readonly id: string; readonly name: string } | undefined {
  const parts = topicParts(market, topic);
  const [id, name, ...more] = parts?.levels ?? [];
  if (parts?.area !== "in" || id === undefined || name === undefined || more.length > 0) return undefined;
  return { id, name };
}
