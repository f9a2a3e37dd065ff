import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Grid from "@cloudscape-design/components/grid";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { useState } from "react";
import { FailureAlert } from "../shell/FailureAlert.tsx";
import { usePage } from "../shell/page.ts";
import { bedrock } from "../text/bedrock.ts";
import { requestOf, type Turn, USUAL } from "./conversation.ts";
import { useGenerations } from "./generation.ts";
import { GenerationView } from "./GenerationView.tsx";
import { ModelField } from "./ModelField.tsx";
import { useModels } from "./models.ts";
import { RequestModal } from "./RequestModal.tsx";
import { SettingsForm } from "./SettingsForm.tsx";

const text = bedrock.single;
const ANSWER = "answer";

/** Has a model answer one prompt, with nothing before it. */
export default function TextPlayground() {
  usePage(text.title, [{ text: bedrock.service, href: "/bedrock/models" }]);
  const models = useModels("TEXT");
  const generations = useGenerations();
  const [model, setModel] = useState<string>();
  const [prompt, setPrompt] = useState("");
  const [settings, setSettings] = useState(USUAL);
  const [showing, setShowing] = useState(false);
  const chosen = model ?? models.data?.[0]?.value;
  const turns: Turn[] = [{ role: "user", text: prompt, attachments: [] }];
  const answer = generations.of[ANSWER];

  return (
    <SpaceBetween size="l">
      <Header variant="h1" actions={<Button onClick={() => setShowing(true)}>{bedrock.chat.request}</Button>}>
        {text.title}
      </Header>
      {models.isError && <FailureAlert failure={models.error} retry={() => void models.refetch()} />}
      <Grid gridDefinition={[{ colspan: { default: 12, xs: 8 } }, { colspan: { default: 12, xs: 4 } }]}>
        <SpaceBetween size="l">
          <Container>
            <SpaceBetween size="m">
              <ModelField
                label={bedrock.chat.model}
                models={models}
                value={chosen}
                disabled={generations.running}
                onChange={setModel}
              />
              <FormField label={text.prompt} stretch>
                <Textarea
                  rows={8}
                  value={prompt}
                  placeholder={text.placeholder}
                  onChange={(event) => setPrompt(event.detail.value)}
                />
              </FormField>
              {generations.running ? (
                <Button onClick={generations.stop}>{text.stop}</Button>
              ) : (
                <Button
                  variant="primary"
                  disabled={prompt.trim() === "" || chosen === undefined}
                  onClick={() => void generations.run(ANSWER, requestOf(chosen ?? "", turns, settings))}
                >
                  {text.run}
                </Button>
              )}
            </SpaceBetween>
          </Container>
          <Container
            header={
              <Header
                variant="h2"
                actions={
                  answer !== undefined &&
                  !answer.running && (
                    <Button onClick={() => setPrompt(`${prompt}\n\n${answer.text}\n\n`)}>{text.again}</Button>
                  )
                }
              >
                {text.answer}
              </Header>
            }
          >
            <GenerationView generation={answer} />
          </Container>
        </SpaceBetween>
        <SettingsForm settings={settings} onChange={setSettings} wide={false} />
      </Grid>
      {showing && (
        <RequestModal single model={chosen ?? ""} turns={turns} settings={settings} onDismiss={() => setShowing(false)} />
      )}
    </SpaceBetween>
  );
}
