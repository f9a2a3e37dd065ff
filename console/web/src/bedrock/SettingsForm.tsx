import ExpandableSection from "@cloudscape-design/components/expandable-section";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { bedrock } from "../text/bedrock.ts";
import type { Settings } from "./conversation.ts";

const text = bedrock.chat;

/** What a model is asked with beside what is said to it. */
export function SettingsForm(props: {
  settings: Settings;
  onChange: (settings: Settings) => void;
  /** Whether it lies below something wide, and so is folded up. */
  wide: boolean;
  /** Whether what is said is all there is, without a system prompt. */
  prompted?: boolean;
}) {
  const { settings, onChange } = props;
  const number = (name: "temperature" | "topP" | "maxTokens", label: string, step: number, least: number) => (
    <FormField label={label}>
      <Input
        type="number"
        step={step}
        value={String(settings[name])}
        onChange={(event) => {
          const value = Number(event.detail.value);
          onChange({ ...settings, [name]: Number.isFinite(value) ? Math.max(least, value) : settings[name] });
        }}
      />
    </FormField>
  );
  return (
    <ExpandableSection variant={props.prompted === true ? "default" : "container"} headerText={text.settings} defaultExpanded={!props.wide}>
      <SpaceBetween size="m">
        {props.prompted !== true && (
          <FormField label={text.system} constraintText={text.systemHint}>
            <Textarea value={settings.system} rows={3} onChange={(event) => onChange({ ...settings, system: event.detail.value })} />
          </FormField>
        )}
        {number("temperature", text.temperature, 0.1, 0)}
        {number("topP", text.topP, 0.05, 0)}
        <FormField label={text.topK} constraintText={text.topKHint}>
          <Input
            type="number"
            step={1}
            value={settings.topK === undefined ? "" : String(settings.topK)}
            onChange={(event) => {
              const { topK: _, ...others } = settings;
              const value = Math.round(Number(event.detail.value));
              onChange(event.detail.value === "" || !(value >= 1) ? others : { ...others, topK: value });
            }}
          />
        </FormField>
        {number("maxTokens", text.maxTokens, 1, 1)}
        <FormField label={text.stop} constraintText={text.stopHint}>
          <Textarea value={settings.stop} rows={2} onChange={(event) => onChange({ ...settings, stop: event.detail.value })} />
        </FormField>
      </SpaceBetween>
    </ExpandableSection>
  );
}
