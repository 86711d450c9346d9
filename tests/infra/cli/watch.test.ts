/** The terminal's view of a market as a user starts it: as lines, and on a terminal of its own. */
import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type RunningMarket, runMarket } from "../../brokers/running-market.js";
import { cleanUp, runProgram, startProgram } from "./program.js";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
afterAll(cleanUp);

/** Runs the program in a terminal of 100 by 30, types `q` after some seconds, and prints what it drew. */
const inTerminal = `
import fcntl, os, pty, select, struct, sys, termios, time
pid, fd = pty.fork()
if pid == 0:
    os.environ["TERM"] = "xterm-256color"
    os.execvp(sys.argv[1], sys.argv[1:])
fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
drawn, begun, typed = b"", time.time(), False
while time.time() - begun < 30:
    if select.select([fd], [], [], 0.2)[0]:
        try: part = os.read(fd, 65536)
        except OSError: break
        if not part: break
        drawn += part
    if not typed and b"Delivery periods" in drawn and b"gate in" in drawn:
        os.write(fd, b"q"); typed = True
_, status = os.waitpid(pid, 0)
sys.stdout.buffer.write(drawn)
sys.exit(os.waitstatus_to_exitcode(status))
`;

function hasPython(): boolean {
  try {
    execFileSync("python3", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

describe("elecbay watch", () => {
  let market: RunningMarket;
  let url = "";
  beforeAll(async () => {
    market = await runMarket();
    url = `mqtt://127.0.0.1:${market.mqttPort}`;
  });
  afterAll(() => market.stop());

  it("tells a line where there is no terminal, and ends well", async () => {
    const watch = startProgram(["watch", "--url", url]);
    await watch.line(/^2017-05-15T\S+Z \| online \| /);
    watch.child.kill("SIGINT");
    expect((await watch.ended).code).toBe(0);
  });

  it.skipIf(!hasPython())("draws the market on a terminal until q, and leaves it as it was", () => {
    const drawn = execFileSync(
      "python3",
      ["-c", inTerminal, process.execPath, "dist/elecbay.js", "watch", "--url", url],
      {
        encoding: "utf8",
      },
    );
    expect(drawn).toContain("open-elecbay main");
    expect(drawn.startsWith("\u001B[?1049h")).toBe(true);
    expect(drawn.trimEnd().endsWith("\u001B[?1049l") || drawn.includes("\u001B[?1049l")).toBe(true);
  });

  it("says where it found no market", async () => {
    const { code, stderr } = await runProgram(["watch", "--url", "mqtt://127.0.0.1:1"]);
    expect(code).toBe(1);
    expect(stderr).toContain("observer cannot connect to mqtt://127.0.0.1:1");
  });
});
