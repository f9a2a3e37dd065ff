import { CloudWatchClient, type Metric } from "@aws-sdk/client-cloudwatch";
import Button from "@cloudscape-design/components/button";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useMemo, useState } from "react";
import { useClient } from "../aws/client.ts";
import { ChoiceField } from "../shell/fields.tsx";
import { useNotices } from "../shell/notices.ts";
import { usePage } from "../shell/page.ts";
import { last, type Range, secondsOf } from "../shell/range.ts";
import { RangeField } from "../shell/RangeField.tsx";
import { ResourceTable } from "../shell/ResourceTable.tsx";
import { cloudwatch } from "../text/cloudwatch.ts";
import { AlarmForm } from "./AlarmForm.tsx";
import { MetricChart } from "./MetricChart.tsx";
import { dimensionsOf, fittingPeriod, nameOf } from "./metrics.ts";
import { namespacesOf, useMetrics } from "./useMetrics.ts";

const text = cloudwatch.metrics;
const MOST_DRAWN = 10;

/** Every metric there is, and a chart of those that are chosen. */
export default function Metrics() {
  usePage(text.title, [{ text: cloudwatch.service, href: "/cloudwatch/metrics" }]);
  const client = useClient((configuration) => new CloudWatchClient(configuration));
  const notices = useNotices();
  const known = useMetrics(client);
  const [asked, setNamespace] = useState("");
  const [chosen, setChosen] = useState<Metric[]>([]);
  const [statistic, setStatistic] = useState("Average");
  const [range, setRange] = useState<Range>(last(3, "hour"));
  const [period, setPeriod] = useState("60");
  const [alarming, setAlarming] = useState(false);

  const namespaces = useMemo(() => namespacesOf(known.data ?? []), [known.data]);
  const namespace = asked === "" ? (namespaces[0] ?? "") : asked;
  const listed = useMemo(
    () => (known.data ?? []).filter((metric) => metric.Namespace === namespace),
    [known.data, namespace],
  );
  const drawn = useMemo(
    () => chosen.map((metric) => ({ metric, statistic, period: Number(period) })),
    [chosen, statistic, period],
  );

  return (
    <SpaceBetween size="l">
      <Container
        header={
          <Header
            variant="h1"
            description={text.description}
            actions={
              <Button disabled={chosen.length !== 1} onClick={() => setAlarming(true)}>
                {text.alarm}
              </Button>
            }
          >
            {text.title}
          </Header>
        }
      >
        <SpaceBetween size="m">
          <ColumnLayout columns={4} minColumnWidth={180}>
            <ChoiceField
              label={text.namespace}
              value={namespace}
              options={namespaces.map((name) => [name, name] as const)}
              onChange={setNamespace}
            />
            <ChoiceField label={text.statistic} value={statistic} options={cloudwatch.statistics} onChange={setStatistic} />
            <RangeField
              value={range}
              onChange={(value) => {
                setRange(value);
                setPeriod(String(fittingPeriod(secondsOf(value))));
              }}
            />
            <ChoiceField label={text.period} value={period} options={cloudwatch.periods} onChange={setPeriod} />
          </ColumnLayout>
          <MetricChart client={client} label={text.chart} drawn={drawn} range={range} />
        </SpaceBetween>
      </Container>
      <ResourceTable
        inner
        title={text.list}
        description={text.most(MOST_DRAWN)}
        items={listed}
        fetched={known}
        nameOf={nameOf}
        find={text.find}
        selection="multi"
        selected={chosen.filter((metric) => metric.Namespace === namespace)}
        onSelect={(selected) =>
          // What was chosen in other namespaces stays.
          setChosen([...chosen.filter((metric) => metric.Namespace !== namespace), ...selected].slice(0, MOST_DRAWN))
        }
        empty={text.empty}
        emptyHint={text.emptyHint}
        columns={[
          { id: "name", header: text.columns.name, isRowHeader: true, cell: (metric) => metric.MetricName },
          { id: "dimensions", header: text.columns.dimensions, cell: dimensionsOf },
        ]}
      />
      {alarming && (
        <AlarmForm
          client={client}
          {...(chosen[0] === undefined ? {} : { metric: chosen[0] })}
          onDismiss={() => setAlarming(false)}
          onDone={(name) => {
            setAlarming(false);
            notices.done(cloudwatch.alarms.created(name));
          }}
        />
      )}
    </SpaceBetween>
  );
}
