/** What a bot listens to: no more than it uses, for traffic is the main cost of a large swarm. */
import { filtersOf, topicsOf } from "../../shared/topics.js";
import type { BotSpecification } from "./specification.js";

/** Topic filters, all of them to be subscribed at QoS 1, before or after CONNECTED. */
export function subscriptionsOf(specification: BotSpecification): string[] {
  const { id, market, strategy } = specification;
  const topics = topicsOf(market);
  const own = filtersOf(market).ownPrivate(id).slice(0, -1);
  const filters = [
    topics.public("market-info"),
    topics.public("solar-forecast"),
    topics.public("consumption-curve"),
    topics.public("price"),
    topics.private(id, "tariff"),
    topics.private(id, "replies"),
    topics.private(id, "fills"),
    `${own}contracts/+`,
    topics.public("clock"),
  ];
  if (strategy.usesList) filters.push(filtersOf(market).publicPeriods("items"));
  return filters;
}

/** What a bot listens to only while it starts: what a life before this one has left in the market. */
export function startingSubscriptionsOf({ id, market }: BotSpecification): string[] {
  return [topicsOf(market).private(id, "orders")];
}
