/** The dashboard: starts the connection and draws the page. */
import "../page/theme.css";
import "../page/page.css";
import "../page/top-bar.css";
import "./dashboard.css";
import { render } from "preact";
import { followTheme } from "../page/theme.js";
import { Dashboard } from "./dashboard.js";
import { watchEverybody } from "./model/everybody.js";
import { gatherHistories } from "./model/histories.js";
import { startMarket } from "./model/market.js";
import { watchOnline } from "./model/online.js";
import { fetchPastResults } from "./model/past-results.js";
import { hearReplies } from "./model/trading.js";

followTheme();
startMarket();
gatherHistories();
hearReplies();
fetchPastResults();
watchOnline();
watchEverybody();
const place = document.querySelector("#page");
if (place !== null) render(<Dashboard />, place);
