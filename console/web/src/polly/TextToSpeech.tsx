import { DescribeVoicesCommand, PollyClient, SynthesizeSpeechCommand, type VoiceId } from "@aws-sdk/client-polly";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useClient } from "../aws/client.ts";
import { useSession } from "../session/session.ts";
import { FailureAlert } from "../shell/FailureAlert.tsx";
import { usePage } from "../shell/page.ts";
import { requestForms } from "../shell/request.ts";
import { RequestCode } from "../shell/RequestCode.tsx";
import { polly as text } from "../text/polly.ts";
import { shell } from "../text/shell.ts";

type Format = keyof typeof text.formats;

/** Speaks a text that one types or pastes. */
export default function TextToSpeech() {
  usePage(text.title, [{ text: text.service, href: "/polly" }]);
  const { session } = useSession();
  const client = useClient((settings) => new PollyClient(settings));
  const [draft, setDraft] = useState<string>(text.sample);
  const [ssml, setSsml] = useState(false);
  const [voice, setVoice] = useState<string>();
  const [format, setFormat] = useState<Format>("mp3");
  const voices = useQuery({
    queryKey: ["voices", session.region],
    queryFn: async ({ signal }) => {
      const { Voices = [] } = await client.send(new DescribeVoicesCommand({}), { abortSignal: signal });
      return Voices.map(({ Id = "", Name = Id, LanguageName = "", SupportedEngines = [] }) => ({
        value: Id as string,
        label: Name,
        description: LanguageName,
        engine: SupportedEngines[0],
      }));
    },
  });
  const chosen = voices.data?.find(({ value }) => value === voice) ?? voices.data?.[0];
  const input = {
    Text: draft,
    TextType: ssml ? ("ssml" as const) : ("text" as const),
    VoiceId: chosen?.value as VoiceId,
    Engine: chosen?.engine,
    OutputFormat: format,
  };
  const speaking = useMutation({
    mutationFn: async () => {
      const answer = await client.send(new SynthesizeSpeechCommand(input));
      const audio = (await answer.AudioStream?.transformToByteArray()) ?? new Uint8Array();
      return {
        address: URL.createObjectURL(new Blob([new Uint8Array(audio)], { type: answer.ContentType ?? "audio/mpeg" })),
        format,
        characters: answer.RequestCharacters ?? 0,
      };
    },
  });
  const spoken = speaking.data;
  const address = spoken?.address;
  useEffect(() => () => (address === undefined ? undefined : URL.revokeObjectURL(address)), [address]);
  const formats = Object.entries(text.formats).map(([value, label]) => ({ value, label }));

  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={text.description}>
        {text.title}
      </Header>
      {voices.isError && <FailureAlert failure={voices.error} retry={() => void voices.refetch()} />}
      {voices.data?.length === 0 && <Alert type="warning">{text.noVoices}</Alert>}
      <Container>
        <SpaceBetween size="m">
          <FormField label={text.text} stretch>
            <Textarea value={draft} rows={5} onChange={(event) => setDraft(event.detail.value)} />
          </FormField>
          <Checkbox checked={ssml} onChange={(event) => setSsml(event.detail.checked)}>
            {text.ssml}
          </Checkbox>
          <FormField label={text.voice}>
            <Select
              selectedOption={chosen ?? null}
              options={voices.data ?? []}
              statusType={voices.isPending ? "loading" : "finished"}
              loadingText={shell.loading}
              onChange={(event) => setVoice(event.detail.selectedOption.value)}
            />
          </FormField>
          <FormField label={text.format}>
            <Select
              selectedOption={formats.find(({ value }) => value === format) ?? null}
              options={formats}
              onChange={(event) => setFormat(event.detail.selectedOption.value as Format)}
            />
          </FormField>
          <Button
            variant="primary"
            disabled={draft.trim() === "" || chosen === undefined}
            loading={speaking.isPending}
            onClick={() => speaking.mutate()}
          >
            {text.listen}
          </Button>
          {speaking.isError && <FailureAlert failure={speaking.error} />}
          {spoken !== undefined && (
            <SpaceBetween size="xs">
              {spoken.format !== "pcm" && <audio controls autoPlay src={spoken.address} aria-label={text.result} />}
              <Box variant="small">{text.characters(spoken.characters)}</Box>
              <Button href={spoken.address} download={`speech.${spoken.format === "ogg_opus" ? "ogg" : spoken.format}`}>
                {text.download}
              </Button>
            </SpaceBetween>
          )}
        </SpaceBetween>
      </Container>
      <RequestCode title={text.request} request={requestForms("polly", "SynthesizeSpeech", session.region, input)} />
    </SpaceBetween>
  );
}
