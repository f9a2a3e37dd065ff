import {
  BedrockAgentRuntimeClient,
  type KnowledgeBaseRetrievalResult,
  RetrieveCommand,
} from "@aws-sdk/client-bedrock-agent-runtime";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Textarea from "@cloudscape-design/components/textarea";
import { useEffect, useRef, useState } from "react";
import { configuration, useClient } from "../../aws/client.ts";
import { useSession } from "../../session/session.ts";
import { FailureAlert } from "../../shell/FailureAlert.tsx";
import { requestForms } from "../../shell/request.ts";
import { RequestCode } from "../../shell/RequestCode.tsx";
import { bedrock } from "../../text/bedrock.ts";
import { knowledge } from "../../text/knowledge.ts";
import { shell } from "../../text/shell.ts";
import { ModelField } from "../ModelField.tsx";
import { useModels } from "../models.ts";
import { type Answer, answer, answerRequest, pieces, searchOf } from "./answer.ts";
import { SourceList, SourceModal } from "./SourceModal.tsx";

const text = knowledge.test;

type Kind = keyof typeof text.kinds;

interface State {
  running?: AbortController;
  answer?: Answer;
  found?: KnowledgeBaseRetrievalResult[];
  failure?: unknown;
  stopped?: boolean;
}

/** Asks a knowledge base: finds pieces, and has a model answer from them, naming its sources. */
export function AskPane({ base }: { base: string }) {
  const { session } = useSession();
  const client = useClient((settings) => new BedrockAgentRuntimeClient(settings));
  const models = useModels("TEXT");
  const [question, setQuestion] = useState("");
  const [kind, setKind] = useState<Kind>("generate");
  const [model, setModel] = useState<string>();
  const [results, setResults] = useState(5);
  const [search, setSearch] = useState<keyof typeof text.searches>("DEFAULT");
  const [temperature, setTemperature] = useState(0);
  const [maxTokens, setMaxTokens] = useState(512);
  const [state, setState] = useState<State>({});
  const [opened, setOpened] = useState<number>();
  const chosen = models.data?.find(({ value }) => value === model) ?? models.data?.[0];
  const going = useRef<AbortController>(undefined);
  // Whoever leaves the page waits for no answer.
  useEffect(() => () => going.current?.abort(), []);

  const retrieval = searchOf(results, search);
  const retrieve = {
    knowledgeBaseId: base,
    retrievalQuery: { text: question },
    retrievalConfiguration: { vectorSearchConfiguration: retrieval },
  };
  const generate = answerRequest(base, chosen?.value ?? "", question, retrieval, { temperature, maxTokens });

  const ask = async () => {
    const running = new AbortController();
    going.current = running;
    setState({ running });
    setOpened(undefined);
    try {
      if (kind === "retrieve") {
        const { retrievalResults } = await client.send(new RetrieveCommand(retrieve), { abortSignal: running.signal });
        setState({ found: retrievalResults ?? [] });
      } else {
        const whole = await answer(
          configuration(session.credentials, session.region),
          generate,
          (coming) => setState({ running, answer: coming }),
          running.signal,
        );
        setState({ answer: whole });
      }
    } catch (failure) {
      setState(({ running: _, ...rest }) => (running.signal.aborted ? { ...rest, stopped: true } : { failure }));
    }
  };
  const shown = state.answer === undefined ? undefined : pieces(state.answer);
  const sources = shown?.sources ?? state.found ?? [];
  const select = <T extends string>(label: string, choices: Record<T, string>, value: T, changed: (value: T) => void) => (
    <FormField label={label}>
      <Select
        selectedOption={{ value, label: choices[value] }}
        options={Object.entries<string>(choices).map(([option, name]) => ({ value: option, label: name }))}
        onChange={(event) => changed(event.detail.selectedOption.value as T)}
      />
    </FormField>
  );
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">{text.title}</Header>}>
        <SpaceBetween size="m">
          <ColumnLayout columns={2}>
            {select(text.kind, text.kinds, kind, setKind)}
            <ModelField
              label={text.model}
              models={models}
              value={chosen?.value}
              disabled={kind === "retrieve"}
              onChange={setModel}
            />
            <FormField label={text.results}>
              <Input
                type="number"
                value={String(results)}
                onChange={(event) => setResults(Math.min(100, Math.max(1, Number(event.detail.value) || 1)))}
              />
            </FormField>
            {select(text.search, text.searches, search, setSearch)}
            {kind === "generate" && (
              <>
                <FormField label={bedrock.chat.maxTokens}>
                  <Input
                    type="number"
                    value={String(maxTokens)}
                    onChange={(event) => setMaxTokens(Math.max(1, Number(event.detail.value) || 1))}
                  />
                </FormField>
                <FormField label={bedrock.chat.temperature}>
                  <Input
                    type="number"
                    step={0.1}
                    value={String(temperature)}
                    onChange={(event) => setTemperature(Math.min(1, Math.max(0, Number(event.detail.value) || 0)))}
                  />
                </FormField>
              </>
            )}
          </ColumnLayout>
          <FormField label={text.question} stretch>
            <Textarea
              rows={2}
              value={question}
              placeholder={text.placeholder}
              onChange={(event) => setQuestion(event.detail.value)}
            />
          </FormField>
          {state.running === undefined ? (
            <Button
              variant="primary"
              disabled={question.trim() === "" || (kind === "generate" && chosen === undefined)}
              onClick={() => void ask()}
            >
              {text.run}
            </Button>
          ) : (
            <Button onClick={() => state.running?.abort()}>{text.stop}</Button>
          )}
        </SpaceBetween>
      </Container>
      {state.failure !== undefined && <FailureAlert failure={state.failure} />}
      {Object.keys(state).length === 0 && <Box color="text-body-secondary">{text.empty}</Box>}
      {state.running !== undefined && <StatusIndicator type="in-progress">{text.answering}</StatusIndicator>}
      {state.stopped === true && <StatusIndicator type="stopped">{text.stopped}</StatusIndicator>}
      {shown !== undefined && (
        <Container header={<Header variant="h2">{text.answer}</Header>}>
          <div className="said" data-testid="answer">
            {shown.pieces.map((piece, index) => (
              <span key={index}>
                {piece.text}
                {piece.sources.map((number) => (
                  <button
                    key={number}
                    type="button"
                    className="citation"
                    aria-label={text.citation(number)}
                    onClick={() => setOpened(number)}
                  >
                    {number}
                  </button>
                ))}
              </span>
            ))}
          </div>
          {state.running === undefined && sources.length === 0 && <Box variant="small">{text.unsourced}</Box>}
        </Container>
      )}
      {(sources.length > 0 || state.found !== undefined) && (
        <SourceList sources={sources} found={state.found !== undefined} onOpen={setOpened} />
      )}
      <RequestCode
        title={shell.request}
        request={
          kind === "retrieve"
            ? requestForms("bedrock-agent-runtime", "Retrieve", session.region, retrieve)
            : requestForms("bedrock-agent-runtime", "RetrieveAndGenerate", session.region, { ...generate })
        }
      />
      {opened !== undefined && (
        <SourceModal number={opened} source={sources[opened - 1] ?? {}} onDismiss={() => setOpened(undefined)} />
      )}
    </SpaceBetween>
  );
}
