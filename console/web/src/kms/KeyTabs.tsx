import {
  CreateAliasCommand,
  DeleteAliasCommand,
  DisableKeyRotationCommand,
  EnableKeyRotationCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  type KMSClient,
  ListAliasesCommand,
  ListKeyRotationsCommand,
  PutKeyPolicyCommand,
  RotateKeyOnDemandCommand,
} from "@aws-sdk/client-kms";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Toggle from "@cloudscape-design/components/toggle";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { JsonEditor } from "../editor/JsonEditor.tsx";
import { laidOut } from "../editor/json.ts";
import { FailureAlert } from "../shell/FailureAlert.tsx";
import { TextField } from "../shell/fields.tsx";
import { FormModal } from "../shell/FormModal.tsx";
import { Loading } from "../shell/Loading.tsx";
import { useNotices } from "../shell/notices.ts";
import { ResourceTable } from "../shell/ResourceTable.tsx";
import { time } from "../text/format.ts";
import { kms as text } from "../text/kms.ts";
import { shell } from "../text/shell.ts";

interface Props {
  client: KMSClient;
  id: string;
}

/** Whether and when a key gets new material. */
export function Rotation({ client, id, rotates }: Props & { rotates: boolean }) {
  const notices = useNotices();
  const status = useQuery({
    queryKey: ["key", id, "rotation"],
    enabled: rotates,
    queryFn: () => client.send(new GetKeyRotationStatusCommand({ KeyId: id })),
  });
  const past = useQuery({
    queryKey: ["key", id, "rotations"],
    enabled: rotates,
    queryFn: async () => (await client.send(new ListKeyRotationsCommand({ KeyId: id, Limit: 100 }))).Rotations ?? [],
  });
  const on = status.data?.KeyRotationEnabled === true;
  const toggling = useMutation({
    mutationFn: async () => {
      await client.send(on ? new DisableKeyRotationCommand({ KeyId: id }) : new EnableKeyRotationCommand({ KeyId: id }));
    },
    onSuccess: () => status.refetch(),
  });
  const rotating = useMutation({
    mutationFn: () => client.send(new RotateKeyOnDemandCommand({ KeyId: id })),
    onSuccess: () => {
      notices.done(text.rotation.rotated);
      void past.refetch();
    },
  });
  if (!rotates) {
    return <Box>{text.rotation.none}</Box>;
  }
  return (
    <SpaceBetween size="m">
      {[status, toggling, rotating].map((doing, at) => doing.isError && <FailureAlert key={at} failure={doing.error} />)}
      <Toggle
        checked={on}
        disabled={status.isPending || toggling.isPending}
        description={
          on
            ? `${text.rotation.every(status.data?.RotationPeriodInDays ?? 365)}. ${text.rotation.next}: ${time(status.data?.NextRotationDate)}`
            : ""
        }
        onChange={() => toggling.mutate()}
      >
        {text.rotation.on}
      </Toggle>
      <ResourceTable
        inner
        title={text.rotation.past}
        items={past.data ?? []}
        fetched={past}
        nameOf={(rotation) => rotation.RotationDate?.toISOString() ?? ""}
        empty={text.rotation.pastEmpty}
        actions={
          <Button loading={rotating.isPending} onClick={() => rotating.mutate()}>
            {text.rotation.rotate}
          </Button>
        }
        columns={[
          { id: "date", header: text.rotation.columns.date, isRowHeader: true, cell: (rotation) => time(rotation.RotationDate) },
          { id: "type", header: text.rotation.columns.type, cell: (rotation) => rotation.RotationType },
        ]}
      />
    </SpaceBetween>
  );
}

/** The other names of a key. */
export function KeyAliases({ client, id }: Props) {
  const [selected, setSelected] = useState<string[]>([]);
  const [adding, setAdding] = useState(false);
  const [alias, setAlias] = useState("");
  const known = useQuery({
    queryKey: ["key", id, "aliases"],
    queryFn: async () =>
      ((await client.send(new ListAliasesCommand({ KeyId: id, Limit: 100 }))).Aliases ?? []).map(({ AliasName = "" }) => AliasName),
  });
  const deleting = useMutation({
    mutationFn: (name: string) => client.send(new DeleteAliasCommand({ AliasName: name })),
    onSuccess: () => {
      setSelected([]);
      void known.refetch();
    },
  });
  return (
    <>
      {deleting.isError && <FailureAlert failure={deleting.error} />}
      <ResourceTable
        inner
        title={text.aliases.tab}
        items={known.data ?? []}
        fetched={known}
        nameOf={(name) => name}
        selected={selected}
        onSelect={setSelected}
        empty={text.aliases.empty}
        actions={
          <>
            <Button
              disabled={selected.length === 0}
              loading={deleting.isPending}
              onClick={() => selected[0] !== undefined && deleting.mutate(selected[0])}
            >
              {shell.delete}
            </Button>
            <Button onClick={() => setAdding(true)}>{text.aliases.add}</Button>
          </>
        }
        columns={[{ id: "name", header: text.alias, isRowHeader: true, cell: (name) => name }]}
      />
      {adding && (
        <FormModal
          title={text.aliases.add}
          submit={text.aliases.add}
          disabled={alias === ""}
          run={() => client.send(new CreateAliasCommand({ AliasName: `alias/${alias}`, TargetKeyId: id }))}
          onDismiss={() => setAdding(false)}
          onDone={() => {
            setAdding(false);
            setAlias("");
            void known.refetch();
          }}
        >
          <TextField label={text.alias} hint={text.aliasHint} value={alias} onChange={setAlias} />
        </FormModal>
      )}
    </>
  );
}

/** Who may do what with a key. */
export function KeyPolicy({ client, id }: Props) {
  const notices = useNotices();
  const [draft, setDraft] = useState<string>();
  const stored = useQuery({
    queryKey: ["key", id, "policy"],
    queryFn: async () => laidOut((await client.send(new GetKeyPolicyCommand({ KeyId: id, PolicyName: "default" }))).Policy ?? ""),
  });
  const saving = useMutation({
    mutationFn: (Policy: string) => client.send(new PutKeyPolicyCommand({ KeyId: id, PolicyName: "default", Policy })),
    onSuccess: async () => {
      await stored.refetch();
      setDraft(undefined);
      notices.done(text.policy.saved);
    },
  });
  if (stored.isPending) {
    return <Loading />;
  }
  if (stored.isError) {
    return <FailureAlert failure={stored.error} retry={() => void stored.refetch()} />;
  }
  return (
    <SpaceBetween size="m">
      {saving.isError && <FailureAlert failure={saving.error} />}
      <JsonEditor label={text.policy.tab} value={draft ?? stored.data} onChange={setDraft} />
      <Button
        variant="primary"
        disabled={draft === undefined || draft === stored.data}
        loading={saving.isPending}
        onClick={() => draft !== undefined && saving.mutate(draft)}
      >
        {shell.save}
      </Button>
    </SpaceBetween>
  );
}
