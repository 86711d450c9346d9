import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import mqtt from "mqtt";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openJournals } from "../../../infra/journal/journal-folder.js";
import type { SimulationProgress } from "../../../infra/main/simulate.js";
import type { Swarm } from "../../../infra/threads/swarm.js";
import type { Fact } from "../../../market/facts.js";
import { reply } from "../../../shared/messages/private.js";
import type { Kpi } from "../../../shared/messages/public.js";
import { type FinishedRun, removeRunFolders, runThesis } from "./thesis-run.js";

afterAll(removeRunFolders);

describe("a simulation of the thesis microgrid", () => {
  let plain: FinishedRun;
  beforeAll(async () => {
    plain = await runThesis();
  }, 30_000);

  it("bills every period, trades something, and balances money and energy", () => {
    const { summary } = plain;
    expect(summary.complete).toBe(true);
    expect(summary.billedPeriods).toBe(6);
    expect(summary.counts.trades).toBeGreaterThan(0);
    expect([summary.moneySum, summary.energyImbalanceWh]).toEqual([0, 0]);
    expect(summary.absences).toEqual([]);
    expect(Object.keys(summary.counts.rejected)).not.toContain("bad-message");
  });

  it("has told on public/kpi what its summary says, the market's quality by its orders' limits included", () => {
    const { summary, folder } = plain;
    const journals = openJournals(folder, { programVersion: "0.1.0", durability: "normal" });
    const texts = [...journals.journalOf("settlement").retained()].filter(([topic]) => topic.endsWith("/public/kpi"));
    journals.close();
    const { v: _v, ts: _ts, ...told } = JSON.parse(texts[0]?.[1] ?? "null") as Kpi;
    expect(told).toEqual(summary.kpis);
    expect(told).toMatchObject({ periods: 6, welfareEfficiency: expect.any(Number), smithsAlpha: expect.any(Number) });
  });

  it("has the same hash with one bot per thread and messages held up at random", async () => {
    const { summary } = await runThesis({ botsPerThread: 1, delay: { seed: 7, mostMs: 20 } });
    expect(summary.hash).toBe(plain.summary.hash);
    for (const name of ["orders.csv", "trades.csv", "meters.csv", "bills.csv", "ledger.csv"]) {
      expect(existsSync(join(plain.folder, name))).toBe(true);
    }
  }, 40_000);

  it("writes the same files again, also while every actor is recorded", async () => {
    const path = join(mkdtempSync(join(tmpdir(), "elecbay-inspected-")), "thesis.inspect.ndjson");
    const again = await runThesis({ inspect: { path, actors: ["*"] } });
    expect(readFileSync(path, "utf8").split("\n").length).toBeGreaterThan(100);
    rmSync(dirname(path), { recursive: true });
    expect(again.summary.hash).toBe(plain.summary.hash);
    for (const name of ["orders.csv", "trades.csv", "contracts.csv", "meters.csv", "bills.csv", "ledger.csv"]) {
      const [first, second] = [plain, again].map(({ folder }) => readFileSync(join(folder, name), "utf8"));
      expect(second, name).toBe(first);
    }
  }, 30_000);

  it("has another hash with another seed", async () => {
    const { summary } = await runThesis({ seed: 2 });
    expect(summary.complete).toBe(true);
    expect(summary.hash).not.toBe(plain.summary.hash);
  }, 30_000);

  it("is neither stopped nor changed by a stranger's garbage, and answers it with codes where it can", async () => {
    const stranger = await strangerWhoSends([
      ["elecbay/main/in/stranger/orders", "this is no JSON"],
      ["elecbay/main/in/stranger/orders", JSON.stringify({ v: 1, requestId: "big", note: "x".repeat(5000) })],
      [
        "elecbay/main/in/stranger/orders",
        JSON.stringify({ v: 1, requestId: "u1", action: "cancel", orderId: "o1", x: 1 }),
      ],
      ["elecbay/main/in/stranger/orders", JSON.stringify({ v: 1, requestId: "u2", action: "cancel", orderId: "o1" })],
      ["elecbay/main/in/stranger/items", JSON.stringify([1, 2, 3])],
      ["elecbay/main/in/stranger/nonsense", "{}"],
      ["elecbay/main/in/stranger/ready", "{}"],
      ["elecbay/main/in/stranger/meter", JSON.stringify(reading("m1", "2017-02-20T12:00:00Z", 1000))],
      ["elecbay/main/in/stranger/meter", JSON.stringify(reading("m2", "2017-02-20T12:07:00Z", 0.1))],
    ]);
    const run = await runThesis({ onProgress: stranger.onProgress, onStarted: stranger.onStarted });
    expect(run.summary.complete).toBe(true);
    expect(run.summary.absences).toEqual([]);
    expect(run.summary.hash).toBe(plain.summary.hash);
    const codes = stranger.replies.map(({ requestId, ...answer }) => [requestId, "code" in answer ? answer.code : ""]);
    for (const expected of [
      [null, "bad-message"],
      ["u1", "bad-message"],
      ["u2", "unknown-order"],
      ["m1", "not-open-yet"],
      ["m2", "unknown-period"],
    ])
      expect(codes).toContainEqual(expected);
    expect(run.log.some((line) => line.includes("in/stranger/nonsense"))).toBe(true);
    expect(run.summary.counts.rejected["bad-message"]).toBeGreaterThanOrEqual(4);
  }, 40_000);

  it("marks a killed bot absent after the deadline, goes on, and takes it back", async () => {
    const facts: Fact[] = [];
    let swarm: Swarm | undefined;
    let restartedAtMs = Number.POSITIVE_INFINITY;
    const onProgress = ({ seq, tsMs }: SimulationProgress): void => {
      if (seq === 12) void swarm?.kill("peer1");
      if (seq === 20) {
        restartedAtMs = tsMs;
        void swarm?.restart("peer1");
      }
    };
    const run = await runThesis({
      ...{ periods: 24, botsPerThread: 1, deadlineMs: 4000, onProgress },
      onStarted: (started) => {
        swarm = started.swarm;
      },
      onFact: (fact) => facts.push(fact),
    });
    expect(run.summary.complete).toBe(true);
    // Once, or on a busy machine once more while it starts again: it alone.
    expect(new Set(run.summary.absences.map(({ participant }) => participant))).toEqual(new Set(["peer1"]));
    const own = facts.filter((fact) => fact.type === "fate" && fact.fate.participant === "peer1");
    expect(own.some((fact) => fact.type === "fate" && fact.fate.acceptedAtMs > restartedAtMs)).toBe(true);
    expect([run.summary.moneySum, run.summary.energyImbalanceWh]).toEqual([0, 0]);
  }, 40_000);

  it("stopped in the middle writes what is complete, and says that it is not", async () => {
    const controller = new AbortController();
    const onProgress = ({ billedPeriods }: SimulationProgress): void => {
      if (billedPeriods === 3) controller.abort();
    };
    const { summary, folder } = await runThesis({ signal: controller.signal, onProgress });
    expect(summary.complete).toBe(false);
    expect(summary.billedPeriods).toBeGreaterThanOrEqual(3);
    expect(summary.billedPeriods).toBeLessThan(6);
    expect([summary.moneySum, summary.energyImbalanceWh]).toEqual([0, 0]);
    expect(readFileSync(join(folder, "summary.json"), "utf8")).toContain('"complete": false');
  }, 30_000);

  it("asked to stop before it began ends at once", async () => {
    const controller = new AbortController();
    controller.abort();
    const { summary } = await runThesis({ signal: controller.signal });
    expect(summary.complete).toBe(false);
    expect(summary.billedPeriods).toBe(0);
  }, 30_000);
});

function reading(requestId: string, period: string, importKwh: number) {
  return { v: 1, requestId, period, importKwh, exportKwh: 0, generationKwh: 0 };
}

/** A plain MQTT client, a guest under a free id, that sends what it is given once every ten ticks. */
async function strangerWhoSends(messages: readonly (readonly [string, string])[]) {
  const replies: ReturnType<typeof reply.parse>[] = [];
  let client: mqtt.MqttClient | undefined;
  return {
    replies,
    onStarted: ({ url }: { url: string }) => {
      client = mqtt.connect(url, { clientId: "stranger", username: "stranger", password: "s", protocolVersion: 4 });
      client.subscribe("elecbay/main/private/stranger/#", { qos: 1 });
      client.on("message", (topic, payload) => {
        if (topic.endsWith("/replies")) replies.push(reply.parse(JSON.parse(payload.toString())));
      });
    },
    onProgress: ({ seq, ticks }: SimulationProgress) => {
      if (seq % 10 === 5) for (const [topic, payload] of messages) client?.publish(topic, payload, { qos: 1 });
      if (seq === ticks) client?.end(true);
    },
  };
}
