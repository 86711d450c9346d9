/** How wide an element is, as it changes: drawings are made to fit, so that their text keeps its size. */
import type { RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";

/** @param usual until it has been measured @returns px */
export function useWidth(element: RefObject<HTMLElement | null>, usual: number): number {
  const [width, setWidth] = useState(usual);
  useLayoutEffect(() => {
    const measured = element.current;
    if (measured === null) return;
    const take = () => setWidth(Math.max(1, Math.floor(measured.clientWidth)));
    take();
    const watch = new ResizeObserver(take);
    watch.observe(measured);
    return () => watch.disconnect();
  }, [element]);
  return width;
}
