import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { FailureAlert } from "../shell/FailureAlert.tsx";
import { shell } from "../text/shell.ts";
import { useSession } from "./session.ts";
import { assumed } from "./signing.ts";

/** Asks for a role and takes it on. */
export default function SwitchRole({ onDismiss }: { onDismiss: () => void }) {
  const { session, replace } = useSession();
  const [role, setRole] = useState("");
  const [name, setName] = useState("console");
  const change = useMutation({
    mutationFn: () => assumed(session, role.trim(), name.trim()),
    onSuccess: (next) => {
      onDismiss();
      replace(next);
    },
  });

  return (
    <Modal
      visible
      header={shell.role.title}
      closeAriaLabel={shell.close}
      onDismiss={onDismiss}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onDismiss}>
              {shell.cancel}
            </Button>
            <Button variant="primary" loading={change.isPending} disabled={role.trim() === ""} onClick={() => change.mutate()}>
              {shell.role.submit}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {change.isError && <FailureAlert title={shell.role.failed} failure={change.error} />}
        <FormField label={shell.role.arn} constraintText={shell.role.arnHint}>
          <Input value={role} onChange={(event) => setRole(event.detail.value)} />
        </FormField>
        <FormField label={shell.role.session}>
          <Input value={name} onChange={(event) => setName(event.detail.value)} />
        </FormField>
      </SpaceBetween>
    </Modal>
  );
}
