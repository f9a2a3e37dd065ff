import { BedrockClient, GetModelInvocationLoggingConfigurationCommand } from "@aws-sdk/client-bedrock";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs from "@cloudscape-design/components/tabs";
import { useQuery } from "@tanstack/react-query";
import { useClient } from "../../aws/client.ts";
import { useSession } from "../../session/session.ts";
import { FailureAlert } from "../../shell/FailureAlert.tsx";
import { Loading } from "../../shell/Loading.tsx";
import { usePage } from "../../shell/page.ts";
import { bedrock } from "../../text/bedrock.ts";
import { logs as text } from "../../text/logs.ts";
import { shell } from "../../text/shell.ts";
import { LoggingForm } from "./LoggingForm.tsx";
import { RecordList } from "./RecordList.tsx";

/** What models were asked: the records, and where they are written. */
export default function InvocationLogs() {
  usePage(text.title, [{ text: bedrock.service, href: "/bedrock/models" }]);
  const { session } = useSession();
  const client = useClient((settings) => new BedrockClient(settings));
  const known = useQuery({
    queryKey: ["invocation-logging", session.region],
    queryFn: async ({ signal }) => {
      const answer = await client.send(new GetModelInvocationLoggingConfigurationCommand({}), { abortSignal: signal });
      return answer.loggingConfig ?? null;
    },
  });
  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={text.description}>
        {text.title}
      </Header>
      {known.isPending && <Loading />}
      {known.isError && <FailureAlert failure={known.error} retry={() => void known.refetch()} />}
      {known.data !== undefined && (
        <Tabs
          i18nStrings={shell.tabs}
          tabs={[
            { id: "records", label: text.tabs.records, content: <RecordList logging={known.data ?? undefined} /> },
            {
              id: "settings",
              label: text.tabs.settings,
              content: (
                <LoggingForm
                  key={JSON.stringify(known.data)}
                  client={client}
                  logging={known.data ?? undefined}
                  onChanged={() => void known.refetch()}
                />
              ),
            },
          ]}
        />
      )}
    </SpaceBetween>
  );
}
