import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { shell } from "../text/shell.ts";
import { FailureAlert } from "./FailureAlert.tsx";

/** What a list is fetched by, page for page. */
interface Pages {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

/** Fetches the next page of a list, where there is one. */
export function MoreResults({ pages }: { pages: Pages }) {
  return (
    pages.hasNextPage && (
      <Box textAlign="center">
        <Button loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          {shell.moreResults}
        </Button>
      </Box>
    )
  );
}

/** What could not be fetched, or was and has nothing in it. */
interface Fetched {
  isError: boolean;
  error: unknown;
  refetch: () => unknown;
}

/** Stands where a list has nothing to show: why it failed, or how to begin. */
export function NothingThere({ fetched, title, hint }: { fetched: Fetched; title: string; hint?: string }) {
  return fetched.isError ? (
    <FailureAlert failure={fetched.error} retry={() => void fetched.refetch()} />
  ) : (
    <SpaceBetween size="xs">
      <b>{title}</b>
      {hint !== undefined && <Box color="text-body-secondary">{hint}</Box>}
    </SpaceBetween>
  );
}
