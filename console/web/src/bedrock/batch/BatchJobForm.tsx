import { BedrockClient, CreateModelInvocationJobCommand } from "@aws-sdk/client-bedrock";
import { IAMClient } from "@aws-sdk/client-iam";
import { S3Client } from "@aws-sdk/client-s3";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { useClient } from "../../aws/client.ts";
import { BucketField } from "../../s3/BucketField.tsx";
import { upload } from "../../s3/uploads.ts";
import { useSession } from "../../session/session.ts";
import { FailureAlert } from "../../shell/FailureAlert.tsx";
import { FileField } from "../../shell/FileField.tsx";
import { useLookAgain } from "../../shell/lookAgain.ts";
import { useNotices } from "../../shell/notices.ts";
import { usePage } from "../../shell/page.ts";
import { batch } from "../../text/batch.ts";
import { bedrock } from "../../text/bedrock.ts";
import { shell } from "../../text/shell.ts";
import { ModelField } from "../ModelField.tsx";
import { useModels } from "../models.ts";
import { RoleField } from "../RoleField.tsx";
import { makeServiceRole, readingRights, roleName } from "../serviceRole.ts";
import { recordsOf } from "./input.ts";

const text = batch.create;

/** Asks what a batch job reads, what answers, and where the answers go. */
export default function BatchJobForm() {
  usePage(text.title, [
    { text: bedrock.service, href: "/bedrock/models" },
    { text: batch.list.title, href: "/bedrock/batch" },
  ]);
  const navigate = useNavigate();
  const notices = useNotices();
  const lookAgain = useLookAgain();
  const { session } = useSession();
  const client = useClient((settings) => new BedrockClient(settings));
  const iam = useClient((settings) => new IAMClient(settings));
  const s3 = useClient((settings) => new S3Client({ ...settings, forcePathStyle: true }));
  const models = useModels("TEXT");
  const [name, setName] = useState("");
  const [model, setModel] = useState<string>();
  const [role, setRole] = useState<string>();
  const [source, setSource] = useState<keyof typeof text.sources>("upload");
  const [file, setFile] = useState<File>();
  const [inputBucket, setInputBucket] = useState<string>();
  const [inputKey, setInputKey] = useState("batch-input/");
  const [outputBucket, setOutputBucket] = useState<string>();
  const [outputPrefix, setOutputPrefix] = useState("batch-output/");
  const [hours, setHours] = useState(24);
  const left = useRef(new AbortController());
  useEffect(() => {
    const controller = new AbortController();
    left.current = controller;
    return () => controller.abort();
  }, []);

  const counted = useQuery({
    queryKey: ["batch-records", file?.name, file?.size, file?.lastModified],
    queryFn: () => recordsOf(file ?? new File([], "")),
    enabled: file !== undefined,
  });
  const chosen = model ?? models.data?.[0]?.value;
  const complete =
    name.trim() !== "" &&
    chosen !== undefined &&
    outputBucket !== undefined &&
    inputBucket !== undefined &&
    (source === "bucket" ? inputKey.trim() !== "" : counted.isSuccess && file !== undefined);

  const creating = useMutation({
    mutationFn: async () => {
      const folder = inputKey.replace(/\/?$/, "/");
      const key = source === "upload" ? `${folder}${file?.name ?? ""}` : inputKey;
      if (source === "upload" && file !== undefined) {
        const [failed] = await upload(s3, inputBucket ?? "", [{ key, file }], () => {}, left.current.signal);
        if (failed !== undefined) {
          throw failed.failure;
        }
      }
      const roleArn =
        role ??
        (await makeServiceRole(iam, session.account, roleName("Batch"), [
          { Action: ["bedrock:InvokeModel"], Resource: "*" },
          ...readingRights(inputBucket ?? ""),
          { Action: ["s3:PutObject"], Resource: `arn:aws:s3:::${outputBucket ?? ""}/*` },
        ]));
      return client.send(
        new CreateModelInvocationJobCommand({
          jobName: name.trim(),
          modelId: chosen,
          roleArn,
          timeoutDurationInHours: hours,
          inputDataConfig: { s3InputDataConfig: { s3Uri: `s3://${inputBucket}/${key}` } },
          outputDataConfig: { s3OutputDataConfig: { s3Uri: `s3://${outputBucket}/${outputPrefix}` } },
        }),
      );
    },
    onSuccess: async () => {
      await lookAgain(["batch-jobs"]);
      notices.done(text.created(name));
      navigate("/bedrock/batch");
    },
  });

  return (
    <Form
      header={<Header variant="h1">{text.title}</Header>}
      errorText={creating.isError && <FailureAlert failure={creating.error} />}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button variant="link" onClick={() => navigate("/bedrock/batch")}>
            {shell.cancel}
          </Button>
          <Button variant="primary" disabled={!complete} loading={creating.isPending} onClick={() => creating.mutate()}>
            {batch.list.create}
          </Button>
        </SpaceBetween>
      }
    >
      <SpaceBetween size="l">
        <Container>
          <SpaceBetween size="m">
            <FormField label={text.name} constraintText={text.nameHint}>
              <Input value={name} onChange={(event) => setName(event.detail.value)} />
            </FormField>
            <ModelField label={text.model} models={models} value={chosen} onChange={setModel} />
            <RoleField value={role} onChange={setRole} />
            <FormField label={text.hours}>
              <Input type="number" value={String(hours)} onChange={(event) => setHours(Number(event.detail.value) || 24)} />
            </FormField>
          </SpaceBetween>
        </Container>
        <Container header={<Header variant="h2">{batch.details.input}</Header>}>
          <SpaceBetween size="m">
            <RadioGroup
              ariaLabel={text.source}
              value={source}
              items={Object.entries(text.sources).map(([value, label]) => ({ value, label }))}
              onChange={(event) => setSource(event.detail.value === "bucket" ? "bucket" : "upload")}
            />
            {source === "upload" && (
              <SpaceBetween size="m">
                <FileField
                  label={text.file}
                  hint={text.fileHint}
                  choose={text.choose}
                  accept=".jsonl"
                  file={file}
                  onChange={setFile}
                />
                {counted.isError && <StatusIndicator type="error">{counted.error.message}</StatusIndicator>}
                {counted.isSuccess && file !== undefined && (
                  <StatusIndicator type="success">{text.records(counted.data)}</StatusIndicator>
                )}
              </SpaceBetween>
            )}
            <BucketField label={text.inputBucket} value={inputBucket} onChange={setInputBucket} />
            <FormField label={text.inputKey}>
              <Input value={inputKey} onChange={(event) => setInputKey(event.detail.value)} />
            </FormField>
          </SpaceBetween>
        </Container>
        <Container header={<Header variant="h2">{batch.details.output}</Header>}>
          <SpaceBetween size="m">
            <BucketField label={text.outputBucket} value={outputBucket} onChange={setOutputBucket} />
            <FormField label={text.outputPrefix}>
              <Input value={outputPrefix} onChange={(event) => setOutputPrefix(event.detail.value)} />
            </FormField>
          </SpaceBetween>
        </Container>
      </SpaceBetween>
    </Form>
  );
}
