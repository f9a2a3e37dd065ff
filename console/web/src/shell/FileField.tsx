import FileUpload from "@cloudscape-design/components/file-upload";
import FormField from "@cloudscape-design/components/form-field";
import { shell } from "../text/shell.ts";

interface Props {
  label: string;
  hint: string;
  choose: string;
  accept: string;
  file: File | undefined;
  onChange: (file: File | undefined) => void;
}

/** Asks for one file. */
export function FileField({ label, hint, choose, accept, file, onChange }: Props) {
  return (
    <FormField label={label} constraintText={hint}>
      <FileUpload
        value={file === undefined ? [] : [file]}
        accept={accept}
        onChange={(event) => onChange(event.detail.value[0])}
        i18nStrings={{
          uploadButtonText: () => choose,
          dropzoneText: () => choose,
          removeFileAriaLabel: () => shell.dismiss,
          limitShowFewer: "",
          limitShowMore: "",
          errorIconAriaLabel: shell.icons.error,
        }}
      />
    </FormField>
  );
}
