import { BedrockClient, DeleteGuardrailCommand, type GuardrailSummary, ListGuardrailsCommand } from "@aws-sdk/client-bedrock";
import Button from "@cloudscape-design/components/button";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useClient } from "../../aws/client.ts";
import { Deletion } from "../../shell/Deletion.tsx";
import { usePage } from "../../shell/page.ts";
import { PageLink } from "../../shell/PageLink.tsx";
import { ResourceList } from "../../shell/ResourceList.tsx";
import { bedrock } from "../../text/bedrock.ts";
import { time } from "../../text/format.ts";
import { guardrails } from "../../text/guardrails.ts";
import { shell } from "../../text/shell.ts";
import { readable } from "./GuardrailForm.tsx";

const text = guardrails.list;

/** The guardrails of the account. */
export default function Guardrails() {
  usePage(text.title, [{ text: bedrock.service, href: "/bedrock/models" }]);
  const navigate = useNavigate();
  const client = useClient((settings) => new BedrockClient(settings));
  const [deleting, setDeleting] = useState<GuardrailSummary>();
  const pages = useInfiniteQuery({
    queryKey: ["guardrails"],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      client.send(new ListGuardrailsCommand({ maxResults: 50, nextToken: pageParam }), { abortSignal: signal }),
    getNextPageParam: (page) => page.nextToken,
  });
  return (
    <>
      <ResourceList
        text={text}
        items={pages.data?.pages.flatMap((page) => page.guardrails ?? []) ?? []}
        pages={pages}
        keyOf={({ id = "" }) => id}
        nameOf={({ name = "" }) => name}
        columns={[
          {
            id: "name",
            header: text.columns.name,
            isRowHeader: true,
            cell: ({ id = "", name = "" }) => <PageLink to={`/bedrock/guardrails/${id}`}>{name}</PageLink>,
          },
          { id: "id", header: text.columns.id, cell: ({ id }) => id },
          { id: "status", header: text.columns.status, cell: ({ status = "" }) => readable(status) },
          { id: "updated", header: text.columns.updated, cell: ({ updatedAt }) => time(updatedAt) },
        ]}
        actions={(chosen) => (
          <>
            <Button disabled={chosen === undefined} onClick={() => navigate(`/bedrock/guardrails/${chosen?.id ?? ""}/edit`)}>
              {shell.edit}
            </Button>
            <Button disabled={chosen === undefined} onClick={() => setDeleting(chosen)}>
              {shell.delete}
            </Button>
            <Button variant="primary" onClick={() => navigate("/bedrock/guardrails/create")}>
              {text.create}
            </Button>
          </>
        )}
      />
      {deleting !== undefined && (
        <Deletion
          text={text}
          name={deleting.name ?? ""}
          run={() => client.send(new DeleteGuardrailCommand({ guardrailIdentifier: deleting.id }))}
          onClose={() => setDeleting(undefined)}
          onDone={pages.refetch}
        />
      )}
    </>
  );
}
