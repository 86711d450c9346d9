import { getHeapStatistics } from "node:v8";
import { expect, it } from "vitest";
import { boundHeapGrowth } from "../../../infra/threads/heap-growth.js";

const living: unknown[] = [];
const usedMb = (): number => getHeapStatistics().used_heap_size / (1024 * 1024);

/** Each of 40 MB lives long enough to be old when another takes its place. @returns the most that the heap held meanwhile, MB */
function mostOfBusyHeapMb(): number {
  let mostMb = 0;
  for (let turn = 0; turn < 200; turn += 1) {
    living[turn % 40] = Array.from({ length: 10_000 }, (_, at) => ({ turn, at, next: [turn] }));
    mostMb = Math.max(mostMb, usedMb());
  }
  return mostMb;
}

it("a busy heap is collected before it holds three times what lives in it", () => {
  mostOfBusyHeapMb();
  boundHeapGrowth();
  const livingMb = usedMb();
  expect(mostOfBusyHeapMb()).toBeLessThan(3 * livingMb);
});
