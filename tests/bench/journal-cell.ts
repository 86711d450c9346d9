/**
 * Durable entries per second of a journal on the disk, and of a bare file to which the same bytes are appended and synced: wall time,
 * for it is the disk that is waited for. Both in one process, append by append in turns, on the same disk.
 */
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { JournalEntry } from "../../infra/journal/journal.js";
import { openJournal } from "../../infra/journal/sqlite-journal.js";
import type { Fact } from "../../market/facts.js";
import { microPerKwh, wh } from "../../shared/units.js";
import { median } from "./median.js";
import { distFolder } from "./setting.js";

export interface JournalCell {
  readonly kind: "journal";
  /** Entries of one append. */
  readonly batch: number;
  /** Appends of one turn. */
  readonly appends: number;
  /** Measured turns; one runs before them unmeasured. */
  readonly turns: number;
}

export interface JournalFigures {
  readonly marketPerSecond: number;
  readonly barePerSecond: number;
  /** Median of the turns' ratios, market to bare. */
  readonly ratio: number;
}

const none = new Map<string, string>();
const startMs = Date.UTC(2026, 7, 1);

/** A command as it is decided most often, with facts of its own for every tenth. */
function entryOf(n: number): JournalEntry {
  const atMs = startMs + n;
  const [sender, requestId] = [`h${n % 100}`, `h${n % 100}-${n}`];
  const order = {
    action: "place",
    period: "2026-08-01T11:00:00Z",
    side: "buy",
    energyKwh: 0.512,
    limitPricePerKwh: 0.1312,
  };
  const payload = JSON.stringify({ v: 1, ts: "2026-08-01T10:00:00Z", requestId, ...order });
  const packet = { sender, topic: "orders", payload, bytes: payload.length, stampedAtMs: atMs };
  const trade: Fact = {
    type: "trade",
    periodMs: startMs,
    trade: {
      buyer: sender,
      seller: "pv-7",
      energyWh: wh(512),
      priceMicroPerKwh: microPerKwh(131_200),
      mechanism: "continuous",
      buyOrder: `o-${n}`,
      sellOrder: `o-${n - 1}`,
    },
  };
  return {
    n,
    atMs,
    event: { type: "COMMAND", packet } as JournalEntry["event"],
    reply: {
      v: 1,
      ts: "2026-08-01T10:00:00Z",
      requestId,
      topic: "orders",
      status: "accepted",
      orderId: `o-${n}`,
      version: 1,
      period: order.period,
      biddingCycle: 1,
      acceptedAt: "2026-08-01T10:00:00Z",
    },
    facts: n % 10 === 0 ? [trade] : [],
    handedOver: [],
    digest: n.toString(16).padStart(32, "5"),
  };
}

/** In the folder of the built program: where there is room for files of some size, other than in a temporary folder that may be memory. */
export function journalCell({ batch, appends, turns }: JournalCell): JournalFigures {
  const folder = mkdtempSync(join(distFolder, "bench-journal-"));
  const journal = openJournal(join(folder, "bidding.sqlite"), {
    role: "bidding",
    programVersion: "0",
    durability: "full",
  });
  const bareFile = openSync(join(folder, "bare"), "a");
  const market: number[] = [];
  const bare: number[] = [];
  let last = 0;
  for (let turn = 0; turn <= turns; turn += 1) {
    let [bareMs, marketMs] = [0, 0];
    globalThis.gc?.();
    for (let append = 0; append < appends; append += 1) {
      // Made just before, as the market's are in the turn of an append: what making them costs is nobody's here.
      const entries = Array.from({ length: batch }, (_, place) => entryOf(last + 1 + place));
      const bytes = Buffer.from(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
      last += batch;
      const appendBare = (): void => {
        bareMs += msOf(() => {
          writeSync(bareFile, bytes);
          fdatasyncSync(bareFile);
        });
      };
      const appendMarket = (): void => {
        marketMs += msOf(() => journal.append(entries, none));
      };
      for (const work of append % 2 === 0 ? [appendBare, appendMarket] : [appendMarket, appendBare]) work();
    }
    if (turn === 0) continue;
    bare.push((batch * appends * 1000) / bareMs);
    market.push((batch * appends * 1000) / marketMs);
  }
  closeSync(bareFile);
  journal.close();
  rmSync(folder, { recursive: true });
  const ratios = market.map((rate, turn) => rate / (bare[turn] ?? Number.NaN));
  return { marketPerSecond: median(market), barePerSecond: median(bare), ratio: median(ratios) };
}

function msOf(work: () => void): number {
  const startedAt = performance.now();
  work();
  return performance.now() - startedAt;
}
