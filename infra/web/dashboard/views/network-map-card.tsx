/** The map: connection points along their feeder, and the homes at each with state, battery and limits. */
import { useRef } from "preact/hooks";
import { Card, Empty } from "../../page/components/card.js";
import { ExportButtons } from "../../page/components/export-buttons.js";
import { askToSignIn } from "../../page/components/sign-in.js";
import type { Sheet } from "../../page/csv.js";
import { number } from "../../page/formats.js";
import { useWidth } from "../../page/use-width.js";
import type { ConnectionPoint } from "../model/connection-points.js";
import { connectionPoints, networkLimits } from "../model/connections.js";
import { about, seesAll } from "../model/market.js";
import { NetworkDrawing } from "./network-drawing.js";

export function NetworkMapCard() {
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place, 900);
  const points = connectionPoints.value;
  return (
    <Card
      title="Who hangs where"
      tools={
        points.length > 0 && (
          <ExportButtons what="the network map" sheet={() => sheetOf(points)} drawing={() => place.current} />
        )
      }
    >
      <div ref={place}>
        {!seesAll.value ? (
          <Empty title="Connection points are not public">
            The operator sees who hangs where.{" "}
            <button type="button" class="plain small link" onClick={askToSignIn}>
              Sign in as operator
            </button>
          </Empty>
        ) : points.length === 0 ? (
          <Empty title="No connection is known yet">
            Each participant's connection stands on its tariff, which the market tells once the participant is known.
          </Empty>
        ) : (
          <>
            <p class="small soft">
              {points.every(({ name }) => name === null)
                ? "No connection point is named: the scenario's bots, or PATCH /operator/participants/{id}, name one as connectionPoint."
                : "Points stand in the order of their names; how they are wired is the DSO's knowledge."}
            </p>
            <NetworkDrawing {...{ points, width, limited: limitedNow(), label: sentence(points) }} />
          </>
        )}
      </div>
    </Card>
  );
}

/** What the DSO lets through in the last period that it spoke of. */
function limitedNow(): ReadonlyMap<string, string> {
  const [newest] = networkLimits.value;
  return new Map(
    (newest?.limits ?? []).map(({ participant, maxImportKw, maxExportKw }) => [
      participant,
      `in ${number(maxImportKw, 1)}, out ${number(maxExportKw, 1)} kW`,
    ]),
  );
}

function sentence(points: readonly ConnectionPoint[]): string {
  const named = points.map(
    ({ name, members }) => `${name ?? "no point named"}: ${members.map(({ id }) => id).join(", ")}`,
  );
  return `Network map. ${named.join("; ")}`;
}

function sheetOf(points: readonly ConnectionPoint[]): Sheet {
  return {
    name: `elecbay-${about.market}-connections`,
    columns: ["connectionPoint", "participant", "phase", "capacityKw", "state"],
    rows: points.flatMap(({ name, members }) =>
      members.map(({ id, tariff, isOnline }) => [
        ...[name, id, tariff?.phase, tariff?.capacityKw, isOnline ? "online" : "away"],
      ]),
    ),
  };
}
