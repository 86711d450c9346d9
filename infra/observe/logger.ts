/** Logs through winston: lines for people, JSON for machines. */
import winston from "winston";
import type { Log } from "../../market/ports.js";

export type LogFormat = "text" | "json";

/** Standard output where the log is what the user came for, standard error beside a result, a file beside a live status. */
export type LogDestination = "stdout" | "stderr" | { readonly file: string };

/** @param level the least that is written: `info` or `warn` */
export function createLog(format: LogFormat, level: "info" | "warn", destination: LogDestination): Log {
  const { combine, timestamp, json, printf } = winston.format;
  const line = printf(({ timestamp: at, level: how, message, ...values }) => {
    const rest = Object.entries(values).map(([name, value]) => ` ${name}=${JSON.stringify(value)}`);
    return `${String(at)} ${how.padEnd(5)} ${String(message)}${rest.join("")}`;
  });
  const logger = winston.createLogger({
    level,
    format: combine(timestamp(), format === "json" ? json() : line),
    transports: [transportTo(destination)],
  });
  return {
    info: (message, values) => void logger.info(message, values ?? {}),
    warn: (message, values) => void logger.warn(message, values ?? {}),
  };
}

function transportTo(destination: LogDestination): winston.transport {
  if (typeof destination === "object") return new winston.transports.File({ filename: destination.file });
  const { Console } = winston.transports;
  return destination === "stdout" ? new Console() : new Console({ stderrLevels: ["error", "warn", "info", "debug"] });
}
