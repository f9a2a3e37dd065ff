import {
  BedrockClient,
  CreateGuardrailVersionCommand,
  DeleteGuardrailCommand,
  GetGuardrailCommand,
  type GetGuardrailResponse,
  type GuardrailSummary,
  ListGuardrailsCommand,
} from "@aws-sdk/client-bedrock";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs from "@cloudscape-design/components/tabs";
import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { useClient } from "../../aws/client.ts";
import { Deletion } from "../../shell/Deletion.tsx";
import { FailureAlert } from "../../shell/FailureAlert.tsx";
import { Loading } from "../../shell/Loading.tsx";
import { useNotices } from "../../shell/notices.ts";
import { usePage } from "../../shell/page.ts";
import { ResourceList } from "../../shell/ResourceList.tsx";
import { bedrock } from "../../text/bedrock.ts";
import { time } from "../../text/format.ts";
import { guardrails } from "../../text/guardrails.ts";
import { shell } from "../../text/shell.ts";
import { readable } from "./GuardrailForm.tsx";
import { TestPane } from "./TestPane.tsx";

const text = guardrails.page;
const edit = guardrails.edit;

/** One guardrail: tried on texts, looked at, put into versions. */
export default function GuardrailPage() {
  const { id = "" } = useParams();
  const navigate = useNavigate();
  const client = useClient((settings) => new BedrockClient(settings));
  const known = useQuery({
    queryKey: ["guardrail", id, "DRAFT"],
    queryFn: ({ signal }) => client.send(new GetGuardrailCommand({ guardrailIdentifier: id }), { abortSignal: signal }),
  });
  const versions = useInfiniteQuery({
    queryKey: ["guardrail", id, "versions"],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      client.send(new ListGuardrailsCommand({ guardrailIdentifier: id, maxResults: 50, nextToken: pageParam }), {
        abortSignal: signal,
      }),
    getNextPageParam: (page) => page.nextToken,
  });
  usePage(known.data?.name ?? id, [
    { text: bedrock.service, href: "/bedrock/models" },
    { text: guardrails.list.title, href: "/bedrock/guardrails" },
  ]);
  const list = versions.data?.pages.flatMap((page) => page.guardrails ?? []) ?? [];

  if (known.data === undefined) {
    return known.isError ? <FailureAlert failure={known.error} retry={() => void known.refetch()} /> : <Loading />;
  }
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        description={known.data.description}
        actions={<Button onClick={() => navigate(`/bedrock/guardrails/${id}/edit`)}>{shell.edit}</Button>}
      >
        {known.data.name}
      </Header>
      <Tabs
        i18nStrings={shell.tabs}
        tabs={[
          {
            id: "test",
            label: text.tabs.test,
            content: (
              <TestPane
                id={id}
                versions={list.map(({ version = "DRAFT" }) => version)}
                grounded={known.data.contextualGroundingPolicy !== undefined}
              />
            ),
          },
          { id: "policies", label: text.tabs.policies, content: <Policies guardrail={known.data} /> },
          {
            id: "versions",
            label: text.tabs.versions,
            content: <Versions client={client} id={id} versions={list} pages={versions} />,
          },
        ]}
      />
    </SpaceBetween>
  );
}

function Policies({ guardrail }: { guardrail: GetGuardrailResponse }) {
  const list = (items: (string | undefined)[] | undefined) =>
    items === undefined || items.length === 0 ? text.nothing : items.join("; ");
  const { sensitiveInformationPolicy: personal, wordPolicy: words } = guardrail;
  return (
    <Container>
      <KeyValuePairs
        columns={1}
        items={[
          { label: text.arn, value: guardrail.guardrailArn },
          {
            label: edit.content.title,
            value: list(
              guardrail.contentPolicy?.filters?.map(
                ({ type = "", inputStrength = "", outputStrength = "" }) =>
                  `${readable(type)}: ${text.strengths(readable(inputStrength), readable(outputStrength))}`,
              ),
            ),
          },
          {
            label: edit.topics.title,
            value: list(guardrail.topicPolicy?.topics?.map(({ name = "", definition = "" }) => `${name}: ${definition}`)),
          },
          {
            label: edit.words.title,
            value: list([
              ...(words?.managedWordLists ?? []).map(({ type = "" }) => readable(type)),
              ...(words?.words ?? []).map((word) => word.text),
            ]),
          },
          {
            label: edit.personal.title,
            value: list(
              personal?.piiEntities?.map(
                ({ type = "", action = "BLOCK" }) => `${readable(type)}: ${edit.actions[action as keyof typeof edit.actions]}`,
              ),
            ),
          },
          { label: edit.personal.regexes, value: list(personal?.regexes?.map(({ name, pattern }) => `${name}: ${pattern}`)) },
          {
            label: edit.grounding.title,
            value: list(
              guardrail.contextualGroundingPolicy?.filters?.map(
                ({ type = "", threshold }) => `${readable(type)}: ${threshold}`,
              ),
            ),
          },
          {
            label: edit.tiers.title,
            value: edit.tiers.of(
              readable(guardrail.contentPolicy?.tier?.tierName ?? "CLASSIC"),
              readable(guardrail.topicPolicy?.tier?.tierName ?? "CLASSIC"),
            ),
          },
          { label: edit.tiers.profile, value: guardrail.crossRegionDetails?.guardrailProfileId ?? "-" },
          { label: edit.blockedInput, value: guardrail.blockedInputMessaging },
          { label: edit.blockedOutput, value: guardrail.blockedOutputsMessaging },
        ]}
      />
    </Container>
  );
}

interface VersionsProps {
  client: BedrockClient;
  id: string;
  versions: GuardrailSummary[];
  pages: Parameters<typeof ResourceList>[0]["pages"];
}

function Versions({ client, id, versions, pages }: VersionsProps) {
  const notices = useNotices();
  const [description, setDescription] = useState("");
  const [deleting, setDeleting] = useState<GuardrailSummary>();
  const creating = useMutation({
    mutationFn: () =>
      client.send(
        new CreateGuardrailVersionCommand({
          guardrailIdentifier: id,
          ...(description.trim() === "" ? {} : { description }),
        }),
      ),
    onSuccess: ({ version = "" }) => {
      notices.done(text.versionCreated(version));
      setDescription("");
      void pages.refetch();
    },
  });
  return (
    <SpaceBetween size="l">
      <Container>
        <SpaceBetween size="m">
          {creating.isError && <FailureAlert failure={creating.error} />}
          <FormField label={text.versionDescription} description={text.versionHint}>
            <Input value={description} onChange={(event) => setDescription(event.detail.value)} />
          </FormField>
          <Button loading={creating.isPending} onClick={() => creating.mutate()}>
            {text.createVersion}
          </Button>
        </SpaceBetween>
      </Container>
      <ResourceList
        inside
        text={text.versions}
        items={versions}
        pages={pages}
        keyOf={({ version = "" }) => version}
        nameOf={({ version = "" }) => (version === "DRAFT" ? text.working : version)}
        columns={[
          {
            id: "version",
            header: text.versions.columns.version,
            isRowHeader: true,
            cell: ({ version }) => (version === "DRAFT" ? text.working : version),
          },
          { id: "description", header: text.versions.columns.description, cell: (version) => version.description },
          { id: "created", header: text.versions.columns.created, cell: (version) => time(version.createdAt) },
        ]}
        actions={(chosen) => (
          <Button disabled={chosen === undefined || chosen.version === "DRAFT"} onClick={() => setDeleting(chosen)}>
            {shell.delete}
          </Button>
        )}
      />
      {deleting !== undefined && (
        <Deletion
          text={text.versions}
          name={deleting.version ?? ""}
          run={() => client.send(new DeleteGuardrailCommand({ guardrailIdentifier: id, guardrailVersion: deleting.version }))}
          onClose={() => setDeleting(undefined)}
          onDone={pages.refetch}
        />
      )}
    </SpaceBetween>
  );
}
