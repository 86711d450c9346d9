/** Whom everybody may know: the pseudonyms behind the lists, and how reliable they have been. */
import { Card, Empty } from "../../page/components/card.js";
import { ColumnHeads } from "../../page/components/column-heads.js";
import { ExportButtons } from "../../page/components/export-buttons.js";
import { ScrollArea } from "../../page/components/scroll-area.js";
import { askToSignIn } from "../../page/components/sign-in.js";
import { number } from "../../page/formats.js";
import { signedInAs } from "../../page/session.js";
import { about } from "../model/market.js";
import { listOwners } from "../model/owners.js";

export function OwnersCard() {
  const owners = listOwners.value;
  return (
    <Card
      title="Who lists"
      tools={
        <ExportButtons
          what="who lists"
          sheet={() => ({
            name: `elecbay-${about.market}-owners`,
            columns: ["owner", "reliability", "items", "sellsKwh", "wantsKwh"],
            rows: owners.map(({ owner, reliability, items, sellsKwh, wantsKwh }) => [
              ...[owner, reliability, items, sellsKwh, wantsKwh],
            ]),
          })}
        />
      }
    >
      <p class="small soft">
        Everybody is known by a pseudonym here.{" "}
        {signedInAs.value === undefined && (
          <button type="button" class="plain small link" onClick={askToSignIn}>
            Sign in to see your own page
          </button>
        )}
      </p>
      {owners.length === 0 ? (
        <Empty title="Nobody lists anything now">
          Who lists an item stands here, until the gate of its period closes.
        </Empty>
      ) : (
        <ScrollArea label="Who lists">
          <table>
            <ColumnHeads
              columns={["Pseudonym", "Promises kept", { number: "Items" }, { number: "Offers" }, { number: "Wants" }]}
            />
            <tbody>
              {owners.map(({ owner, reliability, items, sellsKwh, wantsKwh }) => (
                <tr key={owner}>
                  <th scope="row">{owner}</th>
                  <td>
                    <span class="rating">
                      <span class="track" aria-hidden="true">
                        <span class="fill of-local" style={{ width: `${(reliability * 100).toFixed(0)}%` }} />
                      </span>
                      {number(reliability * 100, 0)} %
                    </span>
                  </td>
                  <td class="number">{items}</td>
                  <td class="number">{number(sellsKwh, 3)} kWh</td>
                  <td class="number">{number(wantsKwh, 3)} kWh</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollArea>
      )}
    </Card>
  );
}
