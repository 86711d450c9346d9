/** The network: who hangs where, voltages and loadings, and what a DSO has cut, as far as somebody tells it. */
import "./network.css";
import { useEffect } from "preact/hooks";
import { watchLimits } from "../model/connections.js";
import { seesAll } from "../model/market.js";
import { watchParticipants } from "../model/participants.js";
import { CutsCard } from "./cuts-card.js";
import { LoadingCard } from "./loading-card.js";
import { NetworkMapCard } from "./network-map-card.js";

export function NetworkView() {
  useEffect(watchParticipants, []);
  useEffect(watchLimits, []);
  return (
    <div class="grid">
      <div class="full">
        <NetworkMapCard />
      </div>
      <div class={seesAll.value ? "half" : "full"}>
        <LoadingCard />
      </div>
      {seesAll.value && (
        <div class="half">
          <CutsCard />
        </div>
      )}
    </div>
  );
}
