import { brokerConformance } from "./conformance.js";
import { nats } from "./nats.js";

brokerConformance(nats);
