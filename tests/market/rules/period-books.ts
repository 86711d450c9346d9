/** A book with short ways to command it, prices in millionths: for the tests of the list, the gate and the receipts. */
import type { OrderFate, Side } from "../../../market/facts.js";
import type { Sale } from "../../../market/rules/item.js";
import { listItem, withdrawItem } from "../../../market/rules/item-commands.js";
import { mechanismsWithoutSolver } from "../../../market/rules/mechanisms/catalogue.js";
import { cancelOrder, modifyOrder, placeOrder } from "../../../market/rules/order-commands.js";
import { createPeriodBook, type Outcome } from "../../../market/rules/period-book.js";
import { closeBook } from "../../../market/rules/period-book-closing.js";
import type { BiddingTerms } from "../../../market/terms.js";
import { microPerKwh, wh } from "../../../shared/units.js";

export const terms: BiddingTerms = {
  mechanism: "uniform",
  k: 0.5,
  tie: "pro-rata",
  minEnergyWh: wh(10),
  maxOrdersPerPeriod: 3,
  priceFloorMicroPerKwh: microPerKwh(-1_000_000),
  priceCapMicroPerKwh: microPerKwh(2_000_000),
};

interface Listing {
  readonly by?: string;
  readonly side?: Side;
  readonly min?: number;
  readonly sale?: Sale;
  readonly auction?: boolean;
  readonly capacity?: number;
}
interface Placing {
  readonly side?: Side;
  readonly on?: string;
  readonly auction?: boolean;
  readonly capacity?: number;
}

/** Arrivals count up with each command, as in a manager; objects are named by the caller. */
export function desk(changed: Partial<BiddingTerms> = {}) {
  const book = createPeriodBook({ ...terms, ...changed });
  const name = book.terms.mechanism as keyof typeof mechanismsWithoutSolver;
  const mechanism = mechanismsWithoutSolver[name];
  let arrival = 0;
  const stamp = () => ({ arrival: ++arrival, acceptedAtMs: 1000 * arrival, biddingCycle: 1 });
  return {
    book,
    list: (itemId: string, energy: number, price: number, how: Listing = {}): Outcome =>
      listItem(book, {
        itemId,
        participant: how.by ?? "ann",
        side: how.side ?? "sell",
        energyWh: wh(energy),
        priceMicroPerKwh: microPerKwh(price),
        minEnergyWh: how.min === undefined ? undefined : wh(how.min),
        sale: how.sale ?? "fixed",
        auction: how.auction ?? true,
        ...stamp(),
        capacityWh: wh(how.capacity ?? 3500),
      }),
    withdraw: (itemId: string, by = "ann"): Outcome => withdrawItem(book, { itemId, participant: by }),
    place: (orderId: string, by: string, energy: number, price: number, how: Placing = {}): Outcome =>
      placeOrder(book, {
        orderId,
        participant: by,
        side: how.side ?? "buy",
        energyWh: wh(energy),
        priceMicroPerKwh: microPerKwh(price),
        itemId: how.on,
        auction: how.auction ?? true,
        ...stamp(),
        capacityWh: wh(how.capacity ?? 3500),
      }),
    modify: (
      orderId: string,
      by: string,
      expectedVersion: number,
      energy: number,
      price: number,
      capacity = 3500,
    ): Outcome =>
      modifyOrder(book, {
        orderId,
        participant: by,
        expectedVersion,
        energyWh: wh(energy),
        priceMicroPerKwh: microPerKwh(price),
        arrival: stamp().arrival,
        capacityWh: wh(capacity),
      }),
    cancel: (orderId: string, by: string): Outcome => cancelOrder(book, { orderId, participant: by }),
    close: () => closeBook(book, mechanism),
    fate: (id: string): OrderFate => {
      const fate = closeBook(book, mechanism).fates.find(({ orderId }) => orderId === id);
      if (fate === undefined) throw new Error(`${id} has no fate`);
      return fate;
    },
  };
}
