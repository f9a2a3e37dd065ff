import {
  BedrockClient,
  ListModelInvocationJobsCommand,
  type ModelInvocationJobSummary,
  StopModelInvocationJobCommand,
} from "@aws-sdk/client-bedrock";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { TableProps } from "@cloudscape-design/components/table";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useClient } from "../../aws/client.ts";
import { addressOf, folderOf, placeOf } from "../../s3/places.ts";
import { Confirm } from "../../shell/Confirm.tsx";
import { FailureAlert } from "../../shell/FailureAlert.tsx";
import { useNotices } from "../../shell/notices.ts";
import { usePage } from "../../shell/page.ts";
import { PageLink } from "../../shell/PageLink.tsx";
import { ResourceList } from "../../shell/ResourceList.tsx";
import { Status } from "../../shell/Status.tsx";
import { batch } from "../../text/batch.ts";
import { bedrock } from "../../text/bedrock.ts";
import { time } from "../../text/format.ts";

const text = batch.list;
const BETWEEN_LOOKS = 1_000;

const PROGRESS: TableProps.ColumnDefinition<ModelInvocationJobSummary> = {
  id: "progress",
  header: text.columns.progress,
  cell: ({ processedRecordCount, totalRecordCount }) =>
    totalRecordCount === undefined ? "" : text.progress(processedRecordCount ?? 0, totalRecordCount),
};

function runs({ status }: ModelInvocationJobSummary): boolean {
  return status !== undefined && ["Submitted", "Validating", "Scheduled", "InProgress", "Stopping"].includes(status);
}

/** The batch jobs of the account, how far each is, and where its results are. */
export default function BatchJobs() {
  usePage(text.title, [{ text: bedrock.service, href: "/bedrock/models" }]);
  const navigate = useNavigate();
  const notices = useNotices();
  const client = useClient((settings) => new BedrockClient(settings));
  const [selected, setSelected] = useState<string>();
  const [stopping, setStopping] = useState<ModelInvocationJobSummary>();
  const pages = useInfiniteQuery({
    queryKey: ["batch-jobs"],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      client.send(
        new ListModelInvocationJobsCommand({
          maxResults: 50,
          nextToken: pageParam,
          sortBy: "CreationTime",
          sortOrder: "Descending",
        }),
        { abortSignal: signal },
      ),
    getNextPageParam: (page) => page.nextToken,
    refetchInterval: (query) =>
      query.state.data?.pages.some((page) => page.invocationJobSummaries?.some(runs)) ? BETWEEN_LOOKS : false,
  });
  const jobs = pages.data?.pages.flatMap((page) => page.invocationJobSummaries ?? []) ?? [];
  const shown = jobs.find(({ jobArn }) => jobArn === selected);
  return (
    <SpaceBetween size="l">
      <ResourceList
        text={text}
        items={jobs}
        pages={pages}
        keyOf={({ jobArn = "" }) => jobArn}
        nameOf={({ jobName = "" }) => jobName}
        onChoose={(job) => setSelected(job?.jobArn)}
        columns={[
          { id: "name", header: text.columns.name, isRowHeader: true, cell: ({ jobName }) => jobName },
          { id: "status", header: text.columns.status, cell: ({ status }) => <Status status={status} /> },
          // Not every server counts.
          ...(jobs.some(({ totalRecordCount }) => totalRecordCount !== undefined) ? [PROGRESS] : []),
          { id: "model", header: text.columns.model, cell: ({ modelId = "" }) => modelId.slice(modelId.lastIndexOf("/") + 1) },
          { id: "submitted", header: text.columns.submitted, cell: ({ submitTime }) => time(submitTime) },
        ]}
        actions={(chosen) => (
          <>
            <Button disabled={chosen === undefined || !runs(chosen)} onClick={() => setStopping(chosen)}>
              {text.stop}
            </Button>
            <Button variant="primary" onClick={() => navigate("/bedrock/batch/create")}>
              {text.create}
            </Button>
          </>
        )}
      />
      {shown !== undefined && <Details job={shown} />}
      {shown === undefined && jobs.length > 0 && <Box color="text-body-secondary">{text.select}</Box>}
      {stopping !== undefined && (
        <Confirm
          title={text.stopTitle(stopping.jobName ?? "")}
          message={text.stopText}
          action={text.stop}
          run={() => client.send(new StopModelInvocationJobCommand({ jobIdentifier: stopping.jobArn }))}
          onDismiss={() => setStopping(undefined)}
          onDone={() => {
            setStopping(undefined);
            notices.done(text.stopping(stopping.jobName ?? ""));
            void pages.refetch();
          }}
        />
      )}
    </SpaceBetween>
  );
}

/** What a job counts: while it runs as the service tells it, in the end as its manifest has it. */
interface Counts {
  totalRecordCount?: number | undefined;
  processedRecordCount?: number | undefined;
  successRecordCount?: number | undefined;
  errorRecordCount?: number | undefined;
}

function Details({ job }: { job: ModelInvocationJobSummary }) {
  const details = batch.details;
  const s3 = useClient((settings) => new S3Client({ ...settings, forcePathStyle: true }));
  const input = placeOf(job.inputDataConfig?.s3InputDataConfig?.s3Uri ?? "");
  const output = placeOf(job.outputDataConfig?.s3OutputDataConfig?.s3Uri ?? "");
  const id = job.jobArn?.slice(job.jobArn.lastIndexOf("/") + 1) ?? "";
  const folder = output && `${output.key.replace(/\/?$/, output.key === "" ? "" : "/")}${id}/`;
  const manifest = useQuery({
    queryKey: ["batch-manifest", job.jobArn, job.status],
    queryFn: async ({ signal }): Promise<Counts | null> => {
      try {
        const { Body } = await s3.send(
          new GetObjectCommand({ Bucket: output?.bucket, Key: `${folder ?? ""}manifest.json.out` }),
          { abortSignal: signal },
        );
        return JSON.parse((await Body?.transformToString()) ?? "null") as Counts | null;
      } catch (failure) {
        // A job that failed at once has written none.
        if (failure instanceof Error && failure.name === "NoSuchKey") {
          return null;
        }
        throw failure;
      }
    },
    enabled: !runs(job) && job.totalRecordCount === undefined,
  });
  const counts: Counts = job.totalRecordCount === undefined ? (manifest.data ?? {}) : job;
  const { totalRecordCount: total, processedRecordCount: processed = 0 } = counts;
  return (
    <Container header={<Header variant="h2">{job.jobName}</Header>}>
      <SpaceBetween size="l">
        {manifest.isError && <FailureAlert failure={manifest.error} />}
        {total === undefined ? (
          runs(job) && <StatusIndicator type="in-progress">{details.counting(minutesSince(job.submitTime))}</StatusIndicator>
        ) : (
          <ProgressBar
            label={details.progress}
            value={total === 0 ? 100 : (100 * processed) / total}
            additionalInfo={details.counts(counts.successRecordCount ?? 0, counts.errorRecordCount ?? 0)}
          />
        )}
        <KeyValuePairs
          columns={2}
          items={[
            { label: details.status, value: <Status status={job.status} /> },
            { label: details.message, value: job.message ?? "-" },
            {
              label: details.output,
              value:
              output === undefined ? "-" : <PageLink to={addressOf(output.bucket, folder ?? "")}>{details.showOutput}</PageLink>,
            },
            { label: details.input, value: input === undefined ? "-" : <PageLink to={folderOf(input)}>{details.showInput}</PageLink> },
            { label: details.role, value: job.roleArn },
            { label: details.ended, value: job.endTime === undefined ? "-" : time(job.endTime) },
            { label: details.arn, value: job.jobArn },
          ]}
        />
      </SpaceBetween>
    </Container>
  );
}

function minutesSince(moment: Date | undefined): number {
  return moment === undefined ? 0 : Math.max(0, Math.floor((Date.now() - moment.getTime()) / 60_000));
}
