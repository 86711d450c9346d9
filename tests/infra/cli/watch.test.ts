/** The terminal's view of a market as a user starts it: as lines, and on a terminal of its own. */
import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type RunningMarket, runMarket } from "../../brokers/running-market.js";
import { cleanUp, runProgram, startProgram } from "./program.js";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
afterAll(cleanUp);

/**
 * Runs the program in a terminal of 100 by 30, types `q` when it has drawn periods, and prints what it drew. It ends by
 * itself: a program that draws nothing, or does not obey, is killed, and shows that by its exit code.
 */
const inTerminal = `
import fcntl, os, pty, select, signal, struct, sys, termios, time
pid, fd = pty.fork()
if pid == 0:
    os.environ["TERM"] = "xterm-256color"
    os.execvp(sys.argv[1], sys.argv[1:])
fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
drawn, begun, typed, ended = b"", time.time(), False, False
while time.time() - begun < 40 and not ended:
    if select.select([fd], [], [], 0.2)[0]:
        try: part = os.read(fd, 65536)
        except OSError: part = b""
        drawn += part
        ended = not part
    if not typed and b"Delivery periods" in drawn and b"gate in" in drawn:
        os.write(fd, b"q"); typed = True
if not ended: os.kill(pid, signal.SIGKILL)
_, status = os.waitpid(pid, 0)
sys.stdout.buffer.write(drawn)
sys.exit(os.waitstatus_to_exitcode(status) & 255)
`;

function hasPython(): boolean {
  try {
    execFileSync("python3", ["--version"], { stdio: "ignore", timeout: 10_000 });
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

  it.skipIf(!hasPython())("draws the market on a terminal until q, also where the environment says CI", () => {
    const watch = [process.execPath, "dist/elecbay.js", "watch", "--url", url];
    const drawn = execFileSync("python3", ["-c", inTerminal, ...watch], {
      encoding: "utf8",
      env: { ...process.env, CI: "true" },
      timeout: 50_000,
    });
    expect(drawn).toContain("open-elecbay main");
    expect(drawn.startsWith("\u001B[?1049h")).toBe(true);
    expect(drawn).toContain("\u001B[?1049l");
  });

  it("says that a broker has no market of that name, or lets nobody read it", async () => {
    const { code, stderr } = await runProgram(["watch", "--url", url, "--market", "nosuch"]);
    expect(code).toBe(1);
    expect(stderr).toContain("elecbay/nosuch/public/#: there is no market of that name, or observer may not read");
  });

  it("says where it found no market", async () => {
    const { code, stderr } = await runProgram(["watch", "--url", "mqtt://127.0.0.1:1"]);
    expect(code).toBe(1);
    expect(stderr).toContain("observer cannot connect to mqtt://127.0.0.1:1");
  });
});
