/** Random commands, lawful or not, told to the fast book and to the naive one alike; each answers with `ok` or a code. */
import type { Side } from "../../../../market/facts.js";
import type { Outcome } from "../../../../market/rules/period-book.js";
import type { BiddingTerms } from "../../../../market/terms.js";
import type { RandomStream } from "../../../../shared/random-stream.js";
import { desk } from "../period-books.js";
import {
  type NaiveBook,
  naiveBook,
  naiveCancel,
  naiveList,
  naiveModify,
  naivePlace,
  naiveWithdraw,
} from "./naive-book.js";

const people = ["ann", "bob", "cat", "dan", "eve"];
/** What the sender of a command could carry in all: seldom little, so that the other limits are met too. */
const capacities = [1000, 1000, 1000, 115];

export interface TwinBooks {
  readonly fast: ReturnType<typeof desk>;
  readonly naive: NaiveBook;
  /** Commands told: the arrival of the next is one more. */
  told: number;
}

export function twinBooks(terms: BiddingTerms): TwinBooks {
  return { fast: desk(terms), naive: naiveBook(terms), told: 0 };
}

export function pick<T>(from: readonly T[], random: RandomStream): T {
  const chosen = from[random.integer(0, from.length - 1)];
  if (chosen === undefined) throw new Error("nothing to choose from");
  return chosen;
}

/** Tells both the same command. @returns [kind, answer of the fast one, answer of the naive one] */
export function tellBoth(twins: TwinBooks, random: RandomStream): [kind: string, fast: string, naive: string] {
  const { fast, naive } = twins;
  const kind = pick(
    [
      "list",
      "list",
      "order",
      "order",
      "order",
      "order",
      "place",
      "place",
      "place",
      "modify",
      "modify",
      "cancel",
      "withdraw",
    ],
    random,
  );
  const by = pick(people, random);
  const energy = random.integer(0, 120);
  const price = random.integer(-3, 12);
  const side = pick<Side>(["buy", "sell"], random);
  const auction = random.integer(0, 4) > 0;
  const ids = [...naive.items, ...naive.orders].map(({ id }) => id);
  const some = ids.length === 0 ? "x0" : pick(ids, random);
  const owner = [...naive.items, ...naive.orders].find(({ id }) => id === some)?.participant ?? by;
  const speaker = random.integer(0, 9) === 0 ? by : owner;
  // The fast desk stamps list, place and modify alone.
  const stamped = kind !== "cancel" && kind !== "withdraw";
  if (stamped) twins.told += 1;
  const arrival = twins.told;
  const id = `x${arrival}`;
  const capacity = capacities[arrival % capacities.length] ?? 0;
  const brought = {
    id,
    participant: by,
    side,
    energy,
    price,
    auction,
    arrival,
    acceptedAtMs: 1000 * arrival,
    capacity,
  };
  if (kind === "list") {
    const how = { min: random.integer(0, 40), sale: pick(["fixed", "best-offer"] as const, random) };
    const outcome = fast.list(id, energy, price, { by, side, auction, capacity, ...how });
    return [kind, codeOf(outcome), naiveList(naive, { ...brought, ...how })];
  }
  if (kind === "place" || kind === "order") {
    const on = kind === "place" ? some : undefined;
    const outcome = fast.place(id, by, energy, price, { side, auction, capacity, ...(on === undefined ? {} : { on }) });
    return [kind, codeOf(outcome), naivePlace(naive, { ...brought, on })];
  }
  if (kind === "modify") {
    const order = naive.orders.find((own) => own.id === some);
    const version = (order?.version ?? 1) + (random.integer(0, 9) === 0 ? 1 : 0);
    // Often only the energy shrinks: the one change that keeps its place.
    const shrinks = order !== undefined && random.integer(0, 2) === 0;
    const to = shrinks ? [random.integer(0, order.energyWh), order.priceMicroPerKwh as number] : [energy, price];
    const [toEnergy = 0, toPrice = 0] = to;
    const outcome = fast.modify(some, speaker, version, toEnergy, toPrice, capacity);
    const change = { energy: toEnergy, price: toPrice, version, arrival, capacity };
    return [kind, codeOf(outcome), naiveModify(naive, some, speaker, change)];
  }
  if (kind === "cancel") return [kind, codeOf(fast.cancel(some, speaker)), naiveCancel(naive, some, speaker)];
  return [kind, codeOf(fast.withdraw(some, speaker)), naiveWithdraw(naive, some, speaker)];
}

function codeOf(outcome: Outcome): string {
  return outcome.ok ? "ok" : outcome.code;
}
