import { type CloudWatchLogsClient, DescribeLogGroupsCommand, type LogGroup } from "@aws-sdk/client-cloudwatch-logs";
import FormField from "@cloudscape-design/components/form-field";
import Multiselect from "@cloudscape-design/components/multiselect";
import { useQuery } from "@tanstack/react-query";
import { FailureAlert } from "../shell/FailureAlert.tsx";
import { logs } from "../text/cloudwatchlogs.ts";
import { shell } from "../text/shell.ts";

interface Props {
  client: CloudWatchLogsClient;
  chosen: readonly LogGroup[];
  onChange: (chosen: LogGroup[]) => void;
}

/** Asks for log groups. */
export function GroupsField({ client, chosen, onChange }: Props) {
  const known = useQuery({
    queryKey: ["log-groups", "first"],
    queryFn: async ({ signal }) =>
      (await client.send(new DescribeLogGroupsCommand({ limit: 50 }), { abortSignal: signal })).logGroups ?? [],
  });
  const option = (group: LogGroup) => ({ value: group.logGroupName ?? "", label: group.logGroupName ?? "" });
  return (
    <FormField label={logs.tail.groups} constraintText={logs.tail.groupsHint}>
      {known.isError ? (
        <FailureAlert failure={known.error} retry={() => void known.refetch()} />
      ) : (
        <Multiselect
          options={(known.data ?? []).map(option)}
          selectedOptions={chosen.map(option)}
          filteringType="auto"
          placeholder={shell.choose}
          empty={logs.groups.empty}
          statusType={known.isPending ? "loading" : "finished"}
          loadingText={shell.loading}
          deselectAriaLabel={(removed) => `${shell.remove} ${removed.label}`}
          onChange={(event) => {
            const names = event.detail.selectedOptions.map(({ value }) => value);
            onChange((known.data ?? []).filter((group) => names.includes(group.logGroupName)));
          }}
        />
      )}
    </FormField>
  );
}
