/**
 * `open-elecbay/client`: join a market from TypeScript or JavaScript.
 *
 *   const account = await register("http://127.0.0.1:5001", { name: "Ann", role: "prosumer", capacityKw: 7 });
 *   const ann = await joinMarket(account);
 *   ann.on("bill", (bill) => console.log(bill.period, bill.total));
 *   const reply = await ann.order({ period: "2016-08-01T11:00:00Z", side: "buy", energyKwh: 0.5, pricePerKwh: 0.12 });
 *
 * Energies in kWh, power in kW, money in major units of the market's currency, times as ISO 8601 in UTC (contract.md).
 */

export type { Heard, HeardName } from "./heard.js";
export { joinMarket, type MarketAccess, type MarketClient, type MarketClientOptions } from "./market-client.js";
export { openParticipantConnection, type ParticipantConnectionOptions } from "./participant-connection.js";
export { NoReplyError } from "./pending-commands.js";
export { type Account, RegistrationError, type RegistrationRequest, register } from "./register.js";
