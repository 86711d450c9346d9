/** What a DSO has cut and limited, period by period. */
import { Card, Empty } from "../../page/components/card.js";
import { ColumnHeads } from "../../page/components/column-heads.js";
import { ExportButtons } from "../../page/components/export-buttons.js";
import { ScrollArea } from "../../page/components/scroll-area.js";
import { number, time } from "../../page/formats.js";
import { networkLimits } from "../model/connections.js";
import { about, timezone } from "../model/market.js";

const mostShown = 24;

export function CutsCard() {
  const told = networkLimits.value.filter(({ cuts, limits }) => cuts.length + limits.length > 0);
  return (
    <Card
      title="Cuts and limits"
      tools={
        told.length > 0 && (
          <ExportButtons
            what="cuts"
            sheet={() => ({
              name: `elecbay-${about.market}-cuts`,
              columns: ["period", "orderId", "cutKwh", "element", "limit", "value"],
              rows: told.flatMap(({ period, cuts }) =>
                cuts.map(({ orderId, cutKwh, element, limit, value }) => [
                  ...[period, orderId, cutKwh, element, limit, value],
                ]),
              ),
            })}
          />
        )
      }
    >
      {told.length === 0 ? (
        <Empty title="Nothing was cut since this page was opened">
          What a DSO cuts after a gate, and how far it limits whom, stands here with the element that would be
          overloaded.
        </Empty>
      ) : (
        <ScrollArea label="Cuts and limits">
          <table>
            <ColumnHeads columns={["Period", "Cut", "Limited"]} />
            <tbody>
              {told.slice(0, mostShown).map(({ period, cuts, limits }) => (
                <tr key={period}>
                  <th scope="row">{time(Date.parse(period), "day-time", timezone.value)}</th>
                  <td>
                    {cuts.map(({ orderId, cutKwh, element, limit, value }) => (
                      <span key={orderId} class="block small">
                        {orderId} loses {number(cutKwh, 3)} kWh: {element} at {number(value, 1)} of {number(limit, 1)}
                      </span>
                    ))}
                  </td>
                  <td>
                    {limits.map(({ participant, maxImportKw, maxExportKw }) => (
                      <span key={participant} class="block small">
                        {participant}: in {number(maxImportKw, 1)}, out {number(maxExportKw, 1)} kW
                      </span>
                    ))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollArea>
      )}
    </Card>
  );
}
