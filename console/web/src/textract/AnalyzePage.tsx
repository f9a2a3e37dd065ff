import { AnalyzeDocumentCommand, type Block, type FeatureType, TextractClient } from "@aws-sdk/client-textract";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Grid from "@cloudscape-design/components/grid";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import Tabs from "@cloudscape-design/components/tabs";
import Textarea from "@cloudscape-design/components/textarea";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { useClient } from "../aws/client.ts";
import { useSession } from "../session/session.ts";
import { FailureAlert } from "../shell/FailureAlert.tsx";
import { FileField } from "../shell/FileField.tsx";
import { usePage } from "../shell/page.ts";
import { requestForms } from "../shell/request.ts";
import { RequestCode } from "../shell/RequestCode.tsx";
import { textract as text } from "../text/textract.ts";
import { shell } from "../text/shell.ts";
import { type ReadPage, readPage } from "./blocks.ts";

const LARGEST = 5_000_000;

type Tab = keyof typeof text.tabs;

/** Reads a document that one uploads. */
export default function AnalyzePage() {
  usePage(text.title, [{ text: text.service, href: "/textract" }]);
  const { session } = useSession();
  const client = useClient((settings) => new TextractClient(settings));
  const [file, setFile] = useState<File>();
  const [questions, setQuestions] = useState("");
  const [tab, setTab] = useState<Tab>("text");
  const asked = questions.split("\n").filter((question) => question.trim() !== "");
  const features: FeatureType[] = ["FORMS", "TABLES", ...(asked.length === 0 ? [] : ["QUERIES" as const])];
  const options = {
    FeatureTypes: features,
    ...(asked.length === 0 ? {} : { QueriesConfig: { Queries: asked.map((question) => ({ Text: question })) } }),
  };
  const reading = useMutation({
    mutationFn: async (document: File) => {
      const bytes = new Uint8Array(await document.arrayBuffer());
      const { Blocks = [] } = await client.send(new AnalyzeDocumentCommand({ Document: { Bytes: bytes }, ...options }));
      return readPage(Blocks);
    },
  });
  const tooLarge = file !== undefined && file.size > LARGEST;

  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={text.description}>
        {text.title}
      </Header>
      <Container>
        <SpaceBetween size="m">
          <FileField
            label={text.choose}
            hint={text.hint}
            choose={text.choose}
            accept="image/jpeg,image/png,image/tiff,application/pdf"
            file={file}
            onChange={(chosen) => {
              setFile(chosen);
              reading.reset();
            }}
          />
          {tooLarge && <Alert type="error">{text.tooLarge}</Alert>}
          <FormField label={text.queries} constraintText={text.queriesHint} stretch>
            <Textarea value={questions} rows={2} onChange={(event) => setQuestions(event.detail.value)} />
          </FormField>
          <Button
            variant="primary"
            disabled={file === undefined || tooLarge}
            loading={reading.isPending}
            onClick={() => file && reading.mutate(file)}
          >
            {text.analyze}
          </Button>
          {reading.isError && <FailureAlert failure={reading.error} />}
        </SpaceBetween>
      </Container>
      {reading.data === undefined || file === undefined ? (
        <Box color="text-body-secondary">{text.empty}</Box>
      ) : (
        <Grid gridDefinition={[{ colspan: { default: 12, xs: 6 } }, { colspan: { default: 12, xs: 6 } }]}>
          <Picture file={file} blocks={shown(reading.data, tab)} />
          <Tabs
            i18nStrings={shell.tabs}
            variant="container"
            activeTabId={tab}
            onChange={(event) => setTab(event.detail.activeTabId as Tab)}
            tabs={(Object.keys(text.tabs) as Tab[]).map((id) => ({
              id,
              label: text.tabs[id],
              content: <Content page={reading.data} tab={id} />,
            }))}
          />
        </Grid>
      )}
      <RequestCode
        title={text.request}
        request={requestForms("textract", "AnalyzeDocument", session.region, {
          Document: { S3Object: { Bucket: "amzn-s3-demo-bucket", Name: file?.name ?? "page.png" } },
          ...options,
        })}
      />
    </SpaceBetween>
  );
}

/** The blocks that a tab is about. */
function shown(page: ReadPage, tab: Tab): Block[] {
  switch (tab) {
    case "text":
      return page.lines;
    case "forms":
      return page.pairs.map(({ block }) => block);
    case "tables":
      return page.tables.map(({ block }) => block);
    case "queries":
      return page.answers.flatMap(({ block }) => block ?? []);
  }
}

/** The page with outlines over it; browsers show no pages of PDF or TIFF inside a picture. */
function Picture({ file, blocks }: { file: File; blocks: Block[] }) {
  const address = useMemo(() => URL.createObjectURL(file), [file]);
  useEffect(() => () => URL.revokeObjectURL(address), [address]);
  const picture = file.type === "image/png" || file.type === "image/jpeg";
  return (
    <div className="page-picture">
      {picture && <img src={address} alt={file.name} />}
      <svg viewBox="0 0 1 1" preserveAspectRatio="none" role="img" aria-label={text.page}>
        {picture &&
          blocks.map((block) => (
            <polygon
              key={block.Id}
              points={(block.Geometry?.Polygon ?? []).map(({ X = 0, Y = 0 }) => `${X},${Y}`).join(" ")}
            />
          ))}
      </svg>
    </div>
  );
}

function Content({ page, tab }: { page: ReadPage; tab: Tab }) {
  const percent = (confidence: number) => `${confidence.toFixed(1)} %`;
  switch (tab) {
    case "text":
      return (
        <Table
          variant="embedded"
          items={page.lines}
          empty={text.nothing}
          ariaLabels={{ tableLabel: text.tabs.text }}
          columnDefinitions={[
            { id: "line", header: text.columns.line, cell: (line) => line.Text, isRowHeader: true },
            { id: "confidence", header: text.columns.confidence, cell: (line) => percent(line.Confidence ?? 0) },
          ]}
        />
      );
    case "forms":
      return (
        <Table
          variant="embedded"
          items={page.pairs}
          empty={text.nothing}
          ariaLabels={{ tableLabel: text.tabs.forms }}
          columnDefinitions={[
            { id: "key", header: text.columns.key, cell: ({ key }) => key, isRowHeader: true },
            { id: "value", header: text.columns.value, cell: ({ value }) => value },
            { id: "confidence", header: text.columns.confidence, cell: ({ confidence }) => percent(confidence) },
          ]}
        />
      );
    case "tables":
      return (
        <SpaceBetween size="l">
          {page.tables.length === 0 && <Box>{text.nothing}</Box>}
          {page.tables.map(({ block, rows }) => (
            <Table
              key={block.Id}
              variant="embedded"
              items={rows.slice(1)}
              ariaLabels={{ tableLabel: text.tabs.tables }}
              columnDefinitions={(rows[0] ?? []).map((header, column) => ({
                id: String(column),
                header,
                cell: (row: string[]) => row[column] ?? "",
              }))}
            />
          ))}
        </SpaceBetween>
      );
    case "queries":
      return (
        <Table
          variant="embedded"
          items={page.answers}
          empty={text.nothing}
          ariaLabels={{ tableLabel: text.tabs.queries }}
          columnDefinitions={[
            { id: "question", header: text.columns.question, cell: ({ question }) => question, isRowHeader: true },
            { id: "answer", header: text.columns.answer, cell: ({ answer }) => answer },
            { id: "confidence", header: text.columns.confidence, cell: ({ confidence }) => percent(confidence) },
          ]}
        />
      );
  }
}
