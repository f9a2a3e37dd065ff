import {
  CreateAliasCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  type KeyMetadata,
  type KeySpec,
  KMSClient,
  ListAliasesCommand,
  ListKeysCommand,
} from "@aws-sdk/client-kms";
import Button from "@cloudscape-design/components/button";
import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useClient } from "../aws/client.ts";
import { ChoiceField, TextField } from "../shell/fields.tsx";
import { FormModal } from "../shell/FormModal.tsx";
import { useLookAgain } from "../shell/lookAgain.ts";
import { useNotices } from "../shell/notices.ts";
import { usePage } from "../shell/page.ts";
import { PageLink } from "../shell/PageLink.tsx";
import { ResourceTable } from "../shell/ResourceTable.tsx";
import { kms as text } from "../text/kms.ts";

interface Key extends KeyMetadata {
  aliases: string[];
}

/** The account's keys with their aliases. */
export default function Keys() {
  usePage(text.title, [{ text: text.service, href: "/kms" }]);
  const client = useClient((configuration) => new KMSClient(configuration));
  const notices = useNotices();
  const lookAgain = useLookAgain();
  const [creating, setCreating] = useState(false);
  const pages = useInfiniteQuery({
    queryKey: ["keys"],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) => {
      const page = await client.send(new ListKeysCommand({ Limit: 50, Marker: pageParam }), { abortSignal: signal });
      const aliases = await aliasesOf(client, signal);
      const keys = await Promise.all(
        (page.Keys ?? []).map(async ({ KeyId = "" }): Promise<Key> => {
          const { KeyMetadata: known } = await client.send(new DescribeKeyCommand({ KeyId }), { abortSignal: signal });
          return { KeyId, ...known, aliases: aliases.get(KeyId) ?? [] };
        }),
      );
      return { keys, next: page.Truncated === true ? page.NextMarker : undefined };
    },
    getNextPageParam: (page) => page.next,
  });

  return (
    <>
      <ResourceTable
        title={text.title}
        items={pages.data?.pages.flatMap((page) => page.keys) ?? []}
        fetched={pages}
        nameOf={(key) => [key.KeyId, ...key.aliases].join(" ")}
        find={text.find}
        empty={text.empty}
        emptyHint={text.emptyHint}
        actions={
          <Button variant="primary" onClick={() => setCreating(true)}>
            {text.create}
          </Button>
        }
        columns={[
          { id: "alias", header: text.columns.alias, cell: (key) => key.aliases.join(", ") },
          {
            id: "id",
            header: text.columns.id,
            isRowHeader: true,
            cell: (key) => <PageLink to={`/kms/${key.KeyId}`}>{key.KeyId}</PageLink>,
          },
          { id: "state", header: text.columns.state, cell: (key) => <KeyState state={key.KeyState ?? ""} /> },
          { id: "spec", header: text.columns.spec, cell: (key) => key.KeySpec },
          { id: "manager", header: text.columns.manager, cell: (key) => key.KeyManager },
        ]}
      />
      {creating && (
        <CreateKey
          client={client}
          onDismiss={() => setCreating(false)}
          onCreated={(id) => {
            setCreating(false);
            notices.done(text.created(id));
            void lookAgain(["keys"]);
          }}
        />
      )}
    </>
  );
}

/** How a key is. */
export function KeyState({ state }: { state: string }) {
  const types: Record<string, StatusIndicatorProps.Type> = { Enabled: "success", Disabled: "stopped" };
  return <StatusIndicator type={types[state] ?? "warning"}>{text.states[state] ?? state}</StatusIndicator>;
}

/** The aliases of all keys by the keys' ids. */
async function aliasesOf(client: KMSClient, abortSignal: AbortSignal): Promise<Map<string, string[]>> {
  const aliases = new Map<string, string[]>();
  let Marker: string | undefined;
  do {
    const page = await client.send(new ListAliasesCommand({ Limit: 100, Marker }), { abortSignal });
    for (const { TargetKeyId = "", AliasName = "" } of page.Aliases ?? []) {
      aliases.set(TargetKeyId, [...(aliases.get(TargetKeyId) ?? []), AliasName]);
    }
    Marker = page.Truncated === true ? page.NextMarker : undefined;
  } while (Marker !== undefined);
  return aliases;
}

function CreateKey(props: { client: KMSClient; onDismiss: () => void; onCreated: (id: string) => void }) {
  const [alias, setAlias] = useState("");
  const [description, setDescription] = useState("");
  const [spec, setSpec] = useState<string>("SYMMETRIC_DEFAULT");
  return (
    <FormModal
      title={text.create}
      submit={text.create}
      onDismiss={props.onDismiss}
      onDone={props.onCreated}
      run={async () => {
        const usage = spec === "SYMMETRIC_DEFAULT" ? "ENCRYPT_DECRYPT" : spec === "HMAC_256" ? "GENERATE_VERIFY_MAC" : "SIGN_VERIFY";
        const answer = await props.client.send(
          new CreateKeyCommand({
            KeySpec: spec as KeySpec,
            KeyUsage: usage,
            ...(description === "" ? {} : { Description: description }),
          }),
        );
        const id = answer.KeyMetadata?.KeyId ?? "";
        if (alias !== "") {
          await props.client.send(new CreateAliasCommand({ AliasName: `alias/${alias}`, TargetKeyId: id }));
        }
        return id;
      }}
    >
      <TextField label={text.alias} hint={text.aliasHint} value={alias} onChange={setAlias} />
      <TextField label={text.description} value={description} onChange={setDescription} />
      <ChoiceField label={text.spec} value={spec} options={text.specs} onChange={setSpec} />
    </FormModal>
  );
}
