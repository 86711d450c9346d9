/** The order page: what others offer and want, an order of one's own, one's open orders, and what the market answered. */
import "./trade.css";
import { Card, Empty } from "../../page/components/card.js";
import { askToSignIn } from "../../page/components/sign-in.js";
import { isOperator, signedInAs } from "../../page/session.js";
import { info } from "../model/market.js";
import { pools } from "../model/trading.js";
import { ItemListCard } from "./item-list-card.js";
import { OrderForm } from "./order-form.js";
import { OwnOrdersCard } from "./own-orders-card.js";

export function TradeView() {
  const trades = signedInAs.value !== undefined && !isOperator.value;
  return (
    <div class="grid">
      <div class="wide">
        <ItemListCard canOrder={trades} />
      </div>
      <div class="narrow">{trades ? <Desk /> : <Stranger />}</div>
      {trades && (
        <div class="full">
          <OwnOrdersCard />
        </div>
      )}
    </div>
  );
}

function Desk() {
  const mechanism = info.value?.mechanism ?? "";
  if (!pools.includes(mechanism) && mechanism !== "none") return <OrderForm />;
  return (
    <Card title="Order">
      <Empty title="There are no orders in this market">
        {mechanism === "none"
          ? "Everybody trades with the supplier alone."
          : "Metered energy is shared and priced afterwards."}
      </Empty>
    </Card>
  );
}

function Stranger() {
  return (
    <Card title="Order">
      <Empty title={isOperator.value ? "The operator does not trade" : "Sign in to trade"}>
        {isOperator.value
          ? "Sign in as a participant to list items and place orders."
          : "With your id and key you list items, place, change and cancel orders here."}
      </Empty>
      {!isOperator.value && (
        <p class="centred">
          <button type="button" class="main" onClick={askToSignIn}>
            Sign in
          </button>
        </p>
      )}
    </Card>
  );
}
