import { expect, it } from "vitest";
import { feeInfo } from "../../../../market/managers/supervisor/fee-info.js";
import { micro, microPerKwh } from "../../../../shared/units.js";
import { plainSettlement } from "../../rules/settlement-cases.js";

it("the market's standing rules name each charge there is, in major units and percent", () => {
  const charged = {
    ...plainSettlement,
    serviceChargeMicroPerKwh: microPerKwh(1000),
    serviceChargeMillionths: 5000,
    gridFeeMicroPerKwh: microPerKwh(50_000),
    levies: [{ name: "renewables", microPerKwh: microPerKwh(4000) }],
    vatMillionths: 175_000,
    standingChargeMicroPerDay: micro(480_000),
  };
  expect(feeInfo(charged)).toEqual({
    serviceChargePerKwh: 0.001,
    serviceChargePercent: 0.5,
    gridFeePerKwh: 0.05,
    localGridFeePerKwh: 0,
    levies: [{ name: "renewables", pricePerKwh: 0.004 }],
    vatPercent: 17.5,
    standingChargePerDay: 0.48,
  });
});

it("and nothing of those that are 0", () => {
  expect(feeInfo(plainSettlement)).toEqual({ serviceChargePerKwh: 0 });
});
