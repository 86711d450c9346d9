/** The inspector: opens the market or a log file, and draws the page. */
import "../page/theme.css";
import "../page/page.css";
import "../page/top-bar.css";
import "./inspector.css";
import "./views/actor-tree.css";
import "./views/statechart.css";
import "./views/sequence.css";
import "./views/log.css";
import "./views/context.css";
import { render } from "preact";
import { followTheme } from "../page/theme.js";
import { Inspector } from "./inspector.js";
import { followAddress } from "./model/address.js";
import { startSource } from "./model/source.js";

followTheme();
followAddress();
startSource();
const place = document.querySelector("#page");
if (place !== null) render(<Inspector />, place);
