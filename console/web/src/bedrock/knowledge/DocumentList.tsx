import {
  type BedrockAgentClient,
  type DataSourceSummary,
  type KnowledgeBaseDocumentDetail,
  ListKnowledgeBaseDocumentsCommand,
} from "@aws-sdk/client-bedrock-agent";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { PageLink } from "../../shell/PageLink.tsx";
import { NothingThere } from "../../shell/Paged.tsx";
import { Status } from "../../shell/Status.tsx";
import { VirtualTable } from "../../shell/VirtualTable.tsx";
import { folderOf, placeOf } from "../../s3/places.ts";
import { time } from "../../text/format.ts";
import { knowledge } from "../../text/knowledge.ts";
import { shell } from "../../text/shell.ts";

const text = knowledge.documents;

interface Props {
  agent: BedrockAgentClient;
  base: string;
  sources: DataSourceSummary[];
}

/** Every document of a data source, with why it is not in the store where it is not. */
export function DocumentList({ agent, base, sources }: Props) {
  const [selected, setSelected] = useState<string>();
  const source = selected ?? sources[0]?.dataSourceId;
  const pages = useInfiniteQuery({
    queryKey: ["documents", base, source],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      agent.send(
        new ListKnowledgeBaseDocumentsCommand({
          knowledgeBaseId: base,
          dataSourceId: source,
          maxResults: 1000,
          nextToken: pageParam,
        }),
        { abortSignal: signal },
      ),
    getNextPageParam: (page) => page.nextToken,
    enabled: source !== undefined,
  });
  const documents = pages.data?.pages.flatMap((page) => page.documentDetails ?? []) ?? [];
  const options = sources.map(({ dataSourceId = "", name = "" }) => ({ value: dataSourceId, label: name }));
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={text.shown(documents.length, pages.hasNextPage)}
          actions={
            <Button
              iconName="refresh"
              ariaLabel={`${shell.refresh}: ${text.title}`}
              onClick={() => void pages.refetch()}
            />
          }
        >
          {text.title}
        </Header>
      }
    >
      <SpaceBetween size="m">
        <FormField label={text.source}>
          <Select
            selectedOption={options.find(({ value }) => value === source) ?? null}
            options={options}
            onChange={(event) => setSelected(event.detail.selectedOption.value)}
          />
        </FormField>
        <VirtualTable
          label={text.title}
          items={documents}
          loading={source !== undefined && (pages.isPending || pages.isFetchingNextPage)}
          keyOf={nameOf}
          onNearEnd={() => pages.hasNextPage && !pages.isFetchingNextPage && void pages.fetchNextPage()}
          empty={<NothingThere fetched={pages} title={text.empty} />}
          columns={[
            { id: "name", header: text.columns.document, share: 3, cell: (document) => <DocumentName document={document} /> },
            { id: "status", header: text.columns.status, cell: ({ status }) => <Status status={status} /> },
            { id: "reason", header: text.columns.reason, share: 2, cell: ({ statusReason }) => statusReason ?? "" },
            { id: "updated", header: text.columns.updated, cell: ({ updatedAt }) => time(updatedAt) },
          ]}
        />
      </SpaceBetween>
    </Container>
  );
}

function nameOf({ identifier }: KnowledgeBaseDocumentDetail): string {
  return identifier?.s3?.uri ?? identifier?.custom?.id ?? "";
}

function DocumentName({ document }: { document: KnowledgeBaseDocumentDetail }) {
  const place = placeOf(document.identifier?.s3?.uri ?? "");
  return place === undefined ? nameOf(document) : <PageLink to={folderOf(place)}>{place.key}</PageLink>;
}
