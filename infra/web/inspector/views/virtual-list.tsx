/** A long list of lines of the same height, of which only those in sight are on the page. */
import type { ComponentChildren, HTMLAttributes } from "preact";
import { useCallback, useLayoutEffect, useRef, useState } from "preact/hooks";

export interface VirtualListProps<Row> {
  readonly rows: readonly Row[];
  /** Pixels. */
  readonly rowHeight: number;
  readonly className: string;
  readonly draw: (row: Row, index: number) => ComponentChildren;
  /** The row to bring into sight whenever it, or what is listed, changes; -1: none. */
  readonly inSight: number;
  /** Changes with what is listed. */
  readonly listed: string | number;
  /** What it is to whoever does not see it, and what it does upon keys: it has the focus for all its lines. */
  readonly attributes: HTMLAttributes<HTMLDivElement>;
}

/** Rows above and below those in sight, for quick scrolling. */
const spare = 8;

export function VirtualList<Row>({
  rows,
  rowHeight,
  className,
  draw,
  inSight,
  listed,
  attributes,
}: VirtualListProps<Row>) {
  const list = useRef<HTMLDivElement>(null);
  const broughtFor = useRef("");
  const [view, setView] = useState({ top: 0, height: 600 });
  const look = useCallback(() => {
    const element = list.current;
    if (element === null) return;
    const { scrollTop: top, clientHeight: height } = element;
    setView((before) => (before.top === top && before.height === height ? before : { top, height }));
  }, []);
  useLayoutEffect(() => {
    if (list.current === null) return;
    const observer = new ResizeObserver(() => {
      broughtFor.current = ""; // it may have been hidden until now
      look();
    });
    observer.observe(list.current);
    return () => observer.disconnect();
  }, [look]);
  useLayoutEffect(() => {
    const wanted = `${inSight} ${listed}`;
    if (list.current === null || broughtFor.current === wanted) return;
    broughtFor.current = wanted;
    if (inSight >= 0) bringIntoSight(list.current, inSight * rowHeight, rowHeight);
    look();
  });
  const first = Math.max(0, Math.floor(view.top / rowHeight) - spare);
  const last = Math.min(rows.length, Math.ceil((view.top + view.height) / rowHeight) + spare);
  return (
    <div class={`virtual ${className}`} ref={list} onScroll={look} {...{ tabIndex: 0, ...attributes }}>
      <div class="virtual-all" style={{ height: `${rows.length * rowHeight}px` }} role="presentation">
        <div style={{ transform: `translateY(${first * rowHeight}px)` }} role="presentation">
          {rows.slice(first, last).map((row, index) => draw(row, first + index))}
        </div>
      </div>
    </div>
  );
}

function bringIntoSight(list: HTMLElement, top: number, height: number): void {
  if (top < list.scrollTop) list.scrollTop = top;
  else if (top + height > list.scrollTop + list.clientHeight) list.scrollTop = top + height - list.clientHeight;
}
