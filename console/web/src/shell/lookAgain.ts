import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";

/**
 * Fetches anew what a change has made old, and ends when what is shown of it is there. A first fetch that is still under way
 * may have been answered before the change: it is given up for another.
 */
export function useLookAgain(): (queryKey: QueryKey) => Promise<void> {
  const queries = useQueryClient();
  return useCallback(
    async (queryKey) => {
      await queries.cancelQueries({ queryKey });
      await queries.invalidateQueries({ queryKey });
    },
    [queries],
  );
}
