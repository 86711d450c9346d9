/** The operator's invitations: codes that somebody may register with. The code is told once; afterwards an invitation has its id. */
import * as z from "zod";
import { mostUses } from "../../../market/rules/invitations.js";
import * as f from "../../../shared/messages/fields.js";
import { participantRoles } from "../../../shared/participant-id.js";
import { instantFromIso, isoUtc } from "../../../shared/time.js";
import type { InvitationView } from "../../registry/registry.js";
import { granted } from "../problem.js";
import type { RestApp, RestServices } from "../rest-app.js";
import { about } from "../route-schema.js";

const role = z.enum(participantRoles).exclude(["operator"]);
const invitation = z.object({
  id: z.string().meta({ description: "names it from now on; it is not the code" }),
  role,
  uses: z.int().meta({ description: "how often it may still be used" }),
  expiresAt: f.instant,
});
const invited = invitation.extend({
  code: z.string().meta({ description: "for the one who is to register: told once and never again" }),
});
const inviteBody = z
  .strictObject({
    role: role.default("prosumer"),
    uses: z.int().min(1).max(mostUses).default(1),
    expiresAt: f.instant.meta({ description: "market time" }),
  })
  .meta({ examples: [{ role: "prosumer", uses: 1, expiresAt: "2016-08-08T00:00:00Z" }] });

const example = {
  ...{ id: "vT4hK0mX2cQ9sL7pYb1nE6wRz3aJ8uDfG5oIiNlCkHs", role: "prosumer", uses: 1 },
  expiresAt: "2016-08-08T00:00:00Z",
};
const path = z.strictObject({
  id: z
    .string()
    .max(64)
    .meta({ description: "the invitation's id", examples: ["vT4h"] }),
});
const config = { access: "operator" } as const;
const common = { tag: "operator", access: "operator" } as const;

export function operatorInvitationRoutes(app: RestApp, { inside }: Pick<RestServices, "inside">): void {
  app.post(
    "/operator/invitations",
    {
      config,
      schema: {
        ...about({
          ...{ ...common, takesBody: true, summary: "Make an invitation", problems: ["market-closed"] },
          description: "Good for so many registrations as this role, until it expires.",
          answers: {
            201: {
              description: "made; the code is told this once",
              schema: invited,
              example: { ...example, code: "q2Vw8ZrT5yUi0pLkJhGfDsAa" },
            },
          },
        }),
        body: inviteBody,
      },
    },
    async (request, reply) => {
      const { role: as, uses, expiresAt } = request.body;
      const expiresAtMs = instantFromIso(expiresAt) ?? 0;
      const { id, code } = granted(await inside().registry.operator.invite({ role: as, uses, expiresAtMs }));
      void reply.code(201).header("cache-control", "no-store");
      return reply.send({ ...shown({ id, role: as, uses, expiresAtMs }), code });
    },
  );
  app.get(
    "/operator/invitations",
    {
      config,
      schema: about({
        ...{ ...common, summary: "The invitations that are still good", problems: [] },
        answers: {
          200: {
            description: "the first to expire first",
            schema: z.object({ items: z.array(invitation) }),
            example: { items: [example] },
          },
        },
      }),
    },
    async () => ({ items: inside().registry.operator.invitations().map(shown) }),
  );
  app.delete(
    "/operator/invitations/:id",
    {
      config,
      schema: {
        ...about({
          ...{
            ...common,
            summary: "Revoke an invitation",
            problems: ["bad-message", "unknown-invitation", "market-closed"],
          },
          description: "Who has registered with it stays.",
          answers: {
            200: { description: "revoked", schema: z.object({ id: z.string() }), example: { id: example.id } },
          },
        }),
        params: path,
      },
    },
    async (request) => {
      const { id } = request.params;
      granted(await inside().registry.operator.revokeInvitation(id));
      return { id };
    },
  );
}

function shown({ id, role: as, uses, expiresAtMs }: InvitationView): z.infer<typeof invitation> {
  return { id, role: as as z.infer<typeof role>, uses, expiresAt: isoUtc(expiresAtMs) };
}
