import FormField from "@cloudscape-design/components/form-field";
import Select from "@cloudscape-design/components/select";
import type { UseQueryResult } from "@tanstack/react-query";
import { bedrock } from "../text/bedrock.ts";
import { shell } from "../text/shell.ts";
import type { ModelOption } from "./models.ts";

interface Props {
  label: string;
  hint?: string;
  models: UseQueryResult<ModelOption[]>;
  /** The id of the chosen model. */
  value: string | undefined;
  disabled?: boolean;
  onChange: (value: string) => void;
}

/** Asks for a model. */
export function ModelField({ label, hint, models, value, disabled = false, onChange }: Props) {
  const chosen = models.data?.find((option) => option.value === value);
  return (
    <FormField
      label={label}
      {...(hint === undefined ? {} : { constraintText: hint })}
      {...(models.isError ? { errorText: models.error.message } : {})}
      {...(models.data?.length === 0 ? { errorText: bedrock.chat.none } : {})}
    >
      <Select
        selectedOption={chosen ?? (value === undefined ? null : { value, label: value })}
        options={models.data ?? []}
        filteringType="auto"
        statusType={models.isPending ? "loading" : "finished"}
        loadingText={shell.loading}
        disabled={disabled}
        onChange={(event) => onChange(event.detail.selectedOption.value ?? "")}
      />
    </FormField>
  );
}
