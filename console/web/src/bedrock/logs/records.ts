import type { LoggingConfig } from "@aws-sdk/client-bedrock";
import { type CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { GetObjectCommand, ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import type { Session } from "../../session/session.ts";

/** What is shown of a record; the record has more. */
export interface InvocationRecord {
  timestamp: string;
  requestId: string;
  operation: string;
  modelId: string;
  errorCode?: string;
  identity?: { arn?: string };
  input?: { inputTokenCount?: number };
  output?: { outputTokenCount?: number };
}

const MOST_RECORDS = 500;
const MOST_FILES = 50;
const MOST_PAGES = 20;
const DAYS = 2;
const DAY = 86_400_000;

/** The latest records in a log group, the latest first. */
export async function fromLogs(
  logs: CloudWatchLogsClient,
  group: string,
  signal: AbortSignal,
): Promise<InvocationRecord[]> {
  const records: InvocationRecord[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer = await logs.send(
      new FilterLogEventsCommand({
        logGroupName: group,
        // A prefix, since a stream that is not there yet is no error then.
        logStreamNamePrefix: "aws/bedrock/modelinvocations",
        startTime: Date.now() - DAYS * DAY,
        nextToken,
      }),
      { abortSignal: signal },
    );
    records.push(...(answer.events ?? []).flatMap(({ message = "" }) => recordOf(message)));
    nextToken = answer.nextToken;
    if (nextToken === undefined) {
      break;
    }
  }
  return latest(records);
}

/** The records in the latest files of the last days in a bucket, the latest first. */
export async function fromBucket(
  s3: S3Client,
  session: Session,
  destination: NonNullable<LoggingConfig["s3Config"]>,
  signal: AbortSignal,
): Promise<InvocationRecord[]> {
  const { bucketName: Bucket, keyPrefix = "" } = destination;
  const folder = keyPrefix === "" ? "" : `${keyPrefix.replace(/\/$/, "")}/`;
  const root = `${folder}AWSLogs/${session.account}/BedrockModelInvocationLogs/${session.region}/`;
  const days = Array.from({ length: DAYS }, (_, ago) =>
    new Date(Date.now() - ago * DAY).toISOString().slice(0, 10).replaceAll("-", "/"),
  );
  const lists = await Promise.all(
    days.map((day) =>
      s3.send(new ListObjectsV2Command({ Bucket, Prefix: `${root}${day}/` }), { abortSignal: signal }),
    ),
  );
  const files = lists
    .flatMap(({ Contents }) => Contents ?? [])
    .filter(({ Key = "" }) => Key.endsWith(".json.gz") && !Key.includes("/data/"))
    .sort((a, b) => (b.LastModified?.getTime() ?? 0) - (a.LastModified?.getTime() ?? 0))
    .slice(0, MOST_FILES);
  const texts = await Promise.all(
    files.map(async ({ Key }) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }), { abortSignal: signal });
      return opened((await Body?.transformToByteArray()) ?? new Uint8Array());
    }),
  );
  return latest(texts.flatMap((text) => text.split("\n").flatMap(recordOf)));
}

/** The text of a file that is compressed, unless the browser has opened it already. */
async function opened(content: Uint8Array): Promise<string> {
  if (content[0] !== 0x1f || content[1] !== 0x8b) {
    return new TextDecoder().decode(content);
  }
  const stream = new Blob([content.slice()]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}

function recordOf(line: string): InvocationRecord[] {
  try {
    const record = JSON.parse(line) as InvocationRecord & { schemaType?: string };
    return record.schemaType === "ModelInvocationLog" ? [record] : [];
  } catch {
    return [];
  }
}

function latest(records: InvocationRecord[]): InvocationRecord[] {
  return records.sort((a, b) => b.timestamp.localeCompare(a.timestamp)).slice(0, MOST_RECORDS);
}
