/** The rows of the door: orders over MQTT and REST beside echoes, and the peers of the thesis' communication study. */
import { measured } from "./cell.js";
import type { DoorCell } from "./door-cells.js";
import { inPairs, rowOf } from "./pairs.js";
import type { Row } from "./plan.js";

export interface DoorPlan {
  readonly mqttClients: number;
  readonly restClients: number;
  readonly seconds: number;
  readonly peers: readonly number[];
  /** Of market time, and that over wall time. */
  readonly minutes: number;
  readonly speed: number;
  readonly pairs: number;
}

const delayMs = 50;

export async function doorRows(plan: DoorPlan, note: (text: string) => void): Promise<Row[]> {
  const { seconds, pairs } = plan;
  const rows: Row[] = [];
  for (const [over, clients] of [
    ["mqtt", plan.mqttClients],
    ["rest", plan.restClients],
  ] as const) {
    const cell = { kind: "door", over, clients, seconds } satisfies Partial<DoorCell>;
    const found = await inPairs(
      pairs,
      () => measured({ ...cell, behind: "market" }),
      () => measured({ ...cell, behind: "echoes" }),
      ({ market, bare }) => note(`${over}: ${market.perSecond.toFixed(0)} orders/s, bare ${bare.perSecond.toFixed(0)}`),
    );
    const rate = rowOf(found, ({ perSecond }) => perSecond);
    const late = rowOf(found, ({ p99Ms }) => p99Ms);
    const isMqtt = over === "mqtt";
    const what = `${isMqtt ? "MQTT" : "REST"}, ${clients} clients, orders placed`;
    rows.push(
      {
        ...{ what, unit: "orders/s", ...rate },
        target: isMqtt ? "at least 0.6 of bare" : "at least 1,500/s",
        met: isMqtt ? rate.ratio >= 0.6 : rate.market >= 1500,
      },
      {
        ...{ what: `${what}: 99th percentile`, unit: "ms", ...late },
        target: isMqtt ? "at most 2.5 of bare" : "",
        met: isMqtt ? late.ratio <= 2.5 : null,
      },
    );
  }
  for (const peers of plan.peers) {
    for (const added of [0, delayMs]) {
      const figures = await measured({
        kind: "peers",
        peers,
        speed: plan.speed,
        minutes: plan.minutes,
        delayMs: added,
      });
      const { placeMs, browseMs, actions, success } = figures;
      note(`${peers} peers, ${added} ms added: ${JSON.stringify(figures)}`);
      const name = `${peers.toLocaleString("en")} peers${added === 0 ? "" : `, ${added} ms added each way`}`;
      const single = { bare: null, ratio: null } as const;
      rows.push(
        {
          ...single,
          what: `${name}: share of ${actions} actions that went well`,
          unit: "",
          market: success,
          target: "1",
          met: success === 1,
        },
        {
          ...single,
          what: `${name}: longest until placed`,
          unit: "ms",
          market: placeMs,
          target: added === 0 ? "at most 100 ms" : "",
          met: added === 0 ? placeMs <= 100 : null,
        },
        {
          ...single,
          what: `${name}: longest until browsed`,
          unit: "ms",
          market: browseMs,
          target: added === 0 ? "at most 100 ms" : "",
          met: added === 0 ? browseMs <= 100 : null,
        },
      );
    }
  }
  return rows;
}
