import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";

/**
 * Fetches anew what a change has made old. A first fetch that is still under way may have been answered before the change:
 * it is given up for another.
 */
export function useLookAgain(): (queryKey: QueryKey) => void {
  const queries = useQueryClient();
  return useCallback(
    (queryKey) => {
      void queries.cancelQueries({ queryKey }).then(() => queries.invalidateQueries({ queryKey }));
    },
    [queries],
  );
}
