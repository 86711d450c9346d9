/**
 * Every topic of the contract in one table: address, schema, what is retained, who writes it, golden examples.
 *
 * docs/contract.md is generated from it. Clients do not import it: a bot takes the schemas it needs, so its bundle stays small.
 */
import type { Channel } from "./channel.js";
import { inspectChannels, inspectionChannels } from "./inspection-channels.js";
import { manageChannels } from "./manage-channels.js";
import { inChannels, privateChannels } from "./participant-channels.js";
import { publicChannels } from "./public-channels.js";

export const channels: readonly Channel[] = [
  ...publicChannels,
  ...inChannels,
  ...privateChannels,
  ...manageChannels,
  ...inspectionChannels,
  ...inspectChannels,
];
