import {
  DescribeSecretCommand,
  type SecretsManagerClient,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-secrets-manager";
import { capital, tagOf, type TagStore } from "../shell/Tags.tsx";

/** The tags of a secret. */
export function secretTags(client: SecretsManagerClient, SecretId: string): TagStore {
  return {
    load: async (abortSignal) => {
      const { Tags = [] } = await client.send(new DescribeSecretCommand({ SecretId }), { abortSignal });
      return Tags.map(tagOf);
    },
    save: async ({ put, removed }) => {
      if (removed.length > 0) {
        await client.send(new UntagResourceCommand({ SecretId, TagKeys: removed }));
      }
      if (put.length > 0) {
        await client.send(new TagResourceCommand({ SecretId, Tags: put.map(capital) }));
      }
    },
  };
}
