import {
  type ContextEntry,
  type EvaluationResult,
  GetAccountAuthorizationDetailsCommand,
  type IAMClient,
  SimulateCustomPolicyCommand,
  SimulatePrincipalPolicyCommand,
} from "@aws-sdk/client-iam";
import { iam } from "../text/iam.ts";
import { decoded } from "./entities.ts";
import { policyOf } from "./policy.ts";

/** What is asked of the policies. */
export interface Question {
  /** The ARN of whose policies, or nothing where a document is asked. */
  principal?: string;
  document: string;
  actions: string[];
  resources: string[];
  context: ContextEntry[];
}

/** An answer, and the statements that made it so. */
export interface Answer {
  action: string;
  resource: string;
  decision: string;
  statements: { name: string; text: string }[];
  missing: string[];
  stoppedByBoundary: boolean;
}

interface NamedDocument {
  name: string;
  document: string;
}

/** Key=value,value, one a line. Numbers and truth values are compared as IAM compares their texts. */
export function contextOf(lines: string): ContextEntry[] {
  return lines
    .split("\n")
    .map((line) => /^\s*([^=\s]+)\s*=\s*(.*)$/.exec(line))
    .filter((found) => found !== null)
    .map(([, key, values]) => ({
      ContextKeyName: key,
      ContextKeyValues: (values ?? "").split(/\s*,\s*/),
      ContextKeyType: (values ?? "").includes(",") ? "stringList" : "string",
    }));
}

/**
 * Simulates a call. IAM says which policies had a statement that fits; which statement that is, is found by asking for each
 * statement as a policy of its own.
 */
export async function simulated(client: IAMClient, question: Question, abortSignal: AbortSignal): Promise<Answer[]> {
  const asked = {
    ActionNames: question.actions,
    ...(question.resources.length === 0 ? {} : { ResourceArns: question.resources }),
    ContextEntries: question.context,
  };
  const { principal } = question;
  const results = await pages((Marker) =>
    principal === undefined
      ? client.send(new SimulateCustomPolicyCommand({ ...asked, PolicyInputList: [question.document], Marker }), { abortSignal })
      : client.send(new SimulatePrincipalPolicyCommand({ ...asked, PolicySourceArn: principal, Marker }), { abortSignal }),
  );
  const documents =
    principal === undefined
      ? [{ name: iam.simulator.document, document: question.document }]
      : await documentsOf(client, principal, abortSignal);
  const statements = documents.flatMap(({ name, document }) => {
    const policy = policyOf(document);
    return (policy?.Statement ?? []).map((statement, at) => ({
      name: iam.simulator.statementOf(name, at + 1, statement.Sid ?? ""),
      denies: statement.Effect === "Deny",
      document: JSON.stringify({ ...policy, Statement: [statement] }),
      text: JSON.stringify(statement, undefined, 2),
    }));
  });
  const single =
    statements.length === 0
      ? []
      : await pages((Marker) =>
          client.send(
            new SimulateCustomPolicyCommand({
              ...asked,
              PolicyInputList: statements.map(({ document }) => document),
              ...(principal?.includes(":user/") === true ? { CallerArn: principal } : {}),
              Marker,
            }),
            { abortSignal },
          ),
        );
  return results.map((result) => {
    const matched = single.find(
      (other) => other.EvalActionName === result.EvalActionName && other.EvalResourceName === result.EvalResourceName,
    );
    const numbers = (matched?.MatchedStatements ?? []).map(({ SourcePolicyId }) => Number(SourcePolicyId?.split(".")[1]) - 1);
    const denied = result.EvalDecision === "explicitDeny";
    return {
      action: result.EvalActionName ?? "",
      resource: result.EvalResourceName ?? "*",
      decision: result.EvalDecision ?? "",
      statements: numbers
        .map((at) => statements[at])
        .filter((statement) => statement !== undefined)
        .filter((statement) => statement.denies === denied),
      missing: result.MissingContextValues ?? [],
      stoppedByBoundary: result.PermissionsBoundaryDecisionDetail?.AllowedByPermissionsBoundary === false,
    };
  });
}

async function pages(
  page: (marker: string | undefined) => Promise<{
    EvaluationResults?: EvaluationResult[] | undefined;
    IsTruncated?: boolean | undefined;
    Marker?: string | undefined;
  }>,
): Promise<EvaluationResult[]> {
  const results: EvaluationResult[] = [];
  let marker: string | undefined;
  do {
    const answer = await page(marker);
    results.push(...(answer.EvaluationResults ?? []));
    marker = answer.IsTruncated === true ? answer.Marker : undefined;
  } while (marker !== undefined);
  return results;
}

/** The documents of a user's, group's or role's policies, of a user's groups, too. */
async function documentsOf(client: IAMClient, arn: string, abortSignal: AbortSignal): Promise<NamedDocument[]> {
  const inline: NamedDocument[] = [];
  const attached = new Set<string>();
  const groupNames = new Set<string>();
  const managed = new Map<string, NamedDocument>();
  const groups: { name: string; policies: NamedDocument[]; attached: string[] }[] = [];
  const named = (policies: { PolicyName?: string | undefined; PolicyDocument?: string | undefined }[] | undefined) =>
    (policies ?? []).map(({ PolicyName = "", PolicyDocument }) => ({ name: PolicyName, document: decoded(PolicyDocument) }));
  let Marker: string | undefined;
  do {
    const page = await client.send(new GetAccountAuthorizationDetailsCommand({ Marker, MaxItems: 1000 }), { abortSignal });
    for (const user of (page.UserDetailList ?? []).filter(({ Arn }) => Arn === arn)) {
      inline.push(...named(user.UserPolicyList));
      user.AttachedManagedPolicies?.forEach(({ PolicyArn = "" }) => attached.add(PolicyArn));
      user.GroupList?.forEach((group) => groupNames.add(group));
    }
    for (const role of (page.RoleDetailList ?? []).filter(({ Arn }) => Arn === arn)) {
      inline.push(...named(role.RolePolicyList));
      role.AttachedManagedPolicies?.forEach(({ PolicyArn = "" }) => attached.add(PolicyArn));
    }
    for (const group of page.GroupDetailList ?? []) {
      if (group.Arn === arn) {
        groupNames.add(group.GroupName ?? "");
      }
      groups.push({
        name: group.GroupName ?? "",
        policies: named(group.GroupPolicyList),
        attached: (group.AttachedManagedPolicies ?? []).map(({ PolicyArn = "" }) => PolicyArn),
      });
    }
    for (const policy of page.Policies ?? []) {
      const current = policy.PolicyVersionList?.find(({ IsDefaultVersion }) => IsDefaultVersion === true);
      managed.set(policy.Arn ?? "", { name: policy.PolicyName ?? "", document: decoded(current?.Document) });
    }
    Marker = page.IsTruncated === true ? page.Marker : undefined;
  } while (Marker !== undefined);
  for (const group of groups.filter(({ name }) => groupNames.has(name))) {
    inline.push(...group.policies);
    group.attached.forEach((policy) => attached.add(policy));
  }
  return [...inline, ...[...attached].flatMap((policy) => managed.get(policy) ?? [])];
}
