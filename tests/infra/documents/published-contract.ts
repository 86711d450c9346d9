/** Reads the published contract's Markdown, to tell what of it another page lacks. */

/** What of the published contract is not in `ours`, each as a line. */
export function findMissing(published: string, ours: string): string[] {
  return [
    ...missingTopics(published, ours),
    ...missingFields(published, ours),
    ...rejectCodesIn(published)
      .filter((code) => !ours.includes(`| \`${code.split(" ")[0]}\` | ${code.split(" ")[1]} |`))
      .map((code) => `reject code ${code}`),
    ...rolesIn(published)
      .filter((role) => !rolesPartOf(ours).includes(`\`${role}\``))
      .map((role) => `role ${role}`),
    ...restIn(published)
      .filter(({ methods, path }) => !ours.includes(`| ${methods} | \`${path}\` |`))
      .map(({ methods, path }) => `REST ${methods} ${path}`),
  ];
}

/** `name status`, the notice `absent` (which has no status there) left out. */
export function rejectCodesIn(published: string): string[] {
  const part = between(published, "## Reject codes", "The first that applies");
  const groups = [...part.matchAll(/((?:`[a-z-]+`(?: \([^)]*\))?,? ?)+?)\s*(?:\([^)]*\)\s*)?(\d{3})\b/g)];
  return groups.flatMap(([, names = "", status]) => backticked(names).map((name) => `${name} ${status}`));
}

function topicRows(published: string): { address: string; row: string }[] {
  return published.split("\n").flatMap((row) => {
    const address = /^\| `((?:public|in|private)\/[^`]+)` \|/.exec(row)?.[1];
    return address === undefined ? [] : [{ address, row }];
  });
}

function missingTopics(published: string, ours: string): string[] {
  const processes = between(published, "## Between the market's own processes", "Roles:");
  const managed = backticked(processes).filter((text) => /^manage\/[a-z]/.test(text));
  const all = [...topicRows(published).map(({ address }) => address), ...managed];
  const missing = all.filter((address) => !ours.includes(`### \`${address}\``)).map((address) => `topic ${address}`);
  return ours.includes("### `inspect/") ? missing : [...missing, "topic inspect/#"];
}

function missingFields(published: string, ours: string): string[] {
  return topicRows(published).flatMap(({ address, row }) => {
    const names = new Set([...row.matchAll(/"([a-zA-Z0-9]+)":/g)].map((match) => match[1] ?? ""));
    // The row of a batch shows its reply too.
    const section =
      sectionOf(ours, address) + (address.endsWith("/batch") ? sectionOf(ours, "private/<id>/replies") : "");
    return [...names]
      .filter((name) => !new RegExp(`^\\| \`(?:[^\`]*\\.)?${name}\` \\|`, "m").test(section))
      .map((name) => `field ${name} of ${address}`);
  });
}

function rolesIn(published: string): string[] {
  return backticked(between(published, "Roles:", "each with its own account"));
}

function restIn(published: string): { methods: string; path: string }[] {
  const part = between(published, "## REST", "Authentication:");
  const rows = part.split("\n").filter((line) => line.startsWith("| "));
  return rows.flatMap((line) => {
    let methods = "";
    const first = line.split(" | ")[0] ?? "";
    return [...first.matchAll(/((?:[A-Z]{3,}(?:, )?)*) ?`(\/[^`]*)`/g)].map((match) => {
      methods = match[1] === "" ? methods : (match[1] ?? "");
      return { methods, path: match[2] ?? "" };
    });
  });
}

function rolesPartOf(page: string): string {
  return page.split("\n").find((line) => line.startsWith("Participants: ")) ?? "";
}

function sectionOf(page: string, address: string): string {
  const [, after = ""] = page.split(`### \`${address}\`\n`);
  return after.split(/^##/m)[0] ?? "";
}

function between(text: string, from: string, to: string): string {
  const start = text.indexOf(from);
  const end = text.indexOf(to, start);
  if (start < 0 || end < 0) throw new Error(`the published contract has no part from ${from} to ${to}`);
  return text.slice(start, end);
}

const backticked = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? "");
