import { IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import FormField from "@cloudscape-design/components/form-field";
import Select from "@cloudscape-design/components/select";
import { useQuery } from "@tanstack/react-query";
import { useClient } from "../aws/client.ts";
import { roles as text } from "../text/roles.ts";
import { shell } from "../text/shell.ts";

interface Props {
  /** The ARN of a role; without one, a role is to be made. */
  value: string | undefined;
  onChange: (arn: string | undefined) => void;
}

const NEW = "";

/** Asks for a role that Bedrock may take on: one that is there, or a new one. */
export function RoleField({ value, onChange }: Props) {
  const client = useClient((settings) => new IAMClient(settings));
  const roles = useQuery({
    queryKey: ["bedrock-roles"],
    queryFn: async ({ signal }) => {
      const { Roles } = await client.send(new ListRolesCommand({ MaxItems: 1000 }), { abortSignal: signal });
      return (Roles ?? [])
        .filter(({ AssumeRolePolicyDocument = "" }) =>
          decodeURIComponent(AssumeRolePolicyDocument).includes("bedrock.amazonaws.com"),
        )
        .map(({ Arn = "", RoleName = Arn }) => ({ value: Arn, label: RoleName, description: Arn }));
    },
  });
  const fresh = { value: NEW, label: text.make, description: text.makeHint };
  const options = [fresh, ...(roles.data ?? [])];
  return (
    <FormField
      label={text.label}
      constraintText={text.hint}
      {...(roles.isError ? { errorText: roles.error.message } : {})}
    >
      <Select
        selectedOption={options.find((option) => option.value === (value ?? NEW)) ?? fresh}
        options={options}
        filteringType="auto"
        statusType={roles.isPending ? "loading" : "finished"}
        loadingText={shell.loading}
        onChange={(event) => {
          const chosen = event.detail.selectedOption.value ?? NEW;
          onChange(chosen === NEW ? undefined : chosen);
        }}
      />
    </FormField>
  );
}
