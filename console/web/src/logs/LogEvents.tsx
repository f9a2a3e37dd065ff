import {
  CloudWatchLogsClient,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  type FilteredLogEvent,
  type LogStream,
} from "@aws-sdk/client-cloudwatch-logs";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { useClient } from "../aws/client.ts";
import { Code } from "../shell/Code.tsx";
import { FailureAlert } from "../shell/FailureAlert.tsx";
import { TextField } from "../shell/fields.tsx";
import { usePage } from "../shell/page.ts";
import { last, type Range, spanOf } from "../shell/range.ts";
import { RangeField } from "../shell/RangeField.tsx";
import { ResourceTable } from "../shell/ResourceTable.tsx";
import { VirtualTable } from "../shell/VirtualTable.tsx";
import { time } from "../text/format.ts";
import { logs } from "../text/cloudwatchlogs.ts";

const text = logs.events;
/** As many streams as FilterLogEvents takes. */
const MOST_STREAMS = 100;

/** A log group's streams, and the events in them that a pattern fits. */
export default function LogEvents() {
  const [parameters] = useSearchParams();
  const group = parameters.get("group") ?? "";
  usePage(group, [{ text: logs.service, href: "/logs" }]);
  const client = useClient((configuration) => new CloudWatchLogsClient(configuration));
  const [streams, setStreams] = useState<LogStream[]>([]);
  const [pattern, setPattern] = useState("");
  const [range, setRange] = useState<Range>(last(1, "day"));
  const [search, setSearch] = useState({ pattern: "", at: Date.now() });
  const [chosen, setChosen] = useState<FilteredLogEvent>();
  const names = streams.map((stream) => stream.logStreamName ?? "").slice(0, MOST_STREAMS);

  const listed = useInfiniteQuery({
    queryKey: ["log-streams", group],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      client.send(
        new DescribeLogStreamsCommand({ logGroupName: group, orderBy: "LastEventTime", descending: true, nextToken: pageParam }),
        { abortSignal: signal },
      ),
    getNextPageParam: (page) => page.nextToken,
  });
  const found = useInfiniteQuery({
    queryKey: ["log-events", group, names, search, range],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      client.send(
        new FilterLogEventsCommand({
          logGroupName: group,
          limit: 1000,
          startTime: spanOf(range, new Date(search.at)).from.getTime(),
          // Until now is until whatever has arrived by then.
          ...(range.type === "relative" ? {} : { endTime: spanOf(range, new Date()).to.getTime() }),
          nextToken: pageParam,
          ...(search.pattern === "" ? {} : { filterPattern: search.pattern }),
          ...(names.length === 0 ? {} : { logStreamNames: names }),
        }),
        { abortSignal: signal },
      ),
    getNextPageParam: (page) => page.nextToken,
  });
  const events = found.data?.pages.flatMap((page) => page.events ?? []) ?? [];

  return (
    <SpaceBetween size="l">
      <Container
        header={
          <Header
            variant="h1"
            description={names.length === 0 ? text.allStreams : text.inStreams(names.join(", "))}
            counter={found.isPending ? "" : `(${events.length}${found.hasNextPage ? "+" : ""})`}
          >
            {group}
          </Header>
        }
      >
        <SpaceBetween size="m">
          <form
            onSubmit={(event) => {
              event.preventDefault();
              setSearch({ pattern, at: Date.now() });
            }}
          >
            <SpaceBetween size="s">
              <ColumnLayout columns={2}>
                <TextField label={text.pattern} hint={text.patternHint} value={pattern} onChange={setPattern} />
                <RangeField value={range} onChange={setRange} />
              </ColumnLayout>
              <Button formAction="submit" variant="primary">
                {text.search}
              </Button>
            </SpaceBetween>
          </form>
          {found.isError && <FailureAlert failure={found.error} retry={() => void found.refetch()} />}
          <VirtualTable
            label={text.title}
            items={events}
            loading={found.isFetching}
            keyOf={(event) => event.eventId ?? ""}
            onNearEnd={() => found.hasNextPage && !found.isFetchingNextPage && void found.fetchNextPage()}
            onChoose={setChosen}
            chosen={chosen?.eventId}
            empty={
              <>
                <b>{text.empty}</b>
                <div>{text.emptyHint}</div>
              </>
            }
            columns={[
              { id: "time", header: text.columns.time, cell: (event) => time(new Date(event.timestamp ?? 0)) },
              { id: "stream", header: text.columns.stream, cell: (event) => event.logStreamName },
              { id: "message", header: text.columns.message, share: 4, cell: (event) => event.message?.slice(0, 500) },
            ]}
          />
          <SpaceBetween direction="horizontal" size="s">
            <Box color="text-body-secondary">{text.loaded(events.length, found.hasNextPage)}</Box>
            {found.hasNextPage && (
              <Button loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
                {text.more}
              </Button>
            )}
          </SpaceBetween>
          {chosen !== undefined && <Code label={text.record} text={pretty(chosen.message ?? "")} />}
        </SpaceBetween>
      </Container>
      <ResourceTable
        inner
        title={text.streams}
        items={listed.data?.pages.flatMap((page) => page.logStreams ?? []) ?? []}
        fetched={listed}
        nameOf={(stream) => stream.logStreamName ?? ""}
        find={text.findStreams}
        selection="multi"
        selected={streams}
        onSelect={setStreams}
        empty={text.noStreams}
        emptyHint={text.noStreamsHint}
        columns={[
          { id: "name", header: text.streamColumns.name, isRowHeader: true, cell: (stream) => stream.logStreamName },
          {
            id: "last",
            header: text.streamColumns.last,
            cell: (stream) => (stream.lastEventTimestamp === undefined ? "" : time(new Date(stream.lastEventTimestamp))),
          },
        ]}
      />
    </SpaceBetween>
  );
}

function pretty(message: string): string {
  try {
    return JSON.stringify(JSON.parse(message), undefined, 2);
  } catch {
    return message;
  }
}
