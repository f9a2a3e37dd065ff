import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import ContentLayout from "@cloudscape-design/components/content-layout";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs from "@cloudscape-design/components/tabs";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { usage, type UsageLine } from "../aws/outcrop.ts";
import { useSession } from "../session/session.ts";
import { StackedBars } from "../shell/Charts.tsx";
import { FailureAlert } from "../shell/FailureAlert.tsx";
import { ChoiceField } from "../shell/fields.tsx";
import { usePage } from "../shell/page.ts";
import { daysOf, last, type Range } from "../shell/range.ts";
import { RangeField } from "../shell/RangeField.tsx";
import { type Fetched, ResourceTable } from "../shell/ResourceTable.tsx";
import { charts } from "../text/charts.ts";
import { cost as text } from "../text/cost.ts";
import { money, quantity, time } from "../text/format.ts";
import { shell } from "../text/shell.ts";

type Group = "service" | "model";
type Measure = "price" | "calls" | "tokens";

/** More would be a legend that nobody reads. */
const MOST_BARS = 7;

/** What the account's calls cost, by service, model and day. */
export default function Cost() {
  usePage(text.title);
  const { session } = useSession();
  const [range, setRange] = useState<Range>(last(30, "day"));
  const [group, setGroup] = useState<Group>("service");
  const [measure, setMeasure] = useState<Measure>("price");
  const days = daysOf(range, new Date());
  const from = days[0] ?? "";
  const to = days.at(-1) ?? "";
  const known = useQuery({
    queryKey: ["usage", from, to],
    queryFn: ({ signal }) => usage(session, from, to, signal),
    // The server reads its record in pieces; each asking takes it further.
    refetchInterval: (query) => (query.state.data?.complete === false ? 500 : false),
  });
  const lines = useMemo(() => known.data?.lines ?? [], [known.data]);
  const currency = lines[0]?.currency ?? "USD";
  const inMoney = (value: number) => money(value, currency);
  const bars = useMemo(() => barsOf(lines, group, measure), [lines, group, measure]);
  const failed = lines.reduce((sum, line) => sum + line.failed, 0);

  return (
    <ContentLayout
      header={
        <Header variant="h1" description={text.description}>
          {text.title}
        </Header>
      }
    >
      <SpaceBetween size="l">
        {known.isError && <FailureAlert failure={known.error} retry={() => void known.refetch()} />}
        {known.data?.complete === false && <Alert>{text.reading(time(new Date(known.data.through)))}</Alert>}
        <Container>
          <KeyValuePairs
            columns={4}
            items={[
              { label: text.total, value: <Figure>{inMoney(sum(lines, "price"))}</Figure> },
              { label: text.calls, value: <Figure>{quantity(sum(lines, "calls"))}</Figure> },
              { label: text.tokens, value: <Figure>{quantity(sum(lines, "tokens"))}</Figure> },
              { label: text.failed, value: <Figure>{quantity(failed)}</Figure> },
            ]}
          />
        </Container>
        <Container header={<Header variant="h2">{text.chart}</Header>}>
          <SpaceBetween size="m">
            <ColumnLayout columns={3}>
              <RangeField days value={range} onChange={setRange} />
              <ChoiceField label={text.by} value={group} options={text.groups} onChange={(value) => setGroup(value as Group)} />
              <ChoiceField
                label={text.measure}
                value={measure}
                options={text.measures}
                onChange={(value) => setMeasure(value as Measure)}
              />
            </ColumnLayout>
            <StackedBars
              label={text.chart}
              loading={known.isPending}
              bars={bars}
              domain={days.map(label)}
              format={measure === "price" ? inMoney : quantity}
              empty={
                <Box textAlign="center">
                  <b>{text.empty}</b>
                  <Box color="text-body-secondary">{text.emptyHint}</Box>
                </Box>
              }
            />
          </SpaceBetween>
        </Container>
        <Tabs
          i18nStrings={shell.tabs}
          tabs={[
            {
              id: "total",
              label: text.table,
              content: <Lines title={text.table} lines={totals(lines)} fetched={known} inMoney={inMoney} />,
            },
            {
              id: "daily",
              label: text.daily,
              content: <Lines title={text.daily} lines={[...lines].reverse()} fetched={known} inMoney={inMoney} daily />,
            },
          ]}
        />
      </SpaceBetween>
    </ContentLayout>
  );
}

function Figure({ children }: { children: string }) {
  return (
    <Box fontSize="heading-xl" fontWeight="bold">
      {children}
    </Box>
  );
}

interface LinesProps {
  title: string;
  lines: UsageLine[];
  fetched: Fetched;
  inMoney: (value: number) => string;
  daily?: boolean;
}

function Lines({ title, lines, fetched, inMoney, daily = false }: LinesProps) {
  return (
    <ResourceTable
      inner
      title={title}
      items={lines}
      fetched={fetched}
      nameOf={(line) => `${line.day} ${line.service} ${line.model}`}
      find={title}
      empty={text.empty}
      emptyHint={text.emptyHint}
      columns={[
        ...(daily ? [{ id: "day", header: text.columns.day, cell: (line: UsageLine) => line.day }] : []),
        { id: "service", header: text.columns.service, isRowHeader: true, cell: (line) => line.service },
        { id: "model", header: text.columns.model, cell: (line) => line.model },
        { id: "calls", header: text.columns.calls, cell: (line) => line.calls.toLocaleString("en") },
        { id: "failed", header: text.columns.failed, cell: (line) => line.failed.toLocaleString("en") },
        { id: "in", header: text.columns.tokensIn, cell: (line) => (line.amounts["InputTokens"] ?? 0).toLocaleString("en") },
        { id: "out", header: text.columns.tokensOut, cell: (line) => (line.amounts["OutputTokens"] ?? 0).toLocaleString("en") },
        { id: "price", header: text.columns.price, cell: (line) => inMoney(Number(line.price)) },
      ]}
    />
  );
}

function valueOf(line: UsageLine, measure: Measure): number {
  switch (measure) {
    case "price":
      return Number(line.price);
    case "calls":
      return line.calls;
    case "tokens":
      return (line.amounts["InputTokens"] ?? 0) + (line.amounts["OutputTokens"] ?? 0);
  }
}

function sum(lines: UsageLine[], measure: Measure): number {
  return lines.reduce((all, line) => all + valueOf(line, measure), 0);
}

/** A day without its year: no more of them than a year has are shown. */
function label(day: string): string {
  return day.slice(5);
}

/** A bar for each of the largest groups, and one for all others. */
function barsOf(lines: UsageLine[], group: Group, measure: Measure) {
  const groups = new Map<string, Map<string, number>>();
  for (const line of lines) {
    const value = valueOf(line, measure);
    if (value > 0) {
      const name = (group === "service" ? line.service : line.model) || text.noModel;
      const days = groups.get(name) ?? new Map<string, number>();
      const day = label(line.day);
      days.set(day, (days.get(day) ?? 0) + value);
      groups.set(name, days);
    }
  }
  const sized = [...groups].sort(([, a], [, b]) => total(b) - total(a));
  const rest = new Map<string, number>();
  for (const [, days] of sized.slice(MOST_BARS)) {
    days.forEach((value, day) => rest.set(day, (rest.get(day) ?? 0) + value));
  }
  return [...sized.slice(0, MOST_BARS), ...(rest.size === 0 ? [] : [[charts.others, rest] as const])].map(
    ([title, days]) => ({ title, data: [...days].map(([x, y]) => ({ x, y })) }),
  );
}

function total(days: Map<string, number>): number {
  return [...days.values()].reduce((all, value) => all + value, 0);
}

/** The lines of all days put together, the dearest and most called first. */
function totals(lines: UsageLine[]): UsageLine[] {
  const all = new Map<string, UsageLine>();
  for (const line of lines) {
    const key = `${line.service} ${line.model}`;
    const before = all.get(key);
    if (before === undefined) {
      all.set(key, { ...line, day: "", amounts: { ...line.amounts } });
    } else {
      before.calls += line.calls;
      before.failed += line.failed;
      before.price = String(Number(before.price) + Number(line.price));
      for (const [unit, amount] of Object.entries(line.amounts)) {
        before.amounts[unit] = (before.amounts[unit] ?? 0) + amount;
      }
    }
  }
  return [...all.values()].sort((a, b) => Number(b.price) - Number(a.price) || b.calls - a.calls);
}
