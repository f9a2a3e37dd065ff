import { BedrockAgentClient, DeletePromptCommand, ListPromptsCommand, type PromptSummary } from "@aws-sdk/client-bedrock-agent";
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
import { prompts } from "../../text/prompts.ts";
import { shell } from "../../text/shell.ts";

const text = prompts.list;

/** The prompts of the account. */
export default function Prompts() {
  usePage(text.title, [{ text: bedrock.service, href: "/bedrock/models" }]);
  const navigate = useNavigate();
  const agent = useClient((settings) => new BedrockAgentClient(settings));
  const [deleting, setDeleting] = useState<PromptSummary>();
  const pages = useInfiniteQuery({
    queryKey: ["prompts"],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      agent.send(new ListPromptsCommand({ maxResults: 50, nextToken: pageParam }), { abortSignal: signal }),
    getNextPageParam: (page) => page.nextToken,
  });
  return (
    <>
      <ResourceList
        text={text}
        items={pages.data?.pages.flatMap((page) => page.promptSummaries ?? []) ?? []}
        pages={pages}
        keyOf={({ id = "" }) => id}
        nameOf={({ name = "" }) => name}
        columns={[
          {
            id: "name",
            header: text.columns.name,
            isRowHeader: true,
            cell: ({ id = "", name = "" }) => <PageLink to={`/bedrock/prompts/${id}`}>{name}</PageLink>,
          },
          { id: "id", header: text.columns.id, cell: ({ id }) => id },
          { id: "description", header: text.columns.description, cell: ({ description }) => description },
          { id: "updated", header: text.columns.updated, cell: ({ updatedAt }) => time(updatedAt) },
        ]}
        actions={(chosen) => (
          <>
            <Button disabled={chosen === undefined} onClick={() => setDeleting(chosen)}>
              {shell.delete}
            </Button>
            <Button variant="primary" onClick={() => navigate("/bedrock/prompts/create")}>
              {text.create}
            </Button>
          </>
        )}
      />
      {deleting !== undefined && (
        <Deletion
          text={text}
          name={deleting.name ?? ""}
          run={() => agent.send(new DeletePromptCommand({ promptIdentifier: deleting.id }))}
          onClose={() => setDeleting(undefined)}
          onDone={pages.refetch}
        />
      )}
    </>
  );
}
