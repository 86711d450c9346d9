/** What somebody says who registers, and the key that comes of it. */
import * as z from "zod";
import * as f from "../../shared/messages/fields.js";
import { participantRoles } from "../../shared/participant-id.js";
import { longestName } from "../registry/registry.js";

const text = z.string().trim().min(1).max(64);
export const registerBody = z
  .strictObject({
    name: z
      .string()
      .trim()
      .min(1)
      .max(longestName)
      .meta({ description: "of the person or the household; nobody else is told" }),
    role: z.enum(participantRoles).exclude(["operator"]),
    capacityKw: f.powerKw.min(0).optional().meta({ description: "of the connection; the operator confirms it" }),
    connectionPoint: text.optional(),
    phase: text.optional().meta({ description: "such as `a` or `abc`" }),
    invitation: z.string().max(200).optional().meta({ description: "the code, where the market asks for one" }),
  })
  .meta({ examples: [{ name: "Ann Example", role: "prosumer", capacityKw: 7, connectionPoint: "R18", phase: "abc" }] });

export const newKey = z.object({
  id: f.participant,
  key: z.string().meta({ description: "told once and never again" }),
});
export const exampleKey = { id: "p4f7c2a1", key: "p4f7c2a1.4mQ0bUqQ0Q5y5fY7m1zJ0eKkq3bW9cXvT2nHs8rLd6E" };
