import {
  BedrockAgentClient,
  GetKnowledgeBaseCommand,
  type KnowledgeBase,
  ListDataSourcesCommand,
} from "@aws-sdk/client-bedrock-agent";
import Alert from "@cloudscape-design/components/alert";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs from "@cloudscape-design/components/tabs";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";
import { useClient } from "../../aws/client.ts";
import { FailureAlert } from "../../shell/FailureAlert.tsx";
import { Loading } from "../../shell/Loading.tsx";
import { usePage } from "../../shell/page.ts";
import { Status } from "../../shell/Status.tsx";
import { bedrock } from "../../text/bedrock.ts";
import { time } from "../../text/format.ts";
import { knowledge } from "../../text/knowledge.ts";
import { shell } from "../../text/shell.ts";
import { AskPane } from "./AskPane.tsx";
import { DocumentList } from "./DocumentList.tsx";
import { Sources } from "./Sources.tsx";

const text = knowledge.page;

/** One knowledge base: asked, fed, looked at. */
export default function KnowledgePage() {
  const { id = "" } = useParams();
  const agent = useClient((settings) => new BedrockAgentClient(settings));
  const known = useQuery({
    queryKey: ["knowledge-base", id],
    queryFn: ({ signal }) => agent.send(new GetKnowledgeBaseCommand({ knowledgeBaseId: id }), { abortSignal: signal }),
  });
  const sources = useInfiniteQuery({
    queryKey: ["data-sources", id],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      agent.send(new ListDataSourcesCommand({ knowledgeBaseId: id, maxResults: 100, nextToken: pageParam }), {
        abortSignal: signal,
      }),
    getNextPageParam: (page) => page.nextToken,
  });
  const base = known.data?.knowledgeBase;
  usePage(base?.name ?? id, [
    { text: bedrock.service, href: "/bedrock/models" },
    { text: knowledge.list.title, href: "/bedrock/knowledge-bases" },
  ]);
  const list = sources.data?.pages.flatMap((page) => page.dataSourceSummaries ?? []) ?? [];

  if (base === undefined) {
    return known.isError ? <FailureAlert failure={known.error} retry={() => void known.refetch()} /> : <Loading />;
  }
  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={base.description}>
        {base.name}
      </Header>
      {(base.failureReasons?.length ?? 0) > 0 && (
        <Alert type="error" header={text.failures}>
          {base.failureReasons?.join(" ")}
        </Alert>
      )}
      <Tabs
        i18nStrings={shell.tabs}
        tabs={[
          { id: "test", label: text.tabs.test, content: <AskPane base={id} /> },
          { id: "sources", label: text.tabs.sources, content: <Sources agent={agent} base={id} sources={list} pages={sources} /> },
          { id: "documents", label: text.tabs.documents, content: <DocumentList agent={agent} base={id} sources={list} /> },
          { id: "details", label: text.tabs.details, content: <Details base={base} /> },
        ]}
      />
    </SpaceBetween>
  );
}

function Details({ base }: { base: KnowledgeBase }) {
  const { storageConfiguration: storage } = base;
  const place =
    storage?.s3VectorsConfiguration?.indexArn ?? storage?.opensearchServerlessConfiguration?.collectionArn ?? "";
  return (
    <Container>
      <KeyValuePairs
        columns={2}
        items={[
          { label: text.status, value: <Status status={base.status} /> },
          { label: text.arn, value: base.knowledgeBaseArn },
          { label: text.role, value: base.roleArn },
          {
            label: text.model,
            value: base.knowledgeBaseConfiguration?.vectorKnowledgeBaseConfiguration?.embeddingModelArn ?? "-",
          },
          { label: text.store, value: `${storage?.type ?? "-"} ${place}` },
          { label: text.created, value: time(base.createdAt) },
        ]}
      />
    </Container>
  );
}
