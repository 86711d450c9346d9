/** The supervisor put together: announces the market, keeps the list of members, publishes how it stands. */
import { kwFromWatt, kwhFromWh, majorFromMicro } from "../../../shared/decimal.js";
import type { ManageAccounts, ManageStatus } from "../../../shared/messages/manage.js";
import type { MarketInfo } from "../../../shared/messages/public.js";
import { isParticipantId, type ProcessRole } from "../../../shared/participant-id.js";
import { isoUtc } from "../../../shared/time.js";
import { topicsOf } from "../../../shared/topics.js";
import { micro } from "../../../shared/units.js";
import { memberFrom } from "../../door/members.js";
import type { Log, Outbox } from "../../ports.js";
import type { MarketTerms, MemberTerms } from "../../terms.js";
import type { Clock } from "../alarm.js";
import { firstPeriod, lastPeriod } from "../calendar.js";
import type { Link } from "../handover.js";
import { nothingPending, type Pending, soon } from "../soon.js";
import { feeInfo } from "./fee-info.js";
import { marketState } from "./market-state.js";
import { supervisorMachine } from "./supervisor.machine.js";

export interface SupervisorPorts {
  readonly clock: Clock;
  readonly outbox: Outbox;
  readonly link: Link;
  readonly log: Log;
  /** Of the program, told on public/status. */
  readonly version: string;
  /** Public key that statement heads verify with, PEM. */
  readonly statementKey: string;
  /** Market time after which a manager's report shows in the market's state; 0: with the tick. */
  readonly leastReportIntervalMs: number;
}

/** All that its next answers depend on beside the actor's own persisted snapshot, as plain data. */
export interface SupervisorState {
  /** Guests and who has registered included, in order of joining. */
  readonly members: MemberTerms[];
  /** The last report of each manager. */
  readonly reports: Map<ProcessRole, ManageStatus>;
  /** Why who is away is away, where that is known. */
  readonly awayBecause: Map<ProcessRole, string>;
  /** As last published, to tell only what is new. */
  lastState: string;
  lastStatus: string;
  closed: boolean;
  hasBeenOnline: boolean;
  /** When a report shows that does not yet. */
  readonly publish: Pending;
  unknownEvents: number;
}

/** What the supervisor starts with. */
function createState(terms: MarketTerms): SupervisorState {
  return {
    members: [...terms.members],
    reports: new Map(),
    awayBecause: new Map(),
    lastState: "",
    lastStatus: "",
    closed: false,
    hasBeenOnline: false,
    publish: nothingPending(),
    unknownEvents: 0,
  };
}

/**
 * Actor logic, and its state. `state` is no copy: write it down before the actor goes on. A restored supervisor announces nothing anew:
 * whoever restores it publishes again what was retained.
 * @param saved a state to go on from, read back from what was written; it is taken over
 */
export function supervisorManager(terms: MarketTerms, ports: SupervisorPorts, saved?: SupervisorState) {
  const desk = saved ?? createState(terms);
  const topics = topicsOf(terms.market);
  const { members } = desk;
  const ts = () => isoUtc(ports.clock.now());

  const whyAway = (role: ProcessRole): string => {
    const why = desk.awayBecause.get(role);
    return why === undefined ? `${role} is away` : `${role} is away: ${why}`;
  };

  function announceStatus(missing: readonly ProcessRole[]): void {
    const reasons = [...missing.map(whyAway), ...(desk.closed ? ["closed by the operator"] : [])];
    const status = reasons.length > 0 ? "degraded" : "online";
    const reason = reasons.length > 0 ? reasons.join("; ") : null;
    if (desk.lastStatus === `${status} ${reason}`) return;
    desk.lastStatus = `${status} ${reason}`;
    if (status === "online") desk.hasBeenOnline = true;
    // At the start nobody is away: they have only not come yet.
    if (reason !== null && desk.hasBeenOnline) ports.log.warn(`the market is degraded: ${reason}`);
    ports.outbox.publish(topics.public("status"), { v: 1, ts: ts(), status, reason, version: ports.version }, true);
  }

  function publishState(): void {
    const { ts: at, ...state } = marketState(desk.reports, terms.calendar, ports.clock.now());
    const text = JSON.stringify(state);
    if (text === desk.lastState) return;
    desk.lastState = text;
    ports.outbox.publish(topics.public("market-state"), { ...state, ts: at }, true);
  }
  const publishSoon = soon(ports.clock, ports.leastReportIntervalMs, desk.publish, publishState);

  const logic = supervisorMachine.provide({
    actions: {
      announceMarket: () => {
        ports.outbox.publish(topics.public("market-info"), marketInfo(terms, ports.statementKey, ts()), true);
        handMembers(ports.link, members);
      },
      announceStatus: ({ context, event }) => {
        if (event.type === "CONTROL") desk.closed = event.message.action === "close";
        announceStatus(context.missing);
      },
      announceStop: () => {
        const message = { v: 1, ts: ts(), status: "offline", reason: "stopped", version: ports.version };
        ports.outbox.publish(topics.public("status"), message, true);
      },
      admitGuest: ({ event }) => {
        if (event.type !== "JOIN" || terms.guestCapacityW === undefined) return;
        const { id } = event;
        if (!isParticipantId(id) || members.some((member) => member.id === id)) return;
        members.push({
          ...{ id, role: "prosumer", capacityW: terms.guestCapacityW, connectionPoint: null, phase: null },
          ...{ creditLimitMicro: terms.creditLimitMicro, depositMicro: micro(0) },
        });
        ports.log.info(`${id} joins as a guest`);
        handMembers(ports.link, members);
      },
      mergeAccounts: ({ event }) => {
        if (event.type !== "ACCOUNTS") return;
        for (const account of event.message.accounts) merge(members, account);
        handMembers(ports.link, members);
      },
      learnStatus: ({ event }) => {
        if (event.type !== "STATUS") return;
        const { role, status, reason } = event.message;
        desk.awayBecause.delete(role);
        if (status === "online") {
          desk.reports.set(role, event.message);
          publishSoon();
        } else if (reason !== undefined) desk.awayBecause.set(role, reason);
      },
      publishState,
      countUnknown: ({ event }) => {
        desk.unknownEvents += 1;
        ports.log.warn(`the supervisor has no use for the event ${event.type}`, { count: desk.unknownEvents });
      },
    },
  });
  return { logic, state: () => desk };
}

/** Takes the place of the member of that id, or joins behind all others. */
function merge(members: MemberTerms[], account: ManageAccounts["accounts"][number]): void {
  const { standing, ...connected } = account;
  const place = members.findIndex(({ id }) => id === account.id);
  const member: MemberTerms = {
    ...memberFrom({ ...connected, ...(standing === "active" ? {} : { standing }) }),
    depositMicro: members[place]?.depositMicro ?? micro(0),
  };
  if (place < 0) members.push(member);
  else members[place] = member;
}

function handMembers(link: Link, members: readonly MemberTerms[]): void {
  link.hand({
    kind: "members",
    body: {
      members: members.map((member) => {
        const {
          id,
          role,
          capacityW,
          connectionPoint,
          phase,
          creditLimitMicro,
          depositMicro,
          standing,
          gateway,
          fromMs,
          untilMs,
        } = member;
        return {
          ...{ id, role, connectionPoint, phase },
          capacityKw: kwFromWatt(capacityW),
          ...(creditLimitMicro === undefined ? {} : { creditLimit: majorFromMicro(creditLimitMicro) }),
          ...(depositMicro === 0 ? {} : { deposit: majorFromMicro(depositMicro) }),
          ...(gateway === undefined ? {} : { gateway }),
          ...(standing === undefined ? {} : { standing }),
          ...(fromMs === undefined ? {} : { from: isoUtc(fromMs) }),
          ...(untilMs === undefined ? {} : { until: isoUtc(untilMs) }),
        };
      }),
    },
  });
}

/** The standing rules a stranger needs. */
function marketInfo(terms: MarketTerms, statementKey: string, ts: string): MarketInfo {
  const { bidding, settlement, calendar } = terms;
  return {
    v: 1,
    ts,
    currency: terms.currency,
    mechanism: bidding.mechanism,
    k: bidding.k,
    tie: bidding.tie,
    periodMinutes: calendar.periodMinutes,
    openMinutes: calendar.openMinutes,
    gateMinutes: calendar.gateMinutes,
    timezone: terms.timezone,
    priceFloor: majorFromMicro(bidding.priceFloorMicroPerKwh),
    priceCap: majorFromMicro(bidding.priceCapMicroPerKwh),
    minEnergyKwh: kwhFromWh(bidding.minEnergyWh),
    maxOrdersPerPeriod: bidding.maxOrdersPerPeriod,
    imbalance: settlement.imbalance,
    imbalancePrice: settlement.imbalancePrice,
    ...feeInfo(settlement),
    meterDueMinutes: calendar.meterDueMinutes,
    billDays: calendar.billDays,
    firstPeriod: isoUtc(firstPeriod(calendar)),
    ...(calendar.periods === undefined ? {} : { lastPeriod: isoUtc(lastPeriod(calendar)) }),
    statementKey,
  };
}
