import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import Link from "@cloudscape-design/components/link";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import TextFilter from "@cloudscape-design/components/text-filter";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { type Model, models, pull, stopPull } from "../aws/outcrop.ts";
import { useSession } from "../session/session.ts";
import { FailureAlert } from "../shell/FailureAlert.tsx";
import { useLookAgain } from "../shell/lookAgain.ts";
import { useNotices } from "../shell/notices.ts";
import { NothingThere } from "../shell/Paged.tsx";
import { usePage } from "../shell/page.ts";
import { bedrock } from "../text/bedrock.ts";
import { amount, bytes } from "../text/format.ts";
import { shell } from "../text/shell.ts";

const text = bedrock.catalog;
const ABOVE = [{ text: bedrock.service, href: "/bedrock/models" }];
const BETWEEN_LOOKS = 1_000;

/** The models that the server can run, and how each is fetched. */
export default function ModelCatalog() {
  usePage(text.title, ABOVE);
  const { session } = useSession();
  const notices = useNotices();
  const lookAgain = useLookAgain();
  const [filter, setFilter] = useState("");
  const [selected, setSelected] = useState<string>();
  const known = useQuery({
    queryKey: ["models"],
    queryFn: ({ signal }) => models(session, signal),
    refetchInterval: (query) => (query.state.data?.some((model) => model.state === "pulling") ? BETWEEN_LOOKS : false),
  });
  useNewlyInstalled(known.data, (id) => notices.done(text.pulled(id)));

  const look = () => lookAgain(["models"]);
  const fetching = useMutation({
    mutationFn: (id: string) => pull(session, id),
    onSuccess: look,
    onError: (failure, id) => notices.failed(text.failed(id), failure),
  });
  const stopping = useMutation({ mutationFn: (id: string) => stopPull(session, id), onSettled: look });

  const words = filter.toLowerCase();
  const shown = (known.data ?? []).filter((model) =>
    `${model.id} ${model.name} ${model.provider} ${model.task} ${model.licence}`.toLowerCase().includes(words),
  );
  const chosen = known.data?.find((model) => model.id === selected);

  return (
    <SpaceBetween size="l">
      <Table
        variant="full-page"
        items={shown}
        trackBy="id"
        loading={known.isPending}
        loadingText={shell.loading}
        stickyHeader
        selectionType="single"
        selectedItems={chosen === undefined ? [] : [chosen]}
        onSelectionChange={(event) => setSelected(event.detail.selectedItems[0]?.id)}
        ariaLabels={{
          selectionGroupLabel: text.title,
          itemSelectionLabel: (_, model) => model.id,
          tableLabel: text.title,
        }}
        header={
          <Header
            variant="awsui-h1-sticky"
            counter={known.data && `(${known.data.length})`}
            description={text.description}
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <Button iconName="refresh" ariaLabel={shell.refresh} onClick={() => void known.refetch()} />
                {chosen?.state === "pulling" ? (
                  <Button onClick={() => stopping.mutate(chosen.id)}>{text.stop}</Button>
                ) : (
                  <Button
                    variant="primary"
                    disabled={chosen === undefined || chosen.state === "installed" || chosen.state === "endpoint"}
                    loading={fetching.isPending}
                    onClick={() => chosen && fetching.mutate(chosen.id)}
                  >
                    {text.pull}
                  </Button>
                )}
              </SpaceBetween>
            }
          >
            {text.title}
          </Header>
        }
        filter={
          <TextFilter
            filteringText={filter}
            filteringPlaceholder={text.filter}
            filteringAriaLabel={text.filter}
            filteringClearAriaLabel={text.clear}
            onChange={(event) => setFilter(event.detail.filteringText)}
          />
        }
        empty={<NothingThere fetched={known} title={text.empty} />}
        columnDefinitions={[
          { id: "id", header: text.columns.id, cell: (model) => model.id, isRowHeader: true },
          { id: "state", header: text.columns.state, cell: (model) => <State model={model} />, minWidth: 180 },
          { id: "task", header: text.columns.task, cell: (model) => model.task.replaceAll("_", " ") },
          { id: "parameters", header: text.columns.parameters, cell: (model) => amount(model.parameters) },
          {
            id: "context",
            header: text.columns.context,
            cell: (model) => (model.contextLength === 0 ? "" : text.tokens(model.contextLength)),
          },
          { id: "memory", header: text.columns.memory, cell: (model) => bytes(model.memoryBytes) },
          { id: "disk", header: text.columns.disk, cell: (model) => bytes(model.diskBytes) },
          { id: "licence", header: text.columns.licence, cell: (model) => model.licence },
        ]}
      />
      <Details model={chosen} />
    </SpaceBetween>
  );
}

function State({ model }: { model: Model }) {
  if (model.state === "pulling") {
    const { file = "", done = 0, total = 0 } = model.pull ?? {};
    return (
      <ProgressBar
        value={total === 0 ? 0 : (100 * done) / total}
        ariaLabel={`${model.id}: ${text.states.pulling}`}
        additionalInfo={file === "" ? text.preparing : text.progress(file, bytes(done), bytes(total))}
      />
    );
  }
  const types: Record<Exclude<Model["state"], "pulling">, StatusIndicatorProps.Type> = {
    installed: "success",
    available: "stopped",
    endpoint: "success",
    failed: "error",
  };
  return <StatusIndicator type={types[model.state]}>{text.states[model.state]}</StatusIndicator>;
}

function Details({ model }: { model: Model | undefined }) {
  if (model === undefined) {
    return <Box color="text-body-secondary">{text.select}</Box>;
  }
  return (
    <Container header={<Header variant="h2">{model.name}</Header>}>
      <SpaceBetween size="m">
        {model.failure !== undefined && <FailureAlert title={text.failed(model.id)} failure={new Error(model.failure)} />}
        <KeyValuePairs
          columns={2}
          items={[
            { label: text.quality, value: model.quality },
            { label: text.notes, value: model.notes === "" ? "-" : model.notes },
            {
              label: text.columns.licence,
              value:
                model.licenceUrl === "" ? (
                  model.licence
                ) : (
                  <Link external href={model.licenceUrl}>
                    {model.licence}
                  </Link>
                ),
            },
          ]}
        />
      </SpaceBetween>
    </Container>
  );
}

/** Calls {@code installed} for each model that was being fetched at the last look and is there now. */
function useNewlyInstalled(list: Model[] | undefined, installed: (id: string) => void): void {
  const pulling = useRef(new Set<string>());
  useEffect(() => {
    for (const model of list ?? []) {
      if (model.state === "pulling") {
        pulling.current.add(model.id);
      } else if (pulling.current.delete(model.id) && model.state === "installed") {
        installed(model.id);
      }
    }
  }, [list, installed]);
}
