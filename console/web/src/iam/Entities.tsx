import { IAMClient } from "@aws-sdk/client-iam";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useClient } from "../aws/client.ts";
import { JsonEditor } from "../editor/JsonEditor.tsx";
import { useSession } from "../session/session.ts";
import { Confirm } from "../shell/Confirm.tsx";
import { TextField } from "../shell/fields.tsx";
import { FormModal } from "../shell/FormModal.tsx";
import { useLookAgain } from "../shell/lookAgain.ts";
import { useNotices } from "../shell/notices.ts";
import { usePage } from "../shell/page.ts";
import { PageLink } from "../shell/PageLink.tsx";
import { ResourceTable } from "../shell/ResourceTable.tsx";
import { time } from "../text/format.ts";
import { iam } from "../text/iam.ts";
import { shell } from "../text/shell.ts";
import { deleteWhole, entitiesOf, type Entity, type Kind } from "./entities.ts";

/** The account's users, groups or roles. */
export default function Entities({ kind }: { kind: Kind }) {
  const text = iam.kinds[kind];
  usePage(text.title, [{ text: iam.service, href: "/iam/users" }]);
  const client = useClient((configuration) => new IAMClient(configuration));
  const notices = useNotices();
  const lookAgain = useLookAgain();
  const [selected, setSelected] = useState<Entity[]>([]);
  const [doing, setDoing] = useState<"create" | "delete">();
  const pages = useInfiniteQuery({
    queryKey: ["iam", kind],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => entitiesOf(client, kind).list(pageParam, signal),
    getNextPageParam: (page) => page.marker,
  });
  const chosen = selected[0]?.name ?? "";
  const done = (said: string) => {
    setDoing(undefined);
    setSelected([]);
    notices.done(said);
    void lookAgain(["iam", kind]);
  };

  return (
    <>
      <ResourceTable
        title={text.title}
        items={pages.data?.pages.flatMap((page) => page.entities) ?? []}
        fetched={pages}
        nameOf={(entity) => entity.name}
        find={text.find}
        selected={selected}
        onSelect={setSelected}
        empty={text.empty}
        emptyHint={text.emptyHint}
        actions={
          <>
            <Button disabled={chosen === ""} onClick={() => setDoing("delete")}>
              {shell.delete}
            </Button>
            <Button variant="primary" onClick={() => setDoing("create")}>
              {text.create}
            </Button>
          </>
        }
        columns={[
          {
            id: "name",
            header: iam.columns.name,
            isRowHeader: true,
            cell: (entity) => <PageLink to={`/iam/${kind}/${encodeURIComponent(entity.name)}`}>{entity.name}</PageLink>,
          },
          { id: "path", header: iam.columns.path, cell: (entity) => entity.path },
          { id: "arn", header: iam.columns.arn, cell: (entity) => entity.arn },
          { id: "created", header: iam.columns.created, cell: (entity) => time(entity.created) },
        ]}
      />
      {doing === "create" && (
        <Create client={client} kind={kind} onDismiss={() => setDoing(undefined)} onDone={(name) => done(iam.created(name))} />
      )}
      {doing === "delete" && (
        <Confirm
          title={iam.deleteTitle(text.one, chosen)}
          message={iam.deleteText}
          action={shell.delete}
          run={() => deleteWhole(client, kind, chosen)}
          onDismiss={() => setDoing(undefined)}
          onDone={() => done(iam.deleted(chosen))}
        />
      )}
    </>
  );
}

function Create(props: { client: IAMClient; kind: Kind; onDismiss: () => void; onDone: (name: string) => void }) {
  const { session } = useSession();
  const text = iam.kinds[props.kind];
  const [name, setName] = useState("");
  const [trust, setTrust] = useState(() => trustOf(session.account));
  return (
    <FormModal
      title={text.create}
      submit={text.create}
      size={props.kind === "roles" ? "large" : "medium"}
      disabled={name === ""}
      onDismiss={props.onDismiss}
      onDone={() => props.onDone(name)}
      run={async () => {
        await entitiesOf(props.client, props.kind).create(name, trust);
      }}
    >
      <TextField label={text.name} value={name} onChange={setName} />
      {props.kind === "roles" && (
        <FormField label={iam.trust} description={iam.trustHint} stretch>
          <JsonEditor label={iam.trust} value={trust} onChange={setTrust} />
        </FormField>
      )}
    </FormModal>
  );
}

/** A trust policy for whoever in the account is allowed to take on the role. */
function trustOf(account: string): string {
  return JSON.stringify(
    {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: "sts:AssumeRole" }],
    },
    undefined,
    2,
  );
}
