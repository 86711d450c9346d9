/** What may be wider or longer than its place, such as a table: it scrolls within itself, with the keyboard too. */
import type { ComponentChildren } from "preact";

export interface ScrollAreaProps {
  readonly label: string;
  readonly className?: string;
  readonly children: ComponentChildren;
}

export function ScrollArea({ label, className = "", children }: ScrollAreaProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls what has the focus
    <section class={`table ${className}`} aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
