import {
  type BedrockClient,
  DeleteModelInvocationLoggingConfigurationCommand,
  type LoggingConfig,
  PutModelInvocationLoggingConfigurationCommand,
} from "@aws-sdk/client-bedrock";
import { CloudWatchLogsClient, CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { IAMClient } from "@aws-sdk/client-iam";
import { S3Client } from "@aws-sdk/client-s3";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Toggle from "@cloudscape-design/components/toggle";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useClient } from "../../aws/client.ts";
import { BucketField } from "../../s3/BucketField.tsx";
import { useSession } from "../../session/session.ts";
import { FailureAlert } from "../../shell/FailureAlert.tsx";
import { useNotices } from "../../shell/notices.ts";
import { logs } from "../../text/logs.ts";
import { RoleField } from "../RoleField.tsx";
import { makeServiceRole, roleName } from "../serviceRole.ts";
import { letBedrockWrite } from "./permission.ts";

const text = logs.settings;
const KINDS = Object.keys(text.kinds) as (keyof typeof text.kinds)[];

interface Props {
  client: BedrockClient;
  logging: LoggingConfig | undefined;
  onChanged: () => void;
}

/** Asks where records go, and sees to it that they may. */
export function LoggingForm({ client, logging, onChanged }: Props) {
  const notices = useNotices();
  const { session } = useSession();
  const s3 = useClient((settings) => new S3Client({ ...settings, forcePathStyle: true }));
  const watch = useClient((settings) => new CloudWatchLogsClient(settings));
  const iam = useClient((settings) => new IAMClient(settings));
  const [kinds, setKinds] = useState(() => KINDS.filter((kind) => logging?.[kind] ?? true));
  const [toBucket, setToBucket] = useState(logging?.s3Config !== undefined);
  const [bucket, setBucket] = useState(logging?.s3Config?.bucketName);
  const [prefix, setPrefix] = useState(logging?.s3Config?.keyPrefix ?? "");
  const [allow, setAllow] = useState(true);
  const [toLogs, setToLogs] = useState(logging?.cloudWatchConfig !== undefined);
  const [group, setGroup] = useState(logging?.cloudWatchConfig?.logGroupName ?? "/aws/bedrock/invocations");
  const [role, setRole] = useState(logging?.cloudWatchConfig?.roleArn);

  const saving = useMutation({
    mutationFn: async () => {
      if (toBucket && allow) {
        await letBedrockWrite(s3, session, bucket ?? "", prefix);
      }
      if (toLogs) {
        await ensureGroup(watch, group);
      }
      const groupArn = `arn:aws:logs:${session.region}:${session.account}:log-group:${group}`;
      const roleArn =
        role ??
        (toLogs
          ? await makeServiceRole(iam, session.account, roleName("Logging"), [
              {
                Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
                Resource: `${groupArn}:log-stream:aws/bedrock/modelinvocations`,
              },
            ])
          : undefined);
      const large = logging?.cloudWatchConfig?.largeDataDeliveryS3Config;
      await client.send(
        new PutModelInvocationLoggingConfigurationCommand({
          loggingConfig: {
            ...Object.fromEntries(KINDS.map((kind) => [kind, kinds.includes(kind)])),
            ...(toBucket && { s3Config: { bucketName: bucket, ...(prefix === "" ? {} : { keyPrefix: prefix }) } }),
            ...(toLogs && {
              cloudWatchConfig: {
                logGroupName: group,
                roleArn,
                ...(large === undefined ? {} : { largeDataDeliveryS3Config: large }),
              },
            }),
          },
        }),
      );
    },
    onSuccess: () => {
      notices.done(text.saved);
      onChanged();
    },
  });
  const turningOff = useMutation({
    mutationFn: () => client.send(new DeleteModelInvocationLoggingConfigurationCommand({})),
    onSuccess: () => {
      notices.done(text.turnedOff);
      onChanged();
    },
  });
  const complete = (toBucket || toLogs) && (!toBucket || bucket !== undefined) && (!toLogs || group.trim() !== "");
  const failure = saving.error ?? turningOff.error;
  return (
    <SpaceBetween size="l">
      {logging === undefined && <Alert type="info">{text.off}</Alert>}
      {failure !== null && <FailureAlert failure={failure} />}
      <Container header={<Header variant="h2">{text.what}</Header>}>
        <SpaceBetween direction="horizontal" size="l">
          {KINDS.map((kind) => (
            <Checkbox
              key={kind}
              checked={kinds.includes(kind)}
              onChange={(event) =>
                setKinds(event.detail.checked ? [...kinds, kind] : kinds.filter((other) => other !== kind))
              }
            >
              {text.kinds[kind]}
            </Checkbox>
          ))}
        </SpaceBetween>
      </Container>
      <Container header={<Header variant="h2">{text.title}</Header>}>
        <SpaceBetween size="m">
          <Toggle checked={toBucket} onChange={(event) => setToBucket(event.detail.checked)}>
            {text.toBucket}
          </Toggle>
          {toBucket && (
            <SpaceBetween size="m">
              <BucketField label={text.bucket} value={bucket} onChange={setBucket} />
              <FormField label={text.prefix}>
                <Input value={prefix} onChange={(event) => setPrefix(event.detail.value)} />
              </FormField>
              <Checkbox checked={allow} onChange={(event) => setAllow(event.detail.checked)}>
                {text.allow}
              </Checkbox>
            </SpaceBetween>
          )}
          <Toggle checked={toLogs} onChange={(event) => setToLogs(event.detail.checked)}>
            {text.toLogs}
          </Toggle>
          {toLogs && (
            <SpaceBetween size="m">
              <FormField label={text.group} constraintText={text.groupHint}>
                <Input value={group} onChange={(event) => setGroup(event.detail.value)} />
              </FormField>
              <RoleField value={role} onChange={setRole} />
            </SpaceBetween>
          )}
          <SpaceBetween direction="horizontal" size="xs">
            <Button
              variant="primary"
              disabled={!complete}
              disabledReason={text.nowhere}
              loading={saving.isPending}
              onClick={() => saving.mutate()}
            >
              {text.save}
            </Button>
            <Button disabled={logging === undefined} loading={turningOff.isPending} onClick={() => turningOff.mutate()}>
              {text.turnOff}
            </Button>
          </SpaceBetween>
        </SpaceBetween>
      </Container>
    </SpaceBetween>
  );
}

async function ensureGroup(watch: CloudWatchLogsClient, group: string): Promise<void> {
  try {
    await watch.send(new CreateLogGroupCommand({ logGroupName: group }));
  } catch (failure) {
    if (!(failure instanceof Error && failure.name === "ResourceAlreadyExistsException")) {
      throw failure;
    }
  }
}
