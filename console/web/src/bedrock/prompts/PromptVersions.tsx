import {
  type BedrockAgentClient,
  CreatePromptVersionCommand,
  DeletePromptCommand,
  ListPromptsCommand,
  type PromptSummary,
} from "@aws-sdk/client-bedrock-agent";
import Button from "@cloudscape-design/components/button";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Deletion } from "../../shell/Deletion.tsx";
import { useNotices } from "../../shell/notices.ts";
import { ResourceList } from "../../shell/ResourceList.tsx";
import { time } from "../../text/format.ts";
import { prompts } from "../../text/prompts.ts";
import { shell } from "../../text/shell.ts";

const text = prompts.versions;

/** The versions of a prompt, which stay as they are. */
export function PromptVersions({ agent, id }: { agent: BedrockAgentClient; id: string }) {
  const notices = useNotices();
  const [deleting, setDeleting] = useState<PromptSummary>();
  const pages = useInfiniteQuery({
    queryKey: ["prompt", id, "versions"],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      agent.send(new ListPromptsCommand({ promptIdentifier: id, maxResults: 50, nextToken: pageParam }), {
        abortSignal: signal,
      }),
    getNextPageParam: (page) => page.nextToken,
  });
  const creating = useMutation({
    mutationFn: () => agent.send(new CreatePromptVersionCommand({ promptIdentifier: id })),
    onSuccess: ({ version = "" }) => {
      notices.done(text.createdVersion(version));
      void pages.refetch();
    },
    onError: (failure) => notices.failed(text.create, failure),
  });
  return (
    <>
      <ResourceList
        inside
        text={text}
        items={pages.data?.pages.flatMap((page) => page.promptSummaries ?? []) ?? []}
        pages={pages}
        keyOf={({ version = "" }) => version}
        nameOf={({ version = "" }) => (version === "DRAFT" ? text.working : version)}
        columns={[
          {
            id: "version",
            header: text.columns.version,
            isRowHeader: true,
            cell: ({ version }) => (version === "DRAFT" ? text.working : version),
          },
          { id: "arn", header: text.arn, cell: ({ arn }) => arn },
          { id: "created", header: text.columns.created, cell: ({ createdAt }) => time(createdAt) },
        ]}
        actions={(chosen) => (
          <>
            <Button disabled={chosen === undefined || chosen.version === "DRAFT"} onClick={() => setDeleting(chosen)}>
              {shell.delete}
            </Button>
            <Button loading={creating.isPending} onClick={() => creating.mutate()}>
              {text.create}
            </Button>
          </>
        )}
      />
      {deleting !== undefined && (
        <Deletion
          text={text}
          name={deleting.version ?? ""}
          run={() => agent.send(new DeletePromptCommand({ promptIdentifier: id, promptVersion: deleting.version }))}
          onClose={() => setDeleting(undefined)}
          onDone={pages.refetch}
        />
      )}
    </>
  );
}
