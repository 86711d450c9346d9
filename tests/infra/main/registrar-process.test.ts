/** The registrar beside its market, on a connection that leads nowhere and a disk that may be full. */
import { expect, it } from "vitest";
import { JournalError } from "../../../infra/journal/journal.js";
import { memoryJournal } from "../../../infra/journal/memory-journal.js";
import type { Connection } from "../../../infra/mqtt/connection.js";
import { firstPeriod } from "../../../market/managers/calendar.js";
import { marketClock, simulatedSecrets } from "../../simulation/market-life.js";
import { settingOf } from "../../simulation/setting.js";
import { startSimulatedRegistrar } from "../../simulation/simulated-registrar.js";
import { createWall } from "../../simulation/wall.js";

const wallStartMs = Date.UTC(2026, 0, 1);
const setting = settingOf(1);
const { terms } = setting;

const connection: Connection = {
  publish: () => {},
  subscribe: () => Promise.resolve(),
  unsubscribe: () => Promise.resolve(),
  isConnected: () => true,
  unacknowledged: () => 0,
  flushed: () => Promise.resolve(),
  end: () => Promise.resolve(),
};

it("what a registrar was told at its start, and could not write, it is told again when its disk has room", async () => {
  const disk = { isFull: true };
  const journal = memoryJournal(() => {
    if (disk.isFull) throw new JournalError("the disk is full");
  });
  const wall = createWall(wallStartMs);
  const { registry } = await startSimulatedRegistrar({
    ...{ setting, journal, secrets: simulatedSecrets, interference: {} },
    clock: marketClock({ wall, setting, wallStartMs }),
    world: { wall, connect: () => Promise.resolve(connection), atEndOfTurn: (work) => void wall.at(wall.now(), work) },
    ...{ log: { info: () => {}, warn: () => {} }, toldToManagers: () => Promise.resolve(), onFailure: () => {} },
  });
  wall.setTimeout(() => {
    disk.isFull = false;
  }, 1000);
  const assign = () => registry.operator.assign("ann", setting.supplier.name, firstPeriod(terms.calendar));
  const answered = new Promise((resolve) => {
    wall.setTimeout(() => void assign().then(resolve), 20_000);
  });
  let outcome: unknown;
  void answered.then((told) => {
    outcome = told;
  });
  while (outcome === undefined && wall.step()) await new Promise<void>((later) => process.nextTick(later));
  // A registrar without a policy knows no supplier, and answers `tariff-refused`.
  expect(outcome).toMatchObject({ ok: true });
});
