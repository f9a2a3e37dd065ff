import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal, { type ModalProps } from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { shell } from "../text/shell.ts";
import { FailureAlert } from "./FailureAlert.tsx";

interface Props<T> {
  title: string;
  submit: string;
  disabled?: boolean;
  size?: ModalProps.Size;
  children: ReactNode;
  run: () => Promise<T>;
  onDismiss: () => void;
  onDone: (result: T) => void;
}

/** A form in front of the page that makes or changes something, and says so if that failed. */
export function FormModal<T>(props: Props<T>) {
  const doing = useMutation({ mutationFn: props.run, onSuccess: props.onDone });
  return (
    <Modal
      visible
      size={props.size ?? "medium"}
      header={props.title}
      closeAriaLabel={shell.close}
      onDismiss={props.onDismiss}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={props.onDismiss}>
              {shell.cancel}
            </Button>
            <Button
              variant="primary"
              disabled={props.disabled === true}
              loading={doing.isPending}
              onClick={() => doing.mutate()}
            >
              {props.submit}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {doing.isError && <FailureAlert failure={doing.error} />}
        {props.children}
      </SpaceBetween>
    </Modal>
  );
}
