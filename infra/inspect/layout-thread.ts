/** Lays machines out beside the market: ELK takes some 100 ms for each, in which no order would be answered. */
import { parentPort } from "node:worker_threads";
import { layOutMachine } from "./lay-out-machine.js";
import type { MachineDescription } from "./machine-description.js";

parentPort?.on("message", ({ id, description }: { id: number; description: MachineDescription }) => {
  layOutMachine(description).then(
    (machine) => parentPort?.postMessage({ id, machine }),
    (error: unknown) => parentPort?.postMessage({ id, error: String(error) }),
  );
});
