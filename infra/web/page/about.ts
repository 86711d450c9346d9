/** What the server says about itself in the page: the market's name, and who looks on. */

export interface About {
  /** The market's name in topics. */
  readonly market: string;
  /** Everybody reads everything, as in a simulation on one's own machine. */
  readonly openToAll: boolean;
  /** The broker lets each participant in once, under its id alone; observers without a name. */
  readonly oneConnectionEach: boolean;
  /** Addresses of the pages that are served, such as `/inspector`. */
  readonly pages: readonly string[];
  /** Address of a log that the inspector opens at once, where it is served for one. */
  readonly log?: string;
}

/** From `<meta name="elecbay">`, which the server fills in when it serves the page. */
export function readAbout(page: Document): About {
  const text = page.querySelector<HTMLMetaElement>('meta[name="elecbay"]')?.content ?? "";
  const told = text === "" ? {} : (JSON.parse(text) as Partial<About>);
  return {
    ...{ market: told.market ?? "main", openToAll: told.openToAll ?? false, pages: told.pages ?? ["/"] },
    oneConnectionEach: told.oneConnectionEach ?? false,
    ...(told.log === undefined ? {} : { log: told.log }),
  };
}
