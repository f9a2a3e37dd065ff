import { iam } from "../text/iam.ts";

const text = iam.editor.found;

/** A statement of a policy; whatever else stands in it is kept. */
export interface Statement {
  Sid?: string;
  Effect?: string;
  Action?: string | string[];
  NotAction?: string | string[];
  Resource?: string | string[];
  NotResource?: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
  [other: string]: unknown;
}

export interface Policy {
  Version?: string;
  Statement: Statement[];
  [other: string]: unknown;
}

/** What a document should be looked at again for. */
export interface Remark {
  severity: "error" | "warning";
  message: string;
  /** The number of the statement from 1, if it is about one. */
  statement?: number;
}

export const EMPTY_POLICY = JSON.stringify(
  { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: [], Resource: "*" }] },
  undefined,
  2,
);

const ELEMENTS = new Set([
  "Sid",
  "Effect",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
  "Principal",
  "NotPrincipal",
]);

/** What a document says, or nothing if it is none. */
export function policyOf(document: string): Policy | undefined {
  try {
    const parsed = JSON.parse(document) as Record<string, unknown> | null;
    if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
      return undefined;
    }
    const statements = listed(parsed["Statement"]);
    return statements.every((statement) => typeof statement === "object" && statement !== null && !Array.isArray(statement))
      ? { ...parsed, Statement: statements as Statement[] }
      : undefined;
  } catch {
    return undefined;
  }
}

export function written(policy: Policy): string {
  return JSON.stringify(policy, undefined, 2);
}

/** One or several as a list. */
export function listed<T>(value: T | T[] | undefined): T[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

/**
 * What is wrong or unwise in a policy of a user, group or role, as far as its grammar tells. The server has the last word
 * when it is saved.
 *
 * Source: "Grammar of the IAM JSON policy language" and "IAM Access Analyzer policy check reference", IAM user guide.
 */
export function remarksOn(document: string): Remark[] {
  const policy = policyOf(document);
  if (policy === undefined) {
    return [{ severity: "error", message: text.notObject }];
  }
  const remarks: Remark[] = [];
  if (policy.Version !== "2012-10-17") {
    remarks.push({ severity: "warning", message: text.version });
  }
  if (policy.Statement.length === 0) {
    remarks.push({ severity: "error", message: text.noStatement });
  }
  const names = new Set<string>();
  policy.Statement.forEach((statement, at) => {
    for (const remark of remarksOnStatement(statement)) {
      remarks.push({ ...remark, statement: at + 1 });
    }
    if (statement.Sid !== undefined && statement.Sid !== "" && names.has(statement.Sid)) {
      remarks.push({ severity: "error", message: text.sameSid(statement.Sid), statement: at + 1 });
    }
    names.add(statement.Sid ?? "");
  });
  return remarks;
}

function remarksOnStatement(statement: Statement): Remark[] {
  const remarks: Remark[] = [];
  const error = (message: string) => remarks.push({ severity: "error", message });
  const warning = (message: string) => remarks.push({ severity: "warning", message });
  if (statement.Effect !== "Allow" && statement.Effect !== "Deny") error(text.effect);
  const actions = [...listed(statement.Action), ...listed(statement.NotAction)];
  const resources = [...listed(statement.Resource), ...listed(statement.NotResource)];
  if ((statement.Action === undefined) === (statement.NotAction === undefined) || actions.length === 0) error(text.action);
  if ((statement.Resource === undefined) === (statement.NotResource === undefined) || resources.length === 0) {
    error(text.resource);
  }
  for (const action of actions) {
    if (!/^(\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+)$/.test(action)) error(text.actionForm(action));
  }
  for (const resource of resources) {
    if (resource !== "*" && !/^arn:|^\*|^\$\{/.test(resource)) error(text.resourceForm(resource));
  }
  if (statement.Sid !== undefined && !/^[A-Za-z0-9]*$/.test(statement.Sid)) error(text.sid(statement.Sid));
  if (statement["Principal"] !== undefined || statement["NotPrincipal"] !== undefined) error(text.principal);
  for (const name of Object.keys(statement)) {
    if (!ELEMENTS.has(name)) error(text.unknown(name));
  }
  if (statement.Effect === "Allow" && statement.Condition === undefined) {
    const anywhere = listed(statement.Resource).includes("*");
    if (anywhere && listed(statement.Action).includes("*")) warning(text.everything);
    if (anywhere && listed(statement.Action).some((action) => /^iam:(PassRole|\*)$/i.test(action))) warning(text.passRole);
    if (statement.NotAction !== undefined) warning(text.notAllowed);
  }
  return remarks;
}
