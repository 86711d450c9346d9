/**
 * What an operator must know of a running market, as Prometheus metrics. Built from durable facts and from what is published; nothing
 * here feeds a decision. All count from the start of the program.
 */
import { statfsSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { firstPeriod, lastPeriod, timesOf } from "../../market/managers/calendar.js";
import type { Journal } from "../../market/ports.js";
import { accounts } from "../../market/rules/ledger.js";
import type { CalendarTerms } from "../../market/terms.js";
import { minuteMs } from "../../shared/time.js";
import { journalledRoles } from "../journal/hosted-actor.js";
import type { ActorJournal } from "../journal/journal.js";
import type { MarketView } from "./market-view.js";
import { createMetrics, type Metrics } from "./metrics.js";

export interface MarketMetrics {
  readonly metrics: Metrics;
  /** Hears every fact once it is durable. */
  readonly journal: Journal;
  /** The same journal, with its appends timed. */
  timed(role: string, journal: ActorJournal): ActorJournal;
  /** Hears how long the market took for a reply over REST, wall milliseconds. */
  replied(afterMs: number): void;
  /** Of the embedded broker: connections now, and what it has refused since it was told last, by cause. */
  broker(connections: number, refused: Readonly<Record<string, number>>): void;
  /** @param isConnected whether the REST side has the broker, asked each time */
  watchBroker(isConnected: () => boolean): void;
  /** @param folder where the journals are */
  watchDisk(folder: string): void;
  /** @param accounts of all participants, asked each time */
  watchAccounts(accounts: () => readonly { readonly standing: string }[]): void;
  stop(): void;
}

export interface MarketMetricsOptions {
  readonly view: MarketView;
  readonly calendar: CalendarTerms;
  /** Market time over wall time. */
  readonly speed: number;
  /** Market time. */
  readonly now: () => number;
}

/** Seconds. */
const shortTimes = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
/** At 0 whenever nothing is being booked. */
const throughAccounts: readonly string[] = [accounts.balancing, accounts.mechanism, accounts.pool];

export function createMarketMetrics({ view, calendar, speed, now }: MarketMetricsOptions): MarketMetrics {
  const metrics = createMetrics();
  const gates = metrics.counter("elecbay_gates_closed_total", "Periods cleared at their gate.");
  const lateness = metrics.histogram(
    "elecbay_gate_lateness_seconds",
    "Wall time from a gate until its clearing was durable.",
    shortTimes,
  );
  const rejected = metrics.counter("elecbay_commands_rejected_total", "Commands that the market rejected, by code.");
  const billed = metrics.counter("elecbay_bills_total", "Bills sent.");
  const estimated = metrics.counter("elecbay_readings_estimated_total", "Readings that were missing and estimated.");
  estimated.add(0); // likewise below: a series that begins with its first count has no increase
  const appends = metrics.histogram(
    "elecbay_journal_append_seconds",
    "Wall time of one append to a manager's journal, its sync included.",
    shortTimes,
  );
  const failures = metrics.counter(
    "elecbay_journal_errors_total",
    "Appends to a manager's journal that failed, by role.",
  );
  for (const role of journalledRoles) failures.add(0, { role });
  const replies = metrics.histogram(
    "elecbay_rest_command_seconds",
    "Wall time from a command over REST until the market's reply.",
    shortTimes,
  );
  let brokerConnections: number | undefined;
  metrics.gauge("elecbay_broker_connections", "Connections to the embedded broker.", () =>
    brokerConnections === undefined ? [] : [[{}, brokerConnections] as const],
  );
  const refusedAtBroker = metrics.counter(
    "elecbay_broker_refused_total",
    "What the embedded broker refused, by cause.",
  );
  const ledger = createLedgerWatch();
  metrics.gauge("elecbay_ledger_sum", "Sum of all accounts, in the currency: always 0.", () => ledger.sum() / 1e6);
  metrics.gauge("elecbay_ledger_through_account", "Accounts that come to 0 after every period, in the currency.", () =>
    throughAccounts.map((account) => [{ account }, ledger.balance(account) / 1e6] as const),
  );
  metrics.gauge("elecbay_market_up", "1 while public/status says online.", () => Number(view.status === "online"));
  metrics.gauge("elecbay_market_time_seconds", "Market time, UTC, since 1970.", () => now() / 1000);
  metrics.gauge("elecbay_participants_online", "Participants whose status says online.", () => view.online.size);
  metrics.gauge("elecbay_periods_bidding", "Delivery periods open for bidding.", () => view.state?.bidding.length ?? 0);
  metrics.gauge("process_resident_memory_bytes", "Memory of the program.", () => process.memoryUsage.rss());
  const delay = monitorEventLoopDelay();
  delay.enable();
  metrics.gauge("elecbay_event_loop_delay_p99_seconds", "99th percentile since it was last asked for.", () => {
    const p99 = delay.percentile(99) / 1e9;
    delay.reset();
    return p99;
  });
  let lastGateMs = Number.NEGATIVE_INFINITY;
  const startedMs = now();
  metrics.gauge("elecbay_gate_overdue_seconds", "Wall time since a gate that has not been cleared yet; else 0.", () => {
    const overdueMs = now() - nextGateAt(calendar, lastGateMs, startedMs);
    return Math.max(0, overdueMs) / speed / 1000;
  });
  return {
    metrics,
    journal: {
      record(fact) {
        if (fact.type === "cleared") {
          const { periodMs } = fact.price;
          if (periodMs <= lastGateMs) return; // told anew after the DSO's cuts
          lastGateMs = periodMs;
          gates.add();
          lateness.observe(Math.max(0, now() - timesOf(periodMs, calendar).gateAtMs) / speed / 1000);
        } else if (fact.type === "rejected") rejected.add(1, { code: fact.code });
        else if (fact.type === "bill") billed.add();
        else if (fact.type === "entry") ledger.post(fact.entry.debit, fact.entry.credit, fact.entry.amountMicro);
        else if (fact.type === "metered" && fact.reading.quality === "estimated") estimated.add();
      },
    },
    timed(role, journal) {
      const observe = (begunAt: number): void => appends.observe((performance.now() - begunAt) / 1000, { role });
      const { appendLater } = journal;
      return {
        ...journal,
        append(entries, retained) {
          const begunAt = performance.now();
          try {
            journal.append(entries, retained);
          } catch (error) {
            failures.add(1, { role });
            throw error;
          }
          observe(begunAt);
        },
        ...(appendLater !== undefined && {
          appendLater(entries, retained, done) {
            const begunAt = performance.now();
            appendLater(entries, retained, (error) => {
              if (error === undefined) observe(begunAt);
              else failures.add(1, { role });
              done(error);
            });
          },
        }),
      };
    },
    replied: (afterMs) => replies.observe(afterMs / 1000),
    broker(connections, refused) {
      brokerConnections = connections;
      for (const [cause, count] of Object.entries(refused)) refusedAtBroker.add(count, { cause });
    },
    watchBroker(isConnected) {
      metrics.gauge("elecbay_broker_connected", "1 while the REST side has the broker.", () => Number(isConnected()));
    },
    watchDisk(folder) {
      metrics.gauge("elecbay_state_free_bytes", "Room on the disk of the state folder.", () => {
        try {
          const { bavail, bsize } = statfsSync(folder);
          return bavail * bsize;
        } catch {
          return []; // taken away under the program: the journals complain of it
        }
      });
    },
    watchAccounts(accounts) {
      metrics.gauge("elecbay_members", "Accounts of participants, by standing.", () => {
        const counts = new Map<string, number>();
        for (const { standing } of accounts()) counts.set(standing, (counts.get(standing) ?? 0) + 1);
        return [...counts].map(([standing, count]) => [{ standing }, count] as const);
      });
    },
    stop: () => delay.disable(),
  };
}

/** The gate that is to be cleared next; after a start, which knows of none, the next one from then on. Infinity after the last. */
function nextGateAt(calendar: CalendarTerms, lastGateMs: number, startedMs: number): number {
  const lengthMs = calendar.periodMinutes * minuteMs;
  const firstMs = firstPeriod(calendar);
  const firstGateMs = timesOf(firstMs, calendar).gateAtMs;
  const next = Number.isFinite(lastGateMs)
    ? lastGateMs + lengthMs
    : firstMs + Math.max(0, Math.ceil((startedMs - firstGateMs) / lengthMs)) * lengthMs;
  return next > lastPeriod(calendar) ? Number.POSITIVE_INFINITY : timesOf(next, calendar).gateAtMs;
}

/** Balances from the entries told; accounts of one kind (`participant:`) are held as one. */
function createLedgerWatch() {
  const balances = new Map<string, number>();
  const post = (account: string, micro: number): void => {
    const kind = account.split(":")[0] ?? account;
    balances.set(kind, (balances.get(kind) ?? 0) + micro);
  };
  return {
    post(debit: string, credit: string, micro: number): void {
      post(debit, -micro);
      post(credit, micro);
    },
    balance: (account: string): number => balances.get(account) ?? 0,
    sum: (): number => [...balances.values()].reduce((total, micro) => total + micro, 0),
  };
}
