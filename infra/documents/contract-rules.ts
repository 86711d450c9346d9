/** The parts of the contract that no schema can say, in sentences. Restated from the project's published contract. */

export const messageRules: readonly string[] = [
  "MQTT 3.1.1 is enough; MQTT 5 is welcome where the broker speaks it. A message is one JSON object in UTF-8. What participants send is flat and at most 4 kB; a gateway's batch at most 256 kB.",
  "Topic levels use `[a-z0-9_-]` only. `<m>` is the market's name (`main` by default), `<id>` a participant (2 to 32 characters, a letter first), `<p>` a delivery period written `20160801-0030`: its start in UTC. In JSON a period is its start too, in ISO 8601 UTC without fractions: `2016-08-01T00:30:00Z`.",
  "Every message of the market has `v` (1) and `ts`, its market time. In commands `ts` is optional and ignored. Unknown fields in commands are refused; readers of the market's messages skip fields they do not know, for the contract grows by optional fields.",
  "Energy is in kWh (`…Kwh`) and power in kW (`…Kw`), at most 3 decimals. Prices are `…PerKwh` in major units of the market's `currency`, at most 6 decimals, and may be negative. Money has at most 6 decimals. A value within 1e-9 of that grid is taken as on it, so that 0.1 + 0.2 is 0.3; any other is refused. Inside the program all are whole numbers.",
  "Signs: energy is positive when it is fed in to the network, money when the participant receives it. Import and export are told apart and never negative where both are named.",
  "Who sent a command is the `<id>` of its topic, guarded by the broker's access list; the payload has no say in it. MQTT user name = id, password = key, client id = id. A second connection of the same participant uses the client id `<id>/<anything>` where the broker allows it (the embedded one does).",
  "Commands, replies, private topics, ready and clock go at QoS 1, so that none overtakes another. Who wants no reply lost keeps a persistent session. A PUBACK is no acceptance: only a reply is. Where none comes in 5 s, send the same again.",
  "Each command carries the client's own `requestId`, unique per participant and topic. The same id with the same content gets the same reply again and has no second effect; with other content it is rejected with `request-id-reused`. Ids are remembered until the period is billed (a meter's until the limit for corrections, 90 days by default); then the answer is `unknown-period`.",
  "What the access list denies never reaches the market: the embedded broker closes the connection of who publishes it and answers a denied subscription with 0x80; Mosquitto acknowledges both and drops them. A topic below `in/<id>/` that is not in the table gets no reply, only a counter and a line in the log.",
  "Every command that reaches the market gets exactly one reply, even when it is no JSON (`requestId` null, `bad-message`; such replies are not remembered).",
  "A command stamped before `gateAt` is in; at `gateAt` it is out.",
  "What is retained is published again when the market or the broker restarts. At its start the market clears every retained topic of its own name that it does not vouch for, `in/+/status` excepted. A command delivered as retained is ignored and cleared. An empty payload is a clearing: it is not answered and not counted. What is retained per period is cleared, in market time, as the topic's line says.",
  "Readings are taken from the period's end on (`not-open-yet` before) and due by `dueAt`, 60 min after it by default and at least one tick. A later one corrects the estimate.",
  "`modify`, `cancel` and `withdraw` belong to the period of their object, which is known until it is billed.",
  "Credit: where a participant has a limit, an order or item is held from its free funds while it is open: a buyer's limit price x energy with fees and tax, a seller's (system buy price - ask, if positive) x energy with the service charge. What was traded stays held, at its own price, until its period is settled; all else is released. Nothing is accepted that free funds do not bear (`credit-exceeded`). `freeFunds` in one's tariff is the account's balance and how far that may fall, without what is held at the moment; null without a limit.",
  "`reliability` of an item is the share of its owner's net contracts that its meter says were kept, over all periods settled so far, rounded down to three decimals; 1 for a newcomer. Estimated readings do not count until a better one comes; a correction takes the place of what it corrects.",
  "A participant's items and orders of one side in a period, with what it has traded net already, come to no more than its connection carries: `energy-out-of-range`.",
  "Where imbalance is `full`, `notify` tells one's own position of a period before its gate, within one's capacity; a later one takes the place of an earlier one. Who notifies nothing is held to its net contract. Where imbalance is `promised` it is answered `bad-message`.",
  "`modify` names the version it means (`version-conflict` otherwise) and all of the order's energy. An order keeps its place in time only where its energy shrinks, or stays, at the same price; else it counts as new. Where orders trade as they come (mechanism `continuous`) fills are final and make no new version: `energyKwh` of an order, and of its `modify`, is what was traded (`filledKwh`) and what is open together, so it must be more than was traded (`energy-out-of-range`), and what stays open no less than the market's smallest part (`below-minimum`). `cancel` takes out what is open; an order that is filled is no longer open (`unknown-order`).",
  "With `continuous` an order without `itemId` trades on arrival with the best order that rests, at that one's price; equal prices by arrival. `auction: false` keeps it out. Items and orders on items wait for the gate as always; what the list leaves then comes to what rests, one by one in order of arrival, and the rest expires.",
  "Pools and the market of `none` take no items and no orders: `no-orders-in-pool`, after the checks of period and gate. The mechanism's name in `public/market-info` says so beforehand.",
];

export const processRules: readonly string[] = [
  "In real and scaled mode the messages under `manage/` are numbered by their sender (`n`), sent at QoS 1 and again until `manage/ack/<role>` says `{from, n}`, and taken once. In lockstep they are handed over in memory, in order, and published for operators to see.",
  "Each market process has an account of its own with the write list that the tables give it. Reserved names need a secret that is made at the start.",
  "A participant writes `in/<its id>/#` and reads `public/#` and `private/<its id>/#`. An observer (user `observer`, no password unless the scenario says otherwise) reads `public/#`. `manage/#` and `inspect/#` are for operators and market processes. Everything else is denied, wider wildcards too.",
];

export const clockRules: readonly string[] = [
  "`mode` is `real` (rate 1), `scaled` (rate n) or `lockstep`. `seq` grows by one each tick. Each period is split into `rounds` ticks, counted by `round`; `period` is the one that contains `ts`; `deadline` is the wall time at which the market goes on without whoever is missing (10 s by default, 60 s in `simulate`).",
  "`openMinutes` and `gateMinutes` are whole numbers of ticks; the gate lies at least one tick before the exchange and the opening at least four ticks before the gate. Other scenarios are refused.",
  "In `real` and `scaled` mode messages take effect in the order in which they reach the market. Real mode never steps back. When a market process is missing `public/status` says `degraded`, and the others go on with what they can.",
  "In `lockstep` what is sent in a tick takes effect in the next, whatever the order of arrival: so a run can be repeated. At tick k+1 the commands of tick k, which keep the time of tick k, are applied participant by participant, in a permutation of the sorted ids that is drawn for the tick from a seeded stream, and each one's in the order of sending. Then the gates whose time has come close, the network check is made, contracts and results go out, readings and bills are worked, always in this order. What participants hear in k+1 they act on in k+2.",
  "In lockstep the market's processes publish over one connection at QoS 1 and the next tick last, so that every subscriber has all of a tick before the next one.",
  "A participant ends each tick with `ready {seq, sent}` on the connection on which it sent its commands; `sent` counts its distinct `requestId`s of the tick, a batch once. The next tick comes when everyone enrolled is ready and the market has as many from each as it says. Ready counts once per sender and `seq`. What comes after one's ready belongs to the next tick. What has no readable `requestId`, and repeats, do not count; in lockstep repeat a command only after two further ticks. A repeated tick is answered by the same commands and the same ready.",
  "Who misses the deadline is marked absent, told so (`private/<id>/replies`: `requestId` null, topic `ready`, code `absent`), no longer waited for, and back with a ready for the current `seq`. The summary lists absences; a hash with absences is not comparable. The first tick waits, up to the deadline, for every bot that the scenario starts; others are enrolled from the tick after their `online`. A gateway is ready for all under it. A late joiner reads the retained tick.",
  "At the start every period opens whose gate lies at least four ticks ahead, however late for its opening time. A run of N periods counts from the first of these; none opens after the N-th; the run ends when the N-th is billed.",
  "The bill date lies `billDays` after the period's end; where the mechanism is `bill-sharing`, after the end of the local calendar month, or of the run. Where the DSO is missing at a gate, the market waits until the last tick before the exchange; then contracts stand unchecked and are flagged (`checked` false), or are cancelled where the scenario says so.",
  "The DSO is heard once for each period, between its gate and its exchange; what comes at another time, or again, is refused and logged. Contracts go out at the gate unchecked, and anew behind its word to everybody who has one or whose limits are below its capacity: `checked` true, receipts that tell what was cut, by which element and why the other side was, and a fill of kind `released` for each order cut. `public/results/<p>` then tells what is left, and `cutKwh`. In lockstep its word takes effect in the next tick, behind the commands.",
];

/** What the contract lays down and this version does not do. Each line goes when its issue is done. */
export const notYetServed: readonly string[] = [
  "REST, registration and keys: from version 0.3. Until then ids come from the scenario, a stranger may take a free one where it says `guests: true`, and the broker listens on loopback only.",
  "The DSO: contracts stand unchecked (`checked` false) unless somebody else's speaks under its account; `public/network`, `manage/check` and `manage/limits` are silent; nothing is rejected with `network-constraint`.",
  "Batches: a `gateway` has nobody under it yet, and a batch is rejected with `not-registered`.",
  "Suspension: nobody is rejected with `suspended`.",
  "`inspect/#`, AsyncAPI, JSON Schema files and MQTT over WebSocket.",
];

export const restRules: readonly string[] = [
  "Not yet served: from version 0.3. The table is laid down so that clients can be written.",
  "Default ports: REST 5001, MQTT 1883. Servers bind to loopback unless told otherwise, inside a container to all addresses.",
  "`Authorization: Bearer <key>`; the operator's key for `/operator`. Queries take both forms of a period.",
  "A command over REST has the same fields and the same reply as over MQTT. Its `requestId` is the `Idempotency-Key` header or the field in the body; without either the server makes one and returns it.",
  "Errors are `application/problem+json` with `code`, `title`, `detail` and `status`. Where no reply of the market comes in time the answer is 503 with the `requestId`.",
];
