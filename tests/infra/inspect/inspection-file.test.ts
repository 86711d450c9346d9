/** The file that an inspection is kept in, and what becomes of it where the disk takes no more. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openInspectionFile } from "../../../infra/inspect/inspection-file.js";

const folder = mkdtempSync(join(tmpdir(), "elecbay-file-"));
const now = () => "2016-08-01T00:30:00Z";
const opened = (path: string) => {
  const told: string[] = [];
  const onBrokenOff = (reason: string) => void told.push(reason);
  return { file: openInspectionFile({ path, market: "main", from: "a test", now, onBrokenOff }), told };
};

describe("the file of an inspection", () => {
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("holds each message, and counts its bytes", () => {
    const path = join(folder, "whole.ndjson");
    const { file, told } = opened(path);
    file.publish("elecbay/main/inspect/bidding/actor/x1", '{"name":"Tür"}');
    const { bytes, leftOut } = file.close();
    const text = readFileSync(path);
    expect(text.toString().split("\n")[1]).toContain('"topic":"inspect/bidding/actor/x1"');
    expect({ bytes, leftOut, told }).toEqual({ bytes: text.length, leftOut: 0, told: [] });
  });

  it.skipIf(!existsSync("/dev/full"))("breaks off on a full disk and says so once; who tells it goes on", () => {
    const { file, told } = opened("/dev/full");
    for (let n = 0; n < 3; n += 1) file.publish("elecbay/main/inspect/bidding/actor/x1", `"${"x".repeat(70_000)}"`);
    expect(file.close()).toEqual({ bytes: 0, leftOut: 0 });
    expect(told).toEqual([expect.stringMatching(/^the recording \/dev\/full breaks off after 0 bytes: ENOSPC/)]);
  });
});
