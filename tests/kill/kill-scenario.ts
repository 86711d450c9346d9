/** The scenario of the rounds of kills: short periods, homes without bots of their own, limits that no load reaches. */

export const killCalendar = { periodMinutes: 5, openMinutes: 30, gateMinutes: 5 } as const;
/** A period in half a wall second. */
export const killSpeed = 600;

/** @param dataFolder of the scenarios that come with the program */
export function killScenario(traders: readonly string[], dataFolder: string): string {
  const column = `file: ${dataFolder}/thesis-inputs.csv, timeColumn: ends_at, stepMinutes: 30, clock: uniform, stamps: end, repeats: day`;
  const load = `{ ${column}, column: load_type1_kw, unit: kW }`;
  return `name: kill
currency: GBP
timezone: Europe/London
start: 2017-02-20T09:00:00Z
periods: 100
speed: ${killSpeed}
calendar:
  periodMinutes: ${killCalendar.periodMinutes}
  rounds: 1
  openMinutes: ${killCalendar.openMinutes}
  gateMinutes: ${killCalendar.gateMinutes}
  meterDueMinutes: 10
  billDays: 1
  correctionDays: 2
limits: { maxOrdersPerPeriod: 5000, maxCommandsPerTick: 5000 }
supplier: { retail: 0.15, export: 0.05 }
environment:
  typicalLoad: ${load}
bots:
${traders.map((id) => `  - { id: ${id}, load: ${load} }`).join("\n")}
`;
}
