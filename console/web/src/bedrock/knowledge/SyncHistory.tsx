import {
  type BedrockAgentClient,
  GetIngestionJobCommand,
  type IngestionJobSummary,
  ListIngestionJobsCommand,
  StopIngestionJobCommand,
} from "@aws-sdk/client-bedrock-agent";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { FailureAlert } from "../../shell/FailureAlert.tsx";
import { useNotices } from "../../shell/notices.ts";
import { ResourceList } from "../../shell/ResourceList.tsx";
import { Status } from "../../shell/Status.tsx";
import { time } from "../../text/format.ts";
import { knowledge } from "../../text/knowledge.ts";

const text = knowledge.jobs;
const BETWEEN_LOOKS = 1_000;

interface Props {
  agent: BedrockAgentClient;
  base: string;
  source: string;
  name: string;
}

function runs({ status }: IngestionJobSummary): boolean {
  return status === "STARTING" || status === "IN_PROGRESS" || status === "STOPPING";
}

/** How the syncs of a data source went, with what failed in each; one that runs can be stopped. */
export function SyncHistory({ agent, base, source, name }: Props) {
  const notices = useNotices();
  const [selected, setSelected] = useState<string>();
  const pages = useInfiniteQuery({
    queryKey: ["syncs", base, source],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      agent.send(
        new ListIngestionJobsCommand({
          knowledgeBaseId: base,
          dataSourceId: source,
          maxResults: 50,
          nextToken: pageParam,
          sortBy: { attribute: "STARTED_AT", order: "DESCENDING" },
        }),
        { abortSignal: signal },
      ),
    getNextPageParam: (page) => page.nextToken,
    refetchInterval: (query) =>
      query.state.data?.pages.some((page) => page.ingestionJobSummaries?.some(runs)) ? BETWEEN_LOOKS : false,
  });
  const jobs = pages.data?.pages.flatMap((page) => page.ingestionJobSummaries ?? []) ?? [];
  const running = jobs.find(runs);
  const shown = selected ?? jobs[0]?.ingestionJobId;
  const shownJob = jobs.find(({ ingestionJobId }) => ingestionJobId === shown);
  // Reasons are told of one job at a time only; the state is in the key, so that they are asked for again at its end.
  const details = useQuery({
    queryKey: ["syncs", base, source, shown, shownJob?.status],
    queryFn: ({ signal }) =>
      agent.send(
        new GetIngestionJobCommand({ knowledgeBaseId: base, dataSourceId: source, ingestionJobId: shown }),
        { abortSignal: signal },
      ),
    enabled: shown !== undefined,
  });
  const stopping = useMutation({
    mutationFn: (job: string | undefined) =>
      agent.send(new StopIngestionJobCommand({ knowledgeBaseId: base, dataSourceId: source, ingestionJobId: job })),
    onSuccess: () => {
      notices.done(text.stopped);
      void pages.refetch();
    },
    onError: (failure) => notices.failed(text.stop, failure),
  });
  const reasons = details.data?.ingestionJob?.failureReasons ?? [];
  const count = (value: number | undefined) => (value ?? 0).toLocaleString("en");
  return (
    <SpaceBetween size="l">
      {running !== undefined && (
        <StatusIndicator type="in-progress">
          {text.running(
            running.statistics?.numberOfDocumentsScanned ?? 0,
            (running.statistics?.numberOfNewDocumentsIndexed ?? 0) + (running.statistics?.numberOfModifiedDocumentsIndexed ?? 0),
          )}
        </StatusIndicator>
      )}
      <ResourceList
        inside
        text={{ ...text, title: text.title(name) }}
        items={jobs}
        pages={pages}
        keyOf={({ ingestionJobId = "" }) => ingestionJobId}
        nameOf={({ startedAt }) => time(startedAt)}
        {...(shown === undefined ? {} : { chosen: shown })}
        onChoose={(job) => setSelected(job?.ingestionJobId)}
        columns={[
          { id: "started", header: text.columns.started, isRowHeader: true, cell: ({ startedAt }) => time(startedAt) },
          { id: "status", header: text.columns.status, cell: ({ status }) => <Status status={status} /> },
          {
            id: "took",
            header: text.columns.took,
            cell: ({ startedAt, updatedAt }) =>
              startedAt && updatedAt ? text.seconds((updatedAt.getTime() - startedAt.getTime()) / 1000) : "",
          },
          { id: "scanned", header: text.columns.scanned, cell: ({ statistics }) => count(statistics?.numberOfDocumentsScanned) },
          { id: "new", header: text.columns.added, cell: ({ statistics }) => count(statistics?.numberOfNewDocumentsIndexed) },
          {
            id: "modified",
            header: text.columns.modified,
            cell: ({ statistics }) => count(statistics?.numberOfModifiedDocumentsIndexed),
          },
          { id: "deleted", header: text.columns.deleted, cell: ({ statistics }) => count(statistics?.numberOfDocumentsDeleted) },
          { id: "failed", header: text.columns.failed, cell: ({ statistics }) => count(statistics?.numberOfDocumentsFailed) },
        ]}
        actions={() => (
          <Button
            disabled={running === undefined}
            loading={stopping.isPending}
            onClick={() => stopping.mutate(running?.ingestionJobId)}
          >
            {text.stop}
          </Button>
        )}
      />
      {details.isError && <FailureAlert failure={details.error} />}
      {reasons.length > 0 && (
        <Alert type="error" header={text.failures}>
          <ul className="plain-list">
            {reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        </Alert>
      )}
    </SpaceBetween>
  );
}
