import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import { failureOf } from "../aws/failure.ts";
import { shell } from "../text/shell.ts";

/** A failed call with AWS's code, message and request id, and what to do about it. */
export function FailureAlert({ failure, title, retry }: { failure: unknown; title?: string; retry?: () => void }) {
  const said = failureOf(failure);
  const hint = shell.failure.hints[said.code];
  return (
    <Alert
      type="error"
      header={title ?? said.code}
      action={retry && <Button onClick={retry}>{shell.retry}</Button>}
      data-testid="failure"
    >
      <div>{said.message}</div>
      {hint !== undefined && <div>{hint}</div>}
      <Box variant="small">
        {[
          `${shell.failure.code}: ${said.code}`,
          said.status === undefined ? "" : `${shell.failure.status}: ${said.status}`,
          said.requestId === undefined ? "" : `${shell.failure.requestId}: ${said.requestId}`,
        ]
          .filter((part) => part !== "")
          .join(" · ")}
      </Box>
    </Alert>
  );
}
