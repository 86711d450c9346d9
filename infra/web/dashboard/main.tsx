/** The dashboard: starts the connection and draws the page. */
import "../page/theme.css";
import "../page/page.css";
import "../page/top-bar.css";
import "./dashboard.css";
import { render } from "preact";
import { followTheme } from "../page/theme.js";
import { Dashboard } from "./dashboard.js";
import { gatherHistories } from "./model/histories.js";
import { startMarket } from "./model/market.js";
import { watchOnline } from "./model/online.js";

followTheme();
startMarket();
gatherHistories();
watchOnline();
const place = document.querySelector("#page");
if (place !== null) render(<Dashboard />, place);
