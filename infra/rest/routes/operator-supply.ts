/** What suppliers offer and who is with whom, changed by the operator from a period to come on. */
import * as z from "zod";
import * as f from "../../../shared/messages/fields.js";
import { customer, offer } from "../../../shared/messages/manage.js";
import { supplierName, timeOfUse } from "../../scenario/price-schema.js";
import { longestTariffBytes, mostTariffPrices } from "../limits.js";
import { periodFrom, periodText } from "../period-query.js";
import { granted } from "../problem.js";
import type { RestApp, RestServices } from "../rest-app.js";
import { about } from "../route-schema.js";

const series = z.strictObject({
  prices: z
    .array(f.pricePerKwh)
    .min(1)
    .max(mostTariffPrices)
    .meta({ description: "one per period from `from` on; after them the last one holds" }),
});
const price = z
  .union([f.pricePerKwh, series, timeOfUse])
  .meta({ description: "per kWh: one number, a series, or by the clock of the market's timezone" });
const tariffBody = z
  .strictObject({
    from: periodText.meta({ description: "first delivery period for which it holds: one that has not begun" }),
    import: price.meta({ description: "what customers pay for each kWh drawn" }),
    export: price.meta({ description: "what they are paid for each kWh fed in" }),
  })
  .meta({
    examples: [
      {
        from: "2016-08-02T00:00:00Z",
        import: { otherwise: 0.16, timeOfUse: [{ from: "23:00", to: "07:00", price: 0.08 }] },
        export: 0.05,
      },
    ],
  });
const supplierBody = z
  .strictObject({ supplier: supplierName, from: tariffBody.shape.from })
  .meta({ examples: [{ supplier: "green", from: "2016-08-02T00:00:00Z" }] });

const exampleOffer = { supplier: "green", from: "2016-08-02T00:00:00Z", importPerKwh: [0.16], exportPerKwh: [0.05] };
const exampleCustomer = { participant: "p4f7c2a1", supplier: "green", from: "2016-08-02T00:00:00Z" };
const config = { access: "operator" } as const;
const common = { tag: "operator", access: "operator" } as const;

export function operatorSupplyRoutes(app: RestApp, { inside }: Pick<RestServices, "inside">): void {
  app.get(
    "/operator/suppliers",
    {
      config,
      schema: about({
        ...{ ...common, summary: "What the operator has changed of supply", problems: [] },
        description: "In the order of telling; what the scenario says is not among it.",
        answers: {
          200: {
            description: "offers of suppliers, and who is with whom, each from a period on",
            schema: z.object({ offers: z.array(offer), customers: z.array(customer) }),
            example: { offers: [exampleOffer], customers: [exampleCustomer] },
          },
        },
      }),
    },
    async () => {
      const { supply } = inside().registry;
      return { offers: supply.offers(), customers: supply.customers() };
    },
  );
  app.put(
    "/operator/suppliers/:name/tariff",
    {
      config,
      bodyLimit: longestTariffBytes,
      schema: {
        ...about({
          ...{ ...common, takesBody: true, summary: "Change what a supplier offers" },
          description:
            "From a period on that has not begun, for all its customers; a supplier that nobody knew is one from then on. Prices lie within the market's band. Of two words for the same period the later one holds.",
          problems: ["period-begun", "tariff-refused"],
          answers: { 200: { description: "as the supplier is told it", schema: offer, example: exampleOffer } },
        }),
        params: z.strictObject({ name: supplierName.meta({ examples: ["green"] }) }),
        body: tariffBody,
      },
    },
    async (request) => {
      const { from, ...prices } = request.body;
      const { operator } = inside().registry;
      return granted(await operator.offer({ ...prices, supplier: request.params.name, fromMs: periodFrom(from) ?? 0 }))
        .offer;
    },
  );
  app.put(
    "/operator/participants/:id/supplier",
    {
      config,
      schema: {
        ...about({
          ...{ ...common, takesBody: true, summary: "Change a participant's supplier" },
          description:
            "From a period on that has not begun: to the market's own supplier, or to one whose tariff the operator has told by then.",
          problems: ["unknown-participant", "unknown-supplier", "period-begun", "tariff-refused"],
          answers: { 200: { description: "as the supplier is told it", schema: customer, example: exampleCustomer } },
        }),
        params: z.strictObject({ id: f.participant.meta({ examples: ["p4f7c2a1"] }) }),
        body: supplierBody,
      },
    },
    async (request) => {
      const { supplier, from } = request.body;
      const { operator } = inside().registry;
      return granted(await operator.assign(request.params.id, supplier, periodFrom(from) ?? 0)).customer;
    },
  );
}
