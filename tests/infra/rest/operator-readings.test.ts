import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { first } from "../../market/managers/sample-terms.js";
import { bearer, type RestStage, restStage } from "./rest-stage.js";

let stage: RestStage;
beforeAll(async () => {
  stage = await restStage();
});
afterAll(() => stage.app.close());

const csv = (key: string) => ({ ...bearer(key), "content-type": "text/csv" });
const header = "participant,period,importKwh,exportKwh";

describe("a file of readings over REST", () => {
  it("is the operator's alone", async () => {
    const key = await stage.newcomer();
    const own = await stage.ask("POST", "/operator/readings", { headers: csv(key), payload: header });
    expect([own.status, own.json.code]).toEqual([403, "not-owner"]);
    const nobody = await stage.ask("POST", "/operator/readings", { payload: header });
    expect([nobody.status, nobody.json.code]).toEqual([401, "not-registered"]);
  });

  it("is told row by row before it changes anything, and then sent as the operator's commands", async () => {
    const id = stage.registry.keys.get(await stage.newcomer()) ?? "";
    const headers = csv(stage.operatorKey);
    const payload = `${header}\n${id},${first},0.3,0\nnobody,${first},1,1\n`;
    const preview = await stage.ask("POST", "/operator/readings?preview=true", { headers, payload });
    expect([preview.status, preview.json]).toMatchObject([
      200,
      {
        preview: true,
        counts: { new: 0, refused: 2 },
        items: [{ line: 2, participant: id, before: null }, { line: 3 }],
      },
    ]);
    expect(stage.sent).toEqual([]);
  });

  it("is refused whole where it is no such file, or larger than files may be", async () => {
    const headers = csv(stage.operatorKey);
    const wrong = await stage.ask("POST", "/operator/readings", { headers, payload: "a,b\n1,2\n" });
    expect([wrong.status, wrong.json.code]).toEqual([400, "bad-message"]);
    const json = await stage.ask("POST", "/operator/readings", { headers: bearer(stage.operatorKey), payload: {} });
    expect(json.status).toBe(415);
    const large = await stage.ask("POST", "/operator/readings", { headers, payload: "x".repeat(2 ** 21 + 1) });
    expect([large.status, large.json.code]).toEqual([413, "too-large"]);
  });
});
