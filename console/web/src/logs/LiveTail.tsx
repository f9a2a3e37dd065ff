import {
  CloudWatchLogsClient,
  type LiveTailSessionLogEvent,
  type LogGroup,
  StartLiveTailCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useEffect, useRef, useState } from "react";
import { useClient } from "../aws/client.ts";
import { FailureAlert } from "../shell/FailureAlert.tsx";
import { TextField } from "../shell/fields.tsx";
import { usePage } from "../shell/page.ts";
import { VirtualTable } from "../shell/VirtualTable.tsx";
import { time } from "../text/format.ts";
import { logs } from "../text/cloudwatchlogs.ts";
import { GroupsField } from "./GroupsField.tsx";

const text = logs.tail;
/** Older ones are let go. */
const MOST_EVENTS = 5000;

interface Event extends LiveTailSessionLogEvent {
  number: number;
}

/** Events as they arrive, the latest first. */
export default function LiveTail() {
  usePage(text.title, [{ text: logs.service, href: "/logs" }]);
  // The prefix that AWS's host has for this operation is none of this server's names.
  const client = useClient((configuration) => new CloudWatchLogsClient({ ...configuration, disableHostPrefix: true }));
  const [groups, setGroups] = useState<LogGroup[]>([]);
  const [pattern, setPattern] = useState("");
  const [state, setState] = useState<"idle" | "running" | "ended">("idle");
  const [failure, setFailure] = useState<unknown>();
  const [events, setEvents] = useState<Event[]>([]);
  const [sampled, setSampled] = useState(false);
  const stopping = useRef<AbortController>(undefined);

  useEffect(() => () => stopping.current?.abort(), []);

  const start = async () => {
    const stop = new AbortController();
    stopping.current = stop;
    setState("running");
    setFailure(undefined);
    setEvents([]);
    try {
      const answer = await client.send(
        new StartLiveTailCommand({
          // Without the star that stands for the group's streams.
          logGroupIdentifiers: groups.map((group) => (group.arn ?? "").replace(/:\*$/, "")),
          ...(pattern === "" ? {} : { logEventFilterPattern: pattern }),
        }),
        { abortSignal: stop.signal },
      );
      let number = 0;
      for await (const update of answer.responseStream ?? []) {
        if (stop.signal.aborted) {
          break;
        }
        const arrived = (update.sessionUpdate?.sessionResults ?? []).map((event): Event => ({ ...event, number: number++ }));
        setSampled(update.sessionUpdate?.sessionMetadata?.sampled === true);
        if (arrived.length > 0) {
          setEvents((before) => [...arrived.reverse(), ...before].slice(0, MOST_EVENTS));
        }
      }
    } catch (thrown) {
      if (!stop.signal.aborted) {
        setFailure(thrown);
      }
    } finally {
      if (stopping.current === stop) {
        setState("ended");
      }
    }
  };

  return (
    <SpaceBetween size="l">
      <Container
        header={
          <Header variant="h1" description={text.description}>
            {text.title}
          </Header>
        }
      >
        <SpaceBetween size="m">
          <ColumnLayout columns={2}>
            <GroupsField client={client} chosen={groups} onChange={setGroups} />
            <TextField
              label={logs.events.pattern}
              hint={logs.events.patternHint}
              value={pattern}
              disabled={state === "running"}
              onChange={setPattern}
            />
          </ColumnLayout>
          <SpaceBetween direction="horizontal" size="s" alignItems="center">
            {state === "running" ? (
              <Button onClick={() => stopping.current?.abort()}>{text.stop}</Button>
            ) : (
              <Button variant="primary" disabled={groups.length === 0} onClick={() => void start()}>
                {text.start}
              </Button>
            )}
            <StatusIndicator type={state === "running" ? "in-progress" : "stopped"}>
              {state === "idle" ? text.idle : state === "ended" ? text.ended : events.length === 0 ? text.waiting : text.running(events.length)}
            </StatusIndicator>
          </SpaceBetween>
          {sampled && <Box color="text-status-warning">{text.sampled}</Box>}
          {failure !== undefined && <FailureAlert failure={failure} />}
          <VirtualTable
            label={text.title}
            items={events}
            keyOf={(event) => String(event.number)}
            empty={
              <>
                <b>{text.none}</b>
                <div>{text.hint}</div>
              </>
            }
            columns={[
              { id: "time", header: logs.events.columns.time, cell: (event) => time(new Date(event.timestamp ?? 0)) },
              { id: "stream", header: logs.events.columns.stream, cell: (event) => event.logStreamName },
              { id: "message", header: logs.events.columns.message, share: 4, cell: (event) => event.message },
            ]}
          />
        </SpaceBetween>
      </Container>
    </SpaceBetween>
  );
}
