import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import Box from "@cloudscape-design/components/box";
import Modal from "@cloudscape-design/components/modal";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useClient } from "../aws/client.ts";
import { FailureAlert } from "../shell/FailureAlert.tsx";
import { Loading } from "../shell/Loading.tsx";
import { s3 } from "../text/s3.ts";
import { shell } from "../text/shell.ts";

const text = s3.objects;
const LARGEST = 5_000_000;
const TEXTUAL = /^(text\/|application\/(json|xml|yaml|x-ndjson|javascript))|\+(json|xml)$/;

/** The kinds of content that are shown as they are. Pictures that may hold scripts are shown as text. */
type Shown = { kind: "text"; content: string } | { kind: "image" | "audio"; address: string } | { kind: "none" | "large" };

interface Props {
  bucket: string;
  objectKey: string;
  version: string | undefined;
  onDismiss: () => void;
}

/** Shows an object in the page where that is safe and sensible. */
export function Preview({ bucket, objectKey, version, onDismiss }: Props) {
  // A browser hands out what was compressed as it was before, which has none of the checksums that were kept.
  const client = useClient(
    (settings) => new S3Client({ ...settings, forcePathStyle: true, responseChecksumValidation: "WHEN_REQUIRED" }),
  );
  const content = useQuery({
    queryKey: ["preview", bucket, objectKey, version],
    gcTime: 0,
    queryFn: async ({ signal }): Promise<Shown> => {
      const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: objectKey, VersionId: version }), {
        abortSignal: signal,
      });
      const body = await beginning(answer.Body?.transformToWebStream());
      if (body.length > LARGEST) {
        return { kind: "large" };
      }
      const type = answer.ContentType ?? "";
      if (type.startsWith("image/") && !type.startsWith("image/svg")) {
        return { kind: "image", address: URL.createObjectURL(new Blob([new Uint8Array(body)], { type })) };
      }
      if (type.startsWith("audio/")) {
        return { kind: "audio", address: URL.createObjectURL(new Blob([new Uint8Array(body)], { type })) };
      }
      const decoded = decode(body);
      return decoded !== undefined && (TEXTUAL.test(type) || type.startsWith("image/svg") || printable(decoded))
        ? { kind: "text", content: decoded }
        : { kind: "none" };
    },
  });
  const shown = content.data;
  const address = shown !== undefined && "address" in shown ? shown.address : undefined;
  useEffect(() => () => (address === undefined ? undefined : URL.revokeObjectURL(address)), [address]);

  return (
    <Modal visible size="large" header={objectKey} closeAriaLabel={shell.close} onDismiss={onDismiss}>
      {content.isPending && <Loading />}
      {content.isError && <FailureAlert failure={content.error} />}
      {shown?.kind === "none" && <Box>{text.noPreview}</Box>}
      {shown?.kind === "large" && <Box>{text.tooLarge}</Box>}
      {shown?.kind === "text" && (
        <pre className="code" tabIndex={0} aria-label={objectKey}>
          {shown.content}
        </pre>
      )}
      {shown?.kind === "image" && <img className="preview-image" src={shown.address} alt={objectKey} />}
      {shown?.kind === "audio" && <audio controls src={shown.address} aria-label={objectKey} />}
    </Modal>
  );
}

/** What a stream holds, until that is more than is shown: what is compressed has no telling length. */
async function beginning(stream: ReadableStream<Uint8Array> | undefined): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  const reader = stream?.getReader();
  while (reader !== undefined && length <= LARGEST) {
    const { done, value } = await reader.read();
    if (done) {
      break;
    }
    pieces.push(value);
    length += value.length;
  }
  await reader?.cancel();
  const body = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    body.set(piece, at);
    at += piece.length;
  }
  return body;
}

function decode(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    return undefined;
  }
}

function printable(content: string): boolean {
  // eslint-disable-next-line no-control-regex
  return !/[\u0000-\u0008\u000e-\u001f]/.test(content);
}
