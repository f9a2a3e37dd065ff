import { CloudWatchClient, GetDashboardCommand, type Metric, PutDashboardCommand } from "@aws-sdk/client-cloudwatch";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useParams } from "react-router";
import { useClient } from "../aws/client.ts";
import { JsonEditor } from "../editor/JsonEditor.tsx";
import { useSession } from "../session/session.ts";
import { FailureAlert } from "../shell/FailureAlert.tsx";
import { ChoiceField, LongTextField, TextField } from "../shell/fields.tsx";
import { FormModal } from "../shell/FormModal.tsx";
import { Loading } from "../shell/Loading.tsx";
import { Markdown } from "../shell/Markdown.tsx";
import { useNotices } from "../shell/notices.ts";
import { usePage } from "../shell/page.ts";
import { last, type Range } from "../shell/range.ts";
import { RangeField } from "../shell/RangeField.tsx";
import { cloudwatch } from "../text/cloudwatch.ts";
import { shell } from "../text/shell.ts";
import { type Body, bodyOf, COLUMNS, laidOut, metricsOf, metricWidget, type Widget } from "./dashboard.ts";
import { MetricChart } from "./MetricChart.tsx";
import { MetricField } from "./MetricField.tsx";

const text = cloudwatch.dashboards;

/** One dashboard, to be looked at and changed. */
export default function DashboardPage() {
  const { name = "" } = useParams();
  usePage(name, [
    { text: cloudwatch.service, href: "/cloudwatch/metrics" },
    { text: text.title, href: "/cloudwatch/dashboards" },
  ]);
  const client = useClient((configuration) => new CloudWatchClient(configuration));
  const notices = useNotices();
  const [draft, setDraft] = useState<Body>();
  const [range, setRange] = useState<Range>(last(3, "hour"));
  const [adding, setAdding] = useState<"metric" | "text" | "source">();
  const stored = useQuery({
    queryKey: ["dashboard", name],
    queryFn: async ({ signal }) => {
      const answer = await client.send(new GetDashboardCommand({ DashboardName: name }), { abortSignal: signal });
      return bodyOf(answer.DashboardBody ?? "{}");
    },
  });
  const saving = useMutation({
    mutationFn: (body: Body) =>
      client.send(new PutDashboardCommand({ DashboardName: name, DashboardBody: JSON.stringify(body) })),
    onSuccess: async (answer) => {
      await stored.refetch();
      setDraft(undefined);
      const warnings = answer.DashboardValidationMessages ?? [];
      if (warnings.length === 0) {
        notices.done(text.saved);
      } else {
        notices.failed(text.warnings, new Error(warnings.map(({ DataPath, Message }) => `${DataPath}: ${Message}`).join("; ")));
      }
    },
  });

  if (stored.isPending) {
    return <Loading />;
  }
  if (stored.isError) {
    return <FailureAlert failure={stored.error} retry={() => void stored.refetch()} />;
  }
  const body = draft ?? stored.data;
  const change = (widgets: Widget[]) => setDraft({ ...body, widgets: laidOut(widgets) });
  const add = (widget: Widget) => {
    setAdding(undefined);
    change([...body.widgets, widget]);
  };

  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button onClick={() => setAdding("metric")}>{text.addMetric}</Button>
            <Button onClick={() => setAdding("text")}>{text.addText}</Button>
            <Button onClick={() => setAdding("source")}>{text.source}</Button>
            <Button
              variant="primary"
              disabled={draft === undefined}
              loading={saving.isPending}
              onClick={() => draft !== undefined && saving.mutate(draft)}
            >
              {shell.save}
            </Button>
          </SpaceBetween>
        }
      >
        {name}
      </Header>
      {saving.isError && <FailureAlert failure={saving.error} />}
      {draft !== undefined && <Alert>{text.unsaved}</Alert>}
      <RangeField value={range} onChange={setRange} />
      {body.widgets.length === 0 && (
        <Container>
          <b>{text.emptyDashboard}</b>
          <Box color="text-body-secondary">{text.emptyDashboardHint}</Box>
        </Container>
      )}
      <div className="dashboard">
        {body.widgets.map((widget, at) => (
          <div key={at} className={`widget widget-${wide(widget)}`}>
            <WidgetView
              client={client}
              widget={widget}
              range={range}
              onChange={(changed) => change(body.widgets.map((other, place) => (place === at ? changed : other)))}
              onRemove={() => change(body.widgets.filter((_, place) => place !== at))}
            />
          </div>
        ))}
      </div>
      {adding === "metric" && <AddMetric client={client} onDismiss={() => setAdding(undefined)} onAdd={add} />}
      {adding === "text" && <AddText onDismiss={() => setAdding(undefined)} onAdd={add} />}
      {adding === "source" && (
        <EditSource
          body={body}
          onDismiss={() => setAdding(undefined)}
          onDone={(changed) => {
            setAdding(undefined);
            setDraft(changed);
          }}
        />
      )}
    </SpaceBetween>
  );
}

/** How wide a widget is shown: a third, a half or all of the page. */
function wide(widget: Widget): 3 | 2 | 1 {
  const width = widget.width ?? 6;
  return width <= 8 ? 3 : width <= 12 ? 2 : 1;
}

interface WidgetProps {
  client: CloudWatchClient;
  widget: Widget;
  range: Range;
  onChange: (widget: Widget) => void;
  onRemove: () => void;
}

function WidgetView({ client, widget, range, onChange, onRemove }: WidgetProps) {
  const properties = widget.properties ?? {};
  const title = typeof properties["title"] === "string" ? properties["title"] : "";
  const full = wide(widget) === 1;
  const actions = (
    <SpaceBetween direction="horizontal" size="xxs">
      <Button
        variant="icon"
        iconName={full ? "shrink" : "expand"}
        ariaLabel={`${full ? text.narrower : text.wider}: ${title}`}
        onClick={() => onChange({ ...widget, width: full ? COLUMNS / 2 : COLUMNS })}
      />
      <Button variant="icon" iconName="remove" ariaLabel={`${shell.remove}: ${title}`} onClick={onRemove} />
    </SpaceBetween>
  );
  const header = (
    <Header variant="h2" actions={actions}>
      {title === "" && widget.type === "text" ? text.note : title}
    </Header>
  );
  switch (widget.type) {
    case "metric":
      return (
        <Container fitHeight header={header}>
          <MetricChart client={client} label={title} drawn={metricsOf(widget)} range={range} height={200} />
        </Container>
      );
    case "text":
      return (
        <Container fitHeight header={header}>
          <Markdown text={typeof properties["markdown"] === "string" ? properties["markdown"] : ""} />
        </Container>
      );
    default:
      return (
        <Container fitHeight header={header}>
          <Box color="text-body-secondary">{text.unknownWidget(widget.type)}</Box>
        </Container>
      );
  }
}

interface AddProps {
  onDismiss: () => void;
  onAdd: (widget: Widget) => void;
}

function AddMetric({ client, onDismiss, onAdd }: AddProps & { client: CloudWatchClient }) {
  const { session } = useSession();
  const [metric, setMetric] = useState<Metric>();
  const [statistic, setStatistic] = useState("Sum");
  const [title, setTitle] = useState("");
  return (
    <FormModal
      title={text.addMetric}
      submit={shell.add}
      disabled={metric === undefined}
      run={() => Promise.resolve(metricWidget(metric ?? {}, statistic, session.region, title))}
      onDismiss={onDismiss}
      onDone={onAdd}
    >
      <MetricField client={client} metric={metric} onChange={setMetric} />
      <ChoiceField label={cloudwatch.metrics.statistic} value={statistic} options={cloudwatch.statistics} onChange={setStatistic} />
      <TextField label={text.widgetTitle} value={title} onChange={setTitle} />
    </FormModal>
  );
}

function AddText({ onDismiss, onAdd }: AddProps) {
  const [markdown, setMarkdown] = useState("");
  return (
    <FormModal
      title={text.addText}
      submit={shell.add}
      disabled={markdown.trim() === ""}
      run={() => Promise.resolve({ type: "text", width: 12, height: 4, properties: { markdown } })}
      onDismiss={onDismiss}
      onDone={onAdd}
    >
      <LongTextField label={text.markdown} value={markdown} onChange={setMarkdown} />
    </FormModal>
  );
}

function EditSource(props: { body: Body; onDismiss: () => void; onDone: (body: Body) => void }) {
  const [source, setSource] = useState(() => JSON.stringify(props.body, undefined, 2));
  return (
    <FormModal
      title={text.sourceTitle}
      submit={shell.edit}
      size="large"
      run={async () => bodyOf(source)}
      onDismiss={props.onDismiss}
      onDone={props.onDone}
    >
      <JsonEditor label={text.sourceLabel} value={source} onChange={setSource} />
    </FormModal>
  );
}
