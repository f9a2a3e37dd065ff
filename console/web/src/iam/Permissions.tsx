import { type AttachedPolicy, type IAMClient, ListPoliciesCommand, type Policy } from "@aws-sdk/client-iam";
import Autosuggest from "@cloudscape-design/components/autosuggest";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { FailureAlert } from "../shell/FailureAlert.tsx";
import { TextField } from "../shell/fields.tsx";
import { FormModal } from "../shell/FormModal.tsx";
import { useNotices } from "../shell/notices.ts";
import { PageLink } from "../shell/PageLink.tsx";
import { ResourceTable } from "../shell/ResourceTable.tsx";
import { iam } from "../text/iam.ts";
import { shell } from "../text/shell.ts";
import { entitiesOf, type Kind } from "./entities.ts";
import { EMPTY_POLICY } from "./policy.ts";
import { PolicyEditor } from "./PolicyEditor.tsx";

const text = iam.permissions;

interface Props {
  client: IAMClient;
  kind: Kind;
  name: string;
}

/** The policies that a user, group or role has: attached ones and its own. */
export function Permissions({ client, kind, name }: Props) {
  const entities = entitiesOf(client, kind);
  const notices = useNotices();
  const [selected, setSelected] = useState<AttachedPolicy[]>([]);
  const [own, setOwn] = useState<string[]>([]);
  const [attaching, setAttaching] = useState(false);
  const [editing, setEditing] = useState<{ policy: string; document: string }>();
  const attached = useQuery({ queryKey: ["iam", kind, name, "attached"], queryFn: () => entities.attached(name) });
  const inline = useQuery({ queryKey: ["iam", kind, name, "inline"], queryFn: () => entities.inline(name) });
  const detaching = useMutation({
    mutationFn: async (policy: AttachedPolicy) => {
      await entities.detach(name, policy.PolicyArn ?? "");
    },
    onSuccess: (_, policy) => {
      setSelected([]);
      notices.done(text.detached(policy.PolicyName ?? ""));
      void attached.refetch();
    },
  });
  const dropping = useMutation({
    mutationFn: async (policy: string) => {
      await entities.drop(name, policy);
    },
    onSuccess: (_, policy) => {
      setOwn([]);
      notices.done(text.removed(policy));
      void inline.refetch();
    },
  });
  const opening = useMutation({
    mutationFn: async (policy: string) => ({ policy, document: await entities.document(name, policy) }),
    onSuccess: setEditing,
  });

  return (
    <SpaceBetween size="l">
      {[detaching, dropping, opening].map(
        (doing, at) => doing.isError && <FailureAlert key={at} failure={doing.error} />,
      )}
      <ResourceTable
        inner
        title={text.attached}
        items={attached.data ?? []}
        fetched={attached}
        nameOf={(policy) => policy.PolicyName ?? ""}
        find={text.find}
        selected={selected}
        onSelect={setSelected}
        empty={text.empty}
        emptyHint={text.emptyHint}
        actions={
          <>
            <Button
              disabled={selected.length === 0}
              loading={detaching.isPending}
              onClick={() => selected[0] !== undefined && detaching.mutate(selected[0])}
            >
              {text.detach}
            </Button>
            <Button onClick={() => setAttaching(true)}>{text.attach}</Button>
          </>
        }
        columns={[
          {
            id: "name",
            header: text.policy,
            isRowHeader: true,
            cell: (policy) => (
              <PageLink to={`/iam/policies/view?arn=${encodeURIComponent(policy.PolicyArn ?? "")}`}>{policy.PolicyName}</PageLink>
            ),
          },
          { id: "arn", header: iam.columns.arn, cell: (policy) => policy.PolicyArn },
        ]}
      />
      <ResourceTable
        inner
        title={text.inline}
        items={inline.data ?? []}
        fetched={inline}
        nameOf={(policy) => policy}
        selected={own}
        onSelect={setOwn}
        empty={text.inlineEmpty}
        actions={
          <>
            <Button
              disabled={own.length === 0}
              loading={dropping.isPending}
              onClick={() => own[0] !== undefined && dropping.mutate(own[0])}
            >
              {shell.delete}
            </Button>
            <Button onClick={() => setEditing({ policy: "", document: EMPTY_POLICY })}>{text.create}</Button>
          </>
        }
        columns={[
          {
            id: "name",
            header: text.policy,
            isRowHeader: true,
            cell: (policy) => (
              <Link variant="primary" onFollow={() => opening.mutate(policy)}>
                {policy}
              </Link>
            ),
          },
        ]}
      />
      {attaching && (
        <Attach
          client={client}
          onDismiss={() => setAttaching(false)}
          attach={async (policy) => {
            await entities.attach(name, policy.Arn ?? "");
            return policy.PolicyName ?? "";
          }}
          onDone={(policy) => {
            setAttaching(false);
            notices.done(text.attachedTo(policy));
            void attached.refetch();
          }}
        />
      )}
      {editing !== undefined && (
        <EditInline
          {...editing}
          onDismiss={() => setEditing(undefined)}
          put={async (policy, document) => {
            await entities.put(name, policy, document);
            return policy;
          }}
          onDone={(policy) => {
            setEditing(undefined);
            notices.done(text.saved(policy));
            void inline.refetch();
          }}
        />
      )}
    </SpaceBetween>
  );
}

interface AttachProps {
  client: IAMClient;
  attach: (policy: Policy) => Promise<string>;
  onDismiss: () => void;
  onDone: (policy: string) => void;
}

function Attach({ client, attach, onDismiss, onDone }: AttachProps) {
  const [chosen, setChosen] = useState("");
  const known = useQuery({
    queryKey: ["iam", "policies", "attachable"],
    queryFn: async ({ signal }) => {
      const policies: Policy[] = [];
      let Marker: string | undefined;
      do {
        const page = await client.send(new ListPoliciesCommand({ MaxItems: 1000, Marker }), { abortSignal: signal });
        policies.push(...(page.Policies ?? []));
        Marker = page.IsTruncated === true ? page.Marker : undefined;
      } while (Marker !== undefined);
      return policies;
    },
  });
  const policy = known.data?.find(({ PolicyName, Arn }) => PolicyName === chosen || Arn === chosen);
  return (
    <FormModal
      title={text.attach}
      submit={text.attach}
      disabled={policy === undefined}
      run={() => attach(policy ?? {})}
      onDismiss={onDismiss}
      onDone={onDone}
    >
      {known.isError && <FailureAlert failure={known.error} />}
      <FormField label={text.policy}>
        <Autosuggest
          value={chosen}
          onChange={(event) => setChosen(event.detail.value)}
          options={(known.data ?? []).map(({ PolicyName = "", Arn = "" }) => ({ value: PolicyName, description: Arn }))}
          ariaLabel={text.policy}
          clearAriaLabel={shell.clearFilter}
          enteredTextLabel={(value) => value}
          placeholder={shell.choose}
          statusType={known.isPending ? "loading" : "finished"}
          loadingText={shell.loading}
          empty={iam.policies.empty}
          virtualScroll
        />
      </FormField>
    </FormModal>
  );
}

interface EditProps {
  policy: string;
  document: string;
  put: (policy: string, document: string) => Promise<string>;
  onDismiss: () => void;
  onDone: (policy: string) => void;
}

function EditInline({ policy, document: stored, put, onDismiss, onDone }: EditProps) {
  const [name, setName] = useState(policy);
  const [document, setDocument] = useState(stored);
  return (
    <FormModal
      title={policy === "" ? text.create : policy}
      submit={shell.save}
      size="max"
      disabled={name === ""}
      run={() => put(name, document)}
      onDismiss={onDismiss}
      onDone={onDone}
    >
      <TextField label={text.name} value={name} disabled={policy !== ""} onChange={setName} />
      <PolicyEditor document={document} onChange={setDocument} />
    </FormModal>
  );
}
