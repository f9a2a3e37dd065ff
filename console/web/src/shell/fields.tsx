import FormField from "@cloudscape-design/components/form-field";
import Input, { type InputProps } from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import Textarea from "@cloudscape-design/components/textarea";
import { shell } from "../text/shell.ts";

interface FieldProps {
  label: string;
  hint?: string;
  value: string;
  disabled?: boolean;
  onChange: (value: string) => void;
}

/** Asks for a line of text, or a number. */
export function TextField(props: FieldProps & { type?: InputProps.Type; placeholder?: string }) {
  return (
    <FormField label={props.label} constraintText={props.hint}>
      <Input
        value={props.value}
        type={props.type ?? "text"}
        placeholder={props.placeholder ?? ""}
        disabled={props.disabled === true}
        onChange={(event) => props.onChange(event.detail.value)}
      />
    </FormField>
  );
}

/** Asks for several lines of text. */
export function LongTextField(props: FieldProps & { rows?: number; error?: string }) {
  return (
    <FormField label={props.label} constraintText={props.hint} errorText={props.error} stretch>
      <Textarea
        value={props.value}
        rows={props.rows ?? 6}
        spellcheck={false}
        disabled={props.disabled === true}
        onChange={(event) => props.onChange(event.detail.value)}
      />
    </FormField>
  );
}

/** Asks for one of several, by value and label. */
export function ChoiceField(props: FieldProps & { options: readonly (readonly [value: string, label: string])[] }) {
  const options = props.options.map(([value, label]) => ({ value, label }));
  return (
    <FormField label={props.label} constraintText={props.hint}>
      <Select
        selectedOption={options.find((option) => option.value === props.value) ?? null}
        options={options}
        disabled={props.disabled === true}
        placeholder={shell.choose}
        filteringType={options.length > 12 ? "auto" : "none"}
        onChange={(event) => props.onChange(event.detail.selectedOption.value ?? "")}
      />
    </FormField>
  );
}
