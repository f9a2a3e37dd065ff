import { DeletePolicyCommand, DeletePolicyVersionCommand, IAMClient, ListPoliciesCommand, ListPolicyVersionsCommand, type Policy } from "@aws-sdk/client-iam";
import Button from "@cloudscape-design/components/button";
import Select from "@cloudscape-design/components/select";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useClient } from "../aws/client.ts";
import { Confirm } from "../shell/Confirm.tsx";
import { useLookAgain } from "../shell/lookAgain.ts";
import { useNotices } from "../shell/notices.ts";
import { usePage } from "../shell/page.ts";
import { PageLink } from "../shell/PageLink.tsx";
import { ResourceTable } from "../shell/ResourceTable.tsx";
import { time } from "../text/format.ts";
import { iam } from "../text/iam.ts";
import { shell } from "../text/shell.ts";

const text = iam.policies;
type Scope = (typeof text.scopes)[number][0];

/** The policies that can be attached: the account's and AWS's. */
export default function Policies() {
  usePage(text.title, [{ text: iam.service, href: "/iam/users" }]);
  const client = useClient((configuration) => new IAMClient(configuration));
  const navigate = useNavigate();
  const notices = useNotices();
  const lookAgain = useLookAgain();
  const [scope, setScope] = useState<Scope>("Local");
  const [selected, setSelected] = useState<Policy[]>([]);
  const [deleting, setDeleting] = useState(false);
  const pages = useInfiniteQuery({
    queryKey: ["iam", "policies", scope],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      client.send(new ListPoliciesCommand({ Scope: scope, MaxItems: 100, Marker: pageParam }), { abortSignal: signal }),
    getNextPageParam: (page) => (page.IsTruncated === true ? page.Marker : undefined),
  });
  const chosen = selected[0];
  const scopes = text.scopes.map(([value, label]) => ({ value, label }));

  return (
    <>
      <ResourceTable
        title={text.title}
        items={pages.data?.pages.flatMap((page) => page.Policies ?? []) ?? []}
        fetched={pages}
        nameOf={(policy) => policy.PolicyName ?? ""}
        find={text.find}
        selected={selected}
        onSelect={setSelected}
        empty={text.empty}
        emptyHint={text.emptyHint}
        actions={
          <>
            <Select
              ariaLabel={text.scope}
              options={scopes}
              selectedOption={scopes.find(({ value }) => value === scope) ?? null}
              onChange={(event) => setScope((event.detail.selectedOption.value ?? "Local") as Scope)}
            />
            <Button disabled={chosen === undefined || isAws(chosen)} onClick={() => setDeleting(true)}>
              {shell.delete}
            </Button>
            <Button variant="primary" onClick={() => navigate("/iam/policies/create")}>
              {text.create}
            </Button>
          </>
        }
        columns={[
          {
            id: "name",
            header: text.columns.name,
            isRowHeader: true,
            cell: (policy) => (
              <PageLink to={`/iam/policies/view?arn=${encodeURIComponent(policy.Arn ?? "")}`}>{policy.PolicyName}</PageLink>
            ),
          },
          { id: "kind", header: text.columns.kind, cell: (policy) => (isAws(policy) ? text.aws : text.own) },
          { id: "attached", header: text.columns.attached, cell: (policy) => policy.AttachmentCount },
          { id: "updated", header: text.columns.updated, cell: (policy) => time(policy.UpdateDate) },
        ]}
      />
      {deleting && chosen !== undefined && (
        <Confirm
          title={text.deleteTitle(chosen.PolicyName ?? "")}
          message={text.deleteText}
          action={shell.delete}
          run={() => deletePolicy(client, chosen.Arn ?? "")}
          onDismiss={() => setDeleting(false)}
          onDone={() => {
            setDeleting(false);
            setSelected([]);
            notices.done(text.deleted(chosen.PolicyName ?? ""));
            void lookAgain(["iam", "policies"]);
          }}
        />
      )}
    </>
  );
}

function isAws(policy: Policy): boolean {
  return policy.Arn?.includes("::aws:policy/") === true;
}

/** Deletes a policy after its versions, which IAM does not do by itself. */
async function deletePolicy(client: IAMClient, arn: string): Promise<void> {
  const { Versions = [] } = await client.send(new ListPolicyVersionsCommand({ PolicyArn: arn }));
  for (const version of Versions.filter(({ IsDefaultVersion }) => IsDefaultVersion !== true)) {
    await client.send(new DeletePolicyVersionCommand({ PolicyArn: arn, VersionId: version.VersionId }));
  }
  await client.send(new DeletePolicyCommand({ PolicyArn: arn }));
}
