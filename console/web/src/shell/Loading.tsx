import Box from "@cloudscape-design/components/box";
import Spinner from "@cloudscape-design/components/spinner";
import { shell } from "../text/shell.ts";

/** While a page's code or data is on its way. */
export function Loading() {
  return (
    <Box textAlign="center" padding="xxl">
      <span role="status" aria-label={shell.loading}>
        <Spinner size="large" />
      </span>
    </Box>
  );
}
