import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useMutation } from "@tanstack/react-query";
import { shell } from "../text/shell.ts";
import { FailureAlert } from "./FailureAlert.tsx";

interface Props {
  title: string;
  message: string;
  action: string;
  run: () => Promise<unknown>;
  onDismiss: () => void;
  onDone: () => void;
}

/** Asks before something is done that cannot be taken back, does it, and says so if it failed. */
export function Confirm({ title, message, action, run, onDismiss, onDone }: Props) {
  const doing = useMutation({ mutationFn: run, onSuccess: onDone });
  return (
    <Modal
      visible
      header={title}
      closeAriaLabel={shell.close}
      onDismiss={onDismiss}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onDismiss}>
              {shell.cancel}
            </Button>
            <Button variant="primary" loading={doing.isPending} onClick={() => doing.mutate()}>
              {action}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {doing.isError && <FailureAlert failure={doing.error} />}
        <Box>{message}</Box>
      </SpaceBetween>
    </Modal>
  );
}
