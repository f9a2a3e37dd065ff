import { CloudTrailClient, type Event, LookupEventsCommand, type LookupAttributeKey } from "@aws-sdk/client-cloudtrail";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useClient } from "../aws/client.ts";
import { useSession } from "../session/session.ts";
import { MoreResults, NothingThere } from "../shell/Paged.tsx";
import { usePage } from "../shell/page.ts";
import { cloudtrail as text } from "../text/cloudtrail.ts";
import { time } from "../text/format.ts";
import { shell } from "../text/shell.ts";
import { Code } from "../shell/Code.tsx";

type Attribute = keyof typeof text.attributes;

interface Lookup {
  attribute?: Attribute;
  value: string;
}

/** Who did what in the last 90 days. */
export default function EventHistory() {
  usePage(text.title, [{ text: text.service, href: "/cloudtrail" }]);
  const { session } = useSession();
  const client = useClient((configuration) => new CloudTrailClient(configuration));
  const [draft, setDraft] = useState<Lookup>({ value: "" });
  const [lookup, setLookup] = useState<Lookup>({ value: "" });
  const [selected, setSelected] = useState<Event>();

  const pages = useInfiniteQuery({
    queryKey: ["events", session.region, lookup],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      client.send(
        new LookupEventsCommand({
          MaxResults: 50,
          NextToken: pageParam,
          LookupAttributes:
            lookup.attribute === undefined
              ? undefined
              : [{ AttributeKey: lookup.attribute as LookupAttributeKey, AttributeValue: lookup.value }],
        }),
        { abortSignal: signal },
      ),
    getNextPageParam: (page) => page.NextToken,
  });
  const events = pages.data?.pages.flatMap((page) => page.Events ?? []) ?? [];
  const attributes = [
    { value: "", label: text.filter.none },
    ...Object.entries(text.attributes).map(([value, label]) => ({ value, label })),
  ];

  return (
    <SpaceBetween size="l">
      <Table
        variant="full-page"
        items={events}
        trackBy="EventId"
        loading={pages.isPending}
        loadingText={shell.loading}
        stickyHeader
        selectionType="single"
        selectedItems={selected === undefined ? [] : [selected]}
        onSelectionChange={(event) => setSelected(event.detail.selectedItems[0])}
        ariaLabels={{
          selectionGroupLabel: text.title,
          itemSelectionLabel: (_, event) => `${event.EventName ?? ""} ${time(event.EventTime)}`,
          tableLabel: text.title,
        }}
        header={
          <Header
            variant="awsui-h1-sticky"
            description={text.description}
            actions={<Button iconName="refresh" ariaLabel={shell.refresh} onClick={() => void pages.refetch()} />}
          >
            {text.title}
          </Header>
        }
        filter={
          <form
            onSubmit={(event) => {
              event.preventDefault();
              setLookup(draft);
            }}
          >
            <SpaceBetween direction="horizontal" size="xs">
              <Select
                ariaLabel={text.filter.attribute}
                selectedOption={attributes.find(({ value }) => value === (draft.attribute ?? "")) ?? null}
                options={attributes}
                onChange={(event) => {
                  const chosen = event.detail.selectedOption.value ?? "";
                  setDraft(chosen === "" ? { value: "" } : { value: draft.value, attribute: chosen as Attribute });
                }}
              />
              <Input
                ariaLabel={text.filter.value}
                value={draft.value}
                disabled={draft.attribute === undefined}
                onChange={(event) => setDraft({ ...draft, value: event.detail.value })}
              />
              <Button formAction="submit" disabled={draft.attribute !== undefined && draft.value === ""}>
                {text.filter.submit}
              </Button>
            </SpaceBetween>
          </form>
        }
        empty={<NothingThere fetched={pages} title={text.empty} />}
        footer={<MoreResults pages={pages} />}
        columnDefinitions={[
          { id: "name", header: text.columns.name, cell: (event) => event.EventName, isRowHeader: true },
          { id: "time", header: text.columns.time, cell: (event) => time(event.EventTime) },
          { id: "user", header: text.columns.user, cell: (event) => event.Username },
          { id: "source", header: text.columns.source, cell: (event) => event.EventSource },
          {
            id: "resource",
            header: text.columns.resource,
            cell: (event) => event.Resources?.map((resource) => resource.ResourceName).join(", "),
          },
          { id: "error", header: text.columns.error, cell: errorOf },
        ]}
      />
      {selected === undefined ? (
        <Box color="text-body-secondary">{text.select}</Box>
      ) : (
        <Container>
          <Code label={text.record} text={pretty(selected.CloudTrailEvent ?? "{}")} />
        </Container>
      )}
    </SpaceBetween>
  );
}

function errorOf(event: Event): string {
  try {
    const record = JSON.parse(event.CloudTrailEvent ?? "{}") as { errorCode?: string };
    return record.errorCode ?? "";
  } catch {
    return "";
  }
}

function pretty(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), undefined, 2);
  } catch {
    return json;
  }
}
