import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import TextFilter from "@cloudscape-design/components/text-filter";
import { type ReactNode, useState } from "react";
import { shell } from "../text/shell.ts";
import { MoreResults, NothingThere } from "./Paged.tsx";

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
  pages: {
    isPending: boolean;
    isError: boolean;
    error: unknown;
    refetch: () => unknown;
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    fetchNextPage: () => unknown;
  };
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

/** The list of everything of a kind: found by words, chosen one at a time, fetched page for page. */
export function ResourceList<T>(props: Props<T>) {
  const { text, items, pages, keyOf, nameOf, columns, actions, inside = false, onChoose } = props;
  const [filter, setFilter] = useState("");
  const [selected, setSelected] = useState<string>();
  const words = filter.toLowerCase();
  const shown = items.filter((item) => `${nameOf(item)} ${keyOf(item)}`.toLowerCase().includes(words));
  const chosen = items.find((item) => keyOf(item) === (selected ?? props.chosen));
  return (
    <Table
      variant={inside ? "container" : "full-page"}
      items={shown}
      trackBy={keyOf}
      loading={pages.isPending}
      loadingText={shell.loading}
      stickyHeader={!inside}
      selectionType="single"
      selectedItems={chosen === undefined ? [] : [chosen]}
      onSelectionChange={(event) => {
        const item = event.detail.selectedItems[0];
        setSelected(item && keyOf(item));
        onChoose?.(item);
      }}
      ariaLabels={{
        selectionGroupLabel: text.title,
        itemSelectionLabel: (_, item) => nameOf(item),
        tableLabel: text.title,
      }}
      header={
        <Header
          variant={inside ? "h2" : "awsui-h1-sticky"}
          counter={pages.isPending ? "" : `(${items.length}${pages.hasNextPage ? "+" : ""})`}
          description={text.description}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button iconName="refresh" ariaLabel={`${shell.refresh}: ${text.title}`} onClick={() => void pages.refetch()} />
              <div className="actions">{actions(chosen)}</div>
            </SpaceBetween>
          }
        >
          {text.title}
        </Header>
      }
      filter={
        items.length > 0 && (
          <TextFilter
            filteringText={filter}
            filteringPlaceholder={text.filter}
            filteringAriaLabel={text.filter}
            filteringClearAriaLabel={shell.clearFilter}
            onChange={(event) => setFilter(event.detail.filteringText)}
          />
        )
      }
      empty={
        items.length > 0 ? (
          shell.noMatch
        ) : (
          <NothingThere fetched={pages} title={text.empty} {...(text.emptyHint === undefined ? {} : { hint: text.emptyHint })} />
        )
      }
      footer={<MoreResults pages={pages} />}
      columnDefinitions={columns}
    />
  );
}
