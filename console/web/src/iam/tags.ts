import {
  type IAMClient,
  ListPolicyTagsCommand,
  ListRoleTagsCommand,
  ListUserTagsCommand,
  TagPolicyCommand,
  TagRoleCommand,
  TagUserCommand,
  UntagPolicyCommand,
  UntagRoleCommand,
  UntagUserCommand,
} from "@aws-sdk/client-iam";
import { capital, tagOf, type TagStore } from "../shell/Tags.tsx";

/** As many tags as one of them can have. */
const ALL = 50;

type Raw = { Key: string | undefined; Value: string | undefined }[] | undefined;

interface Operations {
  list: (signal: AbortSignal) => Promise<{ Tags?: Raw }>;
  tag: (tags: { Key: string; Value: string }[]) => Promise<unknown>;
  untag: (keys: string[]) => Promise<unknown>;
}

function store({ list, tag, untag }: Operations): TagStore {
  return {
    load: async (signal) => ((await list(signal)).Tags ?? []).map(tagOf),
    save: async ({ put, removed }) => {
      if (removed.length > 0) {
        await untag(removed);
      }
      if (put.length > 0) {
        await tag(put.map(capital));
      }
    },
  };
}

export function userTags(client: IAMClient, UserName: string): TagStore {
  return store({
    list: (abortSignal) => client.send(new ListUserTagsCommand({ UserName, MaxItems: ALL }), { abortSignal }),
    tag: (Tags) => client.send(new TagUserCommand({ UserName, Tags })),
    untag: (TagKeys) => client.send(new UntagUserCommand({ UserName, TagKeys })),
  });
}

export function roleTags(client: IAMClient, RoleName: string): TagStore {
  return store({
    list: (abortSignal) => client.send(new ListRoleTagsCommand({ RoleName, MaxItems: ALL }), { abortSignal }),
    tag: (Tags) => client.send(new TagRoleCommand({ RoleName, Tags })),
    untag: (TagKeys) => client.send(new UntagRoleCommand({ RoleName, TagKeys })),
  });
}

export function policyTags(client: IAMClient, PolicyArn: string): TagStore {
  return store({
    list: (abortSignal) => client.send(new ListPolicyTagsCommand({ PolicyArn, MaxItems: ALL }), { abortSignal }),
    tag: (Tags) => client.send(new TagPolicyCommand({ PolicyArn, Tags })),
    untag: (TagKeys) => client.send(new UntagPolicyCommand({ PolicyArn, TagKeys })),
  });
}
