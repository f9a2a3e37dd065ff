import { DeleteSecretCommand, DescribeSecretCommand, RestoreSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs from "@cloudscape-design/components/tabs";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { useClient } from "../aws/client.ts";
import { FailureAlert } from "../shell/FailureAlert.tsx";
import { TextField } from "../shell/fields.tsx";
import { FormModal } from "../shell/FormModal.tsx";
import { Loading } from "../shell/Loading.tsx";
import { useNotices } from "../shell/notices.ts";
import { usePage } from "../shell/page.ts";
import { Tags } from "../shell/Tags.tsx";
import { time } from "../text/format.ts";
import { secrets as text } from "../text/secrets.ts";
import { shell } from "../text/shell.ts";
import { tags } from "../text/tags.ts";
import { SecretState } from "./SecretList.tsx";
import { SecretRotation, SecretValue, SecretVersions } from "./SecretTabs.tsx";
import { secretTags } from "./tags.ts";

/** One secret: its value for those who may read it, its versions, its rotation and its tags. */
export default function SecretPage() {
  const [parameters] = useSearchParams();
  const id = parameters.get("id") ?? "";
  usePage(id, [{ text: text.service, href: "/secrets" }]);
  const client = useClient((configuration) => new SecretsManagerClient(configuration));
  const notices = useNotices();
  const [deleting, setDeleting] = useState(false);
  const [days, setDays] = useState("30");
  const known = useQuery({
    queryKey: ["secret", id],
    queryFn: ({ signal }) => client.send(new DescribeSecretCommand({ SecretId: id }), { abortSignal: signal }),
  });
  const restoring = useMutation({
    mutationFn: () => client.send(new RestoreSecretCommand({ SecretId: id })),
    onSuccess: () => {
      notices.done(text.restored(id));
      void known.refetch();
    },
  });
  if (known.isPending) {
    return <Loading />;
  }
  if (known.isError) {
    return <FailureAlert failure={known.error} retry={() => void known.refetch()} />;
  }
  const secret = known.data;
  const gone = secret.DeletedDate !== undefined;
  return (
    <SpaceBetween size="l">
      {restoring.isError && <FailureAlert failure={restoring.error} />}
      <Container
        header={
          <Header
            variant="h1"
            description={secret.Description}
            actions={
              gone ? (
                <Button variant="primary" loading={restoring.isPending} onClick={() => restoring.mutate()}>
                  {text.restore}
                </Button>
              ) : (
                <Button onClick={() => setDeleting(true)}>{text.delete}</Button>
              )
            }
          >
            {id}
          </Header>
        }
      >
        <KeyValuePairs
          columns={2}
          items={[
            { label: text.arn, value: secret.ARN ?? "" },
            { label: text.columns.state, value: <SecretState secret={secret} /> },
            { label: text.columns.changed, value: time(secret.LastChangedDate) },
            { label: text.key, value: secret.KmsKeyId ?? "aws/secretsmanager" },
          ]}
        />
      </Container>
      {!gone && (
        <Tabs
          i18nStrings={shell.tabs}
          tabs={[
            { id: "value", label: text.valueTab, content: <SecretValue client={client} id={id} /> },
            { id: "versions", label: text.versions.tab, content: <SecretVersions client={client} id={id} /> },
            {
              id: "rotation",
              label: text.rotation.tab,
              content: <SecretRotation client={client} id={id} secret={secret} onChanged={() => void known.refetch()} />,
            },
            { id: "tags", label: tags.tab, content: <Tags of={["secret", id]} store={secretTags(client, id)} /> },
          ]}
        />
      )}
      {deleting && (
        <FormModal
          title={text.deleteTitle(id)}
          submit={text.delete}
          run={() => client.send(new DeleteSecretCommand({ SecretId: id, RecoveryWindowInDays: Number(days) }))}
          onDismiss={() => setDeleting(false)}
          onDone={(answer) => {
            setDeleting(false);
            notices.done(text.deleted(id, time(answer.DeletionDate)));
            void known.refetch();
          }}
        >
          <p>{text.deleteText}</p>
          <TextField label={text.waiting} hint={text.waitingHint} type="number" value={days} onChange={setDays} />
        </FormModal>
      )}
    </SpaceBetween>
  );
}
