/** A part that scrolls inside itself, and so has to be reached by the keyboard too. */
import type { ComponentChildren, RefObject } from "preact";

export interface ScrollsProps {
  readonly label: string;
  readonly className: string;
  readonly place?: RefObject<HTMLElement | null>;
  readonly children: ComponentChildren;
}

export function Scrolls({ label, className, place, children }: ScrollsProps) {
  const reference = place === undefined ? {} : { ref: place as RefObject<HTMLElement> };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
    <section {...reference} class={className} tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}
