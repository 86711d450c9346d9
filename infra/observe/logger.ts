/** Logs through winston: lines for people, JSON for machines. */
import winston from "winston";
import type { Log } from "../../market/ports.js";

export type LogFormat = "text" | "json";

/** `quiet` sends everything to standard error, so that standard output is free for a live status or a result. */
export function createLog(format: LogFormat, level: string): Log {
  const { combine, timestamp, json, printf } = winston.format;
  const line = printf(({ timestamp: at, level: how, message, ...values }) => {
    const rest = Object.entries(values).map(([name, value]) => ` ${name}=${JSON.stringify(value)}`);
    return `${String(at)} ${how.padEnd(5)} ${String(message)}${rest.join("")}`;
  });
  const logger = winston.createLogger({
    level,
    format: combine(timestamp(), format === "json" ? json() : line),
    transports: [new winston.transports.Console({ stderrLevels: ["error", "warn", "info", "debug"] })],
  });
  return {
    info: (message, values) => void logger.info(message, values ?? {}),
    warn: (message, values) => void logger.warn(message, values ?? {}),
  };
}
