import type { LoggingConfig } from "@aws-sdk/client-bedrock";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { S3Client } from "@aws-sdk/client-s3";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useClient } from "../../aws/client.ts";
import { JsonEditor } from "../../editor/JsonEditor.tsx";
import { useSession } from "../../session/session.ts";
import { NothingThere } from "../../shell/Paged.tsx";
import { VirtualTable } from "../../shell/VirtualTable.tsx";
import { time } from "../../text/format.ts";
import { logs } from "../../text/logs.ts";
import { shell } from "../../text/shell.ts";
import { fromBucket, fromLogs, type InvocationRecord } from "./records.ts";

const text = logs.records;

type Source = keyof typeof text.sources;

/** The latest records, from where they are written; one of them whole. */
export function RecordList({ logging }: { logging: LoggingConfig | undefined }) {
  const { session } = useSession();
  const watch = useClient((settings) => new CloudWatchLogsClient(settings));
  const s3 = useClient(
    // The browser opens what is compressed on the way, and so the sum of what comes out is another.
    (settings) => new S3Client({ ...settings, forcePathStyle: true, responseChecksumValidation: "WHEN_REQUIRED" }),
  );
  const sources: Source[] = [
    ...(logging?.cloudWatchConfig === undefined ? [] : (["logs"] as const)),
    ...(logging?.s3Config === undefined ? [] : (["bucket"] as const)),
  ];
  const [wanted, setWanted] = useState<Source>();
  const [chosen, setChosen] = useState<InvocationRecord>();
  const source = wanted !== undefined && sources.includes(wanted) ? wanted : sources[0];
  const records = useQuery({
    queryKey: ["invocation-records", session.region, source, logging],
    queryFn: ({ signal }) =>
      source === "logs"
        ? fromLogs(watch, logging?.cloudWatchConfig?.logGroupName ?? "", signal)
        : fromBucket(s3, session, logging?.s3Config ?? { bucketName: "" }, signal),
    enabled: source !== undefined,
  });
  const off = source === undefined;
  return (
    <SpaceBetween size="l">
      <Container
        header={
          <Header
            variant="h2"
            description={text.shown(records.data?.length ?? 0)}
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                {sources.length > 1 && (
                  <SegmentedControl
                    label={text.source}
                    selectedId={source ?? null}
                    options={sources.map((id) => ({ id, text: text.sources[id] }))}
                    onChange={(event) => setWanted(event.detail.selectedId as Source)}
                  />
                )}
                <Button
                  iconName="refresh"
                  ariaLabel={`${shell.refresh}: ${text.title}`}
                  disabled={off}
                  onClick={() => void records.refetch()}
                />
              </SpaceBetween>
            }
          >
            {text.title}
          </Header>
        }
      >
        <VirtualTable
          label={text.title}
          items={records.data ?? []}
          loading={!off && records.isPending}
          keyOf={({ requestId }) => requestId}
          chosen={chosen?.requestId}
          onChoose={setChosen}
          empty={
            <NothingThere fetched={records} title={off ? text.off : text.empty} hint={off ? text.offHint : text.emptyHint} />
          }
          columns={[
            { id: "time", header: text.columns.time, cell: ({ timestamp }) => time(new Date(timestamp)) },
            { id: "operation", header: text.columns.operation, cell: ({ operation }) => operation },
            { id: "model", header: text.columns.model, cell: ({ modelId }) => modelId.slice(modelId.lastIndexOf("/") + 1) },
            { id: "input", header: text.columns.input, share: 0.6, cell: ({ input }) => input?.inputTokenCount ?? "" },
            { id: "output", header: text.columns.output, share: 0.6, cell: ({ output }) => output?.outputTokenCount ?? "" },
            {
              id: "identity",
              header: text.columns.identity,
              cell: ({ identity }) => identity?.arn?.slice(identity.arn.lastIndexOf(":") + 1) ?? "",
            },
            { id: "error", header: text.columns.error, cell: ({ errorCode }) => errorCode ?? "" },
          ]}
        />
      </Container>
      {chosen === undefined ? (
        (records.data?.length ?? 0) > 0 && <Box color="text-body-secondary">{text.select}</Box>
      ) : (
        <JsonEditor label={text.record} value={JSON.stringify(chosen, undefined, 2)} lines={{ least: 10, most: 40 }} />
      )}
    </SpaceBetween>
  );
}
