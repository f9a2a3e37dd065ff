/**
 * What services and their pages are called: all that the shell has to know of them before one is opened. Their other texts
 * come with their pages.
 */
export const names = {
  cloudwatch: { service: "Amazon CloudWatch", metrics: "Metrics", alarms: "Alarms", dashboards: "Dashboards" },
  cost: { service: "Cost and usage" },
  iam: {
    service: "AWS IAM",
    users: "Users",
    groups: "User groups",
    roles: "Roles",
    policies: "Policies",
    simulator: "Policy simulator",
  },
  kms: { service: "AWS KMS", keys: "Keys" },
  logs: { service: "Amazon CloudWatch Logs", groups: "Log groups", tail: "Live tail", insights: "Logs Insights" },
  secrets: { service: "AWS Secrets Manager", secrets: "Secrets" },
} as const;
