import {
  ComprehendClient,
  DetectDominantLanguageCommand,
  DetectEntitiesCommand,
  DetectKeyPhrasesCommand,
  DetectPiiEntitiesCommand,
  DetectSentimentCommand,
  DetectSyntaxCommand,
  DetectTargetedSentimentCommand,
  type LanguageCode,
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
import { useSession } from "../session/session.ts";
import { FailureAlert } from "../shell/FailureAlert.tsx";
import { Loading } from "../shell/Loading.tsx";
import { usePage } from "../shell/page.ts";
import { requestForms } from "../shell/request.ts";
import { RequestCode } from "../shell/RequestCode.tsx";
import { comprehend as text } from "../text/comprehend.ts";
import { Marked } from "../shell/Marked.tsx";

type Kind = keyof typeof text.tabs;

/** What was found: stretches of the text, or shares of the whole. */
interface Found {
  stretches: { begin: number; end: number; label: string; score: number }[];
  shares: { label: string; score: number }[];
}

const OPERATIONS: Record<Kind, string> = {
  entities: "DetectEntities",
  phrases: "DetectKeyPhrases",
  language: "DetectDominantLanguage",
  pii: "DetectPiiEntities",
  sentiment: "DetectSentiment",
  targeted: "DetectTargetedSentiment",
  syntax: "DetectSyntax",
};

/** Analyses a text that one types or pastes. */
export default function RealTime() {
  usePage(text.title, [{ text: text.service, href: "/comprehend" }]);
  const { session } = useSession();
  const client = useClient((settings) => new ComprehendClient(settings));
  const [draft, setDraft] = useState<string>(text.sample);
  const [language, setLanguage] = useState<keyof typeof text.languages>("en");
  const [asked, setAsked] = useState<{ text: string; language: LanguageCode }>();
  const [kind, setKind] = useState<Kind>("entities");
  const analysis = useQuery({
    queryKey: ["comprehend", kind, asked],
    enabled: asked !== undefined,
    queryFn: ({ signal }) => analyze(client, kind, asked?.text ?? "", asked?.language ?? "en", signal),
  });
  const languages = Object.entries(text.languages).map(([value, label]) => ({ value, label }));
  const input = { Text: asked?.text ?? draft, ...(kind === "language" ? {} : { LanguageCode: language }) };

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
          variant="container"
          activeTabId={kind}
          onChange={(event) => setKind(event.detail.activeTabId as Kind)}
          tabs={(Object.keys(text.tabs) as Kind[]).map((id) => ({
            id,
            label: text.tabs[id],
            content: analysis.isError ? (
              <FailureAlert failure={analysis.error} retry={() => void analysis.refetch()} />
            ) : analysis.data === undefined ? (
              <Loading />
            ) : (
              <Result text={asked.text} found={analysis.data} kind={id} />
            ),
          }))}
        />
      )}
      <RequestCode
        title={text.request}
        request={requestForms("comprehend", OPERATIONS[kind], session.region, input)}
      />
    </SpaceBetween>
  );
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

async function analyze(
  client: ComprehendClient,
  kind: Kind,
  Text: string,
  LanguageCode: LanguageCode,
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
    case "sentiment": {
      const { SentimentScore = {} } = await client.send(new DetectSentimentCommand(input), options);
      return { stretches: [], shares: Object.entries(SentimentScore).map(([label, score]) => ({ label, score })) };
    }
  }
}
