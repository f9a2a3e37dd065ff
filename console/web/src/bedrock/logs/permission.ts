import { GetBucketPolicyCommand, PutBucketPolicyCommand, type S3Client } from "@aws-sdk/client-s3";
import type { Session } from "../../session/session.ts";

interface Policy {
  Version: string;
  Statement: { Sid?: string }[];
}

const SID = "OutcropConsoleInvocationLogs";

/** Lets Bedrock write the records of this account into a bucket; what its policy says besides stays. */
export async function letBedrockWrite(s3: S3Client, session: Session, bucket: string, prefix: string): Promise<void> {
  const folder = prefix === "" ? "" : `${prefix.replace(/\/$/, "")}/`;
  const policy = await policyOf(s3, bucket);
  const statement = {
    Sid: SID,
    Effect: "Allow",
    Principal: { Service: "bedrock.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: `arn:aws:s3:::${bucket}/${folder}AWSLogs/${session.account}/BedrockModelInvocationLogs/*`,
    Condition: {
      StringEquals: { "aws:SourceAccount": session.account },
      ArnLike: { "aws:SourceArn": `arn:aws:bedrock:${session.region}:${session.account}:*` },
    },
  };
  const others = policy.Statement.filter(({ Sid }) => Sid !== SID);
  await s3.send(
    new PutBucketPolicyCommand({ Bucket: bucket, Policy: JSON.stringify({ ...policy, Statement: [...others, statement] }) }),
  );
}

async function policyOf(s3: S3Client, bucket: string): Promise<Policy> {
  try {
    const { Policy: text = "" } = await s3.send(new GetBucketPolicyCommand({ Bucket: bucket }));
    const policy = JSON.parse(text) as { Version?: string; Statement?: Policy["Statement"] | Policy["Statement"][number] };
    return { Version: policy.Version ?? "2012-10-17", Statement: [policy.Statement ?? []].flat() };
  } catch (failure) {
    if (failure instanceof Error && failure.name === "NoSuchBucketPolicy") {
      return { Version: "2012-10-17", Statement: [] };
    }
    throw failure;
  }
}
