/** The meter at the connection: what crossed it in a period. Import and export are separate and never negative. */
export interface Flows {
  readonly loadWh: number;
  readonly generationWh: number;
  /** Taken by and given by the battery, AC side. */
  readonly chargedWh: number;
  readonly dischargedWh: number;
}

export interface MeterReading {
  readonly importWh: number;
  readonly exportWh: number;
  readonly generationWh: number;
}

/** A period's reading: the flows are netted over the period, as a half-hour meter does. */
export function readMeter(flows: Flows): MeterReading {
  const takenWh = flows.loadWh + flows.chargedWh - flows.generationWh - flows.dischargedWh;
  return {
    importWh: Math.max(0, takenWh),
    exportWh: Math.max(0, -takenWh),
    generationWh: flows.generationWh,
  };
}
