import { afterEach, describe, expect, it, vi } from "vitest";
import { createLog, type LogFormat } from "../../../infra/observe/logger.js";

afterEach(() => vi.restoreAllMocks());

/** What a log writes to standard error; nothing may go to standard output. */
function logged(
  format: LogFormat,
  level: "info" | "warn",
  write: (log: ReturnType<typeof createLog>) => void,
): string[] {
  const lines: string[] = [];
  // winston's Console writes through the console's own streams where there are any.
  const streams = console as unknown as { _stderr: NodeJS.WriteStream; _stdout: NodeJS.WriteStream };
  vi.spyOn(streams._stderr, "write").mockImplementation((text) => lines.push(String(text).trimEnd()) > 0);
  const out = vi.spyOn(streams._stdout, "write").mockReturnValue(true);
  write(createLog(format, level, "stderr"));
  expect(out).not.toHaveBeenCalled();
  return lines;
}

describe("the log", () => {
  it("goes to standard output where the user came for it", () => {
    const streams = console as unknown as { _stdout: NodeJS.WriteStream };
    const out = vi.spyOn(streams._stdout, "write").mockReturnValue(true);
    createLog("text", "info", "stdout").warn("h1 is away");
    expect(out).toHaveBeenCalledOnce();
  });

  it("is a JSON object a line, with time, level, message and values", () => {
    const lines = logged("json", "info", (log) => log.warn("h1 is away", { seq: 97, reason: "no ready" }));
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        level: "warn",
        message: "h1 is away",
        seq: 97,
        reason: "no ready",
        timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      },
    ]);
  });

  it("is a line of text for people, values behind the message", () => {
    const lines = logged("text", "info", (log) => log.info("h1 is away", { seq: 97, reason: "no ready" }));
    expect(lines).toEqual([expect.stringMatching(/^\S+Z info {2}h1 is away seq=97 reason="no ready"$/)]);
  });

  it("leaves out what is below its level", () => {
    const lines = logged("text", "warn", (log) => {
      log.info("all is well");
      log.warn("all is not well");
    });
    expect(lines).toEqual([expect.stringMatching(/warn {2}all is not well$/)]);
  });
});
