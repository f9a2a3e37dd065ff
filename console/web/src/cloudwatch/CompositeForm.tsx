import { type CloudWatchClient, type CompositeAlarm, DescribeAlarmsCommand, PutCompositeAlarmCommand } from "@aws-sdk/client-cloudwatch";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import FormField from "@cloudscape-design/components/form-field";
import Multiselect from "@cloudscape-design/components/multiselect";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { FailureAlert } from "../shell/FailureAlert.tsx";
import { ChoiceField, LongTextField, TextField } from "../shell/fields.tsx";
import { FormModal } from "../shell/FormModal.tsx";
import { cloudwatch } from "../text/cloudwatch.ts";
import { shell } from "../text/shell.ts";

const text = cloudwatch.alarms;

interface Props {
  client: CloudWatchClient;
  /** The alarm that is changed; without one, an alarm is made. */
  alarm?: CompositeAlarm;
  onDismiss: () => void;
  onDone: (name: string) => void;
}

/** Makes or changes an alarm that watches other alarms. */
export function CompositeForm({ client, alarm, onDismiss, onDone }: Props) {
  const [name, setName] = useState(alarm?.AlarmName ?? "");
  const [chosen, setChosen] = useState<string[]>([]);
  const [joined, setJoined] = useState<string>("OR");
  const [rule, setRule] = useState(alarm?.AlarmRule ?? "");
  const [description, setDescription] = useState(alarm?.AlarmDescription ?? "");
  const [topic, setTopic] = useState(alarm?.AlarmActions?.[0] ?? "");
  const others = useQuery({
    queryKey: ["alarms", "names"],
    queryFn: async ({ signal }) => {
      const answer = await client.send(new DescribeAlarmsCommand({ MaxRecords: 100, AlarmTypes: ["MetricAlarm", "CompositeAlarm"] }), {
        abortSignal: signal,
      });
      return [...(answer.MetricAlarms ?? []), ...(answer.CompositeAlarms ?? [])].map(({ AlarmName = "" }) => AlarmName);
    },
  });
  const actions = [...(topic === "" ? [] : [topic]), ...(alarm?.AlarmActions ?? []).slice(1)];
  const option = (value: string) => ({ value, label: value });
  const write = (names: string[], operator: string) => {
    setChosen(names);
    setJoined(operator);
    setRule(ruleOf(names, operator));
  };

  return (
    <FormModal
      title={alarm === undefined ? text.createComposite : text.editTitle(name)}
      submit={alarm === undefined ? text.createComposite : shell.save}
      size="large"
      disabled={name === "" || rule.trim() === ""}
      onDismiss={onDismiss}
      onDone={() => onDone(name)}
      run={() =>
        client.send(
          new PutCompositeAlarmCommand({
            // What the form does not show is sent again, since the service replaces an alarm whole.
            ActionsEnabled: alarm?.ActionsEnabled,
            OKActions: alarm?.OKActions,
            InsufficientDataActions: alarm?.InsufficientDataActions,
            ActionsSuppressor: alarm?.ActionsSuppressor,
            ActionsSuppressorWaitPeriod: alarm?.ActionsSuppressorWaitPeriod,
            ActionsSuppressorExtensionPeriod: alarm?.ActionsSuppressorExtensionPeriod,
            AlarmName: name,
            AlarmRule: rule,
            ...(description === "" ? {} : { AlarmDescription: description }),
            ...(actions.length === 0 ? {} : { AlarmActions: actions }),
          }),
        )
      }
    >
      {others.isError && <FailureAlert failure={others.error} />}
      <TextField label={text.name} value={name} disabled={alarm !== undefined} onChange={setName} />
      <ColumnLayout columns={2}>
        <FormField label={text.watched} constraintText={text.watchedHint}>
          <Multiselect
            options={(others.data ?? []).filter((other) => other !== name).map(option)}
            statusType={others.isPending ? "loading" : "finished"}
            loadingText={shell.loading}
            selectedOptions={chosen.map(option)}
            filteringType="auto"
            placeholder={shell.choose}
            empty={text.empty}
            deselectAriaLabel={(removed) => `${shell.remove} ${removed.label}`}
            onChange={(event) => write(event.detail.selectedOptions.map(({ value = "" }) => value), joined)}
          />
        </FormField>
        <ChoiceField label={text.joined} value={joined} options={text.joins} onChange={(operator) => write(chosen, operator)} />
      </ColumnLayout>
      <LongTextField label={text.rule} hint={text.ruleHint} rows={4} value={rule} onChange={setRule} />
      <TextField label={text.description} value={description} onChange={setDescription} />
      <TextField label={text.topic} hint={text.topicHint} value={topic} onChange={setTopic} />
    </FormModal>
  );
}

/** That any or all of some alarms are raised, as PutCompositeAlarm takes it. */
function ruleOf(names: readonly string[], operator: string): string {
  return names.map((name) => `ALARM("${name.replace(/["\\]/g, "\\$&")}")`).join(` ${operator} `);
}
