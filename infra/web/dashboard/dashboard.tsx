/** The frame of the dashboard: what is always in sight, and the view that is open. */
import { SignIn } from "../page/components/sign-in.js";
import { TopBar } from "../page/components/top-bar.js";
import { LinkBadge } from "./header/link-badge.js";
import { MarketFigures } from "./header/market-figures.js";
import { PeriodRail } from "./header/period-rail.js";
import { TimeBar } from "./header/time-bar.js";
import { ViewLinks } from "./header/view-links.js";
import { about, linkState } from "./model/market.js";
import { openView } from "./navigation.js";

export function Dashboard() {
  const { title, view: Open } = openView.value;
  return (
    <>
      <TopBar about={about} here="/">
        <LinkBadge />
        <SignIn linkState={linkState.value} />
      </TopBar>
      <div class="market-head">
        <MarketFigures />
        <PeriodRail />
      </div>
      <ViewLinks />
      <main id="main" tabIndex={-1} aria-label={title}>
        <Open />
      </main>
      <TimeBar />
    </>
  );
}
