/** The line at the head of both pages: the name, the other page, whether it is live, theme, and who is signed in. */
import type { ComponentChildren } from "preact";
import type { About } from "../about.js";
import { chooseTheme, theme, themeChoice } from "../theme.js";

export interface TopBarProps {
  readonly about: About;
  readonly here: "/" | "/inspector";
  /** The state of the connection. */
  readonly children?: ComponentChildren;
}

const pages = [
  { path: "/", name: "Dashboard" },
  { path: "/inspector", name: "Inspector" },
];

export function TopBar({ about, here, children }: TopBarProps) {
  const served = pages.filter(({ path }) => about.pages.includes(path));
  return (
    <header class="top">
      <a class="skip" href="#main">
        To the content
      </a>
      <a class="brand" href="/">
        <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
          <path d="M3 13a9 9 0 0 1 18 0" fill="none" stroke="var(--generation)" stroke-width="2.4" />
          <path d="M13 5 7 14h4l-1 6 7-10h-4z" fill="var(--accent)" />
        </svg>
        <h1>
          elecbay <span class="soft">{about.market}</span>
        </h1>
      </a>
      {served.length > 1 && (
        <nav class="pages" aria-label="Pages">
          {served.map(({ path, name }) => (
            <a key={path} href={path} aria-current={path === here ? "page" : undefined}>
              {name}
            </a>
          ))}
        </nav>
      )}
      <div class="top-end">
        {children}
        <ThemeButton />
      </div>
    </header>
  );
}

function ThemeButton() {
  const next = theme.value === "dark" ? "light" : "dark";
  return (
    <button
      type="button"
      class="plain small"
      aria-label={`Change to the ${next} theme`}
      title={themeChoice.value === "device" ? "as the device has it" : undefined}
      onClick={() => chooseTheme(next)}
    >
      <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
        <circle cx="10" cy="10" r="7" fill="none" stroke="currentColor" stroke-width="1.8" />
        <path d="M10 3a7 7 0 0 1 0 14z" fill="currentColor" />
      </svg>
    </button>
  );
}
