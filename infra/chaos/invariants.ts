/**
 * What must hold whatever goes wrong, watched while a market runs: from what reaches its managers, what they publish, and the facts.
 *
 * Replies: every command that reached a manager has exactly one reply, less what a crash took before it was said (its sender repeats it).
 * One effect: the same command is never answered in two ways; refusals that may be followed by another answer do not count.
 * Gates: nothing is accepted for a period at or after its gate. Money and energy: see results/audit.ts.
 */
import type { Fact } from "../../market/facts.js";
import { timesOf } from "../../market/managers/calendar.js";
import type { CalendarTerms } from "../../market/terms.js";
import type { RejectCode } from "../../shared/reject-codes.js";
import { instantFromIso } from "../../shared/time.js";
import { topicParts } from "../../shared/topics.js";
import { createFactAudit } from "./fact-audit.js";

export interface Invariant {
  readonly name: string;
  readonly holds: boolean;
  /** The figures behind it. */
  readonly detail: string;
}

type Answering = "bidding" | "exchange";

export interface InvariantWatch {
  /** A command is about to be worked. `topic`: its last level. */
  commanded(topic: string): void;
  published(topic: string, message: object | null): void;
  /** A manager is killed: what it has worked and not said is lost. */
  killed(role: string): void;
  /** All that was commanded is worked: replies can be counted. */
  checkReplies(): void;
  recorded(fact: Fact): void;
  /** How it stands. `isOver`: nothing is on its way any more, what was metered must be billed. */
  report(isOver: boolean): readonly Invariant[];
}

interface Counts {
  commands: number;
  replies: number;
  lost: number;
}

/** Such refusals may be followed by another answer to the same request. */
const passing: ReadonlySet<RejectCode> = new Set(["bad-message", "not-registered", "market-closed", "rate-limited"]);
/** Answers that are remembered here: repeats come soon. */
const mostAnswers = 20_000;

export function createInvariantWatch(market: string, calendar: CalendarTerms): InvariantWatch {
  const counts: Record<Answering, Counts> = {
    bidding: { commands: 0, replies: 0, lost: 0 },
    exchange: { commands: 0, replies: 0, lost: 0 },
  };
  let answers = new Map<string, string>();
  let olderAnswers = new Map<string, string>();
  let twoWays = 0;
  let late = 0;
  let unanswered = 0;
  const books = createFactAudit();

  function noteReply(participant: string, reply: ReplyFields): void {
    if (reply.requestId === null && reply.code === "absent") return;
    counts[answering(reply.topic)].replies += 1;
    if (reply.requestId === null || (reply.code !== undefined && passing.has(reply.code))) return;
    if (reply.code === "request-id-reused") return;
    const key = `${participant}/${reply.topic}/${reply.requestId}`;
    const answer = `${reply.status} ${reply.code ?? reply.orderId ?? reply.itemId ?? ""} ${reply.version ?? ""}`;
    const earlier = answers.get(key) ?? olderAnswers.get(key);
    // Forgotten after the bills: contract.md, "then unknown-period".
    if (earlier !== undefined && earlier !== answer && reply.code !== "unknown-period") twoWays += 1;
    answers.set(key, answer);
    if (answers.size > mostAnswers) [olderAnswers, answers] = [answers, new Map()];
    const periodMs = instantFromIso(reply.period ?? "");
    const acceptedMs = instantFromIso(reply.acceptedAt ?? "");
    if (reply.topic === "meter" || periodMs === undefined || acceptedMs === undefined) return;
    if (acceptedMs >= timesOf(periodMs, calendar).gateAtMs) late += 1;
  }

  const missing = (): number =>
    Object.values(counts).reduce((sum, { commands, replies, lost }) => sum + Math.abs(commands - replies - lost), 0);
  const total = (of: keyof Counts): number => counts.bidding[of] + counts.exchange[of];

  return {
    commanded(topic) {
      counts[answering(topic)].commands += 1;
    },
    published(topic, message) {
      if (message === null) return;
      const parts = topicParts(market, topic);
      const [id = "", name] = parts?.levels ?? [];
      if (parts?.area === "private" && name === "replies") noteReply(id, message as ReplyFields);
    },
    killed(role) {
      if (role !== "bidding" && role !== "exchange") return;
      const { commands, replies, lost } = counts[role];
      counts[role].lost += commands - replies - lost;
    },
    checkReplies() {
      unanswered = missing();
    },
    recorded: books.recorded,
    report(isOver) {
      const lost = total("lost");
      const { moneySumMicro, energyImbalanceWh, periods, underWay } = books.findings();
      return [
        {
          name: "every command has one reply",
          holds: unanswered === 0,
          detail: `${total("commands")} commands, ${total("replies")} replies${lost === 0 ? "" : `, ${lost} lost in crashes`}`,
        },
        { name: "a repeated command has one effect", holds: twoWays === 0, detail: `${twoWays} answered in two ways` },
        { name: "nothing is accepted after its gate", holds: late === 0, detail: `${late} accepted late` },
        {
          name: "money sums to 0",
          holds: moneySumMicro === 0,
          detail: `${moneySumMicro} millionths over ${periods} periods`,
        },
        {
          name: "energy sold is energy bought",
          holds: energyImbalanceWh === 0 && !(isOver && underWay > 0),
          detail: `${energyImbalanceWh} Wh${underWay === 0 ? "" : `, ${underWay} corrected readings not billed yet`}`,
        },
      ];
    },
  };
}

interface ReplyFields {
  readonly topic: string;
  readonly requestId: string | null;
  readonly status: "accepted" | "rejected";
  readonly code?: RejectCode;
  readonly orderId?: string;
  readonly itemId?: string;
  readonly version?: number;
  readonly period?: string;
  readonly acceptedAt?: string;
}

const answering = (topic: string): Answering => (topic === "meter" ? "exchange" : "bidding");
