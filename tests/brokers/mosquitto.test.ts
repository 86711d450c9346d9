import { brokerConformance } from "./conformance.js";
import { mosquitto } from "./mosquitto.js";

brokerConformance(mosquitto);
