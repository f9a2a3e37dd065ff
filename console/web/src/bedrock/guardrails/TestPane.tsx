import {
  ApplyGuardrailCommand,
  type ApplyGuardrailCommandInput,
  type ApplyGuardrailResponse,
  BedrockRuntimeClient,
  type GuardrailContentSource,
} from "@aws-sdk/client-bedrock-runtime";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import Textarea from "@cloudscape-design/components/textarea";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useClient } from "../../aws/client.ts";
import { useSession } from "../../session/session.ts";
import { FailureAlert } from "../../shell/FailureAlert.tsx";
import { Marked } from "../../shell/Marked.tsx";
import { requestForms } from "../../shell/request.ts";
import { RequestCode } from "../../shell/RequestCode.tsx";
import { guardrails } from "../../text/guardrails.ts";
import { shell } from "../../text/shell.ts";
import { findingsOf, stretchesOf } from "./assessment.ts";

const text = guardrails.test;

interface Props {
  id: string;
  versions: string[];
  /** Whether the guardrail compares answers with their source, so that it is worth giving one. */
  grounded: boolean;
}

/** Tries a guardrail on a text, and marks in it what was caught. */
export function TestPane({ id, versions, grounded }: Props) {
  const { session } = useSession();
  const client = useClient((settings) => new BedrockRuntimeClient(settings));
  const [version, setVersion] = useState("DRAFT");
  const [side, setSide] = useState<GuardrailContentSource>("INPUT");
  const [content, setContent] = useState<string>(text.sample);
  const [source, setSource] = useState("");
  const [query, setQuery] = useState("");
  const compared = grounded && side === "OUTPUT";
  const request: ApplyGuardrailCommandInput = {
    guardrailIdentifier: id,
    guardrailVersion: version,
    source: side,
    outputScope: "INTERVENTIONS",
    content: [
      ...(compared && source !== "" ? [{ text: { text: source, qualifiers: ["grounding_source" as const] } }] : []),
      ...(compared && query !== "" ? [{ text: { text: query, qualifiers: ["query" as const] } }] : []),
      {
        text: {
          text: content,
          ...(compared && (source !== "" || query !== "") ? { qualifiers: ["guard_content" as const] } : {}),
        },
      },
    ],
  };
  const testing = useMutation({
    mutationFn: async () => ({ content, answer: await client.send(new ApplyGuardrailCommand(request)) }),
  });
  const select = (label: string, value: string, choices: Record<string, string>, changed: (value: string) => void) => (
    <FormField label={label}>
      <Select
        selectedOption={{ value, label: choices[value] ?? value }}
        options={Object.entries(choices).map(([option, name]) => ({ value: option, label: name }))}
        onChange={(event) => changed(event.detail.selectedOption.value ?? value)}
      />
    </FormField>
  );
  const names = Object.fromEntries(
    (versions.length === 0 ? ["DRAFT"] : versions).map((name) => [name, name === "DRAFT" ? guardrails.page.working : name]),
  );
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">{text.title}</Header>}>
        <SpaceBetween size="m">
          <ColumnLayout columns={2}>
            {select(text.version, version, names, setVersion)}
            {select(text.side, side, text.sides, (value) => setSide(value === "OUTPUT" ? "OUTPUT" : "INPUT"))}
          </ColumnLayout>
          {compared && (
            <ColumnLayout columns={2}>
              <FormField label={text.source}>
                <Textarea rows={4} value={source} onChange={(event) => setSource(event.detail.value)} />
              </FormField>
              <FormField label={text.query}>
                <Textarea rows={4} value={query} onChange={(event) => setQuery(event.detail.value)} />
              </FormField>
            </ColumnLayout>
          )}
          <FormField label={text.text} stretch>
            <Textarea rows={4} value={content} onChange={(event) => setContent(event.detail.value)} />
          </FormField>
          <Button variant="primary" loading={testing.isPending} disabled={content.trim() === ""} onClick={() => testing.mutate()}>
            {text.run}
          </Button>
        </SpaceBetween>
      </Container>
      {testing.isError && <FailureAlert failure={testing.error} />}
      {testing.data === undefined && !testing.isError && <Box color="text-body-secondary">{text.empty}</Box>}
      {testing.data !== undefined && <Outcome {...testing.data} />}
      <RequestCode
        title={shell.request}
        request={requestForms("bedrock-runtime", "ApplyGuardrail", session.region, { ...request })}
      />
    </SpaceBetween>
  );
}

function Outcome({ content, answer }: { content: string; answer: ApplyGuardrailResponse }) {
  const findings = findingsOf(answer.assessments ?? []);
  const whole = findings.filter(({ match }) => match === undefined);
  const millis = answer.assessments?.[0]?.invocationMetrics?.guardrailProcessingLatency ?? 0;
  const units = Object.values(answer.usage ?? {}).reduce<number>((sum, count) => sum + (Number(count) || 0), 0);
  const intervened = answer.action === "GUARDRAIL_INTERVENED";
  return (
    <Container
      header={
        <Header variant="h2" description={text.units(units, millis)}>
          <StatusIndicator type={intervened ? "error" : "success"}>
            {intervened ? text.intervened : text.passed}
          </StatusIndicator>
        </Header>
      }
    >
      <SpaceBetween size="l">
        <div>
          <Box variant="awsui-key-label">{text.inText}</Box>
          {whole.length > 0 && <Box variant="small">{text.whole(whole.map(({ what }) => what).join(", "))}</Box>}
          <Marked text={content} stretches={stretchesOf(content, findings)} label={text.inText} />
        </div>
        <Table
          variant="embedded"
          header={<Header variant="h3">{text.found}</Header>}
          ariaLabels={{ tableLabel: text.found }}
          items={findings}
          empty={text.nothing}
          columnDefinitions={[
            { id: "what", header: text.columns.what, cell: ({ what }) => what, isRowHeader: true },
            { id: "policy", header: text.columns.policy, cell: ({ policy }) => policy },
            { id: "detail", header: text.columns.detail, cell: ({ detail }) => detail },
            { id: "action", header: text.columns.action, cell: ({ action }) => text.actions[action] ?? action },
          ]}
        />
        {(answer.outputs?.length ?? 0) > 0 && (
          <div data-testid="output">
            <Box variant="awsui-key-label">{text.output}</Box>
            <div className="said">{answer.outputs?.map((output) => output.text).join("\n")}</div>
          </div>
        )}
      </SpaceBetween>
    </Container>
  );
}
