import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import TextFilter from "@cloudscape-design/components/text-filter";
import { type ReactNode, useMemo, useState } from "react";
import { shell } from "../text/shell.ts";
import { MoreResults, NothingThere } from "./Paged.tsx";

/** A list that is being fetched, page for page where it has pages. */
export interface Fetched {
  isPending: boolean;
  isError: boolean;
  error: unknown;
  refetch: () => unknown;
  hasNextPage?: boolean;
  isFetchingNextPage?: boolean;
  fetchNextPage?: () => unknown;
}

interface Props<T> {
  title: string;
  description?: ReactNode;
  items: readonly T[];
  fetched: Fetched;
  /** What an item is called. */
  nameOf: (item: T) => string;
  /** What tells an item from all others, where its name does not. */
  keyOf?: (item: T) => string;
  columns: TableProps.ColumnDefinition<T>[];
  empty: string;
  emptyHint?: string;
  /** What can be done with the list or what is selected in it. */
  actions?: ReactNode;
  /** Finds items that contain what is typed, among those that were fetched. */
  find?: string;
  /** Stands where the finding field does. */
  filter?: ReactNode;
  selected?: readonly T[];
  onSelect?: (selected: T[]) => void;
  selection?: "single" | "multi";
  /** Within a page that has a title of its own. */
  inner?: boolean;
}

/** A list of resources: its title, what can be done, finding, selecting, and what stands there when it is empty. */
export function ResourceTable<T>(props: Props<T>) {
  const { items, nameOf, keyOf = nameOf, fetched } = props;
  const [words, setWords] = useState("");
  const shown = useMemo(() => {
    const wanted = words.toLowerCase();
    return wanted === "" ? items : items.filter((item) => `${nameOf(item)} ${keyOf(item)}`.toLowerCase().includes(wanted));
  }, [items, nameOf, keyOf, words]);
  const more = fetched.hasNextPage === true;
  return (
    <Table<T>
      variant={props.inner === true ? "container" : "full-page"}
      items={shown}
      trackBy={keyOf}
      loading={fetched.isPending}
      loadingText={shell.loading}
      stickyHeader={props.inner !== true}
      {...(props.onSelect === undefined
        ? {}
        : {
            selectionType: props.selection ?? "single",
            selectedItems: props.selected ?? [],
            onSelectionChange: (event) => props.onSelect?.(event.detail.selectedItems),
          })}
      ariaLabels={{
        selectionGroupLabel: props.title,
        allItemsSelectionLabel: () => shell.selectAll,
        itemSelectionLabel: (_, item) => nameOf(item),
        tableLabel: props.title,
      }}
      header={
        <Header
          variant={props.inner === true ? "h2" : "awsui-h1-sticky"}
          description={props.description}
          counter={fetched.isPending ? "" : `(${items.length}${more ? "+" : ""})`}
          actions={
            <div className="actions">
              <Button
                iconName="refresh"
                ariaLabel={`${shell.refresh}: ${props.title}`}
                onClick={() => void fetched.refetch()}
              />
              {props.actions}
            </div>
          }
        >
          {props.title}
        </Header>
      }
      filter={
        props.filter ??
        (props.find !== undefined && (
          <TextFilter
            filteringText={words}
            filteringPlaceholder={props.find}
            filteringAriaLabel={props.find}
            filteringClearAriaLabel={shell.clearFilter}
            onChange={(event) => setWords(event.detail.filteringText)}
          />
        ))
      }
      empty={
        words !== "" && items.length > 0 ? (
          shell.noMatch
        ) : (
          <NothingThere
            fetched={fetched}
            title={props.empty}
            {...(props.emptyHint === undefined ? {} : { hint: props.emptyHint })}
          />
        )
      }
      footer={
        more && (
          <MoreResults
            pages={{
              hasNextPage: true,
              isFetchingNextPage: fetched.isFetchingNextPage === true,
              fetchNextPage: () => fetched.fetchNextPage?.(),
            }}
          />
        )
      }
      columnDefinitions={props.columns}
    />
  );
}
