/** Who takes part: all of it for the operator, one's own page for a participant, pseudonyms and ratings for everybody. */
import "./participants.css";
import { useEffect } from "preact/hooks";
import { isOperator, signedInAs } from "../../page/session.js";
import { seesAll } from "../model/market.js";
import { chosenParticipant, watchParticipants } from "../model/participants.js";
import { OwnersCard } from "./owners-card.js";
import { ParticipantPage } from "./participant-page.js";
import { ParticipantsCard } from "./participants-card.js";

export function ParticipantsView() {
  useEffect(watchParticipants, []);
  const mine = isOperator.value ? undefined : signedInAs.value;
  const shown = seesAll.value ? chosenParticipant.value : mine;
  return (
    <div class="grid">
      {seesAll.value && (
        <div class="full">
          <ParticipantsCard />
        </div>
      )}
      {shown !== undefined && (
        <div class="full">
          <ParticipantPage key={shown} id={shown} isOwn={shown === mine} />
        </div>
      )}
      {!seesAll.value && (
        <div class="full">
          <OwnersCard />
        </div>
      )}
    </div>
  );
}
