/** The topics between the market's own processes, and for operators. Source: contract.md. */
import type { Channel } from "./channel.js";
import { manageExamples as examples, inspectExamples } from "./examples-manage.js";
import { inspection } from "./inspection.js";
import * as m from "./manage.js";

export const manageChannels: readonly Channel[] = [
  {
    address: "manage/check/<p>",
    schema: m.manageCheck,
    retained: "no",
    writtenBy: "bidding",
    summary: "To the DSO: contracts and the forecast of untraded energy, per connection point.",
    notYet: "There is no DSO yet: nobody writes it.",
    examples: examples.check,
  },
  {
    address: "manage/limits/<p>",
    schema: m.manageLimits,
    retained: "no",
    writtenBy: "dso",
    summary:
      "To bidding: cuts and operating limits with element, limit and value. Heard once for each period, between its gate and its exchange; bidding hands the limits on with the contracts.",
    notYet: "The DSO comes later: until then nobody of the market's own writes it.",
    examples: examples.limits,
  },
  {
    address: "manage/contracts/<p>",
    schema: m.manageContracts,
    retained: "no",
    writtenBy: "bidding",
    summary:
      "To exchange and settlement: the period's trades and operating limits. Told at the gate, and again after the DSO's check; a newer one (`n`) takes the place of an older one.",
    examples: examples.contracts,
  },
  {
    address: "manage/metered/<p>",
    schema: m.manageMetered,
    retained: "no",
    writtenBy: "exchange",
    summary: "To settlement, bidding (reliability ratings) and the DSO: what was metered.",
    examples: examples.metered,
  },
  {
    address: "manage/grants",
    schema: m.manageGrants,
    retained: "no",
    writtenBy: "settlement",
    summary: "To bidding: how much each participant may hold; bidding alone reserves against it.",
    examples: examples.grants,
  },
  {
    address: "manage/tariffs",
    schema: m.manageTariffs,
    retained: "no",
    writtenBy: "supplier",
    summary: "To settlement and bidding: every participant's tariff and the prices of deviation.",
    examples: examples.tariffs,
  },
  {
    address: "manage/members",
    schema: m.manageMembers,
    retained: "no",
    writtenBy: "supervisor",
    summary: "To all: participants, roles, limits.",
    examples: examples.members,
  },
  {
    address: "manage/accounts",
    schema: m.manageAccounts,
    retained: "no",
    writtenBy: "api",
    summary: "To the supervisor and the supplier: accounts that are new or have changed, each whole.",
    examples: examples.accounts,
  },
  {
    address: "manage/supply",
    schema: m.manageSupply,
    retained: "no",
    writtenBy: "api",
    summary:
      "To the supplier: offers of suppliers, and who is with which, that the operator has changed from a period on.",
    examples: examples.supply,
  },
  {
    address: "manage/payments",
    schema: m.managePayments,
    retained: "no",
    writtenBy: "api",
    summary: "To bidding and settlement: deposits and payouts that the operator has noted.",
    examples: examples.payments,
  },
  {
    address: "manage/payouts",
    schema: m.managePayouts,
    retained: "no",
    writtenBy: "bidding",
    summary: "To settlement: whether the money of a payout is there and held.",
    examples: examples.payouts,
  },
  {
    address: "manage/booked",
    schema: m.manageBooked,
    retained: "no",
    writtenBy: "settlement",
    summary: "To the registrar: payments that are booked, or refused.",
    examples: examples.booked,
  },
  {
    address: "manage/control",
    schema: m.manageControl,
    retained: "no",
    writtenBy: "operator",
    summary: "To the supervisor: close or open the market.",
    examples: examples.control,
  },
  {
    address: "manage/status/<role>",
    schema: m.manageStatus,
    retained: "yes, last will",
    writtenBy: "the market process named",
    summary: "Whether a market process is there, and the periods it holds.",
    examples: examples.status,
  },
  {
    address: "manage/ack/<role>",
    schema: m.manageAck,
    retained: "no",
    writtenBy: "whoever took the message",
    summary: "To the market process named: the sender's message `n` is taken; no need to send it again.",
    examples: examples.ack,
  },
];

export const inspectChannels: readonly Channel[] = [
  {
    address: "inspect/#",
    schema: inspection,
    retained: "no",
    writtenBy: "market processes",
    summary: "To operators: what the actors inside the market do.",
    notYet: "The inspector comes later: nobody writes it, and its fields may still grow.",
    examples: inspectExamples,
  },
];
