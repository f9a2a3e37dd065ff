import {
  DeleteBucketTaggingCommand,
  DeleteObjectTaggingCommand,
  GetBucketTaggingCommand,
  GetObjectTaggingCommand,
  PutBucketTaggingCommand,
  PutObjectTaggingCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { capital, tagOf, type TagStore } from "../shell/Tags.tsx";

export const MOST_OBJECT_TAGS = 10;

/** The tags of a bucket, which S3 replaces as a whole. */
export function bucketTags(client: S3Client, Bucket: string): TagStore {
  return {
    load: async (abortSignal) => {
      try {
        const { TagSet = [] } = await client.send(new GetBucketTaggingCommand({ Bucket }), { abortSignal });
        return TagSet.map(tagOf);
      } catch (failure) {
        // That there are none S3 tells as an error.
        if (failure instanceof Error && failure.name === "NoSuchTagSet") {
          return [];
        }
        throw failure;
      }
    },
    save: async ({ all }) => {
      await (all.length === 0
        ? client.send(new DeleteBucketTaggingCommand({ Bucket }))
        : client.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: all.map(capital) } })));
    },
  };
}

/** The tags of an object, or of one of its versions. */
export function objectTags(client: S3Client, Bucket: string, Key: string, VersionId: string | undefined): TagStore {
  const object = { Bucket, Key, VersionId };
  return {
    load: async (abortSignal) => {
      const { TagSet = [] } = await client.send(new GetObjectTaggingCommand(object), { abortSignal });
      return TagSet.map(tagOf);
    },
    save: async ({ all }) => {
      await (all.length === 0
        ? client.send(new DeleteObjectTaggingCommand(object))
        : client.send(new PutObjectTaggingCommand({ ...object, Tagging: { TagSet: all.map(capital) } })));
    },
  };
}
