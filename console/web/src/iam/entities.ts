import {
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateGroupCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteGroupCommand,
  DeleteGroupPolicyCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  DetachGroupPolicyCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  GetGroupCommand,
  GetGroupPolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  type IAMClient,
  ListAccessKeysCommand,
  ListAttachedGroupPoliciesCommand,
  ListAttachedRolePoliciesCommand,
  ListAttachedUserPoliciesCommand,
  ListGroupPoliciesCommand,
  ListGroupsCommand,
  ListGroupsForUserCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  ListUserPoliciesCommand,
  ListUsersCommand,
  PutGroupPolicyCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  RemoveUserFromGroupCommand,
} from "@aws-sdk/client-iam";

/** What has policies. */
export type Kind = "users" | "groups" | "roles";

/** A user, a group or a role. */
export interface Entity {
  name: string;
  arn: string;
  path: string;
  created: Date | undefined;
  /** Of a role, as JSON. */
  trust: string | undefined;
}

interface Page {
  entities: Entity[];
  marker: string | undefined;
}

interface Raw {
  UserName?: string | undefined;
  GroupName?: string | undefined;
  RoleName?: string | undefined;
  Arn?: string | undefined;
  Path?: string | undefined;
  CreateDate?: Date | undefined;
  AssumeRolePolicyDocument?: string | undefined;
}

function entity(raw: Raw | undefined): Entity {
  return {
    name: raw?.UserName ?? raw?.GroupName ?? raw?.RoleName ?? "",
    arn: raw?.Arn ?? "",
    path: raw?.Path ?? "/",
    created: raw?.CreateDate,
    trust: raw?.AssumeRolePolicyDocument === undefined ? undefined : decoded(raw.AssumeRolePolicyDocument),
  };
}

/** A document as IAM hands it out: percent-encoded JSON. */
export function decoded(document: string | undefined): string {
  const text = decodeURIComponent(document ?? "{}");
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}

/** What is done with users, groups and roles alike. IAM has an operation of its own for each. */
export function entitiesOf(client: IAMClient, kind: Kind) {
  const send = client.send.bind(client);
  switch (kind) {
    case "users":
      return {
        async list(Marker: string | undefined, abortSignal: AbortSignal): Promise<Page> {
          const page = await send(new ListUsersCommand({ Marker, MaxItems: 100 }), { abortSignal });
          return { entities: (page.Users ?? []).map(entity), marker: page.Marker };
        },
        get: async (name: string) => entity((await send(new GetUserCommand({ UserName: name }))).User),
        create: (name: string) => send(new CreateUserCommand({ UserName: name })),
        attached: async (name: string) =>
          (await send(new ListAttachedUserPoliciesCommand({ UserName: name, MaxItems: 1000 }))).AttachedPolicies ?? [],
        attach: (name: string, arn: string) => send(new AttachUserPolicyCommand({ UserName: name, PolicyArn: arn })),
        detach: (name: string, arn: string) => send(new DetachUserPolicyCommand({ UserName: name, PolicyArn: arn })),
        inline: async (name: string) =>
          (await send(new ListUserPoliciesCommand({ UserName: name, MaxItems: 1000 }))).PolicyNames ?? [],
        document: async (name: string, policy: string) =>
          decoded((await send(new GetUserPolicyCommand({ UserName: name, PolicyName: policy }))).PolicyDocument),
        put: (name: string, policy: string, document: string) =>
          send(new PutUserPolicyCommand({ UserName: name, PolicyName: policy, PolicyDocument: document })),
        drop: (name: string, policy: string) => send(new DeleteUserPolicyCommand({ UserName: name, PolicyName: policy })),
        async leave(name: string) {
          const keys = (await send(new ListAccessKeysCommand({ UserName: name }))).AccessKeyMetadata ?? [];
          for (const key of keys) {
            await send(new DeleteAccessKeyCommand({ UserName: name, AccessKeyId: key.AccessKeyId }));
          }
          const groups = (await send(new ListGroupsForUserCommand({ UserName: name }))).Groups ?? [];
          for (const group of groups) {
            await send(new RemoveUserFromGroupCommand({ UserName: name, GroupName: group.GroupName }));
          }
        },
        delete: (name: string) => send(new DeleteUserCommand({ UserName: name })),
      };
    case "groups":
      return {
        async list(Marker: string | undefined, abortSignal: AbortSignal): Promise<Page> {
          const page = await send(new ListGroupsCommand({ Marker, MaxItems: 100 }), { abortSignal });
          return { entities: (page.Groups ?? []).map(entity), marker: page.Marker };
        },
        get: async (name: string) => entity((await send(new GetGroupCommand({ GroupName: name }))).Group),
        create: (name: string) => send(new CreateGroupCommand({ GroupName: name })),
        attached: async (name: string) =>
          (await send(new ListAttachedGroupPoliciesCommand({ GroupName: name, MaxItems: 1000 }))).AttachedPolicies ?? [],
        attach: (name: string, arn: string) => send(new AttachGroupPolicyCommand({ GroupName: name, PolicyArn: arn })),
        detach: (name: string, arn: string) => send(new DetachGroupPolicyCommand({ GroupName: name, PolicyArn: arn })),
        inline: async (name: string) =>
          (await send(new ListGroupPoliciesCommand({ GroupName: name, MaxItems: 1000 }))).PolicyNames ?? [],
        document: async (name: string, policy: string) =>
          decoded((await send(new GetGroupPolicyCommand({ GroupName: name, PolicyName: policy }))).PolicyDocument),
        put: (name: string, policy: string, document: string) =>
          send(new PutGroupPolicyCommand({ GroupName: name, PolicyName: policy, PolicyDocument: document })),
        drop: (name: string, policy: string) => send(new DeleteGroupPolicyCommand({ GroupName: name, PolicyName: policy })),
        async leave(name: string) {
          const users = (await send(new GetGroupCommand({ GroupName: name }))).Users ?? [];
          for (const user of users) {
            await send(new RemoveUserFromGroupCommand({ UserName: user.UserName, GroupName: name }));
          }
        },
        delete: (name: string) => send(new DeleteGroupCommand({ GroupName: name })),
      };
    case "roles":
      return {
        async list(Marker: string | undefined, abortSignal: AbortSignal): Promise<Page> {
          const page = await send(new ListRolesCommand({ Marker, MaxItems: 100 }), { abortSignal });
          return { entities: (page.Roles ?? []).map(entity), marker: page.Marker };
        },
        get: async (name: string) => entity((await send(new GetRoleCommand({ RoleName: name }))).Role),
        create: (name: string, trust: string) =>
          send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: trust })),
        attached: async (name: string) =>
          (await send(new ListAttachedRolePoliciesCommand({ RoleName: name, MaxItems: 1000 }))).AttachedPolicies ?? [],
        attach: (name: string, arn: string) => send(new AttachRolePolicyCommand({ RoleName: name, PolicyArn: arn })),
        detach: (name: string, arn: string) => send(new DetachRolePolicyCommand({ RoleName: name, PolicyArn: arn })),
        inline: async (name: string) =>
          (await send(new ListRolePoliciesCommand({ RoleName: name, MaxItems: 1000 }))).PolicyNames ?? [],
        document: async (name: string, policy: string) =>
          decoded((await send(new GetRolePolicyCommand({ RoleName: name, PolicyName: policy }))).PolicyDocument),
        put: (name: string, policy: string, document: string) =>
          send(new PutRolePolicyCommand({ RoleName: name, PolicyName: policy, PolicyDocument: document })),
        drop: (name: string, policy: string) => send(new DeleteRolePolicyCommand({ RoleName: name, PolicyName: policy })),
        leave: async () => {},
        delete: (name: string) => send(new DeleteRoleCommand({ RoleName: name })),
      };
  }
}

/** Deletes one after everything that hangs on it, which IAM does not do by itself. */
export async function deleteWhole(client: IAMClient, kind: Kind, name: string): Promise<void> {
  const entities = entitiesOf(client, kind);
  for (const policy of await entities.attached(name)) {
    await entities.detach(name, policy.PolicyArn ?? "");
  }
  for (const policy of await entities.inline(name)) {
    await entities.drop(name, policy);
  }
  await entities.leave(name);
  await entities.delete(name);
}
