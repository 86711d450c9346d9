/** What an operator does of a day, and by mistake: money in and out, what suppliers offer, who is with whom. Drawn from the run's seed. */
import type { OfferRequest } from "../../infra/registry/offer-from.js";
import type { Payment } from "../../market/rules/payments.js";
import type { RandomStream } from "../../shared/random-stream.js";
import { micro } from "../../shared/units.js";
import type { ModelCalendar } from "./auditor/model-calendar.js";
import { oneOf } from "./setting.js";

export type OperatorAct =
  | { readonly kind: "pay"; readonly payment: Payment }
  | { readonly kind: "offer"; readonly request: OfferRequest }
  | { readonly kind: "assign"; readonly participant: string; readonly supplier: string; readonly fromMs: number };

/** What acts are drawn from. */
export interface OperatorView {
  /** Those with an account, and among them those with a limit. */
  readonly homes: readonly string[];
  readonly limited: readonly string[];
  /** Of the market, whose offer holds for all at first. */
  readonly supplier: string;
  readonly calendar: ModelCalendar;
  readonly marketMs: () => number;
  /** Told before, to be told again or otherwise. */
  readonly paid: Payment[];
}

type Maker = (view: OperatorView, chance: RandomStream) => readonly OperatorAct[];

const kinds: readonly (readonly [number, Maker])[] = [
  [22, deposit],
  [26, payOut],
  [12, payOutOften],
  [10, payAgain],
  [6, payOtherwise],
  [4, payNobody],
  [15, offer],
  [15, assign],
];
const inAll = kinds.reduce((sum, [weight]) => sum + weight, 0);

/** One act, or some at once. */
export function drawActs(view: OperatorView, chance: RandomStream): readonly OperatorAct[] {
  let place = chance.integer(1, inAll);
  for (const [weight, make] of kinds) {
    place -= weight;
    if (place <= 0) return make(view, chance);
  }
  return [];
}

/** Mostly somebody whose funds are limited: there a payout and an order may want the same money. */
function home({ homes, limited }: OperatorView, chance: RandomStream): string {
  return limited.length > 0 && chance.uniform() < 0.7 ? oneOf(limited, chance) : oneOf(homes, chance);
}

function pay(view: OperatorView, kind: Payment["kind"], participant: string, amount: number): OperatorAct {
  const paymentId = `p${view.paid.length + 1}`;
  const reference = view.paid.length % 3 === 0 ? `statement ${view.paid.length}` : null;
  const payment: Payment = { paymentId, participant, kind, amountMicro: micro(amount), reference };
  view.paid.push(payment);
  return { kind: "pay", payment };
}

function deposit(view: OperatorView, chance: RandomStream): OperatorAct[] {
  return [pay(view, "deposit", home(view, chance), chance.integer(1, 400_000))];
}

/** Some are more than anybody has. */
function payOut(view: OperatorView, chance: RandomStream): OperatorAct[] {
  const most = chance.uniform() < 0.15 ? 50_000_000 : 300_000;
  return [pay(view, "payout", home(view, chance), chance.integer(1, most))];
}

/** Each alone may be borne, all at once hardly. */
function payOutOften(view: OperatorView, chance: RandomStream): OperatorAct[] {
  const participant = home(view, chance);
  const amount = chance.integer(20_000, 300_000);
  return Array.from({ length: chance.integer(2, 6) }, () => pay(view, "payout", participant, amount));
}

function payAgain(view: OperatorView, chance: RandomStream): OperatorAct[] {
  return view.paid.length === 0 ? [] : [{ kind: "pay", payment: oneOf(view.paid.slice(-8), chance) }];
}

/** The same id for another payment. */
function payOtherwise(view: OperatorView, chance: RandomStream): OperatorAct[] {
  if (view.paid.length === 0) return [];
  const payment = oneOf(view.paid.slice(-8), chance);
  const other: Partial<Payment> = oneOf(
    [
      { amountMicro: micro(payment.amountMicro + 1) },
      { kind: payment.kind === "deposit" ? "payout" : "deposit" },
      { participant: oneOf(view.homes, chance) },
      { reference: "another" },
    ],
    chance,
  );
  return [{ kind: "pay", payment: { ...payment, ...other } }];
}

/** To whom nobody knows, or to a meter. */
function payNobody(view: OperatorView, chance: RandomStream): OperatorAct[] {
  return [pay(view, "deposit", oneOf(["nobody", "ann-meter"], chance), 1000)];
}

const retailers = ["retail2", "retail3"];

/** Mostly a period to come; now and then one that has begun, or none at all. */
function drawFrom({ calendar, marketMs }: OperatorView, chance: RandomStream): number {
  const { periods } = calendar;
  const { periodMs } = oneOf(periods, chance);
  const toCome = periods.filter((period) => period.periodMs > marketMs());
  if (chance.uniform() < 0.06) return periodMs + 60_000;
  return toCome.length > 0 && chance.uniform() < 0.85 ? oneOf(toCome, chance).periodMs : periodMs;
}

function offer(view: OperatorView, chance: RandomStream): OperatorAct[] {
  const fromMs = drawFrom(view, chance);
  const importPrice = (): number => (chance.uniform() < 0.05 ? 2.5 : chance.integer(100_000, 250_000) / 1_000_000);
  const exportPrice = (): number => chance.integer(10_000, 90_000) / 1_000_000;
  const isSeries = chance.uniform() < 0.5;
  const request: OfferRequest = {
    ...{ supplier: oneOf([view.supplier, ...retailers], chance), fromMs },
    import: isSeries ? { prices: [importPrice(), importPrice()] } : importPrice(),
    export: isSeries ? { prices: [exportPrice(), exportPrice(), exportPrice()] } : exportPrice(),
  };
  // Who tells a new offer has customers for it.
  const participant = oneOf(view.homes, chance);
  const follows = chance.uniform() < 0.6;
  return [
    { kind: "offer", request },
    ...(follows ? [{ kind: "assign", participant, supplier: request.supplier, fromMs } as const] : []),
  ];
}

function assign(view: OperatorView, chance: RandomStream): OperatorAct[] {
  const participant = chance.uniform() < 0.05 ? "nobody" : oneOf(view.homes, chance);
  const supplier = oneOf([view.supplier, ...retailers], chance);
  return [{ kind: "assign", participant, supplier, fromMs: drawFrom(view, chance) }];
}
