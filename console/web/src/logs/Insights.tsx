import {
  CloudWatchLogsClient,
  GetQueryResultsCommand,
  type LogGroup,
  type ResultField,
  StartQueryCommand,
  StopQueryCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Tabs from "@cloudscape-design/components/tabs";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useClient } from "../aws/client.ts";
import { type Line, TimeChart } from "../shell/Charts.tsx";
import { FailureAlert } from "../shell/FailureAlert.tsx";
import { LongTextField } from "../shell/fields.tsx";
import { usePage } from "../shell/page.ts";
import { last, type Range, spanOf } from "../shell/range.ts";
import { RangeField } from "../shell/RangeField.tsx";
import { VirtualTable } from "../shell/VirtualTable.tsx";
import { bytes } from "../text/format.ts";
import { logs } from "../text/cloudwatchlogs.ts";
import { shell } from "../text/shell.ts";
import { GroupsField } from "./GroupsField.tsx";

const text = logs.insights;
const UNDER_WAY = ["Scheduled", "Running"];

interface Row {
  number: number;
  fields: ResultField[];
}

/** Queries over log groups, as a table and, where they have times, as a chart. */
export default function Insights() {
  usePage(text.title, [{ text: logs.service, href: "/logs" }]);
  const client = useClient((configuration) => new CloudWatchLogsClient(configuration));
  const [groups, setGroups] = useState<LogGroup[]>([]);
  const [query, setQuery] = useState<string>(text.initial);
  const [range, setRange] = useState<Range>(last(1, "hour"));
  const [asked, setAsked] = useState<{ id: string; from: Date; to: Date }>();

  const starting = useMutation({
    mutationFn: async () => {
      const { from, to } = spanOf(range, new Date());
      const answer = await client.send(
        new StartQueryCommand({
          logGroupNames: groups.map((group) => group.logGroupName ?? ""),
          queryString: query,
          startTime: Math.floor(from.getTime() / 1000),
          endTime: Math.ceil(to.getTime() / 1000),
        }),
      );
      return { id: answer.queryId ?? "", from, to };
    },
    onSuccess: setAsked,
  });
  const stopping = useMutation({ mutationFn: (id: string) => client.send(new StopQueryCommand({ queryId: id })) });
  const results = useQuery({
    queryKey: ["query", asked?.id],
    enabled: asked !== undefined,
    queryFn: ({ signal }) => client.send(new GetQueryResultsCommand({ queryId: asked?.id ?? "" }), { abortSignal: signal }),
    refetchInterval: (state) => (UNDER_WAY.includes(state.state.data?.status ?? "Running") ? 400 : false),
  });
  const status = results.data?.status;
  const running = starting.isPending || (asked !== undefined && !results.isError && UNDER_WAY.includes(status ?? "Running"));
  const statistics = results.data?.statistics;
  const rows = useMemo(() => (results.data?.results ?? []).map((fields, number): Row => ({ number, fields })), [results.data]);
  const columns = useMemo(() => columnsOf(rows.map((row) => row.fields)), [rows]);
  const lines = useMemo(() => linesOf(rows.map((row) => row.fields)), [rows]);

  return (
    <SpaceBetween size="l">
      <Container
        header={
          <Header
            variant="h1"
            description={text.description}
            actions={
              <ButtonDropdown
                items={text.samples.map(([name]) => ({ id: name, text: name }))}
                onItemClick={(event) =>
                  setQuery(text.samples.find(([name]) => name === event.detail.id)?.[1] ?? text.initial)
                }
              >
                {text.examples}
              </ButtonDropdown>
            }
          >
            {text.title}
          </Header>
        }
      >
        <SpaceBetween size="m">
          <ColumnLayout columns={2}>
            <GroupsField client={client} chosen={groups} onChange={setGroups} />
            <RangeField value={range} onChange={setRange} />
          </ColumnLayout>
          <LongTextField label={text.query} value={query} rows={5} onChange={setQuery} />
          <SpaceBetween direction="horizontal" size="s" alignItems="center">
            {running ? (
              <Button
                disabled={asked === undefined}
                loading={stopping.isPending}
                onClick={() => asked !== undefined && stopping.mutate(asked.id)}
              >
                {text.stop}
              </Button>
            ) : (
              <Button variant="primary" disabled={groups.length === 0} onClick={() => starting.mutate()}>
                {text.run}
              </Button>
            )}
            {groups.length === 0 && <Box color="text-body-secondary">{text.needGroups}</Box>}
            {running && (
              <StatusIndicator type="in-progress">{text.running(statistics?.recordsScanned ?? 0)}</StatusIndicator>
            )}
            {status === "Complete" && (
              <StatusIndicator>
                {text.done(
                  statistics?.recordsMatched ?? 0,
                  statistics?.recordsScanned ?? 0,
                  bytes(statistics?.bytesScanned ?? 0),
                )}
              </StatusIndicator>
            )}
            {status === "Cancelled" && <StatusIndicator type="stopped">{text.stopped}</StatusIndicator>}
            {(status === "Failed" || status === "Timeout") && (
              <StatusIndicator type="error">{text.failed(status)}</StatusIndicator>
            )}
          </SpaceBetween>
          {starting.isError && <FailureAlert failure={starting.error} />}
          {results.isError && <FailureAlert failure={results.error} />}
        </SpaceBetween>
      </Container>
      {asked !== undefined && (
        <Tabs
          i18nStrings={shell.tabs}
          variant="container"
          tabs={[
            {
              id: "table",
              label: text.results,
              content: (
                <VirtualTable
                  label={text.results}
                  items={rows}
                  loading={running}
                  keyOf={(row: Row) => String(row.number)}
                  empty={
                    running ? (
                      shell.loading
                    ) : (
                      <>
                        <b>{text.empty}</b>
                        <div>{text.emptyHint}</div>
                      </>
                    )
                  }
                  columns={columns.map((name) => ({
                    id: name,
                    header: name,
                    share: name === "@message" ? 3 : 1,
                    cell: (row: Row) => row.fields.find(({ field }) => field === name)?.value,
                  }))}
                />
              ),
            },
            {
              id: "chart",
              label: text.chart,
              content: (
                <TimeChart
                  label={text.chart}
                  loading={running}
                  lines={lines}
                  from={asked.from}
                  to={asked.to}
                  empty={<Box color="text-body-secondary">{text.noChart}</Box>}
                />
              ),
            },
          ]}
        />
      )}
    </SpaceBetween>
  );
}

/** The names of fields in the order in which they come; what only points at a record is none of the reader's. */
function columnsOf(rows: readonly ResultField[][]): string[] {
  const names = new Set(rows.flatMap((row) => row.map(({ field }) => field ?? "")));
  names.delete("@ptr");
  return [...names];
}

/** Lines of the numbers of rows that have a time of bin(…), by the words beside it. */
function linesOf(rows: readonly ResultField[][]): Line[] {
  const lines = new Map<string, Line>();
  for (const row of rows) {
    const bin = row.find(({ field, value }) => field?.startsWith("bin(") && TIME.test(value ?? ""));
    if (bin === undefined) {
      continue;
    }
    const x = new Date(`${bin.value?.replace(" ", "T")}Z`);
    const others = row.filter((field) => field !== bin && field.field !== "@ptr");
    const words = others.filter(({ value }) => Number.isNaN(Number(value))).map(({ value }) => value);
    for (const { field, value } of others.filter((other) => !Number.isNaN(Number(other.value)))) {
      const title = [...words, field].join(" ");
      const line = lines.get(title) ?? { title, points: [] };
      line.points.push({ x, y: Number(value) });
      lines.set(title, line);
    }
  }
  lines.forEach((line) => line.points.sort((a, b) => a.x.getTime() - b.x.getTime()));
  return [...lines.values()];
}

const TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/;
