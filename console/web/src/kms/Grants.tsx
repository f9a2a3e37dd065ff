import {
  CreateGrantCommand,
  type GrantListEntry,
  GrantOperation,
  type KMSClient,
  ListGrantsCommand,
  RevokeGrantCommand,
} from "@aws-sdk/client-kms";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Multiselect from "@cloudscape-design/components/multiselect";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Deletion } from "../shell/Deletion.tsx";
import { TextField } from "../shell/fields.tsx";
import { FormModal } from "../shell/FormModal.tsx";
import { useLookAgain } from "../shell/lookAgain.ts";
import { useNotices } from "../shell/notices.ts";
import { ResourceTable } from "../shell/ResourceTable.tsx";
import { time } from "../text/format.ts";
import { kms } from "../text/kms.ts";
import { shell } from "../text/shell.ts";

const text = kms.grants;

interface Props {
  client: KMSClient;
  id: string;
}

/** Who was given rights to a key beside its policy. */
export function Grants({ client, id }: Props) {
  const notices = useNotices();
  const lookAgain = useLookAgain();
  const [selected, setSelected] = useState<GrantListEntry[]>([]);
  const [doing, setDoing] = useState<"create" | "revoke">();
  const pages = useInfiniteQuery({
    queryKey: ["key", id, "grants"],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      client.send(new ListGrantsCommand({ KeyId: id, Limit: 50, Marker: pageParam }), { abortSignal: signal }),
    getNextPageParam: (page) => (page.Truncated === true ? page.NextMarker : undefined),
  });
  const chosen = selected[0]?.GrantId;
  const look = () => lookAgain(["key", id, "grants"]);
  return (
    <>
      <ResourceTable
        inner
        title={text.tab}
        description={text.description}
        items={pages.data?.pages.flatMap((page) => page.Grants ?? []) ?? []}
        fetched={pages}
        nameOf={({ Name, GrantId = "" }) => Name ?? GrantId}
        keyOf={({ GrantId = "" }) => GrantId}
        selected={selected}
        onSelect={setSelected}
        empty={text.empty}
        emptyHint={text.emptyHint}
        actions={
          <>
            <Button disabled={chosen === undefined} onClick={() => setDoing("revoke")}>
              {text.revoke}
            </Button>
            <Button onClick={() => setDoing("create")}>{text.create}</Button>
          </>
        }
        columns={[
          { id: "name", header: text.columns.name, isRowHeader: true, cell: ({ Name, GrantId }) => Name ?? GrantId },
          { id: "grantee", header: text.columns.grantee, cell: ({ GranteePrincipal }) => GranteePrincipal },
          { id: "operations", header: text.columns.operations, cell: ({ Operations = [] }) => Operations.join(", ") },
          { id: "created", header: text.columns.created, cell: ({ CreationDate }) => time(CreationDate) },
        ]}
      />
      {doing === "create" && (
        <CreateGrant
          client={client}
          id={id}
          onDismiss={() => setDoing(undefined)}
          onDone={(token) => {
            setDoing(undefined);
            notices.done(text.created(token));
            void look();
          }}
        />
      )}
      {doing === "revoke" && chosen !== undefined && (
        <Deletion
          text={text}
          name={selected[0]?.Name ?? chosen}
          action={text.revoke}
          run={() => client.send(new RevokeGrantCommand({ KeyId: id, GrantId: chosen }))}
          onClose={() => setDoing(undefined)}
          onDone={() => {
            setSelected([]);
            void look();
          }}
        />
      )}
    </>
  );
}

function CreateGrant({ client, id, onDismiss, onDone }: Props & { onDismiss: () => void; onDone: (token: string) => void }) {
  const [name, setName] = useState("");
  const [grantee, setGrantee] = useState("");
  const [retiring, setRetiring] = useState("");
  const [operations, setOperations] = useState<GrantOperation[]>([GrantOperation.Encrypt, GrantOperation.Decrypt]);
  const option = (value: GrantOperation) => ({ value, label: value });
  return (
    <FormModal
      title={text.create}
      submit={text.create}
      disabled={grantee.trim() === "" || operations.length === 0}
      run={async () => {
        const answer = await client.send(
          new CreateGrantCommand({
            KeyId: id,
            GranteePrincipal: grantee.trim(),
            Operations: operations,
            ...(retiring.trim() === "" ? {} : { RetiringPrincipal: retiring.trim() }),
            ...(name === "" ? {} : { Name: name }),
          }),
        );
        return answer.GrantId ?? "";
      }}
      onDismiss={onDismiss}
      onDone={onDone}
    >
      <TextField label={text.name} hint={text.nameHint} value={name} onChange={setName} />
      <TextField label={text.grantee} hint={text.granteeHint} value={grantee} onChange={setGrantee} />
      <FormField label={text.operations}>
        <Multiselect
          options={Object.values(GrantOperation).map(option)}
          selectedOptions={operations.map(option)}
          placeholder={shell.choose}
          deselectAriaLabel={(removed) => `${shell.remove} ${removed.label}`}
          onChange={(event) => setOperations(event.detail.selectedOptions.map(({ value }) => value as GrantOperation))}
        />
      </FormField>
      <TextField label={text.retiring} hint={text.nameHint} value={retiring} onChange={setRetiring} />
    </FormModal>
  );
}
