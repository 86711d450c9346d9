/**
 * docs/contract.md, made from what the program itself uses: the table of channels, the schemas, the reject codes.
 *
 * Pure: the same source gives the same text, so that a test can tell when the committed page is out of date.
 */
import type { Channel } from "../../shared/messages/channel.js";
import { inspectChannels, inspectionChannels } from "../../shared/messages/inspection-channels.js";
import { manageChannels } from "../../shared/messages/manage-channels.js";
import { inChannels, privateChannels } from "../../shared/messages/participant-channels.js";
import { publicChannels } from "../../shared/messages/public-channels.js";
import { participantRoles, processRoles } from "../../shared/participant-id.js";
import { rejectCodeNames, rejectCodes } from "../../shared/reject-codes.js";
import { topicsOf } from "../../shared/topics.js";
import { clockRules, messageRules, notYetServed, processRules, restRules } from "./contract-rules.js";
import { type FieldGroup, fieldGroups } from "./field-rows.js";
import { restTable } from "./rest-table.js";

const bullets = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join("\n");
const codes = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(", ");
/** A bar would end the cell. */
const cell = (text: string): string => text.replaceAll("|", "\\|");

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n");
}

function groupSection({ variant, rows }: FieldGroup): string {
  const fields = table(
    ["field", "type", "", "meaning"],
    rows.map((row) => [`\`${row.field}\``, row.type, row.optional ? "optional" : "", row.meaning]),
  );
  return variant === undefined ? fields : `With \`${variant}\`:\n\n${fields}`;
}

function channelSection(channel: Channel): string {
  const facts = [`Retained: ${channel.retained}. Written by: ${channel.writtenBy}.`];
  if (channel.notYet !== undefined) facts.push(`**Not yet served.** ${channel.notYet}`);
  const examples = channel.examples.map((example) => JSON.stringify(example)).join("\n");
  return [
    `### \`${channel.address}\``,
    channel.summary,
    facts.join(" "),
    ...fieldGroups(channel.schema).map(groupSection),
    `\`\`\`json\n${examples}\n\`\`\``,
  ].join("\n\n");
}

function overview(channels: readonly Channel[]): string {
  const rows = channels.map(({ address, retained, writtenBy, summary, notYet }) => [
    `\`${address}\``,
    retained,
    writtenBy,
    notYet === undefined ? summary : `${summary} *Not yet served.*`,
  ]);
  return table(["topic", "retained", "written by", "what"], rows);
}

function topicsPart(): string {
  const areas: readonly (readonly [string, readonly Channel[]])[] = [
    ["What everybody may read", publicChannels],
    ["What a participant sends", inChannels],
    ["What one participant alone may read", privateChannels],
    ["Between the market's own processes", manageChannels],
    ["What operators ask to see, and what they see", [...inspectionChannels, ...inspectChannels]],
  ];
  return areas
    .map(([title, channels]) => [`## ${title}`, overview(channels), ...channels.map(channelSection)].join("\n\n"))
    .join("\n\n");
}

function rejectPart(): string {
  return [
    "## Reject codes",
    "A closed list: it grows, a code is never reused. Where several apply, the first in this order is told. `reason` is a sentence with the numbers in it. `absent` is the notice of lockstep; `market-closed` says that the market is stopped or cannot write.",
    table(
      ["code", "HTTP status"],
      rejectCodeNames.map((name) => [`\`${name}\``, String(rejectCodes[name])]),
    ),
  ].join("\n\n");
}

function restPart(): string {
  const rows = restTable.map(({ methods, path, what, notYet }) => [
    methods,
    `\`${path}\``,
    notYet === undefined ? what : `${what} *Not yet served.*`,
  ]);
  return ["## REST", bullets(restRules), table(["method", "path", "what"], rows)].join("\n\n");
}

/** The whole page as Markdown, ending with a newline. */
export function contractDocument(): string {
  return `${[
    "# The contract: topics, messages, REST",
    "What a client in any language needs, and all it needs, to take part. It changes only by optional fields, topics or codes that are added, or with a new `v`.",
    "This page is generated from the schemas that check the messages (`npm run docs`). Do not edit it.",
    "## Not yet served in this version",
    bullets(notYetServed),
    "## Rules for every message",
    bullets(messageRules),
    "## The clock",
    bullets(clockRules),
    "## Roles",
    `Participants: ${codes(participantRoles)}. Market processes: ${codes(processRoles)}.`,
    bullets(processRules),
    `All topics below stand under \`${topicsOf("<m>").prefix}/\`. Fields are required unless marked optional.`,
    topicsPart(),
    rejectPart(),
    restPart(),
  ].join("\n\n")}\n`;
}
