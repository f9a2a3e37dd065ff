import {
  AddUserToGroupCommand,
  GetGroupCommand,
  type IAMClient,
  ListGroupsCommand,
  ListGroupsForUserCommand,
  RemoveUserFromGroupCommand,
} from "@aws-sdk/client-iam";
import Button from "@cloudscape-design/components/button";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { FailureAlert } from "../shell/FailureAlert.tsx";
import { ChoiceField } from "../shell/fields.tsx";
import { FormModal } from "../shell/FormModal.tsx";
import { PageLink } from "../shell/PageLink.tsx";
import { ResourceTable } from "../shell/ResourceTable.tsx";
import { iam } from "../text/iam.ts";

const text = iam.groups;

interface Props {
  client: IAMClient;
  kind: "users" | "groups";
  name: string;
}

/** The groups that a user is in, or the users that are in a group. */
export function Membership({ client, kind, name }: Props) {
  const [selected, setSelected] = useState<string[]>([]);
  const [adding, setAdding] = useState(false);
  const ofUser = kind === "users";
  const known = useQuery({
    queryKey: ["iam", kind, name, "membership"],
    queryFn: async () =>
      ofUser
        ? ((await client.send(new ListGroupsForUserCommand({ UserName: name, MaxItems: 1000 }))).Groups ?? []).map(
            (group) => group.GroupName ?? "",
          )
        : ((await client.send(new GetGroupCommand({ GroupName: name, MaxItems: 1000 }))).Users ?? []).map(
            (user) => user.UserName ?? "",
          ),
  });
  const removing = useMutation({
    mutationFn: (other: string) =>
      client.send(
        new RemoveUserFromGroupCommand(ofUser ? { UserName: name, GroupName: other } : { UserName: other, GroupName: name }),
      ),
    onSuccess: () => {
      setSelected([]);
      void known.refetch();
    },
  });
  return (
    <>
      {removing.isError && <FailureAlert failure={removing.error} />}
      <ResourceTable
        inner
        title={ofUser ? text.tab : text.members}
        items={known.data ?? []}
        fetched={known}
        nameOf={(other) => other}
        selected={selected}
        onSelect={setSelected}
        empty={ofUser ? text.empty : text.membersEmpty}
        actions={
          <>
            <Button
              disabled={selected.length === 0}
              loading={removing.isPending}
              onClick={() => selected[0] !== undefined && removing.mutate(selected[0])}
            >
              {text.remove}
            </Button>
            {ofUser && <Button onClick={() => setAdding(true)}>{text.add}</Button>}
          </>
        }
        columns={[
          {
            id: "name",
            header: iam.columns.name,
            isRowHeader: true,
            cell: (other) => (
              <PageLink to={`/iam/${ofUser ? "groups" : "users"}/${encodeURIComponent(other)}`}>{other}</PageLink>
            ),
          },
        ]}
      />
      {adding && (
        <Add
          client={client}
          user={name}
          onDismiss={() => setAdding(false)}
          onDone={() => {
            setAdding(false);
            void known.refetch();
          }}
        />
      )}
    </>
  );
}

function Add(props: { client: IAMClient; user: string; onDismiss: () => void; onDone: () => void }) {
  const [group, setGroup] = useState("");
  const known = useQuery({
    queryKey: ["iam", "groups", "all"],
    queryFn: async () => (await props.client.send(new ListGroupsCommand({ MaxItems: 1000 }))).Groups ?? [],
  });
  return (
    <FormModal
      title={text.add}
      submit={text.add}
      disabled={group === ""}
      run={() => props.client.send(new AddUserToGroupCommand({ UserName: props.user, GroupName: group }))}
      onDismiss={props.onDismiss}
      onDone={props.onDone}
    >
      {known.isError && <FailureAlert failure={known.error} />}
      <ChoiceField
        label={text.group}
        value={group}
        options={(known.data ?? []).map(({ GroupName = "" }) => [GroupName, GroupName] as const)}
        onChange={setGroup}
      />
    </FormModal>
  );
}
