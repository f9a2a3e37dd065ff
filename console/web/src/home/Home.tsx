import Box from "@cloudscape-design/components/box";
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
import { health, models, type ServedService, services } from "../aws/outcrop.ts";
import { useSession } from "../session/session.ts";
import { Code } from "../shell/Code.tsx";
import { FailureAlert } from "../shell/FailureAlert.tsx";
import { usePage } from "../shell/page.ts";
import { PageLink } from "../shell/PageLink.tsx";
import { recentServices } from "../shell/recent.ts";
import { SERVICES } from "../shell/services.ts";
import { bytes } from "../text/format.ts";
import { home } from "../text/home.ts";
import { shell } from "../text/shell.ts";

/** What the server has: services, health, models, and how to begin. */
export default function Home() {
  usePage("");
  return (
    <ContentLayout header={<Header variant="h1">{home.title}</Header>}>
      <Grid gridDefinition={[{ colspan: { default: 12, m: 8 } }, { colspan: { default: 12, m: 4 } }]}>
        <Services />
        <SpaceBetween size="l">
          <Recent />
          <HealthState />
          <InstalledModels />
        </SpaceBetween>
      </Grid>
    </ContentLayout>
  );
}

/**
 * The services by family and how to begin. Those that have no page here stand below, where nothing moves when the server
 * has named them; whoever searches finds them among the others.
 */
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

  const [own, others] = useMemo(() => found(served.data ?? [], words), [served.data, words]);
  const searching = words.trim() !== "";
  const families = searching ? [...own, ...others] : own;
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">{home.services}</Header>}>
        <SpaceBetween size="l">
          <Input
            ref={input}
            type="search"
            value={words}
            placeholder={`${home.search}. ${home.searchHint}`}
            ariaLabel={home.search}
            onChange={(event) => setWords(event.detail.value)}
          />
          {families.map((family) => (
            <FamilyOfServices key={family.name} {...family} />
          ))}
          {families.length === 0 && <Box>{home.nothingFound(words)}</Box>}
        </SpaceBetween>
      </Container>
      <GettingStarted />
      {served.isError && <FailureAlert failure={served.error} retry={() => void served.refetch()} />}
      {!searching &&
        others.map((family) => (
          <Container key={family.name}>
            <FamilyOfServices {...family} />
          </Container>
        ))}
    </SpaceBetween>
  );
}

function FamilyOfServices({ name: family, entries }: Family) {
  return (
    <section aria-label={family}>
      <SpaceBetween size="s">
        <Box variant="h3">{family}</Box>
        <ul className="services">
          {entries.map(({ id, name, path, operations }) => (
            <li key={id}>
              {path === undefined ? name : <PageLink to={path}>{name}</PageLink>}
              <div>
                <Box variant="small">{operations ?? "\u00a0"}</Box>
              </div>
            </li>
          ))}
        </ul>
      </SpaceBetween>
    </section>
  );
}

interface Family {
  name: string;
  entries: Entry[];
}

interface Entry {
  id: string;
  name: string;
  /** Where its page is, if it has one. */
  path?: string;
  /** How much of it there is, once the server has said so. */
  operations: string | undefined;
}

/** The services that {@code words} fit: those with pages here, which are known at once, and the others. */
function found(served: ServedService[], words: string): [own: Family[], others: Family[]] {
  const wanted = words.toLowerCase().split(/\s+/).filter((word) => word !== "");
  const fits = (text: string) => wanted.every((word) => text.toLowerCase().includes(word));
  const operations = (id: string) => {
    const service = served.find((one) => one.id === id);
    return service && home.operations(service.implemented, service.operations);
  };
  const own = [...new Set(SERVICES.map(({ family }) => family))].map((family) => ({
    name: family,
    entries: SERVICES.filter((service) => service.family === family && fits(`${service.id} ${service.name} ${service.words}`)).map(
      ({ id, name, path }): Entry => ({ id, name, path, operations: operations(id) }),
    ),
  }));
  const others = {
    name: home.notInConsole,
    entries: served
      .filter(({ id, name, implemented }) => implemented > 0 && !SERVICES.some((service) => service.id === id) && fits(`${id} ${name}`))
      .sort((a, b) => a.name.localeCompare(b.name))
      .map(({ id, name }): Entry => ({ id, name, operations: operations(id) })),
  };
  const some = ({ entries }: Family) => entries.length > 0;
  return [own.filter(some), [others].filter(some)];
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
      <div className="health">
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
      </div>
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
