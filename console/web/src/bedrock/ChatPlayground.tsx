import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Grid from "@cloudscape-design/components/grid";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import TokenGroup from "@cloudscape-design/components/token-group";
import { useRef, useState } from "react";
import { configuration } from "../aws/client.ts";
import { useSession } from "../session/session.ts";
import { FailureAlert } from "../shell/FailureAlert.tsx";
import { usePage } from "../shell/page.ts";
import { bedrock } from "../text/bedrock.ts";
import { shell } from "../text/shell.ts";
import {
  ask,
  type Attachment,
  FORMATS,
  LARGEST_ATTACHMENT,
  MOST_ATTACHMENTS,
  requestOf,
  type Turn,
  USUAL,
} from "./conversation.ts";
import { Figures } from "./Figures.tsx";
import { ModelField } from "./ModelField.tsx";
import { useModels } from "./models.ts";
import { RequestModal } from "./RequestModal.tsx";
import { SettingsForm } from "./SettingsForm.tsx";

const text = bedrock.chat;
const ABOVE = [{ text: bedrock.service, href: "/bedrock/models" }];

interface Pane {
  model?: string;
  turns: Turn[];
  /** What the model has written so far of the answer that is under way. */
  coming?: string;
  failure?: unknown;
}

/** Talks with a model, or with two at once. */
export default function ChatPlayground({ panes: count }: { panes: number }) {
  const title = count === 1 ? text.title : text.compareTitle;
  usePage(title, ABOVE);
  const { session } = useSession();
  const [settings, setSettings] = useState(USUAL);
  const [panes, setPanes] = useState<Pane[]>(() => Array.from({ length: count }, () => ({ turns: [] })));
  const [message, setMessage] = useState("");
  const [attachments, setAttachments] = useState<Attachment[]>([]);
  const [refused, setRefused] = useState(false);
  const [running, setRunning] = useState<AbortController>();
  const [showing, setShowing] = useState(false);
  const files = useRef<HTMLInputElement>(null);

  const offered = useModels("TEXT");
  const modelOf = (pane: Pane, index: number) => pane.model ?? offered.data?.[Math.min(index, offered.data.length - 1)]?.value;

  const change = (index: number, alter: (pane: Pane) => Pane) =>
    setPanes((all) => all.map((pane, place) => (place === index ? alter(pane) : pane)));

  const send = async () => {
    const said: Turn = { role: "user", text: message, attachments };
    const controller = new AbortController();
    setRunning(controller);
    setMessage("");
    setAttachments([]);
    await Promise.all(
      panes.map(async (pane, index) => {
        const turns = [...pane.turns, said];
        let sofar = "";
        change(index, (old) => {
          const { failure: _, ...rest } = old;
          return { ...rest, turns, coming: "" };
        });
        try {
          const request = requestOf(modelOf(pane, index) ?? "", turns, settings);
          const answer = await ask(
            configuration(session.credentials, session.region),
            request,
            (coming) => {
              sofar = coming;
              change(index, (old) => ({ ...old, coming }));
            },
            controller.signal,
          );
          ended(index, { role: "assistant", attachments: [], ...answer });
        } catch (failure) {
          if (!controller.signal.aborted) {
            // What was not answered is asked again by whoever wants to: it goes back into the field.
            change(index, ({ coming: _, ...old }) => ({ ...old, turns: pane.turns, failure }));
            setMessage(said.text);
            setAttachments(said.attachments);
          } else if (sofar === "") {
            change(index, ({ coming: _, ...old }) => ({ ...old, turns: pane.turns }));
          } else {
            ended(index, { role: "assistant", attachments: [], text: sofar, stopped: true });
          }
        }
      }),
    );
    setRunning(undefined);
  };
  const ended = (index: number, turn: Turn) =>
    change(index, ({ coming: _, ...old }) => ({ ...old, turns: [...old.turns, turn] }));

  const attach = async (chosen: FileList | null) => {
    const list = [...(chosen ?? [])];
    const good = list.filter((file) => file.size <= LARGEST_ATTACHMENT);
    const read = await Promise.all(
      good.flatMap((file) => {
        const format = FORMATS.find((candidate) => file.name.toLowerCase().endsWith(`.${candidate}`));
        return format === undefined
          ? []
          : [file.arrayBuffer().then((content) => ({ name: file.name, format, bytes: new Uint8Array(content) }))];
      }),
    );
    setRefused(read.length < list.length || attachments.length + read.length > MOST_ATTACHMENTS);
    setAttachments((all) => [...all, ...read].slice(0, MOST_ATTACHMENTS));
  };

  const ready = offered.data !== undefined && offered.data.length > 0 && message.trim() !== "" && running === undefined;
  const conversations = panes.map((pane, index) => (
    <Container
      key={index}
      header={
        <ModelField
          label={count === 1 ? text.model : index === 0 ? text.left : text.right}
          models={offered}
          value={modelOf(pane, index)}
          disabled={running !== undefined}
          onChange={(model) => change(index, (old) => ({ ...old, model }))}
        />
      }
    >
      <Conversation pane={pane} />
    </Container>
  ));
  const composer = (
    <Container>
      <SpaceBetween size="s">
        {refused && (
          <Alert type="warning" dismissible dismissAriaLabel={shell.dismiss} onDismiss={() => setRefused(false)}>
            {text.tooManyAttachments}
          </Alert>
        )}
        <FormField label={text.message} stretch>
          <Textarea
            value={message}
            rows={3}
            placeholder={text.placeholder}
            onChange={(event) => setMessage(event.detail.value)}
            onKeyDown={(event) => {
              if (event.detail.key === "Enter" && !event.detail.shiftKey && !event.detail.isComposing) {
                event.preventDefault();
                if (ready) {
                  void send();
                }
              }
            }}
          />
        </FormField>
        {attachments.length > 0 && (
          <TokenGroup
            items={attachments.map(({ name }) => ({ label: name, dismissLabel: text.removeAttachment(name) }))}
            onDismiss={(event) => setAttachments((all) => all.filter((_, index) => index !== event.detail.itemIndex))}
          />
        )}
        <SpaceBetween direction="horizontal" size="xs">
          {running === undefined ? (
            <Button variant="primary" disabled={!ready} onClick={() => void send()}>
              {text.send}
            </Button>
          ) : (
            <Button onClick={() => running.abort()}>{text.cancel}</Button>
          )}
          <Button iconName="upload" disabled={running !== undefined} onClick={() => files.current?.click()}>
            {text.attach}
          </Button>
        </SpaceBetween>
        <input
          ref={files}
          className="hidden-input"
          type="file"
          multiple
          aria-label={text.attach}
          accept={FORMATS.map((format) => `.${format}`).join(",")}
          onChange={(event) => {
            void attach(event.target.files);
            event.target.value = "";
          }}
        />
      </SpaceBetween>
    </Container>
  );
  const form = <SettingsForm settings={settings} onChange={setSettings} wide={count > 1} />;
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button onClick={() => setShowing(true)}>{text.request}</Button>
            <Button
              disabled={running !== undefined}
              onClick={() => setPanes((all) => all.map(({ model }) => ({ turns: [], ...(model === undefined ? {} : { model }) })))}
            >
              {text.reset}
            </Button>
          </SpaceBetween>
        }
      >
        {title}
      </Header>
      {offered.isError && <FailureAlert failure={offered.error} retry={() => void offered.refetch()} />}
      {count === 1 ? (
        <Grid gridDefinition={[{ colspan: { default: 12, xs: 8 } }, { colspan: { default: 12, xs: 4 } }]}>
          <SpaceBetween size="l">
            {conversations}
            {composer}
          </SpaceBetween>
          {form}
        </Grid>
      ) : (
        <SpaceBetween size="l">
          <ColumnLayout columns={2}>{conversations}</ColumnLayout>
          {composer}
          {form}
        </SpaceBetween>
      )}
      {showing && (
        <RequestModal
          model={modelOf(panes[0] ?? { turns: [] }, 0) ?? ""}
          turns={[...(panes[0]?.turns ?? []), ...(message === "" ? [] : [{ role: "user" as const, text: message, attachments }])]}
          settings={settings}
          onDismiss={() => setShowing(false)}
        />
      )}
    </SpaceBetween>
  );
}

function Conversation({ pane }: { pane: Pane }) {
  return (
    <div className="conversation" role="log" aria-label={text.title} tabIndex={0}>
      {pane.turns.length === 0 && pane.coming === undefined && (
        <Box color="text-body-secondary">{text.empty}</Box>
      )}
      {pane.turns.map((turn, index) => (
        <div key={index} data-testid={turn.role}>
          <Box variant="awsui-key-label">{turn.role === "user" ? text.you : text.answer}</Box>
          <div className="said">{turn.text}</div>
          {turn.attachments.length > 0 && (
            <Box variant="small">
              {text.attached}: {turn.attachments.map(({ name }) => name).join(", ")}
            </Box>
          )}
          {turn.role === "assistant" && <Figures turn={turn} />}
        </div>
      ))}
      {pane.coming !== undefined && (
        <div>
          <Box variant="awsui-key-label">{text.thinking}</Box>
          <div className="said">{pane.coming}</div>
        </div>
      )}
      {pane.failure !== undefined && <FailureAlert failure={pane.failure} />}
    </div>
  );
}
