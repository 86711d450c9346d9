/** A month's statement as one self-contained page: no script, no outside file, light and dark, fit for printing. */
import { minuteMs } from "../../shared/time.js";
import { escaped } from "../results/svg-text.js";
import { dayPicture } from "./day-picture.js";
import {
  averageText,
  carryRows,
  comparisonWords,
  lineWords,
  payableWords,
  paymentHead,
  paymentRows,
  paymentWords,
  signWords,
} from "./line-words.js";
import { localTime, monthInWords } from "./local-days.js";
import { amountText, energyText } from "./money-text.js";
import type { MonthStatement } from "./month-statement.js";
import { chainOf } from "./period-chain.js";

const style = `
:root { color-scheme: light dark; --ink: #1c1c1c; --quiet: #5f6368; --line: #d9d9d9; --paper: #fff; --fed: #2e8b57; --taken: #4a6fa5; --market: #b3541e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e8e8; --quiet: #a0a4a8; --line: #3c4043; --paper: #17191c; --fed: #5cc98b; --taken: #7ea6e0; --market: #f0935a; } }
body { font: 15px/1.45 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; } .quiet { color: var(--quiet); fill: var(--quiet); }
.payable { font-size: 1.35rem; font-weight: 600; margin: 1.25rem 0 .25rem; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: .25rem .5rem; border-bottom: 1px solid var(--line); white-space: nowrap; } th:first-child, td:first-child { text-align: left; padding-left: 0; }
thead th { color: var(--quiet); font-weight: 500; } tr.sum td { font-weight: 600; } td.words { text-align: left; white-space: normal; }
svg { width: 100%; height: auto; font: 12px system-ui, sans-serif; fill: var(--ink); } svg .strong { font-weight: 600; } svg path { fill: none; }
svg .grid { stroke: var(--line); } svg .zero { stroke: var(--quiet); } svg .fed { fill: var(--fed); } svg .taken { fill: var(--taken); }
svg .market { stroke: var(--market); stroke-width: 2; } svg .alone { stroke: var(--quiet); stroke-width: 2; stroke-dasharray: 5 4; }
@media print { :root { --ink: #000; --quiet: #444; --line: #bbb; --paper: #fff; } body { margin: 0; max-width: none; font-size: 11px; } tr, svg { break-inside: avoid; } .wide { overflow: visible; } }
`;

/** @param withPeriods each period's steps from order to total, too */
export function htmlPage(statement: MonthStatement, withPeriods: boolean): string {
  const { participant, month, scenario, timezone, currency } = statement;
  const title = `Statement of ${participant}, ${monthInWords(month)}`;
  return page(title, [
    `<h1>${escaped(title)}</h1>`,
    `<p class="quiet">${escaped(`${scenario}. Days in ${timezone}, money in ${currency}.`)}</p>`,
    `<p class="payable">${escaped(payableWords(statement))}</p>`,
    `<p>${escaped(comparisonWords(statement))}</p>`,
    "<h2>What it is made of</h2>",
    `<p class="quiet">${escaped(signWords)}</p>`,
    kindTable(statement),
    ...(statement.days.length === 0 ? [] : ["<h2>Day by day</h2>", dayPicture(statement), dayTable(statement)]),
    ...paymentPart(statement),
    ...(withPeriods ? ["<h2>Period by period</h2>", periodTable(statement)] : []),
    ...(statement.bills.length === 0 ? [] : [`<p class="quiet">${chainWords(statement)}</p>`]),
  ]);
}

/** Links to all pages of a folder. */
export function indexPage(scenario: string, entries: readonly { file: string; statement: MonthStatement }[]): string {
  const rows = entries.map(({ file, statement }) => [
    `<a href="${escaped(file)}">${escaped(statement.participant)}</a>`,
    escaped(monthInWords(statement.month)),
    escaped(payableWords(statement)),
  ]);
  const title = `Statements of ${scenario}`;
  return page(title, [`<h1>${escaped(title)}</h1>`, htmlTable(["participant", "month", "result"], rows)]);
}

function page(title: string, body: readonly string[]): string {
  return [
    "<!doctype html>",
    '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(title)}</title><style>${style}</style></head><body>`,
    ...body,
    "</body></html>\n",
  ].join("\n");
}

/** @param rows of cells as HTML; `sums`: how many of them, the last, are set off */
function htmlTable(head: readonly string[], rows: readonly (readonly string[])[], sums = 0): string {
  const cells = (row: readonly string[], tag: string): string => row.map((cell) => `<${tag}>${cell}</${tag}>`).join("");
  const body = rows.map((row, index) => {
    const kind = index >= rows.length - sums ? ' class="sum"' : "";
    return `<tr${kind}>${cells(row, "td")}</tr>`;
  });
  return `<div class="wide"><table><thead><tr>${cells(head, "th")}</tr></thead><tbody>\n${body.join("\n")}\n</tbody></table></div>`;
}

function kindTable(statement: MonthStatement): string {
  const rows = statement.kinds.map((kind) => [
    escaped(lineWords(kind)),
    kind.energyWh === 0 ? "" : energyText(kind.energyWh),
    averageText(kind),
    amountText(kind.amountMicro),
  ]);
  const carried = carryRows(statement).map(([words, amount]) => [escaped(words), "", "", amount]);
  return htmlTable(["", "kWh", "per kWh", escaped(statement.currency)], [...rows, ...carried], carried.length);
}

function dayTable({ days, currency }: MonthStatement): string {
  const head = ["day", "taken kWh", "fed in kWh", "bought kWh", "sold kWh", escaped(currency), "supplier alone"];
  const rows = days.map((day) => [
    day.day,
    ...[day.importWh, day.exportWh, day.boughtWh, day.soldWh].map(energyText),
    amountText(day.amountMicro),
    amountText(day.aloneMicro),
  ]);
  return htmlTable(head, rows);
}

function paymentPart(statement: MonthStatement): string[] {
  const rows = paymentRows(statement).map((row) => row.map(escaped));
  if (rows.length === 0) return [];
  const head = [
    ...paymentHead.slice(0, 2),
    ...paymentHead.slice(2).map((words) => `${words} ${escaped(statement.currency)}`),
  ];
  return ["<h2>Payments</h2>", `<p class="quiet">${escaped(paymentWords)}</p>`, htmlTable(head, rows, 1)];
}

function periodTable({ bills, participant, timezone, periodMinutes }: MonthStatement): string {
  const rows = bills.flatMap((own) => {
    const { periodMs, billId } = own.bill;
    const [from, to] = [periodMs, periodMs + periodMinutes * minuteMs].map((atMs) => localTime(atMs, timezone));
    const name = `${own.day} ${from} to ${to}<br><span class="quiet">${escaped(billId)}${own.isLate ? ", correction" : ""}</span>`;
    const steps = chainOf(own, participant).map(({ step, words }) => `<b>${step}</b> ${escaped(words)}`);
    return [`<tr><td>${name}</td><td class="words">${steps.join("<br>")}</td></tr>`];
  });
  return `<table><tbody>\n${rows.join("\n")}\n</tbody></table>`;
}

function chainWords({ bills }: MonthStatement): string {
  const last = bills.at(-1)?.bill;
  return `${bills.length} bills, the last ${escaped(last?.billId ?? "")} with hash ${escaped(last?.hash ?? "")}.`;
}
