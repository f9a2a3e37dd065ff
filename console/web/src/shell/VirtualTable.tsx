import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useRef } from "react";
import { shell } from "../text/shell.ts";
import { Loading } from "./Loading.tsx";

export interface VirtualColumn<T> {
  id: string;
  header: string;
  cell: (item: T) => ReactNode;
  /** Its share of the width, where an ordinary column has 1. */
  share?: number;
}

interface Props<T> {
  label: string;
  items: readonly T[];
  columns: readonly VirtualColumn<T>[];
  /** What tells one item from the others. */
  keyOf: (item: T, index: number) => string;
  /** What stands there when there is no item. */
  empty: ReactNode;
  loading?: boolean;
  /** The most height that it takes, in pixels; the rest is scrolled to. */
  height?: number;
  /** Called when the reader comes near the end, to fetch the next page. */
  onNearEnd?: () => void;
  /** Rows can be chosen where this is given: by a click, or by Enter on a row. */
  onChoose?: (item: T) => void;
  chosen?: string | undefined;
}

const ROW = 36;
const NEAR = 10;

/** A table gets no narrower than this for each share of a column: it is scrolled sideways instead. */
const NARROWEST = 120;

/** A table of any length, of which only the rows in sight are in the page. */
export function VirtualTable<T>(props: Props<T>) {
  const { label, items, columns, keyOf, empty, loading = false, height = 480, onNearEnd, onChoose, chosen } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: NEAR,
    getItemKey: (index) => {
      const item = items[index];
      return item === undefined ? index : keyOf(item, index);
    },
    onChange: (changed) => {
      const last = changed.getVirtualItems().at(-1);
      if (last !== undefined && last.index >= items.length - NEAR && changed.isScrolling) {
        onNearEnd?.();
      }
    },
  });
  const tracks = { gridTemplateColumns: columns.map(({ share = 1 }) => `minmax(0, ${share}fr)`).join(" ") };
  const narrowest = NARROWEST * columns.reduce((sum, { share = 1 }) => sum + share, 0);

  return (
    <div className="virtual-table" ref={scroller} style={{ maxHeight: height }} tabIndex={0} role="region" aria-label={label}>
      <div role="table" aria-label={label} aria-rowcount={items.length + 1} aria-busy={loading} style={{ minWidth: narrowest }}>
        <div role="rowgroup" className="virtual-header">
          <div role="row" aria-rowindex={1} className="virtual-row" style={tracks}>
            {columns.map(({ id, header }) => (
              <div key={id} role="columnheader">
                {header}
              </div>
            ))}
          </div>
        </div>
        <div role="rowgroup" className="virtual-body" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ key, index, start }) => {
            const item = items[index];
            return (
              item !== undefined && (
                <div
                  key={key}
                  ref={rows.measureElement}
                  data-index={index}
                  role="row"
                  aria-rowindex={index + 2}
                  className={`virtual-row${chosen === keyOf(item, index) ? " virtual-chosen" : ""}`}
                  style={{ ...tracks, transform: `translateY(${start}px)` }}
                  {...(onChoose === undefined
                    ? {}
                    : {
                        tabIndex: 0,
                        "aria-selected": chosen === keyOf(item, index),
                        onClick: () => onChoose(item),
                        onKeyDown: (event: { key: string }) => event.key === "Enter" && onChoose(item),
                      })}
                >
                  {columns.map(({ id, cell }) => (
                    <div key={id} role="cell">
                      {cell(item)}
                    </div>
                  ))}
                </div>
              )
            );
          })}
        </div>
      </div>
      {items.length === 0 && (loading ? <Loading /> : <div className="virtual-empty">{empty}</div>)}
      {items.length > 0 && loading && <span role="status">{shell.loading}</span>}
    </div>
  );
}
