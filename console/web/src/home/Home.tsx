import Box from "@cloudscape-design/components/box";
import Cards from "@cloudscape-design/components/cards";
import Container from "@cloudscape-design/components/container";
import ContentLayout from "@cloudscape-design/components/content-layout";
import Grid from "@cloudscape-design/components/grid";
import Header from "@cloudscape-design/components/header";
import Input, { type InputProps } from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { health, models, services } from "../aws/outcrop.ts";
import { useSession } from "../session/session.ts";
import { Code } from "../shell/Code.tsx";
import { FailureAlert } from "../shell/FailureAlert.tsx";
import { usePage } from "../shell/page.ts";
import { PageLink } from "../shell/PageLink.tsx";
import { recentServices } from "../shell/recent.ts";
import { type ConsoleService, SERVICES } from "../shell/services.ts";
import { bytes } from "../text/format.ts";
import { home } from "../text/home.ts";
import { shell } from "../text/shell.ts";

/** What the server has: services, health, models, and how to begin. */
export default function Home() {
  usePage("");
  return (
    <ContentLayout header={<Header variant="h1">{home.title}</Header>}>
      <Grid gridDefinition={[{ colspan: { default: 12, m: 8 } }, { colspan: { default: 12, m: 4 } }]}>
        <SpaceBetween size="l">
          <Services />
          <GettingStarted />
        </SpaceBetween>
        <SpaceBetween size="l">
          <Recent />
          <HealthState />
          <InstalledModels />
        </SpaceBetween>
      </Grid>
    </ContentLayout>
  );
}

interface Entry {
  id: string;
  name: string;
  implemented: number;
  operations: number;
  page?: ConsoleService;
}

function Services() {
  const { session } = useSession();
  const [words, setWords] = useState("");
  const input = useRef<InputProps.Ref>(null);
  const served = useQuery({ queryKey: ["services"], queryFn: ({ signal }) => services(session, signal) });

  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && event.target.matches("input, textarea, [contenteditable]");
      if (event.key === "/" && !typing) {
        event.preventDefault();
        input.current?.focus();
      }
    };
    document.addEventListener("keydown", focus);
    return () => document.removeEventListener("keydown", focus);
  }, []);

  const entries = useMemo(() => found(served.data ?? [], words), [served.data, words]);
  return (
    <Cards
      items={entries}
      trackBy="id"
      loading={served.isPending}
      loadingText={shell.loading}
      header={<Header variant="h2">{home.services}</Header>}
      filter={
        <Input
          ref={input}
          type="search"
          value={words}
          placeholder={`${home.search}. ${home.searchHint}`}
          ariaLabel={home.search}
          onChange={(event) => setWords(event.detail.value)}
        />
      }
      empty={served.isError ? <FailureAlert failure={served.error} /> : home.nothingFound(words)}
      cardsPerRow={[{ cards: 1 }, { minWidth: 500, cards: 2 }, { minWidth: 900, cards: 3 }]}
      cardDefinition={{
        header: (entry) => (entry.page === undefined ? entry.name : <PageLink to={entry.page.path}>{entry.name}</PageLink>),
        sections: [
          {
            id: "operations",
            content: (entry) => (
              <Box variant="small">
                {home.operations(entry.implemented, entry.operations)}
                {entry.page === undefined ? `. ${home.notInConsole}` : ""}
              </Box>
            ),
          },
        ],
      }}
    />
  );
}

/** Services with pages first, then the others; those that {@code words} fit. */
function found(served: { id: string; name: string; implemented: number; operations: number }[], words: string): Entry[] {
  const wanted = words.toLowerCase().split(/\s+/).filter((word) => word !== "");
  return served
    .filter((service) => service.implemented > 0)
    .map((service): Entry => {
      const page = SERVICES.find((candidate) => candidate.id === service.id);
      return { ...service, ...(page === undefined ? {} : { page }) };
    })
    .filter((entry) => {
      const text = `${entry.id} ${entry.name} ${entry.page?.words ?? ""}`.toLowerCase();
      return wanted.every((word) => text.includes(word));
    })
    .sort((a, b) => Number(b.page !== undefined) - Number(a.page !== undefined) || a.name.localeCompare(b.name));
}

function Recent() {
  const recent = recentServices().flatMap((id) => SERVICES.filter((service) => service.id === id));
  return (
    <Container header={<Header variant="h2">{home.recent}</Header>}>
      {recent.length === 0 ? (
        <Box color="text-body-secondary">{home.recentEmpty}</Box>
      ) : (
        <SpaceBetween size="xs">
          {recent.map((service) => (
            <PageLink key={service.id} to={service.path}>
              {service.name}
            </PageLink>
          ))}
        </SpaceBetween>
      )}
    </Container>
  );
}

function HealthState() {
  const state = useQuery({ queryKey: ["health"], queryFn: health, refetchInterval: 15_000 });
  return (
    <Container header={<Header variant="h2">{home.health.title}</Header>}>
      <SpaceBetween size="xs">
        {state.isPending && <StatusIndicator type="loading">{shell.loading}</StatusIndicator>}
        {state.isError && <FailureAlert title={home.health.failed} failure={state.error} />}
        {state.data !== undefined && (
          <StatusIndicator type={state.data.status === "UP" ? "success" : "error"}>
            {state.data.status === "UP" ? home.health.up : home.health.down}
          </StatusIndicator>
        )}
        {Object.entries(state.data?.parts ?? {}).map(([part, word]) => (
          <Box key={part} variant="small">
            {part}: {word}
          </Box>
        ))}
      </SpaceBetween>
    </Container>
  );
}

function InstalledModels() {
  const { session } = useSession();
  const known = useQuery({ queryKey: ["models"], queryFn: ({ signal }) => models(session, signal) });
  return (
    <Table
      items={known.data?.filter((model) => model.state === "installed") ?? []}
      trackBy="id"
      loading={known.isPending}
      loadingText={shell.loading}
      header={
        <Header variant="h2" actions={<PageLink to="/bedrock/models">{home.models.catalog}</PageLink>}>
          {home.models.title}
        </Header>
      }
      empty={known.isError ? <FailureAlert failure={known.error} /> : home.models.empty}
      columnDefinitions={[
        { id: "name", header: home.models.name, cell: (model) => model.id, isRowHeader: true },
        { id: "memory", header: home.models.memory, cell: (model) => bytes(model.memoryBytes) },
      ]}
    />
  );
}

function GettingStarted() {
  const endpoint = window.location.origin;
  const cli = [
    `export AWS_ENDPOINT_URL=${endpoint}`,
    "aws bedrock-runtime converse --model-id amazon.nova-micro-v1:0 \\",
    `  --messages '[{"role":"user","content":[{"text":"Name three rocks."}]}]'`,
  ].join("\n");
  const python = [
    "import boto3",
    "",
    `bedrock = boto3.client("bedrock-runtime", endpoint_url="${endpoint}")`,
    "answer = bedrock.converse(",
    '    modelId="amazon.nova-micro-v1:0",',
    '    messages=[{"role": "user", "content": [{"text": "Name three rocks."}]}],',
    ")",
    'print(answer["output"]["message"]["content"][0]["text"])',
  ].join("\n");
  return (
    <Container header={<Header variant="h2" description={home.start.more}>{home.start.title}</Header>}>
      <SpaceBetween size="l">
        <Code label={home.start.cli} text={cli} />
        <Code label={home.start.python} text={python} />
      </SpaceBetween>
    </Container>
  );
}
