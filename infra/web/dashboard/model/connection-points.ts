/** Participants by where they hang: pure. */
import type { ParticipantRow } from "./participant-row.js";

export interface ConnectionPoint {
  /** Null: the point of these is not named. */
  readonly name: string | null;
  readonly capacityKw: number;
  readonly members: readonly ParticipantRow[];
}

/** Points in the order of their names, those without one last. */
export function groupedByPoint(rows: readonly ParticipantRow[]): readonly ConnectionPoint[] {
  const groups = new Map<string | null, ParticipantRow[]>();
  for (const row of rows) {
    if (row.tariff === undefined) continue; // an observer, or who has not been told where it is
    const name = row.tariff.connectionPoint;
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return [...groups]
    .map(([name, members]) => ({
      ...{ name, members },
      capacityKw: members.reduce((sum, { tariff }) => sum + (tariff?.capacityKw ?? 0), 0),
    }))
    .sort((one, other) => {
      if (one.name === null || other.name === null) return one.name === null ? 1 : -1;
      return one.name.localeCompare(other.name, "en", { numeric: true });
    });
}
