import { GetObjectCommand, ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import {
  DeleteTranscriptionJobCommand,
  GetTranscriptionJobCommand,
  type LanguageCode,
  StartTranscriptionJobCommand,
  TranscribeClient,
} from "@aws-sdk/client-transcribe";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useClient } from "../aws/client.ts";
import { upload } from "../s3/uploads.ts";
import { useSession } from "../session/session.ts";
import { FailureAlert } from "../shell/FailureAlert.tsx";
import { FileField } from "../shell/FileField.tsx";
import { usePage } from "../shell/page.ts";
import { requestForms } from "../shell/request.ts";
import { RequestCode } from "../shell/RequestCode.tsx";
import { shell } from "../text/shell.ts";
import { transcribe as text } from "../text/transcribe.ts";
import { type Item, itemsOf } from "./transcript.ts";

const BETWEEN_LOOKS = 1_000;
const SURE = 0.6;

/** Writes down what is said in a recording that one uploads. */
export default function Recording() {
  usePage(text.title, [{ text: text.service, href: "/transcribe" }]);
  const { session } = useSession();
  const s3 = useClient((settings) => new S3Client({ ...settings, forcePathStyle: true }));
  const client = useClient((settings) => new TranscribeClient(settings));
  const [file, setFile] = useState<File>();
  const [bucket, setBucket] = useState<string>();
  const [language, setLanguage] = useState<keyof typeof text.languages>("en-US");
  const [state, setState] = useState<string>();
  const going = useRef<AbortController>(undefined);
  useEffect(() => () => going.current?.abort(), []);

  const buckets = useQuery({
    queryKey: ["buckets", "names"],
    queryFn: async () => ((await s3.send(new ListBucketsCommand({}))).Buckets ?? []).map(({ Name = "" }) => ({ value: Name })),
  });
  const into = bucket ?? buckets.data?.[0]?.value;
  const input = (name: string, recording: string) => ({
    TranscriptionJobName: name,
    ...(language === "identify" ? { IdentifyLanguage: true } : { LanguageCode: language as LanguageCode }),
    Media: { MediaFileUri: `s3://${into ?? "amzn-s3-demo-bucket"}/${recording}` },
    OutputBucketName: into ?? "amzn-s3-demo-bucket",
    OutputKey: `${recording}.json`,
  });

  const work = useMutation({
    mutationFn: async (recording: File): Promise<Item[]> => {
      const { signal } = (going.current = new AbortController());
      const name = `console-${crypto.randomUUID()}`;
      const key = `${name}/${recording.name}`;
      setState("uploading");
      const [failed] = await upload(s3, into ?? "", [{ key, file: recording }], () => {}, signal);
      if (failed !== undefined) {
        throw failed.failure;
      }
      signal.throwIfAborted();
      const order = input(name, key);
      await client.send(new StartTranscriptionJobCommand(order));
      try {
        await ended(client, name, setState, signal);
      } catch (failure) {
        if (signal.aborted) {
          await client.send(new DeleteTranscriptionJobCommand({ TranscriptionJobName: name }));
        }
        throw failure;
      }
      const written = await s3.send(new GetObjectCommand({ Bucket: order.OutputBucketName, Key: order.OutputKey }));
      return itemsOf((await written.Body?.transformToString()) ?? "{}");
    },
    onSettled: () => setState(undefined),
  });
  const languages = Object.entries(text.languages).map(([value, label]) => ({ value, label }));

  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={text.description}>
        {text.title}
      </Header>
      {buckets.isError && <FailureAlert failure={buckets.error} retry={() => void buckets.refetch()} />}
      {buckets.data?.length === 0 && <Alert type="info">{text.noBuckets}</Alert>}
      <Container>
        <SpaceBetween size="m">
          <FileField
            label={text.recording}
            hint={text.recordingHint}
            choose={text.choose}
            accept="audio/*,video/mp4,video/webm"
            file={file}
            onChange={(chosen) => {
              setFile(chosen);
              work.reset();
            }}
          />
          <FormField label={text.bucket} constraintText={text.bucketHint}>
            <Select
              selectedOption={buckets.data?.find(({ value }) => value === into) ?? null}
              options={buckets.data ?? []}
              statusType={buckets.isPending ? "loading" : "finished"}
              loadingText={shell.loading}
              onChange={(event) => setBucket(event.detail.selectedOption.value)}
            />
          </FormField>
          <FormField label={text.language}>
            <Select
              selectedOption={languages.find(({ value }) => value === language) ?? null}
              options={languages}
              onChange={(event) => setLanguage(event.detail.selectedOption.value as typeof language)}
            />
          </FormField>
          <Button
            variant="primary"
            disabled={file === undefined || into === undefined}
            loading={work.isPending}
            onClick={() => file && work.mutate(file)}
          >
            {text.start}
          </Button>
          {state !== undefined && (
            <SpaceBetween direction="horizontal" size="s" alignItems="center">
              <StatusIndicator type="in-progress">{text.states[state] ?? state}</StatusIndicator>
              <Button onClick={() => going.current?.abort()}>{shell.stop}</Button>
            </SpaceBetween>
          )}
          {work.isError &&
            (going.current?.signal.aborted === true ? (
              <StatusIndicator type="stopped">{text.stopped}</StatusIndicator>
            ) : (
              <FailureAlert failure={work.error} />
            ))}
        </SpaceBetween>
      </Container>
      {work.data !== undefined && <Transcript items={work.data} />}
      <RequestCode
        title={text.request}
        request={requestForms(
          "transcribe",
          "StartTranscriptionJob",
          session.region,
          input("my-job", file?.name ?? "recording.wav"),
        )}
      />
    </SpaceBetween>
  );
}

/** Looks at a job until it has ended well; throws where it has failed or nobody waits any more. */
async function ended(
  client: TranscribeClient,
  name: string,
  look: (state: string) => void,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const { TranscriptionJob: job } = await client.send(new GetTranscriptionJobCommand({ TranscriptionJobName: name }));
    const status = job?.TranscriptionJobStatus ?? "";
    look(status);
    if (status === "COMPLETED") {
      return;
    }
    if (status === "FAILED") {
      throw Object.assign(new Error(job?.FailureReason ?? ""), { name: text.states["FAILED"] });
    }
    signal.throwIfAborted();
    await new Promise((done) => setTimeout(done, BETWEEN_LOOKS));
  }
}

function Transcript({ items }: { items: Item[] }) {
  return (
    <Container header={<Header variant="h2" description={text.unsure}>{text.transcript}</Header>}>
      {items.length === 0 ? (
        <Box>{text.nothing}</Box>
      ) : (
        <p className="said" data-testid="transcript">
          {items.map(({ content, punctuation, start, end, confidence }, index) => (
            <span key={index}>
              {index > 0 && !punctuation ? " " : ""}
              {punctuation ? (
                content
              ) : (
                <span
                  className={confidence < SURE ? "unsure" : undefined}
                  title={text.word(start, end, (100 * confidence).toFixed(0))}
                >
                  {content}
                </span>
              )}
            </span>
          ))}
        </p>
      )}
    </Container>
  );
}
