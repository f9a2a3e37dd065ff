import ColumnLayout from "@cloudscape-design/components/column-layout";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { BucketField } from "../../s3/BucketField.tsx";
import { knowledge } from "../../text/knowledge.ts";
import type { Chunking, SourceDraft, Strategy } from "./creation.ts";

const text = knowledge.wizard;
const chunkingText = knowledge.chunking;

type Numbers = Exclude<keyof Chunking, "strategy">;

const NUMBERS: Record<Strategy, Numbers[]> = {
  DEFAULT: [],
  FIXED_SIZE: ["maxTokens", "overlapPercentage"],
  HIERARCHICAL: ["parentTokens", "childTokens", "overlapTokens"],
  SEMANTIC: ["maxTokens", "bufferSize", "breakpoint"],
  NONE: [],
};

/** Asks where the documents are and how they are cut. */
export function SourceForm({ source, onChange }: { source: SourceDraft; onChange: (source: SourceDraft) => void }) {
  const { chunking } = source;
  const strategies = (Object.keys(chunkingText.strategies) as Strategy[]).map((value) => ({
    value,
    label: chunkingText.strategies[value],
    description: chunkingText.hints[value],
  }));
  return (
    <SpaceBetween size="m">
      <FormField label={text.sourceName}>
        <Input value={source.name} onChange={(event) => onChange({ ...source, name: event.detail.value })} />
      </FormField>
      <BucketField
        label={text.bucket}
        hint={text.bucketHint}
        value={source.bucket}
        onChange={(bucket) => onChange({ ...source, bucket })}
      />
      <FormField label={text.prefix} constraintText={text.prefixHint}>
        <Input value={source.prefix} onChange={(event) => onChange({ ...source, prefix: event.detail.value })} />
      </FormField>
      <FormField label={chunkingText.label} constraintText={chunkingText.hint}>
        <Select
          selectedOption={strategies.find(({ value }) => value === chunking.strategy) ?? null}
          options={strategies}
          onChange={(event) =>
            onChange({ ...source, chunking: { ...chunking, strategy: event.detail.selectedOption.value as Strategy } })
          }
        />
      </FormField>
      <ColumnLayout columns={3}>
        {NUMBERS[chunking.strategy].map((name) => (
          <FormField key={name} label={chunkingText[name]}>
            <Input
              type="number"
              value={String(chunking[name])}
              onChange={(event) =>
                onChange({ ...source, chunking: { ...chunking, [name]: Math.max(0, Number(event.detail.value) || 0) } })
              }
            />
          </FormField>
        ))}
      </ColumnLayout>
    </SpaceBetween>
  );
}
