/** The live screen in a terminal, drawn by Ink: loaded only where somebody watches. */
import { Box, render, Text, useApp, useInput, useStdout } from "ink";
import { createElement, type ReactNode, useEffect, useState } from "react";
import { type Screen, screenOf } from "./layout.js";
import type { MarketWatch } from "./market-watch.js";
import type { Line, Section, Segment, Tone } from "./sections.js";

const colours: Readonly<Record<Tone, Record<string, unknown>>> = {
  plain: {},
  strong: { bold: true },
  dim: { dimColor: true },
  good: { color: "green" },
  bad: { color: "yellow", bold: true },
  accent: { color: "cyan" },
};

const drawnEveryMs = 250;
/** The alternate screen: what stood in the terminal before is there again afterwards. */
const enterScreen = "\u001B[?1049h\u001B[H";
const leaveScreen = "\u001B[?1049l";

/** Resolves when it was ended by `q` or Ctrl-C, or `ended` resolves. */
export async function showScreen(watch: MarketWatch, ended: Promise<void>): Promise<void> {
  const leave = (): void => void process.stdout.write(leaveScreen);
  process.once("exit", leave);
  process.stdout.write(enterScreen);
  const app = render(createElement(LiveScreen, { watch }), { exitOnCtrlC: true, patchConsole: false });
  void ended.then(() => app.unmount());
  await app.waitUntilExit();
  process.off("exit", leave);
  leave();
}

function LiveScreen({ watch }: { readonly watch: MarketWatch }): ReactNode {
  const { exit } = useApp();
  const { stdout } = useStdout();
  const [, drawAgain] = useState(0);
  useInput((input) => {
    if (input === "q" || input === "Q") exit();
  });
  useEffect(() => {
    const again = (): void => drawAgain((count) => count + 1);
    const timer = setInterval(again, drawnEveryMs);
    stdout.on("resize", again);
    return () => {
      clearInterval(timer);
      stdout.off("resize", again);
    };
  }, [stdout]);
  return screenElement(screenOf(watch, Date.now(), stdout.columns ?? 80, stdout.rows ?? 24));
}

function screenElement({ header, columns, columnWidth }: Screen): ReactNode {
  const column = (sections: readonly Section[], place: number): ReactNode =>
    createElement(
      Box,
      { key: place, flexDirection: "column", width: columnWidth, marginRight: 2 },
      ...sections.map(sectionElement),
    );
  return createElement(
    Box,
    { flexDirection: "column" },
    lineElement(header, 0),
    createElement(Box, { key: "columns" }, ...columns.map(column)),
    createElement(Text, { key: "foot", dimColor: true }, "q ends"),
  );
}

function sectionElement({ title, lines }: Section): ReactNode {
  return createElement(
    Box,
    { key: title, flexDirection: "column", marginTop: 1 },
    createElement(Text, { key: "title", bold: true, underline: true, wrap: "truncate-end" }, title),
    ...lines.map(lineElement),
  );
}

function lineElement(line: Line, place: number): ReactNode {
  const part = ({ text, tone }: Segment, at: number): ReactNode =>
    createElement(Text, { key: at, ...colours[tone] }, text);
  return createElement(Text, { key: place, wrap: "truncate-end" }, ...line.map(part));
}
