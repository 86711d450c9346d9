/** The market of one simulated run, drawn from its seed: mechanism, calendar, members, credit, and how fast its time goes. */
import type { EnvironmentSpecification } from "../../agents/environment/specification.js";
import type { SupplierSpecification } from "../../agents/supplier/specification.js";
import { mechanismsWithoutSolver } from "../../market/rules/mechanisms/catalogue.js";
import type { Mechanism } from "../../market/rules/mechanisms/mechanism.js";
import type { CalendarTerms, MarketTerms, MemberTerms } from "../../market/terms.js";
import { type RandomStream, stream } from "../../shared/random-stream.js";
import { dayMs, minuteMs } from "../../shared/time.js";
import { micro, microPerKwh, watt, wh } from "../../shared/units.js";
import { plainSettlement } from "../market/rules/settlement-cases.js";

export interface Setting {
  readonly seed: number;
  readonly terms: MarketTerms;
  readonly mechanism: Mechanism;
  readonly supplier: SupplierSpecification;
  readonly environment: EnvironmentSpecification;
  /** Market milliseconds in a millisecond of wall time. */
  readonly rate: number;
  /** Inputs between two snapshots; Infinity: none are taken. */
  readonly inputsPerSnapshot: number;
  /** Strangers who take a free id. */
  readonly guests: readonly string[];
}

export const gatewayId = "gw1";
export const systemBuyMicroPerKwh = 160_000;
const startMs = Date.UTC(2016, 7, 1);

/** Market milliseconds per wall millisecond beside periods that suit it: a period takes half a minute to five minutes of wall time. */
const paces = [
  { rate: 1, periodMinutes: 5, rounds: 1, openMinutes: 10, gateMinutes: 5, meterDueMinutes: 5, billDays: 1 / 144 },
  { rate: 10, periodMinutes: 15, rounds: 3, openMinutes: 45, gateMinutes: 15, meterDueMinutes: 20, billDays: 1 / 24 },
  { rate: 60, periodMinutes: 30, rounds: 2, openMinutes: 120, gateMinutes: 60, meterDueMinutes: 60, billDays: 0.25 },
] as const;

const mechanisms = [
  ...["uniform", "uniform", "uniform", "listing", "continuous", "continuous", "pay-as-bid"],
  ...["vcg", "mcafee", "mid-market-rate", "supply-demand-ratio", "none"],
] as (keyof typeof mechanismsWithoutSolver)[];

/** @param commands how many the run will have: the more, the longer from one snapshot to the next */
export function settingOf(seed: number, commands = 0): Setting {
  const chance = stream(seed, "simulation", "setting");
  const mechanism = mechanismsWithoutSolver[oneOf(mechanisms, chance)];
  const { rate, ...pace } = oneOf(paces, chance);
  const calendar: CalendarTerms = { ...pace, startMs, periods: chance.integer(2, 4) };
  const members = underGateway(membersFrom(chance), stream(seed, "simulation", "gateway"));
  const imbalance = chance.uniform() < 0.3 ? ("full" as const) : ("promised" as const);
  const serviceChargeMicroPerKwh = microPerKwh(chance.uniform() < 0.5 ? 1000 : 0);
  const terms: MarketTerms = {
    ...{ market: "main", currency: "GBP", timezone: "Europe/London", seed, calendar, members },
    bidding: {
      mechanism: mechanism.name,
      k: 0.5,
      tie: chance.uniform() < 0.5 ? "pro-rata" : "time",
      minEnergyWh: wh(10),
      maxOrdersPerPeriod: 4,
      priceFloorMicroPerKwh: microPerKwh(-1_000_000),
      priceCapMicroPerKwh: microPerKwh(2_000_000),
    },
    settlement: { ...plainSettlement, imbalance, serviceChargeMicroPerKwh, funder: "operator" },
    creditLimitMicro: undefined,
    guestCapacityW: watt(5000),
    maxCommandsPerTick: 8,
  };
  return {
    ...{
      seed,
      terms,
      mechanism,
      rate,
      supplier: supplierOf(members, pace.periodMinutes),
      environment: environmentOf(pace.periodMinutes),
    },
    inputsPerSnapshot:
      chance.uniform() < 0.5
        ? chance.integer(20, 400) * Math.max(1, Math.round(commands / 300))
        : Number.POSITIVE_INFINITY,
    guests: chance.uniform() < 0.3 ? ["guest1"] : [],
  };
}

export function oneOf<T>(values: readonly T[], chance: RandomStream): T {
  return values[chance.integer(0, values.length - 1)] as T;
}

function membersFrom(chance: RandomStream): MemberTerms[] {
  const names = ["ann", "bob", "cat", "dan", "eve", "fay"].slice(0, chance.integer(3, 6));
  const limited = chance.uniform() < 0.5;
  const members = names.map((id): MemberTerms => {
    const creditLimitMicro = limited && chance.uniform() < 0.6 ? micro(chance.integer(0, 800_000)) : undefined;
    const depositMicro = micro(creditLimitMicro === undefined ? 0 : chance.integer(0, 500_000));
    return { ...nowhere, id, role: "prosumer", capacityW: watt(8000), creditLimitMicro, depositMicro };
  });
  if (chance.uniform() < 0.5) members.push({ ...nowhere, id: "ann-meter", role: "meter", ...nothing });
  return members;
}

/** In most runs a gateway sends for some of the homes. */
function underGateway(members: readonly MemberTerms[], chance: RandomStream): MemberTerms[] {
  if (chance.uniform() < 0.35) return [...members];
  const isUnder = ({ role }: MemberTerms): boolean => role === "prosumer" && chance.uniform() < 0.6;
  const homes = members.map((member) => (isUnder(member) ? { ...member, gateway: gatewayId } : member));
  return [...homes, { ...nowhere, id: gatewayId, role: "gateway", ...nothing }];
}

const nowhere = { connectionPoint: null, phase: null };
const nothing = { capacityW: watt(0), creditLimitMicro: undefined, depositMicro: micro(0) };
const guestTariff = {
  ...{ supplier: "retail1", importMicroPerKwh: [microPerKwh(145_700)], exportMicroPerKwh: [microPerKwh(50_300)] },
};

function supplierOf(members: readonly MemberTerms[], periodMinutes: number): SupplierSpecification {
  const homes = members.filter(({ role }) => role === "prosumer");
  return {
    ...{
      name: "retail1",
      market: "main",
      fromMs: startMs,
      stepMinutes: periodMinutes,
      carbonMilligramPerKwh: undefined,
    },
    systemBuyMicroPerKwh: [microPerKwh(systemBuyMicroPerKwh)],
    systemSellMicroPerKwh: [microPerKwh(40_000)],
    tariffs: homes.map(({ id }) => ({ participant: id, ...guestTariff })),
    guestTariff,
  };
}

function environmentOf(periodMinutes: number): EnvironmentSpecification {
  const perDay = dayMs / (periodMinutes * minuteMs);
  return {
    ...{ market: "main", seed: 1, periodMinutes, temperatureC: null },
    solarOutputWm2: { fromMs: startMs, values: [0, 500], repeats: true },
    typicalKw: Array.from({ length: perDay }, () => 0.3),
    days: [{ date: "2016-08-01", fromMs: startMs }],
  };
}
