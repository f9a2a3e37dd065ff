import {
  BedrockAgentClient,
  DeleteKnowledgeBaseCommand,
  type KnowledgeBaseSummary,
  ListKnowledgeBasesCommand,
} from "@aws-sdk/client-bedrock-agent";
import Button from "@cloudscape-design/components/button";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useClient } from "../../aws/client.ts";
import { Deletion } from "../../shell/Deletion.tsx";
import { usePage } from "../../shell/page.ts";
import { PageLink } from "../../shell/PageLink.tsx";
import { ResourceList } from "../../shell/ResourceList.tsx";
import { bedrock } from "../../text/bedrock.ts";
import { time } from "../../text/format.ts";
import { knowledge } from "../../text/knowledge.ts";
import { shell } from "../../text/shell.ts";
import { Status } from "../../shell/Status.tsx";

const text = knowledge.list;
const BETWEEN_LOOKS = 1_000;

/** The knowledge bases of the account. */
export default function KnowledgeBases() {
  usePage(text.title, [{ text: bedrock.service, href: "/bedrock/models" }]);
  const navigate = useNavigate();
  const agent = useClient((settings) => new BedrockAgentClient(settings));
  const [deleting, setDeleting] = useState<KnowledgeBaseSummary>();
  const pages = useInfiniteQuery({
    queryKey: ["knowledge-bases"],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      agent.send(new ListKnowledgeBasesCommand({ maxResults: 50, nextToken: pageParam }), { abortSignal: signal }),
    getNextPageParam: (page) => page.nextToken,
    refetchInterval: (query) =>
      query.state.data?.pages.some((page) => page.knowledgeBaseSummaries?.some(({ status = "" }) => status.endsWith("ING")))
        ? BETWEEN_LOOKS
        : false,
  });
  return (
    <>
      <ResourceList
        text={text}
        items={pages.data?.pages.flatMap((page) => page.knowledgeBaseSummaries ?? []) ?? []}
        pages={pages}
        keyOf={({ knowledgeBaseId = "" }) => knowledgeBaseId}
        nameOf={({ name = "" }) => name}
        columns={[
          {
            id: "name",
            header: text.columns.name,
            isRowHeader: true,
            cell: ({ knowledgeBaseId = "", name = "" }) => (
              <PageLink to={`/bedrock/knowledge-bases/${knowledgeBaseId}`}>{name}</PageLink>
            ),
          },
          { id: "id", header: text.columns.id, cell: ({ knowledgeBaseId }) => knowledgeBaseId },
          { id: "status", header: text.columns.status, cell: ({ status }) => <Status status={status} /> },
          { id: "updated", header: text.columns.updated, cell: ({ updatedAt }) => time(updatedAt) },
        ]}
        actions={(chosen) => (
          <>
            <Button disabled={chosen === undefined} onClick={() => setDeleting(chosen)}>
              {shell.delete}
            </Button>
            <Button variant="primary" onClick={() => navigate("/bedrock/knowledge-bases/create")}>
              {text.create}
            </Button>
          </>
        )}
      />
      {deleting !== undefined && (
        <Deletion
          text={text}
          name={deleting.name ?? ""}
          run={() => agent.send(new DeleteKnowledgeBaseCommand({ knowledgeBaseId: deleting.knowledgeBaseId }))}
          onClose={() => setDeleting(undefined)}
          onDone={pages.refetch}
        />
      )}
    </>
  );
}
