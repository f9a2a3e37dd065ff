import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";

/** What words of AWS's for a state look like. */
const TYPES: Record<string, StatusIndicatorProps.Type> = {
  ACTIVE: "success",
  AVAILABLE: "success",
  COMPLETE: "success",
  COMPLETED: "success",
  INDEXED: "success",
  READY: "success",
  STOPPED: "stopped",
  IGNORED: "stopped",
  NOT_FOUND: "stopped",
  EXPIRED: "stopped",
  FAILED: "error",
  METADATA_UPDATE_FAILED: "error",
  DELETE_UNSUCCESSFUL: "error",
  PARTIALLYCOMPLETED: "warning",
  PARTIALLY_INDEXED: "warning",
  METADATA_PARTIALLY_INDEXED: "warning",
  PENDING: "pending",
  SUBMITTED: "pending",
  SCHEDULED: "pending",
};

/** A state in AWS's words, such as IN_PROGRESS or InProgress, with its sign. */
export function Status({ status = "" }: { status?: string | undefined }) {
  const words = status.replace(/([a-z])([A-Z])/g, "$1_$2").replaceAll("_", " ").toLowerCase();
  return (
    <StatusIndicator type={TYPES[status.toUpperCase()] ?? "in-progress"}>
      {words.charAt(0).toUpperCase() + words.slice(1)}
    </StatusIndicator>
  );
}
