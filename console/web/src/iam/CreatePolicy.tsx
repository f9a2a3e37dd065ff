import { CreatePolicyCommand, IAMClient } from "@aws-sdk/client-iam";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Form from "@cloudscape-design/components/form";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useClient } from "../aws/client.ts";
import { FailureAlert } from "../shell/FailureAlert.tsx";
import { TextField } from "../shell/fields.tsx";
import { useNotices } from "../shell/notices.ts";
import { usePage } from "../shell/page.ts";
import { iam } from "../text/iam.ts";
import { shell } from "../text/shell.ts";
import { EMPTY_POLICY } from "./policy.ts";
import { PolicyEditor } from "./PolicyEditor.tsx";

const text = iam.policies;

/** Makes a policy of the account. */
export default function CreatePolicy() {
  usePage(text.create, [
    { text: iam.service, href: "/iam/users" },
    { text: text.title, href: "/iam/policies" },
  ]);
  const client = useClient((configuration) => new IAMClient(configuration));
  const navigate = useNavigate();
  const notices = useNotices();
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [document, setDocument] = useState(EMPTY_POLICY);
  const creating = useMutation({
    mutationFn: () =>
      client.send(
        new CreatePolicyCommand({
          PolicyName: name,
          PolicyDocument: document,
          ...(description === "" ? {} : { Description: description }),
        }),
      ),
    onSuccess: (answer) => {
      notices.done(text.created(name));
      navigate(`/iam/policies/view?arn=${encodeURIComponent(answer.Policy?.Arn ?? "")}`);
    },
  });
  return (
    <Form
      header={<Header variant="h1">{text.create}</Header>}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button variant="link" onClick={() => navigate("/iam/policies")}>
            {shell.cancel}
          </Button>
          <Button variant="primary" disabled={name === ""} loading={creating.isPending} onClick={() => creating.mutate()}>
            {text.create}
          </Button>
        </SpaceBetween>
      }
    >
      <SpaceBetween size="l">
        {creating.isError && <FailureAlert failure={creating.error} />}
        <Container>
          <SpaceBetween size="m">
            <TextField label={text.name} value={name} onChange={setName} />
            <TextField label={text.description} value={description} onChange={setDescription} />
          </SpaceBetween>
        </Container>
        <PolicyEditor document={document} onChange={setDocument} />
      </SpaceBetween>
    </Form>
  );
}
