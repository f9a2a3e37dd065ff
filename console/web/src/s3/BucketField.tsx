import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import FormField from "@cloudscape-design/components/form-field";
import Select from "@cloudscape-design/components/select";
import { useQuery } from "@tanstack/react-query";
import { useClient } from "../aws/client.ts";
import { PageLink } from "../shell/PageLink.tsx";
import { s3 } from "../text/s3.ts";
import { shell } from "../text/shell.ts";

interface Props {
  label: string;
  hint?: string;
  value: string | undefined;
  onChange: (bucket: string) => void;
}

/** Asks for a bucket. */
export function BucketField({ label, hint, value, onChange }: Props) {
  const client = useClient((settings) => new S3Client({ ...settings, forcePathStyle: true }));
  const buckets = useQuery({
    queryKey: ["bucket-names"],
    queryFn: async ({ signal }) => {
      const { Buckets } = await client.send(new ListBucketsCommand({}), { abortSignal: signal });
      return (Buckets ?? []).map(({ Name = "" }) => ({ value: Name }));
    },
  });
  return (
    <FormField
      label={label}
      {...(hint === undefined ? {} : { constraintText: hint })}
      {...(buckets.isError ? { errorText: buckets.error.message } : {})}
      secondaryControl={buckets.data?.length === 0 && <PageLink to="/s3">{s3.buckets.create}</PageLink>}
    >
      <Select
        selectedOption={value === undefined ? null : { value }}
        options={buckets.data ?? []}
        filteringType="auto"
        statusType={buckets.isPending ? "loading" : "finished"}
        loadingText={shell.loading}
        empty={s3.buckets.empty}
        onChange={(event) => onChange(event.detail.selectedOption.value ?? "")}
      />
    </FormField>
  );
}
