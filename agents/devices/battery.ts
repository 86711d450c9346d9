/**
 * A battery over one period, in whole Wh: the square root of its round-trip efficiency is lost each way.
 *
 * Rounding goes to the loss: what is stored is rounded down, what is taken from the cells is rounded up, so that energy is
 * never created. Power is an average over the period, on the AC side.
 */
export interface Battery {
  readonly capacityWh: number;
  readonly powerW: number;
  /** Round trip, in (0, 1]. */
  readonly efficiency: number;
}

/** One step; `chargedWh` was taken from AC, `dischargedWh` given to AC; at most one of them is not 0. */
export interface BatteryStep {
  readonly socWh: number;
  readonly chargedWh: number;
  readonly dischargedWh: number;
}

/** Most AC energy through the inverter in a period. */
export function powerLimitWh(battery: Battery, periodMinutes: number): number {
  return Math.floor((battery.powerW * periodMinutes) / 60);
}

/** AC energy that `storedWh` in the cells can give. */
export function deliverableWh(battery: Battery, storedWh: number): number {
  return Math.max(0, Math.floor(storedWh * Math.sqrt(battery.efficiency)));
}

/** What `acWh` adds to the cells, room permitting. */
export function storedFromWh(battery: Battery, acWh: number): number {
  return Math.max(0, Math.floor(acWh * Math.sqrt(battery.efficiency)));
}

/**
 * Charges (`wantedWh` above 0) or discharges (below 0) as much of `wantedWh` AC energy as power and state of charge allow.
 * @param socWh whole, in [0, capacity]
 */
export function stepBattery(battery: Battery, socWh: number, wantedWh: number, periodMinutes: number): BatteryStep {
  const oneWay = Math.sqrt(battery.efficiency);
  const limitWh = powerLimitWh(battery, periodMinutes);
  if (wantedWh > 0) {
    const roomWh = Math.max(0, battery.capacityWh - socWh);
    const chargedWh = Math.min(Math.floor(wantedWh), limitWh, Math.floor(roomWh / oneWay));
    return { socWh: socWh + Math.min(roomWh, storedFromWh(battery, chargedWh)), chargedWh, dischargedWh: 0 };
  }
  const dischargedWh = Math.min(Math.floor(-wantedWh), limitWh, deliverableWh(battery, socWh));
  return { socWh: socWh - Math.min(socWh, Math.ceil(dischargedWh / oneWay)), chargedWh: 0, dischargedWh };
}

/** Several batteries behind one meter, planned and run as one: sums, and the efficiency weighted by power. */
export function merged(batteries: readonly Battery[]): Battery | undefined {
  const [first, ...others] = batteries;
  if (first === undefined || others.length === 0) return first;
  let capacityWh = 0;
  let powerW = 0;
  let weighted = 0;
  for (const battery of batteries) {
    capacityWh += battery.capacityWh;
    powerW += battery.powerW;
    weighted += battery.efficiency * battery.powerW;
  }
  return { capacityWh, powerW, efficiency: powerW === 0 ? first.efficiency : weighted / powerW };
}
