import { CreateRoleCommand, type IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";

export interface Right {
  Action: string[];
  Resource: string | string[];
}

/**
 * Makes a role that Bedrock takes on for this account, and nobody else.
 *
 * @returns its ARN
 */
export async function makeServiceRole(iam: IAMClient, account: string, name: string, rights: Right[]): Promise<string> {
  const trust = {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "bedrock.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": account } },
      },
    ],
  };
  const made = await iam.send(
    new CreateRoleCommand({ RoleName: name, Path: "/service-role/", AssumeRolePolicyDocument: JSON.stringify(trust) }),
  );
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: name,
      PolicyName: "rights",
      PolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: rights.map((right) => ({ Effect: "Allow", ...right })),
      }),
    }),
  );
  return made.Role?.Arn ?? "";
}

/** A name for a role, which no other has. */
export function roleName(purpose: string): string {
  return `AmazonBedrockExecutionRoleFor${purpose}_${crypto.randomUUID().slice(0, 8)}`;
}

/** What reading a folder of a bucket takes. */
export function readingRights(bucket: string): Right[] {
  return [
    { Action: ["s3:ListBucket"], Resource: `arn:aws:s3:::${bucket}` },
    { Action: ["s3:GetObject"], Resource: `arn:aws:s3:::${bucket}/*` },
  ];
}
