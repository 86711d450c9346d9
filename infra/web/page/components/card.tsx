/** A framed part of a page with a heading and tools beside it, and what stands in its place while there is nothing to show. */
import type { ComponentChildren } from "preact";

export interface CardProps {
  readonly title: string;
  /** Buttons and choices beside the title. */
  readonly tools?: ComponentChildren;
  readonly className?: string;
  readonly children: ComponentChildren;
}

export function Card({ title, tools, className = "", children }: CardProps) {
  return (
    <section class={`card ${className}`} aria-label={title}>
      <header>
        <h2>{title}</h2>
        {tools !== undefined && <div class="tools">{tools}</div>}
      </header>
      <div class="body">{children}</div>
    </section>
  );
}

/** @param title what there is not @param children what to do, or when it comes */
export function Empty({ title, children }: { readonly title: string; readonly children?: ComponentChildren }) {
  return (
    <div class="empty" role="status">
      <strong>{title}</strong>
      {children !== undefined && <span>{children}</span>}
    </div>
  );
}
