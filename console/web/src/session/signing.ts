import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { configuration } from "../aws/client.ts";
import type { Credentials, Session } from "./session.ts";

/** Asks the server whose key this is. */
export async function identified(credentials: Credentials, region: string, before?: Session): Promise<Session> {
  const caller = await new STSClient(configuration(credentials, region)).send(new GetCallerIdentityCommand({}));
  return {
    credentials,
    region,
    account: caller.Account ?? "",
    arn: caller.Arn ?? "",
    ...(before === undefined ? {} : { before }),
  };
}

/** Takes on a role, from which one can go back to {@code session}. */
export async function assumed(session: Session, role: string, sessionName: string): Promise<Session> {
  const answer = await new STSClient(configuration(session.credentials, session.region)).send(
    new AssumeRoleCommand({ RoleArn: role, RoleSessionName: sessionName }),
  );
  const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = answer.Credentials ?? {};
  const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  return identified(credentials, session.region, session);
}
