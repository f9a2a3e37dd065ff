import {
  ClassifyDocumentCommand,
  ComprehendClient,
  DetectDominantLanguageCommand,
  DetectEntitiesCommand,
  DetectKeyPhrasesCommand,
  DetectPiiEntitiesCommand,
  DetectSentimentCommand,
  DetectSyntaxCommand,
  DetectTargetedSentimentCommand,
  DetectToxicContentCommand,
  type LanguageCode,
  ListEndpointsCommand,
  type ToxicLabels,
} from "@aws-sdk/client-comprehend";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import Tabs from "@cloudscape-design/components/tabs";
import Textarea from "@cloudscape-design/components/textarea";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useClient } from "../aws/client.ts";
import { nameOf, useSession } from "../session/session.ts";
import { FailureAlert } from "../shell/FailureAlert.tsx";
import { ChoiceField } from "../shell/fields.tsx";
import { Loading } from "../shell/Loading.tsx";
import { usePage } from "../shell/page.ts";
import { requestForms } from "../shell/request.ts";
import { RequestCode } from "../shell/RequestCode.tsx";
import { comprehend as text } from "../text/comprehend.ts";
import { shell } from "../text/shell.ts";
import { Marked } from "../shell/Marked.tsx";

type Kind = keyof typeof text.tabs;

/** What was found: stretches of the text, or shares of the whole. */
interface Found {
  stretches: { begin: number; end: number; label: string; score: number }[];
  shares: { label: string; score: number }[];
}

/** What is asked of a text. */
interface Asked {
  text: string;
  language: LanguageCode;
}

/** As many segments of a text as are judged at once. */
const MOST_SEGMENTS = 10;

/** Analyses a text that one types or pastes. */
export default function RealTime() {
  usePage(text.title, [{ text: text.service, href: "/comprehend" }]);
  const { session } = useSession();
  const client = useClient((settings) => new ComprehendClient(settings));
  const [draft, setDraft] = useState<string>(text.sample);
  const [language, setLanguage] = useState<keyof typeof text.languages>("en");
  const [asked, setAsked] = useState<Asked>();
  const [endpoint, setEndpoint] = useState("");
  const [kind, setKind] = useState<Kind>("entities");
  const model = kind === "safety" ? promptSafety(session.region) : endpoint;
  const analysis = useQuery({
    queryKey: ["comprehend", kind, asked, endpoint],
    enabled: asked !== undefined && (kind !== "custom" || endpoint !== ""),
    queryFn: ({ signal }) => analyze(client, kind, asked ?? { text: "", language }, model, signal),
  });
  const languages = Object.entries(text.languages).map(([value, label]) => ({ value, label }));

  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={text.description}>
        {text.title}
      </Header>
      <Container>
        <SpaceBetween size="m">
          <FormField label={text.input} constraintText={text.inputHint} stretch>
            <Textarea value={draft} rows={6} onChange={(event) => setDraft(event.detail.value)} />
          </FormField>
          <FormField label={text.language}>
            <Select
              selectedOption={languages.find(({ value }) => value === language) ?? null}
              options={languages}
              onChange={(event) => setLanguage(event.detail.selectedOption.value as typeof language)}
            />
          </FormField>
          <Button variant="primary" disabled={draft.trim() === ""} onClick={() => setAsked({ text: draft, language })}>
            {text.analyze}
          </Button>
        </SpaceBetween>
      </Container>
      {asked !== undefined && (
        <Tabs
          i18nStrings={shell.tabs}
          variant="container"
          activeTabId={kind}
          onChange={(event) => setKind(event.detail.activeTabId as Kind)}
          tabs={(Object.keys(text.tabs) as Kind[]).map((id) => ({
            id,
            label: text.tabs[id],
            content: (
              <SpaceBetween size="m">
                {id === "custom" && <EndpointField client={client} value={endpoint} onChange={setEndpoint} />}
                {analysis.isError ? (
                  <FailureAlert failure={analysis.error} retry={() => void analysis.refetch()} />
                ) : analysis.data !== undefined ? (
                  <Result text={asked.text} found={analysis.data} kind={id} />
                ) : (
                  (id !== "custom" || endpoint !== "") && <Loading />
                )}
              </SpaceBetween>
            ),
          }))}
        />
      )}
      <RequestCode
        title={text.request}
        request={shownRequest(kind, asked ?? { text: draft, language }, model, session.region)}
      />
    </SpaceBetween>
  );
}

/** The model of AWS's own that tells whether a prompt asks for harm. */
function promptSafety(region: string): string {
  return `arn:aws:comprehend:${region}:aws:document-classifier-endpoint/prompt-safety`;
}

/** Asks for one of the account's endpoints, behind which are models that it has trained. */
function EndpointField(props: { client: ComprehendClient; value: string; onChange: (arn: string) => void }) {
  const endpoints = useQuery({
    queryKey: ["comprehend-endpoints"],
    queryFn: async ({ signal }) =>
      (await props.client.send(new ListEndpointsCommand({ MaxResults: 100 }), { abortSignal: signal })).EndpointPropertiesList ??
      [],
  });
  return (
    <>
      {endpoints.isError && <FailureAlert failure={endpoints.error} retry={() => void endpoints.refetch()} />}
      <ChoiceField
        label={text.endpoint}
        hint={endpoints.data?.length === 0 ? text.noEndpoints : text.endpointHint}
        value={props.value}
        options={(endpoints.data ?? []).map(({ EndpointArn = "" }) => [EndpointArn, nameOf(EndpointArn)] as const)}
        onChange={props.onChange}
      />
    </>
  );
}

/** The request that a tab makes, as people's tools write it. */
function shownRequest(kind: Kind, { text: Text, language: LanguageCode }: Asked, EndpointArn: string, region: string) {
  const forms = (operation: string, input: Record<string, unknown>) => requestForms("comprehend", operation, region, input);
  switch (kind) {
    case "entities":
      return forms("DetectEntities", { Text, LanguageCode });
    case "phrases":
      return forms("DetectKeyPhrases", { Text, LanguageCode });
    case "language":
      return forms("DetectDominantLanguage", { Text });
    case "pii":
      return forms("DetectPiiEntities", { Text, LanguageCode });
    case "sentiment":
      return forms("DetectSentiment", { Text, LanguageCode });
    case "targeted":
      return forms("DetectTargetedSentiment", { Text, LanguageCode });
    case "syntax":
      return forms("DetectSyntax", { Text, LanguageCode });
    case "toxicity":
      return forms("DetectToxicContent", { TextSegments: segmentsOf(Text), LanguageCode });
    case "safety":
      return forms("ClassifyDocument", { Text, EndpointArn });
    case "custom":
      return forms(recognizes(EndpointArn) ? "DetectEntities" : "ClassifyDocument", { Text, EndpointArn });
  }
}

/** Whether behind an endpoint is a model that finds entities, and not one that classifies. */
function recognizes(endpoint: string): boolean {
  return endpoint.includes(":entity-recognizer-endpoint/");
}

/** A text by its lines, as toxicity is judged. */
function segmentsOf(whole: string): { Text: string }[] {
  return whole
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(0, MOST_SEGMENTS)
    .map((Text) => ({ Text }));
}

function Result({ text: analyzed, found, kind }: { text: string; found: Found; kind: Kind }) {
  const points = [...analyzed];
  return (
    <SpaceBetween size="m">
      {found.stretches.length > 0 && <Marked text={analyzed} stretches={found.stretches} label={text.marked} />}
      {found.shares.map(({ label, score }) => (
        <ProgressBar key={label} label={label} ariaLabel={label} value={100 * score} />
      ))}
      {found.stretches.length > 0 && (
        <Table
          variant="embedded"
          items={found.stretches}
          ariaLabels={{ tableLabel: text.tabs[kind] }}
          columnDefinitions={[
            {
              id: "text",
              header: text.columns.text,
              cell: ({ begin, end }) => points.slice(begin, end).join(""),
              isRowHeader: true,
            },
            { id: "type", header: text.columns.type, cell: ({ label }) => label },
            { id: "confidence", header: text.columns.confidence, cell: ({ score }) => score.toFixed(3) },
          ]}
        />
      )}
      {found.stretches.length + found.shares.length === 0 && <Box>{text.nothing}</Box>}
    </SpaceBetween>
  );
}

interface Mention {
  BeginOffset?: number | undefined;
  EndOffset?: number | undefined;
  Score?: number | undefined;
}

function stretch(mention: Mention, label: string | undefined): Found["stretches"][number] {
  const { BeginOffset = 0, EndOffset = 0, Score = 0 } = mention;
  return { begin: BeginOffset, end: EndOffset, label: label ?? "", score: Score };
}

/** The highest score of each label over all segments. */
function worst(results: ToxicLabels[]): Found["shares"] {
  const scores = new Map<string, number>();
  for (const { Labels = [], Toxicity = 0 } of results) {
    for (const { Name = "", Score = 0 } of [{ Name: text.toxic, Score: Toxicity }, ...Labels]) {
      scores.set(Name, Math.max(Score, scores.get(Name) ?? 0));
    }
  }
  return [...scores].map(([label, score]) => ({ label, score }));
}

async function analyze(
  client: ComprehendClient,
  kind: Kind,
  { text: Text, language: LanguageCode }: Asked,
  EndpointArn: string,
  abortSignal: AbortSignal,
): Promise<Found> {
  const input = { Text, LanguageCode };
  const options = { abortSignal };
  switch (kind) {
    case "entities": {
      const { Entities = [] } = await client.send(new DetectEntitiesCommand(input), options);
      return { stretches: Entities.map((entity) => stretch(entity, entity.Type)), shares: [] };
    }
    case "phrases": {
      const { KeyPhrases = [] } = await client.send(new DetectKeyPhrasesCommand(input), options);
      return { stretches: KeyPhrases.map((phrase) => stretch(phrase, "")), shares: [] };
    }
    case "pii": {
      const { Entities = [] } = await client.send(new DetectPiiEntitiesCommand(input), options);
      return { stretches: Entities.map((entity) => stretch(entity, entity.Type)), shares: [] };
    }
    case "syntax": {
      const { SyntaxTokens = [] } = await client.send(new DetectSyntaxCommand({ Text, LanguageCode: LanguageCode as "en" }), options);
      return {
        stretches: SyntaxTokens.map((token) =>
          stretch({ ...token, Score: token.PartOfSpeech?.Score }, token.PartOfSpeech?.Tag),
        ),
        shares: [],
      };
    }
    case "targeted": {
      const { Entities = [] } = await client.send(new DetectTargetedSentimentCommand(input), options);
      const mentions = Entities.flatMap((entity) => entity.Mentions ?? []);
      return {
        stretches: mentions.map((mention) => stretch(mention, mention.MentionSentiment?.Sentiment)),
        shares: [],
      };
    }
    case "language": {
      const { Languages = [] } = await client.send(new DetectDominantLanguageCommand({ Text }), options);
      return { stretches: [], shares: Languages.map(({ LanguageCode: label = "", Score = 0 }) => ({ label, score: Score })) };
    }
    case "toxicity": {
      const answer = await client.send(
        new DetectToxicContentCommand({ TextSegments: segmentsOf(Text), LanguageCode }),
        options,
      );
      return { stretches: [], shares: worst(answer.ResultList ?? []) };
    }
    case "safety":
    case "custom": {
      if (recognizes(EndpointArn)) {
        const { Entities = [] } = await client.send(new DetectEntitiesCommand({ Text, EndpointArn }), options);
        return { stretches: Entities.map((entity) => stretch(entity, entity.Type)), shares: [] };
      }
      const { Classes = [], Labels = [] } = await client.send(new ClassifyDocumentCommand({ Text, EndpointArn }), options);
      return {
        stretches: [],
        shares: [...Classes, ...Labels].map(({ Name = "", Score = 0 }) => ({ label: Name, score: Score })),
      };
    }
    case "sentiment": {
      const { SentimentScore = {} } = await client.send(new DetectSentimentCommand(input), options);
      return { stretches: [], shares: Object.entries(SentimentScore).map(([label, score]) => ({ label, score })) };
    }
  }
}
