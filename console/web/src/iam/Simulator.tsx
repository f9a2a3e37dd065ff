import { IAMClient } from "@aws-sdk/client-iam";
import Autosuggest from "@cloudscape-design/components/autosuggest";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useSearchParams } from "react-router";
import { useClient } from "../aws/client.ts";
import { Code } from "../shell/Code.tsx";
import { FailureAlert } from "../shell/FailureAlert.tsx";
import { ChoiceField, LongTextField } from "../shell/fields.tsx";
import { usePage } from "../shell/page.ts";
import { ResourceTable } from "../shell/ResourceTable.tsx";
import { iam } from "../text/iam.ts";
import { shell } from "../text/shell.ts";
import { entitiesOf, type Kind } from "./entities.ts";
import { EMPTY_POLICY } from "./policy.ts";
import { PolicyEditor } from "./PolicyEditor.tsx";
import { type Answer, contextOf, simulated } from "./simulation.ts";

const text = iam.simulator;
const KINDS: Kind[] = ["users", "groups", "roles"];

/** What policies would say of calls, and which statements say it. */
export default function Simulator() {
  usePage(text.title, [{ text: iam.service, href: "/iam/users" }]);
  const [parameters] = useSearchParams();
  const client = useClient((configuration) => new IAMClient(configuration));
  const [source, setSource] = useState("principal");
  const [principal, setPrincipal] = useState(parameters.get("principal") ?? "");
  const [document, setDocument] = useState(EMPTY_POLICY);
  const [actions, setActions] = useState("");
  const [resources, setResources] = useState("");
  const [context, setContext] = useState("");
  const stopping = useRef<AbortController>(undefined);
  useEffect(() => () => stopping.current?.abort(), []);

  const known = useQuery({
    queryKey: ["iam", "principals"],
    queryFn: async ({ signal }) =>
      (await Promise.all(KINDS.map((kind) => entitiesOf(client, kind).list(undefined, signal)))).flatMap(
        ({ entities }) => entities,
      ),
  });
  const simulation = useMutation({
    mutationFn: () => {
      stopping.current = new AbortController();
      return simulated(
        client,
        {
          ...(source === "principal" ? { principal: principal.trim() } : {}),
          document,
          actions: linesOf(actions),
          resources: linesOf(resources),
          context: contextOf(context),
        },
        stopping.current.signal,
      );
    },
  });
  const answers = simulation.data ?? [];

  return (
    <SpaceBetween size="l">
      <Container
        header={
          <Header variant="h1" description={text.description}>
            {text.title}
          </Header>
        }
      >
        <SpaceBetween size="m">
          <ColumnLayout columns={2}>
            <ChoiceField label={text.of} value={source} options={text.sources} onChange={setSource} />
            {source === "principal" && (
              <FormField label={text.principal}>
                <Autosuggest
                  value={principal}
                  onChange={(event) => setPrincipal(event.detail.value)}
                  options={(known.data ?? []).map(({ arn }) => ({ value: arn }))}
                  ariaLabel={text.principal}
                  clearAriaLabel={shell.clearFilter}
                  enteredTextLabel={(value) => value}
                  placeholder={shell.choose}
                  empty={iam.kinds.users.empty}
                />
              </FormField>
            )}
          </ColumnLayout>
          {source === "custom" && <PolicyEditor document={document} onChange={setDocument} />}
          <ColumnLayout columns={3}>
            <LongTextField label={text.actions} hint={iam.editor.actionsHint} rows={3} value={actions} onChange={setActions} />
            <LongTextField label={text.resources} hint={text.resourcesHint} rows={3} value={resources} onChange={setResources} />
            <LongTextField label={text.context} hint={text.contextHint} rows={3} value={context} onChange={setContext} />
          </ColumnLayout>
          {simulation.isPending ? (
            <Button onClick={() => stopping.current?.abort()}>{shell.stop}</Button>
          ) : (
            <Button
              variant="primary"
              disabled={linesOf(actions).length === 0 || (source === "principal" && principal === "")}
              onClick={() => simulation.mutate()}
            >
              {text.run}
            </Button>
          )}
          {simulation.isError && <FailureAlert failure={simulation.error} />}
        </SpaceBetween>
      </Container>
      <ResourceTable
        inner
        title={text.results}
        items={answers}
        fetched={{
          isPending: simulation.isPending,
          isError: false,
          error: undefined,
          refetch: () => simulation.mutate(),
        }}
        nameOf={(answer) => `${answer.action} ${answer.resource}`}
        empty={text.empty}
        emptyHint={text.emptyHint}
        columns={[
          { id: "action", header: text.columns.action, isRowHeader: true, cell: (answer) => answer.action },
          { id: "resource", header: text.columns.resource, cell: (answer) => answer.resource },
          {
            id: "decision",
            header: text.columns.decision,
            cell: (answer) => (
              <StatusIndicator type={answer.decision === "allowed" ? "success" : "error"}>
                {text.decisions[answer.decision] ?? answer.decision}
              </StatusIndicator>
            ),
          },
          { id: "statement", header: text.columns.statement, minWidth: 280, cell: (answer) => <Deciding answer={answer} /> },
        ]}
      />
    </SpaceBetween>
  );
}

function Deciding({ answer }: { answer: Answer }) {
  return (
    <SpaceBetween size="xs">
      {answer.stoppedByBoundary && <Box>{text.boundary}</Box>}
      {answer.decision === "implicitDeny" && !answer.stoppedByBoundary && <Box>{text.none}</Box>}
      {answer.statements.map((statement) => (
        <ExpandableSection key={statement.name} headerText={statement.name}>
          <Code label={text.deciding} text={statement.text} />
        </ExpandableSection>
      ))}
      {answer.missing.length > 0 && <Box variant="small">{text.missing(answer.missing.join(", "))}</Box>}
    </SpaceBetween>
  );
}

function linesOf(words: string): string[] {
  return words
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
