/** A bucket and what is below in it, as s3://bucket/key has them. */
export interface Place {
  bucket: string;
  key: string;
}

export function placeOf(uri: string): Place | undefined {
  const found = /^s3:\/\/([^/]+)\/?(.*)$/.exec(uri);
  return found === null ? undefined : { bucket: found[1] ?? "", key: found[2] ?? "" };
}

/** The console's page of a folder in a bucket. */
export function addressOf(bucket: string, key: string): string {
  return `/s3/${bucket}/${key.split("/").map(encodeURIComponent).join("/")}`;
}

/** The console's page of the folder that a place lies in. */
export function folderOf({ bucket, key }: Place): string {
  return addressOf(bucket, key.slice(0, key.lastIndexOf("/") + 1));
}
