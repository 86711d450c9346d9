/** Where the page after this one is. */

/** @param url of the request; @param next what its answer names to go on after */
export function nextPage(url: string, next: string): string {
  const [path = "", query = ""] = url.split("?");
  const parameters = new URLSearchParams(query);
  parameters.set("after", next);
  return `${path}?${parameters}`;
}
