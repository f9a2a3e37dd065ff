import type { TableProps } from "@cloudscape-design/components/table";
import { type ReactNode, useState } from "react";
import { type Fetched, ResourceTable } from "./ResourceTable.tsx";

interface Props<T> {
  text: {
    title: string;
    description?: string;
    filter: string;
    empty: string;
    emptyHint?: string;
  };
  items: readonly T[];
  /** The query that fetched them, page for page. */
  pages: Fetched;
  keyOf: (item: T) => string;
  nameOf: (item: T) => string;
  columns: TableProps.ColumnDefinition<T>[];
  /** What can be done with the chosen one, or with none chosen. */
  actions: (chosen: T | undefined) => ReactNode;
  /** Stands inside another page, below its title. */
  inside?: boolean;
  /** The key of the one that is chosen before somebody chooses. */
  chosen?: string;
  onChoose?: (chosen: T | undefined) => void;
}

/** The list of everything of a kind, which remembers the one that is chosen. */
export function ResourceList<T>(props: Props<T>) {
  const { text, items, keyOf } = props;
  const [selected, setSelected] = useState<string>();
  const chosen = items.find((item) => keyOf(item) === (selected ?? props.chosen));
  return (
    <ResourceTable
      title={text.title}
      description={text.description}
      items={items}
      fetched={props.pages}
      keyOf={keyOf}
      nameOf={props.nameOf}
      columns={props.columns}
      empty={text.empty}
      {...(text.emptyHint === undefined ? {} : { emptyHint: text.emptyHint })}
      {...(items.length === 0 ? {} : { find: text.filter })}
      inner={props.inside === true}
      selected={chosen === undefined ? [] : [chosen]}
      onSelect={([item]) => {
        setSelected(item && keyOf(item));
        props.onChoose?.(item);
      }}
      actions={props.actions(chosen)}
    />
  );
}
