import {
  CancelRotateSecretCommand,
  type DescribeSecretCommandOutput,
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import Button from "@cloudscape-design/components/button";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { laidOut } from "../editor/json.ts";
import { Code } from "../shell/Code.tsx";
import { FailureAlert } from "../shell/FailureAlert.tsx";
import { LongTextField, TextField } from "../shell/fields.tsx";
import { FormModal } from "../shell/FormModal.tsx";
import { useLookAgain } from "../shell/lookAgain.ts";
import { useNotices } from "../shell/notices.ts";
import { ResourceTable } from "../shell/ResourceTable.tsx";
import { time } from "../text/format.ts";
import { secrets as text } from "../text/secrets.ts";
import { shell } from "../text/shell.ts";

interface Props {
  client: SecretsManagerClient;
  id: string;
}

/** The value, which is fetched only when somebody asks to see it, and forgotten when the page is left. */
export function SecretValue({ client, id }: Props) {
  const notices = useNotices();
  const lookAgain = useLookAgain();
  const [value, setValue] = useState("");
  const [editing, setEditing] = useState(false);
  const fetching = useMutation({
    gcTime: 0,
    mutationFn: async () => {
      const answer = await client.send(new GetSecretValueCommand({ SecretId: id }));
      return answer.SecretString ?? text.binary;
    },
  });
  const edit = async () => {
    setValue(await fetching.mutateAsync().catch(() => ""));
    setEditing(true);
  };
  return (
    <SpaceBetween size="m">
      {fetching.isError && <FailureAlert failure={fetching.error} />}
      <SpaceBetween direction="horizontal" size="xs">
        {fetching.data === undefined ? (
          <Button loading={fetching.isPending} onClick={() => fetching.mutate()}>
            {text.reveal}
          </Button>
        ) : (
          <Button onClick={() => fetching.reset()}>{text.hide}</Button>
        )}
        <Button onClick={() => void edit()}>{text.edit}</Button>
      </SpaceBetween>
      {fetching.data !== undefined && <Code label={text.value} text={laidOut(fetching.data)} />}
      {editing && (
        <FormModal
          title={text.edit}
          submit={shell.save}
          disabled={value === ""}
          run={() =>
            client.send(new PutSecretValueCommand({ SecretId: id, SecretString: value, ClientRequestToken: crypto.randomUUID() }))
          }
          onDismiss={() => setEditing(false)}
          onDone={() => {
            setEditing(false);
            fetching.reset();
            notices.done(text.saved);
            void lookAgain(["secret", id]);
          }}
        >
          <LongTextField label={text.value} hint={text.valueHint} value={value} onChange={setValue} />
        </FormModal>
      )}
    </SpaceBetween>
  );
}

/** The versions of a value, those that are no longer in use included. */
export function SecretVersions({ client, id }: Props) {
  const pages = useInfiniteQuery({
    queryKey: ["secret", id, "versions"],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      client.send(
        new ListSecretVersionIdsCommand({ SecretId: id, IncludeDeprecated: true, MaxResults: 100, NextToken: pageParam }),
        { abortSignal: signal },
      ),
    getNextPageParam: (page) => page.NextToken,
  });
  return (
    <ResourceTable
      inner
      title={text.versions.tab}
      items={pages.data?.pages.flatMap((page) => page.Versions ?? []) ?? []}
      fetched={pages}
      nameOf={(version) => version.VersionId ?? ""}
      find={text.versions.find}
      empty={text.versions.empty}
      columns={[
        { id: "id", header: text.versions.columns.id, isRowHeader: true, cell: (version) => version.VersionId },
        {
          id: "stages",
          header: text.versions.columns.stages,
          cell: (version) => (version.VersionStages ?? []).join(", ") || text.versions.old,
        },
        { id: "created", header: text.versions.columns.created, cell: (version) => time(version.CreatedDate) },
      ]}
    />
  );
}

/** Whether, when and by what a value is replaced. */
export function SecretRotation(props: Props & { secret: DescribeSecretCommandOutput; onChanged: () => void }) {
  const { client, id, secret, onChanged } = props;
  const notices = useNotices();
  const [rotator, setRotator] = useState(secret.RotationLambdaARN ?? "");
  const [days, setDays] = useState(String(secret.RotationRules?.AutomaticallyAfterDays ?? 30));
  const saving = useMutation({
    mutationFn: () =>
      client.send(
        new RotateSecretCommand({
          SecretId: id,
          ClientRequestToken: crypto.randomUUID(),
          RotationLambdaARN: rotator,
          RotationRules: { AutomaticallyAfterDays: Number(days) },
        }),
      ),
    onSuccess: () => {
      notices.done(text.rotation.saved);
      onChanged();
    },
  });
  const stopping = useMutation({
    mutationFn: () => client.send(new CancelRotateSecretCommand({ SecretId: id })),
    onSuccess: () => {
      notices.done(text.rotation.stopped);
      onChanged();
    },
  });
  return (
    <SpaceBetween size="m">
      {saving.isError && <FailureAlert failure={saving.error} />}
      {stopping.isError && <FailureAlert failure={stopping.error} />}
      <KeyValuePairs
        columns={3}
        items={[
          { label: text.columns.rotation, value: secret.RotationEnabled === true ? text.rotates : text.rotatesNot },
          { label: text.rotation.last, value: time(secret.LastRotatedDate) || text.rotation.never },
          { label: text.rotation.next, value: time(secret.NextRotationDate) || text.rotation.never },
        ]}
      />
      <ColumnLayout columns={2}>
        <TextField label={text.rotation.function} hint={text.rotation.functionHint} value={rotator} onChange={setRotator} />
        <TextField label={text.rotation.days} type="number" value={days} onChange={setDays} />
      </ColumnLayout>
      <SpaceBetween direction="horizontal" size="xs">
        <Button variant="primary" disabled={rotator === ""} loading={saving.isPending} onClick={() => saving.mutate()}>
          {text.rotation.save}
        </Button>
        <Button disabled={secret.RotationEnabled !== true} loading={stopping.isPending} onClick={() => stopping.mutate()}>
          {text.rotation.stop}
        </Button>
      </SpaceBetween>
    </SpaceBetween>
  );
}
