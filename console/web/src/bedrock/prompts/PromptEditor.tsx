import {
  BedrockAgentClient,
  CreatePromptCommand,
  GetPromptCommand,
  type GetPromptResponse,
  UpdatePromptCommand,
} from "@aws-sdk/client-bedrock-agent";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
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
import { prompts } from "../../text/prompts.ts";
import { shell } from "../../text/shell.ts";
import { USUAL } from "../conversation.ts";
import { useGenerations } from "../generation.ts";
import { useModels } from "../models.ts";
import { PromptVersions } from "./PromptVersions.tsx";
import { VariantPane } from "./VariantPane.tsx";
import { requestFor, stored, type Variant, variablesOf, written } from "./variants.ts";

const text = prompts.edit;
const MOST_VARIANTS = 4;

/** Writes a prompt in variants, runs them side by side, and keeps one. */
export default function PromptEditor() {
  const { id } = useParams();
  const agent = useClient((settings) => new BedrockAgentClient(settings));
  const known = useQuery({
    queryKey: ["prompt", id],
    queryFn: ({ signal }) => agent.send(new GetPromptCommand({ promptIdentifier: id }), { abortSignal: signal }),
    enabled: id !== undefined,
  });
  if (id === undefined) {
    return <Editor key="new" agent={agent} />;
  }
  if (known.data === undefined) {
    return known.isError ? <FailureAlert failure={known.error} retry={() => void known.refetch()} /> : <Loading />;
  }
  return <Editor key={id} agent={agent} prompt={known.data} />;
}

function fresh(name: string): Variant {
  return { name, text: "", model: undefined, settings: { ...USUAL, maxTokens: 256 } };
}

function Editor({ agent, prompt }: { agent: BedrockAgentClient; prompt?: GetPromptResponse }) {
  const own = prompt?.variants?.[0];
  const start = own === undefined ? fresh("variant-1") : written(own);
  usePage(prompt?.name ?? text.createTitle, [
    { text: bedrock.service, href: "/bedrock/models" },
    { text: prompts.list.title, href: "/bedrock/prompts" },
  ]);
  const navigate = useNavigate();
  const notices = useNotices();
  const lookAgain = useLookAgain();
  const models = useModels("TEXT");
  const generations = useGenerations();
  const [name, setName] = useState(prompt?.name ?? "");
  const [description, setDescription] = useState(prompt?.description ?? "");
  const [variants, setVariants] = useState<Variant[]>(start === undefined ? [] : [start]);
  const [keptName, setKeptName] = useState(start?.name);
  const [values, setValues] = useState<Record<string, string>>({});
  const variables = variablesOf(variants.map((variant) => variant.text));
  const kept = variants.find((variant) => variant.name === keptName) ?? variants[0];
  const modelOf = (variant: Variant) => variant.model ?? models.data?.[0]?.value ?? "";

  const saving = useMutation({
    mutationFn: async () => {
      const request = {
        name,
        ...(description.trim() === "" ? {} : { description }),
        ...(prompt?.customerEncryptionKeyArn === undefined
          ? {}
          : { customerEncryptionKeyArn: prompt.customerEncryptionKeyArn }),
        ...(kept === undefined
          ? { ...(prompt?.variants && { variants: prompt.variants }), ...(prompt?.defaultVariant && { defaultVariant: prompt.defaultVariant }) }
          : { variants: [stored(kept, modelOf(kept))], defaultVariant: kept.name }),
      };
      return prompt === undefined
        ? agent.send(new CreatePromptCommand(request))
        : agent.send(new UpdatePromptCommand({ ...request, promptIdentifier: prompt.id }));
    },
    onSuccess: async ({ id = "" }) => {
      await lookAgain(["prompt", id]);
      await lookAgain(["prompts"]);
      notices.done(prompt === undefined ? text.created(name) : text.saved(name));
      navigate(`/bedrock/prompts/${id}`);
    },
  });
  const add = () => {
    const taken = new Set(variants.map((variant) => variant.name));
    let number = 1;
    while (taken.has(`variant-${number}`)) {
      number++;
    }
    setVariants([...variants, { ...(variants.at(-1) ?? fresh("")), name: `variant-${number}` }]);
  };
  const runAll = () => {
    for (const variant of variants) {
      void generations.run(variant.name, requestFor(variant, modelOf(variant), values));
    }
  };
  const runnable = variants.length > 0 && variants.every((variant) => variant.text.trim() !== "");

  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        actions={
          <Button
            variant="primary"
            loading={saving.isPending}
            disabled={name.trim() === "" || (kept !== undefined && kept.text.trim() === "")}
            onClick={() => saving.mutate()}
          >
            {prompt === undefined ? prompts.list.create : shell.save}
          </Button>
        }
      >
        {prompt?.name ?? text.createTitle}
      </Header>
      {saving.isError && <FailureAlert failure={saving.error} />}
      <Container>
        <ColumnLayout columns={2}>
          <FormField label={text.name} constraintText={text.nameHint}>
            <Input value={name} onChange={(event) => setName(event.detail.value)} />
          </FormField>
          <FormField label={text.description}>
            <Input value={description} onChange={(event) => setDescription(event.detail.value)} />
          </FormField>
        </ColumnLayout>
      </Container>
      {own !== undefined && start === undefined ? (
        <Container>
          <SpaceBetween size="m">
            <Alert type="info">{text.chat}</Alert>
            <JsonEditor label={text.chatLabel} value={JSON.stringify(own, undefined, 2)} />
          </SpaceBetween>
        </Container>
      ) : (
        <SpaceBetween size="l">
          <Container header={<Header variant="h2" description={text.variablesHint}>{text.variables}</Header>}>
            {variables.length === 0 ? (
              <Box color="text-body-secondary">{text.noVariables}</Box>
            ) : (
              <ColumnLayout columns={2}>
                {variables.map((variable) => (
                  <FormField key={variable} label={variable}>
                    <Input
                      value={values[variable] ?? ""}
                      onChange={(event) => setValues({ ...values, [variable]: event.detail.value })}
                    />
                  </FormField>
                ))}
              </ColumnLayout>
            )}
          </Container>
          <Header
            variant="h2"
            description={text.variantsHint}
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <Button disabled={variants.length >= MOST_VARIANTS} onClick={add}>
                  {text.addVariant}
                </Button>
                {generations.running ? (
                  <Button onClick={generations.stop}>{text.stop}</Button>
                ) : (
                  <Button disabled={!runnable} onClick={runAll}>
                    {text.run}
                  </Button>
                )}
              </SpaceBetween>
            }
          >
            {text.variants}
          </Header>
          <ColumnLayout columns={variants.length > 1 ? 2 : 1}>
            {variants.map((variant, place) => (
              <VariantPane
                key={variant.name}
                variant={variant}
                models={models}
                model={modelOf(variant)}
                kept={variant.name === kept?.name}
                alone={variants.length === 1}
                generation={generations.of[variant.name]}
                onChange={(changed) => setVariants(variants.map((other, index) => (index === place ? changed : other)))}
                onKeep={() => setKeptName(variant.name)}
                onRemove={() => setVariants(variants.filter((_, index) => index !== place))}
              />
            ))}
          </ColumnLayout>
        </SpaceBetween>
      )}
      {prompt?.id !== undefined && <PromptVersions agent={agent} id={prompt.id} />}
    </SpaceBetween>
  );
}
