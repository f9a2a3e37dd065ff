import { IAMClient, UpdateAssumeRolePolicyCommand } from "@aws-sdk/client-iam";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs from "@cloudscape-design/components/tabs";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { useClient } from "../aws/client.ts";
import { JsonEditor } from "../editor/JsonEditor.tsx";
import { FailureAlert } from "../shell/FailureAlert.tsx";
import { Loading } from "../shell/Loading.tsx";
import { useNotices } from "../shell/notices.ts";
import { usePage } from "../shell/page.ts";
import { Tags } from "../shell/Tags.tsx";
import { time } from "../text/format.ts";
import { iam } from "../text/iam.ts";
import { shell } from "../text/shell.ts";
import { tags } from "../text/tags.ts";
import { AccessKeys } from "./AccessKeys.tsx";
import { entitiesOf, type Entity, type Kind } from "./entities.ts";
import { Membership } from "./Membership.tsx";
import { Permissions } from "./Permissions.tsx";
import { roleTags, userTags } from "./tags.ts";

/** One user, group or role: what it may do, and what else there is to know of it. */
export default function EntityPage({ kind }: { kind: Kind }) {
  const { name = "" } = useParams();
  usePage(name, [
    { text: iam.service, href: "/iam/users" },
    { text: iam.kinds[kind].title, href: `/iam/${kind}` },
  ]);
  const navigate = useNavigate();
  const client = useClient((configuration) => new IAMClient(configuration));
  const known = useQuery({ queryKey: ["iam", kind, name], queryFn: () => entitiesOf(client, kind).get(name) });
  if (known.isPending) {
    return <Loading />;
  }
  if (known.isError) {
    return <FailureAlert failure={known.error} retry={() => void known.refetch()} />;
  }
  const entity = known.data;
  return (
    <SpaceBetween size="l">
      <Container
        header={
          <Header
            variant="h1"
            actions={
              <Button onClick={() => navigate(`/iam/simulator?principal=${encodeURIComponent(entity.arn)}`)}>{iam.simulate}</Button>
            }
          >
            {name}
          </Header>
        }
      >
        <KeyValuePairs
          columns={2}
          items={[
            { label: iam.columns.arn, value: entity.arn },
            { label: iam.columns.created, value: time(entity.created) },
          ]}
        />
      </Container>
      <Tabs
        i18nStrings={shell.tabs}
        tabs={[
          {
            id: "permissions",
            label: iam.permissions.tab,
            content: <Permissions client={client} kind={kind} name={name} />,
          },
          ...(kind === "roles"
            ? [{ id: "trust", label: iam.trust, content: <Trust client={client} role={entity} onSaved={() => void known.refetch()} /> }]
            : [{ id: "groups", label: kind === "users" ? iam.groups.tab : iam.kinds.users.title, content: <Membership client={client} kind={kind} name={name} /> }]),
          ...(kind === "users"
            ? [{ id: "keys", label: iam.keys.tab, content: <AccessKeys client={client} user={name} /> }]
            : []),
          // Groups have no tags.
          ...(kind === "groups"
            ? []
            : [
                {
                  id: "tags",
                  label: tags.tab,
                  content: (
                    <Tags
                      of={["iam", kind, name]}
                      store={kind === "users" ? userTags(client, name) : roleTags(client, name)}
                    />
                  ),
                },
              ]),
        ]}
      />
    </SpaceBetween>
  );
}

function Trust({ client, role, onSaved }: { client: IAMClient; role: Entity; onSaved: () => void }) {
  const notices = useNotices();
  const [document, setDocument] = useState(role.trust ?? "");
  const saving = useMutation({
    mutationFn: () => client.send(new UpdateAssumeRolePolicyCommand({ RoleName: role.name, PolicyDocument: document })),
    onSuccess: () => {
      notices.done(iam.permissions.saved(iam.trust));
      onSaved();
    },
  });
  return (
    <SpaceBetween size="m">
      {saving.isError && <FailureAlert failure={saving.error} />}
      <JsonEditor label={iam.trust} value={document} onChange={setDocument} />
      <Button variant="primary" loading={saving.isPending} disabled={document === role.trust} onClick={() => saving.mutate()}>
        {shell.save}
      </Button>
    </SpaceBetween>
  );
}
