/** The way from view to view; on a narrow window the open one is brought into sight. */
import { useEffect, useRef } from "preact/hooks";
import { openView } from "../navigation.js";
import { views } from "../views/all-views.js";

export function ViewLinks() {
  const list = useRef<HTMLElement>(null);
  const { name: openName, title } = openView.value;
  useEffect(() => {
    document.title = `${title} · elecbay`;
    const link = list.current?.querySelector<HTMLElement>('[aria-current="page"]');
    if (list.current !== null && link !== null && link !== undefined) {
      list.current.scrollLeft = link.offsetLeft - (list.current.clientWidth - link.clientWidth) / 2;
    }
  }, [title]);
  return (
    <nav ref={list} class="views" aria-label="Views">
      {views.map(({ name, title: label }) => (
        <a key={name} href={`#/${name}`} aria-current={name === openName ? "page" : undefined}>
          {label}
        </a>
      ))}
    </nav>
  );
}
