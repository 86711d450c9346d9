import { brokerConformance } from "./conformance.js";
import { embedded } from "./embedded.js";

brokerConformance(embedded);
