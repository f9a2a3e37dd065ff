import {
  CancelKeyDeletionCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  KMSClient,
  ScheduleKeyDeletionCommand,
} from "@aws-sdk/client-kms";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs from "@cloudscape-design/components/tabs";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useParams } from "react-router";
import { useClient } from "../aws/client.ts";
import { FailureAlert } from "../shell/FailureAlert.tsx";
import { TextField } from "../shell/fields.tsx";
import { FormModal } from "../shell/FormModal.tsx";
import { Loading } from "../shell/Loading.tsx";
import { useNotices } from "../shell/notices.ts";
import { usePage } from "../shell/page.ts";
import { Tags } from "../shell/Tags.tsx";
import { time } from "../text/format.ts";
import { kms as text } from "../text/kms.ts";
import { shell } from "../text/shell.ts";
import { tags } from "../text/tags.ts";
import { Grants } from "./Grants.tsx";
import { KeyState } from "./Keys.tsx";
import { KeyAliases, KeyPolicy, Rotation } from "./KeyTabs.tsx";
import { keyTags } from "./tags.ts";
import { Trial } from "./Trial.tsx";

/** One key: how it is, its rotation, aliases, policy, grants and tags, and a try of it. */
export default function KeyPage() {
  const { id = "" } = useParams();
  usePage(id, [{ text: text.service, href: "/kms" }]);
  const client = useClient((configuration) => new KMSClient(configuration));
  const notices = useNotices();
  const [scheduling, setScheduling] = useState(false);
  const [days, setDays] = useState("30");
  const known = useQuery({
    queryKey: ["key", id],
    queryFn: async ({ signal }) => (await client.send(new DescribeKeyCommand({ KeyId: id }), { abortSignal: signal })).KeyMetadata,
  });
  const key = known.data;
  const state = key?.KeyState ?? "";
  const changing = useMutation({
    mutationFn: async () => {
      if (state === "PendingDeletion") {
        await client.send(new CancelKeyDeletionCommand({ KeyId: id }));
      } else {
        await client.send(state === "Enabled" ? new DisableKeyCommand({ KeyId: id }) : new EnableKeyCommand({ KeyId: id }));
      }
    },
    onSuccess: () => {
      notices.done(text.changed);
      void known.refetch();
    },
  });

  if (known.isPending) {
    return <Loading />;
  }
  if (known.isError || key === undefined) {
    return <FailureAlert failure={known.error} retry={() => void known.refetch()} />;
  }
  const symmetric = key.KeySpec === "SYMMETRIC_DEFAULT";
  return (
    <SpaceBetween size="l">
      {changing.isError && <FailureAlert failure={changing.error} />}
      <Container
        header={
          <Header
            variant="h1"
            description={key.Description}
            actions={
              key.KeyManager === "CUSTOMER" && (
                <SpaceBetween direction="horizontal" size="xs">
                  <Button loading={changing.isPending} onClick={() => changing.mutate()}>
                    {state === "PendingDeletion" ? text.cancelDeletion : state === "Enabled" ? text.disable : text.enable}
                  </Button>
                  <Button disabled={state === "PendingDeletion"} onClick={() => setScheduling(true)}>
                    {text.schedule}
                  </Button>
                </SpaceBetween>
              )
            }
          >
            {id}
          </Header>
        }
      >
        <KeyValuePairs
          columns={3}
          items={[
            { label: text.columns.state, value: <KeyState state={state} /> },
            { label: text.columns.spec, value: key.KeySpec ?? "" },
            { label: text.usage, value: key.KeyUsage ?? "" },
            { label: text.arn, value: key.Arn ?? "" },
            { label: text.createdOn, value: time(key.CreationDate) },
            ...(key.DeletionDate === undefined ? [] : [{ label: text.deletion, value: time(key.DeletionDate) }]),
          ]}
        />
      </Container>
      <Tabs
        i18nStrings={shell.tabs}
        tabs={[
          { id: "trial", label: text.trial.tab, content: <Trial client={client} id={id} encrypts={symmetric} /> },
          { id: "rotation", label: text.rotation.tab, content: <Rotation client={client} id={id} rotates={symmetric} /> },
          { id: "aliases", label: text.aliases.tab, content: <KeyAliases client={client} id={id} /> },
          { id: "policy", label: text.policy.tab, content: <KeyPolicy client={client} id={id} /> },
          { id: "grants", label: text.grants.tab, content: <Grants client={client} id={id} /> },
          // Nobody tags what AWS manages.
          ...(key.KeyManager === "CUSTOMER"
            ? [{ id: "tags", label: tags.tab, content: <Tags of={["key", id]} store={keyTags(client, id)} /> }]
            : []),
        ]}
      />
      {scheduling && (
        <FormModal
          title={text.schedule}
          submit={text.schedule}
          run={() => client.send(new ScheduleKeyDeletionCommand({ KeyId: id, PendingWindowInDays: Number(days) }))}
          onDismiss={() => setScheduling(false)}
          onDone={(answer) => {
            setScheduling(false);
            notices.done(text.scheduled(time(answer.DeletionDate)));
            void known.refetch();
          }}
        >
          <p>{text.scheduleText}</p>
          <TextField label={text.waiting} hint={text.waitingHint} type="number" value={days} onChange={setDays} />
        </FormModal>
      )}
    </SpaceBetween>
  );
}
