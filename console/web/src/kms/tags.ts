import { type KMSClient, ListResourceTagsCommand, TagResourceCommand, UntagResourceCommand } from "@aws-sdk/client-kms";
import type { TagStore } from "../shell/Tags.tsx";

/** The tags of a key. */
export function keyTags(client: KMSClient, KeyId: string): TagStore {
  return {
    load: async (abortSignal) => {
      const { Tags = [] } = await client.send(new ListResourceTagsCommand({ KeyId, Limit: 50 }), { abortSignal });
      return Tags.map(({ TagKey = "", TagValue = "" }) => ({ key: TagKey, value: TagValue }));
    },
    save: async ({ put, removed }) => {
      if (removed.length > 0) {
        await client.send(new UntagResourceCommand({ KeyId, TagKeys: removed }));
      }
      if (put.length > 0) {
        const Tags = put.map(({ key, value }) => ({ TagKey: key, TagValue: value }));
        await client.send(new TagResourceCommand({ KeyId, Tags }));
      }
    },
  };
}
