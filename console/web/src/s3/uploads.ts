import type { S3Client } from "@aws-sdk/client-s3";

/** A file to be uploaded, and where to. */
export interface Upload {
  key: string;
  file: File;
}

/** How far the uploads are. */
export interface UploadProgress {
  current: string;
  done: number;
  total: number;
}

/**
 * Uploads files one after another, each in parts where it is large.
 *
 * @returns the keys of the files that failed, each with its failure
 */
export async function upload(
  client: S3Client,
  bucket: string,
  uploads: Upload[],
  progress: (progress: UploadProgress) => void,
  signal: AbortSignal,
): Promise<{ key: string; failure: unknown }[]> {
  // Only whoever uploads pays for the code that does.
  const { Upload: Transfer } = await import("@aws-sdk/lib-storage");
  const total = uploads.reduce((sum, { file }) => sum + file.size, 0);
  const failed: { key: string; failure: unknown }[] = [];
  let before = 0;
  for (const { key, file } of uploads) {
    if (signal.aborted) {
      break;
    }
    progress({ current: key, done: before, total });
    const transfer = new Transfer({
      client,
      params: { Bucket: bucket, Key: key, Body: file, ...(file.type === "" ? {} : { ContentType: file.type }) },
    });
    const stop = () => void transfer.abort();
    signal.addEventListener("abort", stop);
    transfer.on("httpUploadProgress", (event) => progress({ current: key, done: before + (event.loaded ?? 0), total }));
    try {
      await transfer.done();
    } catch (failure) {
      if (!signal.aborted) {
        failed.push({ key, failure });
      }
    } finally {
      signal.removeEventListener("abort", stop);
    }
    before += file.size;
  }
  return failed;
}

/** The files that were chosen or dropped; those of a folder keep their paths. */
export function uploadsOf(files: FileList | null, prefix: string): Upload[] {
  return [...(files ?? [])].map((file) => ({
    key: prefix + (file.webkitRelativePath === "" ? file.name : file.webkitRelativePath),
    file,
  }));
}
