/**
 * Where the energy in a home's storage came from, and where it went: own generation, the network, or what was there at the start.
 *
 * What is stored mixes: it leaves in proportion to what is there. Only the stored kWh that is used inside counts as self-supply, so energy
 * charged from the network is kept apart. In the cells Wh after losses, flows on the AC side; floats, for these are figures, not books.
 * Own generation serves the home's load first, then the storage, then the network. Source: elecbay.md 5.
 */
import type { Flows } from "./meter.js";

export interface ByOrigin {
  own: number;
  grid: number;
  start: number;
}

export interface StorageOrigin {
  /** In the cells now. Sums to the state of charge. */
  readonly storedWh: ByOrigin;
  /** Taken by the storage since the start; `start` stays 0. */
  readonly chargedWh: ByOrigin;
  /** Given to the home's own load, and to the network, since the start. */
  readonly toLoadWh: ByOrigin;
  readonly toGridWh: ByOrigin;
  /** Own generation that the home's load took at once. */
  directWh: number;
  loadWh: number;
  generationWh: number;
}

export function storageOriginOf(startWh: number): StorageOrigin {
  const none = (): ByOrigin => ({ own: 0, grid: 0, start: 0 });
  return {
    storedWh: { own: 0, grid: 0, start: startWh },
    ...{ chargedWh: none(), toLoadWh: none(), toGridWh: none() },
    ...{ directWh: 0, loadWh: 0, generationWh: 0 },
  };
}

/** Adds a period's flows; `socWh` is the state of charge after it. */
export function trackStorage(origin: StorageOrigin, flows: Flows, socWh: number): void {
  const { loadWh, generationWh, chargedWh, dischargedWh } = flows;
  const directWh = Math.min(loadWh, generationWh);
  origin.directWh += directWh;
  origin.loadWh += loadWh;
  origin.generationWh += generationWh;
  if (chargedWh > 0) charge(origin, chargedWh, Math.min(chargedWh, generationWh - directWh), socWh);
  if (dischargedWh > 0) discharge(origin, dischargedWh, Math.min(dischargedWh, loadWh - directWh), socWh);
}

function charge(origin: StorageOrigin, chargedWh: number, ownWh: number, socWh: number): void {
  const { storedWh } = origin;
  const addedWh = socWh - (storedWh.own + storedWh.grid + storedWh.start);
  storedWh.own += (addedWh * ownWh) / chargedWh;
  storedWh.grid += (addedWh * (chargedWh - ownWh)) / chargedWh;
  origin.chargedWh.own += ownWh;
  origin.chargedWh.grid += chargedWh - ownWh;
}

function discharge(origin: StorageOrigin, dischargedWh: number, toLoadWh: number, socWh: number): void {
  const { storedWh } = origin;
  const beforeWh = storedWh.own + storedWh.grid + storedWh.start;
  if (beforeWh === 0) return;
  for (const from of ["own", "grid", "start"] as const) {
    const share = storedWh[from] / beforeWh;
    origin.toLoadWh[from] += toLoadWh * share;
    origin.toGridWh[from] += (dischargedWh - toLoadWh) * share;
    storedWh[from] = socWh * share;
  }
}

/** A home's own figures; null where it has no load, or no generation. Own generation counts when it is used at home, at once or later. */
export function homeShares(origin: StorageOrigin): {
  readonly selfSufficiency: number | null;
  readonly selfConsumption: number | null;
} {
  const usedWh = origin.directWh + origin.toLoadWh.own;
  return {
    selfSufficiency: origin.loadWh > 0 ? usedWh / origin.loadWh : null,
    selfConsumption: origin.generationWh > 0 ? usedWh / origin.generationWh : null,
  };
}
