/** Comma-separated values (RFC 4180), as spreadsheets read them: a heading, then rows; text in quotes where it needs them. */

export type Cell = string | number | null | undefined;

export interface Sheet {
  /** Without ending. */
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

export function csvText({ columns, rows }: Sheet): string {
  return `${[columns, ...rows].map((row) => row.map(cellText).join(",")).join("\r\n")}\r\n`;
}

function cellText(cell: Cell): string {
  if (cell === null || cell === undefined) return "";
  const text = String(cell);
  // A spreadsheet takes what begins with these for a formula.
  const safe = typeof cell === "string" && /^[=+\-@\t]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
