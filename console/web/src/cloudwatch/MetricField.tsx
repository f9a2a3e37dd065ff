import type { CloudWatchClient, Metric } from "@aws-sdk/client-cloudwatch";
import { useMemo, useState } from "react";
import { FailureAlert } from "../shell/FailureAlert.tsx";
import { ChoiceField } from "../shell/fields.tsx";
import { cloudwatch } from "../text/cloudwatch.ts";
import { nameOf } from "./metrics.ts";
import { namespacesOf, useMetrics } from "./useMetrics.ts";

interface Props {
  client: CloudWatchClient;
  metric: Metric | undefined;
  onChange: (metric: Metric | undefined) => void;
}

/** Asks for a metric by its namespace and name. */
export function MetricField({ client, metric, onChange }: Props) {
  const known = useMetrics(client);
  const [asked, setNamespace] = useState(metric?.Namespace ?? "");
  const metrics = useMemo(() => known.data ?? [], [known.data]);
  const namespaces = useMemo(() => namespacesOf(metrics), [metrics]);
  const namespace = asked === "" ? (namespaces[0] ?? "") : asked;
  const listed = useMemo(() => metrics.filter((one) => one.Namespace === namespace), [metrics, namespace]);
  return (
    <>
      {known.isError && <FailureAlert failure={known.error} retry={() => void known.refetch()} />}
      <ChoiceField
        label={cloudwatch.alarms.namespace}
        value={namespace}
        options={namespaces.map((name) => [name, name] as const)}
        onChange={(name) => {
          setNamespace(name);
          onChange(undefined);
        }}
      />
      <ChoiceField
        label={cloudwatch.alarms.metric}
        value={metric === undefined ? "" : nameOf(metric)}
        options={listed.map((one) => [nameOf(one), nameOf(one)] as const)}
        onChange={(name) => onChange(listed.find((one) => nameOf(one) === name))}
      />
    </>
  );
}
