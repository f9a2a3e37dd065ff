import {
  CreatePolicyVersionCommand,
  DeletePolicyVersionCommand,
  GetPolicyVersionCommand,
  IAMClient,
  ListEntitiesForPolicyCommand,
  ListPolicyVersionsCommand,
  type PolicyVersion,
  SetDefaultPolicyVersionCommand,
} from "@aws-sdk/client-iam";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { useClient } from "../aws/client.ts";
import { JsonEditor } from "../editor/JsonEditor.tsx";
import { FailureAlert } from "../shell/FailureAlert.tsx";
import { Loading } from "../shell/Loading.tsx";
import { useLookAgain } from "../shell/lookAgain.ts";
import { useNotices } from "../shell/notices.ts";
import { usePage } from "../shell/page.ts";
import { PageLink } from "../shell/PageLink.tsx";
import { ResourceTable } from "../shell/ResourceTable.tsx";
import { Tags } from "../shell/Tags.tsx";
import { time } from "../text/format.ts";
import { iam } from "../text/iam.ts";
import { tags } from "../text/tags.ts";
import { decoded } from "./entities.ts";
import { PolicyEditor } from "./PolicyEditor.tsx";
import { policyTags } from "./tags.ts";

const text = iam.policies;

/** One policy: its document, its versions, and whom it is attached to. */
export default function PolicyPage() {
  const [parameters] = useSearchParams();
  const arn = parameters.get("arn") ?? "";
  const name = arn.slice(arn.lastIndexOf("/") + 1);
  usePage(name, [
    { text: iam.service, href: "/iam/users" },
    { text: text.title, href: "/iam/policies" },
  ]);
  const client = useClient((configuration) => new IAMClient(configuration));
  const lookAgain = useLookAgain();
  const notices = useNotices();
  const [draft, setDraft] = useState<string>();
  const [selected, setSelected] = useState<PolicyVersion[]>([]);
  const aws = arn.includes("::aws:policy/");
  const versions = useQuery({
    queryKey: ["iam", "policy", arn, "versions"],
    queryFn: async () => (await client.send(new ListPolicyVersionsCommand({ PolicyArn: arn }))).Versions ?? [],
  });
  const current = versions.data?.find(({ IsDefaultVersion }) => IsDefaultVersion === true)?.VersionId;
  const shown = selected[0]?.VersionId ?? current;
  const stored = useQuery({
    queryKey: ["iam", "policy", arn, shown],
    enabled: shown !== undefined,
    queryFn: async () =>
      decoded((await client.send(new GetPolicyVersionCommand({ PolicyArn: arn, VersionId: shown }))).PolicyVersion?.Document),
  });
  const attached = useQuery({
    queryKey: ["iam", "policy", arn, "entities"],
    queryFn: async () => {
      const page = await client.send(new ListEntitiesForPolicyCommand({ PolicyArn: arn, MaxItems: 1000 }));
      return [
        ...(page.PolicyUsers ?? []).map(({ UserName = "" }) => ({ kind: "users" as const, name: UserName })),
        ...(page.PolicyGroups ?? []).map(({ GroupName = "" }) => ({ kind: "groups" as const, name: GroupName })),
        ...(page.PolicyRoles ?? []).map(({ RoleName = "" }) => ({ kind: "roles" as const, name: RoleName })),
      ];
    },
  });
  const look = () => {
    setSelected([]);
    setDraft(undefined);
    void lookAgain(["iam", "policy", arn]);
  };
  const saving = useMutation({
    mutationFn: (document: string) =>
      client.send(new CreatePolicyVersionCommand({ PolicyArn: arn, PolicyDocument: document, SetAsDefault: true })),
    onSuccess: (answer) => {
      notices.done(text.savedVersion(answer.PolicyVersion?.VersionId ?? ""));
      look();
    },
  });
  const choosing = useMutation({
    mutationFn: (version: string) => client.send(new SetDefaultPolicyVersionCommand({ PolicyArn: arn, VersionId: version })),
    onSuccess: look,
  });
  const deleting = useMutation({
    mutationFn: (version: string) => client.send(new DeletePolicyVersionCommand({ PolicyArn: arn, VersionId: version })),
    onSuccess: look,
  });
  const chosen = selected[0]?.VersionId;

  if (versions.isError) {
    return <FailureAlert failure={versions.error} retry={() => void versions.refetch()} />;
  }
  return (
    <SpaceBetween size="l">
      {[saving, choosing, deleting].map((doing, at) => doing.isError && <FailureAlert key={at} failure={doing.error} />)}
      <Container
        header={
          <Header
            variant="h1"
            description={arn}
            actions={
              !aws && (
                <Button
                  variant="primary"
                  disabled={draft === undefined || draft === stored.data}
                  loading={saving.isPending}
                  onClick={() => draft !== undefined && saving.mutate(draft)}
                >
                  {text.save}
                </Button>
              )
            }
          >
            {name}
          </Header>
        }
      >
        {stored.isPending && <Loading />}
        {stored.isError && <FailureAlert failure={stored.error} retry={() => void stored.refetch()} />}
        {stored.data !== undefined &&
          (aws ? (
            <SpaceBetween size="s">
              <Alert>{text.readOnly}</Alert>
              <JsonEditor label={text.document} value={stored.data} />
            </SpaceBetween>
          ) : (
            <PolicyEditor document={draft ?? stored.data} onChange={setDraft} />
          ))}
      </Container>
      <ResourceTable
        inner
        title={text.versions}
        items={versions.data ?? []}
        fetched={versions}
        nameOf={(version) => version.VersionId ?? ""}
        selected={selected}
        onSelect={(versionsChosen) => {
          setSelected(versionsChosen);
          setDraft(undefined);
        }}
        empty={text.empty}
        actions={
          !aws && (
            <>
              <Button
                disabled={chosen === undefined || chosen === current}
                loading={deleting.isPending}
                onClick={() => chosen !== undefined && deleting.mutate(chosen)}
              >
                {text.deleteVersion}
              </Button>
              <Button
                disabled={chosen === undefined || chosen === current}
                loading={choosing.isPending}
                onClick={() => chosen !== undefined && choosing.mutate(chosen)}
              >
                {text.makeDefault}
              </Button>
            </>
          )
        }
        columns={[
          { id: "id", header: text.versionColumns.id, isRowHeader: true, cell: (version) => version.VersionId },
          {
            id: "state",
            header: text.versionColumns.state,
            cell: (version) => (version.IsDefaultVersion === true ? text.default : ""),
          },
          { id: "created", header: text.versionColumns.created, cell: (version) => time(version.CreateDate) },
        ]}
      />
      <ResourceTable
        inner
        title={text.attachedTo}
        items={attached.data ?? []}
        fetched={attached}
        nameOf={(entity) => entity.name}
        empty={text.attachedEmpty}
        columns={[
          {
            id: "name",
            header: iam.columns.name,
            isRowHeader: true,
            cell: (entity) => <PageLink to={`/iam/${entity.kind}/${encodeURIComponent(entity.name)}`}>{entity.name}</PageLink>,
          },
          { id: "kind", header: text.columns.kind, cell: (entity) => iam.kinds[entity.kind].one },
        ]}
      />
      {!aws && (
        <Container header={<Header variant="h2">{tags.tab}</Header>}>
          <Tags of={["iam", "policy", arn]} store={policyTags(client, arn)} />
        </Container>
      )}
    </SpaceBetween>
  );
}
