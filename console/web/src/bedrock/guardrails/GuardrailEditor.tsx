import { BedrockClient, CreateGuardrailCommand, GetGuardrailCommand, UpdateGuardrailCommand } from "@aws-sdk/client-bedrock";
import Button from "@cloudscape-design/components/button";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs from "@cloudscape-design/components/tabs";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { useClient } from "../../aws/client.ts";
import { JsonEditor } from "../../editor/JsonEditor.tsx";
import { FailureAlert } from "../../shell/FailureAlert.tsx";
import { Loading } from "../../shell/Loading.tsx";
import { useLookAgain } from "../../shell/lookAgain.ts";
import { useNotices } from "../../shell/notices.ts";
import { usePage } from "../../shell/page.ts";
import { bedrock } from "../../text/bedrock.ts";
import { guardrails } from "../../text/guardrails.ts";
import { shell } from "../../text/shell.ts";
import { type Draft, draftOf, newDraft, sent } from "./draft.ts";
import { GuardrailForm } from "./GuardrailForm.tsx";

const text = guardrails.edit;

/** Makes a guardrail, or changes the working draft of one. */
export default function GuardrailEditor() {
  const { id } = useParams();
  const client = useClient((settings) => new BedrockClient(settings));
  const known = useQuery({
    queryKey: ["guardrail", id, "DRAFT"],
    queryFn: ({ signal }) => client.send(new GetGuardrailCommand({ guardrailIdentifier: id }), { abortSignal: signal }),
    enabled: id !== undefined,
  });
  if (id === undefined) {
    return <Editor client={client} start={newDraft()} />;
  }
  if (known.data === undefined) {
    return known.isError ? <FailureAlert failure={known.error} retry={() => void known.refetch()} /> : <Loading />;
  }
  return <Editor client={client} id={id} start={draftOf(known.data)} />;
}

function Editor({ client, id, start }: { client: BedrockClient; id?: string; start: Draft }) {
  const title = id === undefined ? text.createTitle : text.editTitle(start.name ?? "");
  usePage(title, [
    { text: bedrock.service, href: "/bedrock/models" },
    { text: guardrails.list.title, href: "/bedrock/guardrails" },
  ]);
  const navigate = useNavigate();
  const notices = useNotices();
  const lookAgain = useLookAgain();
  const [draft, setDraft] = useState(start);
  const [json, setJson] = useState<string>();
  const back = id === undefined ? "/bedrock/guardrails" : `/bedrock/guardrails/${id}`;
  const saving = useMutation({
    mutationFn: async () => {
      const request = sent(draft);
      const answer =
        id === undefined
          ? await client.send(new CreateGuardrailCommand(request))
          : await client.send(new UpdateGuardrailCommand({ ...request, guardrailIdentifier: id }));
      return answer.guardrailId ?? "";
    },
    onSuccess: async (saved) => {
      await lookAgain(["guardrail"]);
      await lookAgain(["guardrails"]);
      notices.done(id === undefined ? text.created(draft.name ?? "") : text.saved(draft.name ?? ""));
      navigate(`/bedrock/guardrails/${saved}`);
    },
  });

  return (
    <Form
      header={<Header variant="h1">{title}</Header>}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button variant="link" onClick={() => navigate(back)}>
            {shell.cancel}
          </Button>
          <Button
            variant="primary"
            loading={saving.isPending}
            disabled={String(draft.name ?? "").trim() === "" || (json !== undefined && read(json) === undefined)}
            onClick={() => saving.mutate()}
          >
            {id === undefined ? guardrails.list.create : shell.save}
          </Button>
        </SpaceBetween>
      }
      errorText={saving.isError && <FailureAlert failure={saving.error} />}
    >
      <Tabs
        i18nStrings={shell.tabs}
        onChange={(event) => setJson(event.detail.activeTabId === "json" ? JSON.stringify(sent(draft), undefined, 2) : undefined)}
        tabs={[
          { id: "form", label: text.form, content: <GuardrailForm draft={draft} onChange={setDraft} /> },
          {
            id: "json",
            label: text.json,
            content: (
              <FormField stretch description={text.jsonHint}>
                <JsonEditor
                  label={text.jsonLabel}
                  value={json ?? ""}
                  lines={{ least: 20, most: 40 }}
                  onChange={(value) => {
                    setJson(value);
                    setDraft(read(value) ?? draft);
                  }}
                />
              </FormField>
            ),
          },
        ]}
      />
    </Form>
  );
}

/** What is written as JSON, if it is an object; the service says what else is wrong with it. */
function read(json: string): Draft | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Draft) : undefined;
  } catch {
    return undefined;
  }
}
