import {
  type BedrockAgentClient,
  type DataSourceSummary,
  DeleteDataSourceCommand,
  StartIngestionJobCommand,
} from "@aws-sdk/client-bedrock-agent";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Deletion } from "../../shell/Deletion.tsx";
import { FailureAlert } from "../../shell/FailureAlert.tsx";
import { FormModal } from "../../shell/FormModal.tsx";
import { useLookAgain } from "../../shell/lookAgain.ts";
import { useNotices } from "../../shell/notices.ts";
import { ResourceList } from "../../shell/ResourceList.tsx";
import { Status } from "../../shell/Status.tsx";
import { time } from "../../text/format.ts";
import { knowledge } from "../../text/knowledge.ts";
import { shell } from "../../text/shell.ts";
import { makeSource, NEW_SOURCE } from "./creation.ts";
import { SourceForm } from "./SourceForm.tsx";
import { SyncHistory } from "./SyncHistory.tsx";

const text = knowledge.sources;

interface Props {
  agent: BedrockAgentClient;
  base: string;
  sources: DataSourceSummary[];
  pages: Parameters<typeof ResourceList>[0]["pages"];
}

/** Where the documents come from, and how their syncs went. */
export function Sources({ agent, base, sources, pages }: Props) {
  const notices = useNotices();
  const lookAgain = useLookAgain();
  const [selected, setSelected] = useState<string>();
  const [adding, setAdding] = useState(false);
  const [deleting, setDeleting] = useState<DataSourceSummary>();
  const chosen = sources.find(({ dataSourceId }) => dataSourceId === selected) ?? (sources.length === 1 ? sources[0] : undefined);
  const syncing = useMutation({
    mutationFn: (source: string | undefined) =>
      agent.send(new StartIngestionJobCommand({ knowledgeBaseId: base, dataSourceId: source })),
    onSuccess: () => lookAgain(["syncs", base]),
  });
  return (
    <SpaceBetween size="l">
      <ResourceList
        inside
        text={text}
        items={sources}
        pages={pages}
        keyOf={({ dataSourceId = "" }) => dataSourceId}
        nameOf={({ name = "" }) => name}
        {...(chosen?.dataSourceId === undefined ? {} : { chosen: chosen.dataSourceId })}
        onChoose={(source) => setSelected(source?.dataSourceId)}
        columns={[
          { id: "name", header: text.columns.name, isRowHeader: true, cell: ({ name }) => name },
          { id: "status", header: text.columns.status, cell: ({ status }) => <Status status={status} /> },
          { id: "updated", header: text.columns.updated, cell: ({ updatedAt }) => time(updatedAt) },
        ]}
        actions={() => (
          <>
            <Button disabled={chosen === undefined} onClick={() => setDeleting(chosen)}>
              {shell.delete}
            </Button>
            <Button onClick={() => setAdding(true)}>{text.add}</Button>
            <Button
              variant="primary"
              disabled={chosen === undefined}
              loading={syncing.isPending}
              onClick={() => syncing.mutate(chosen?.dataSourceId)}
            >
              {text.sync}
            </Button>
          </>
        )}
      />
      {syncing.isError && <FailureAlert failure={syncing.error} />}
      {chosen === undefined ? (
        <Box color="text-body-secondary">{text.select}</Box>
      ) : (
        <SyncHistory
          key={chosen.dataSourceId}
          agent={agent}
          base={base}
          source={chosen.dataSourceId ?? ""}
          name={chosen.name ?? ""}
        />
      )}
      {adding && (
        <AddSource
          agent={agent}
          base={base}
          onDismiss={() => setAdding(false)}
          onAdded={(name) => {
            setAdding(false);
            notices.done(text.added(name));
            void pages.refetch();
          }}
        />
      )}
      {deleting !== undefined && (
        <Deletion
          text={text}
          name={deleting.name ?? ""}
          run={() => agent.send(new DeleteDataSourceCommand({ knowledgeBaseId: base, dataSourceId: deleting.dataSourceId }))}
          onClose={() => setDeleting(undefined)}
          onDone={pages.refetch}
        />
      )}
    </SpaceBetween>
  );
}

interface AddProps {
  agent: BedrockAgentClient;
  base: string;
  onDismiss: () => void;
  onAdded: (name: string) => void;
}

function AddSource({ agent, base, onDismiss, onAdded }: AddProps) {
  const [source, setSource] = useState(NEW_SOURCE);
  return (
    <FormModal
      title={text.addTitle}
      submit={shell.add}
      size="large"
      disabled={source.bucket === undefined || source.name.trim() === ""}
      run={() => makeSource(agent, base, source)}
      onDismiss={onDismiss}
      onDone={() => onAdded(source.name)}
    >
      <SourceForm source={source} onChange={setSource} />
    </FormModal>
  );
}
