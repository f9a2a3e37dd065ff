import Modal from "@cloudscape-design/components/modal";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs from "@cloudscape-design/components/tabs";
import { useState } from "react";
import { useSession } from "../session/session.ts";
import { Code } from "../shell/Code.tsx";
import { bedrock } from "../text/bedrock.ts";
import { shell } from "../text/shell.ts";
import { requestOf, type Settings, type Turn } from "./conversation.ts";
import { nativeBody } from "./families.ts";
import { asCli, asJava, asPython, invokedByCli, invokedByJava, invokedByPython } from "./requests.ts";

const text = bedrock.chat;

type Operation = keyof typeof text.operations;

interface Props {
  model: string;
  turns: Turn[];
  settings: Settings;
  /** Whether it is one prompt alone, which InvokeModel can ask, too. */
  single?: boolean;
  onDismiss: () => void;
}

/** A conversation as the request that asks a model to go on with it, in people's languages. */
export function RequestModal({ model, turns, settings, single = false, onDismiss }: Props) {
  const { session } = useSession();
  const [operation, setOperation] = useState<Operation>("converse");
  const place = { endpoint: window.location.origin, region: session.region };
  const request = requestOf(model, turns, settings);
  const body = nativeBody(model, turns[0]?.text ?? "", settings);
  const [cli, python, java] =
    operation === "converse"
      ? [asCli(place, request), asPython(place, request), asJava(place, request)]
      : [invokedByCli(place, model, body), invokedByPython(place, model, body), invokedByJava(place, model, body)];
  const code = (id: string, label: string, content: string) => ({ id, label, content: <Code label={label} text={content} /> });
  return (
    <Modal visible size="large" header={text.requestTitle} closeAriaLabel={shell.close} onDismiss={onDismiss}>
      <SpaceBetween size="m">
        {single && (
          <SegmentedControl
            label={text.operation}
            selectedId={operation}
            options={Object.entries(text.operations).map(([id, name]) => ({ id, text: name }))}
            onChange={(event) => setOperation(event.detail.selectedId as Operation)}
          />
        )}
        <Tabs i18nStrings={shell.tabs} tabs={[code("cli", "AWS CLI", cli), code("python", "Python", python), code("java", "Java", java)]} />
      </SpaceBetween>
    </Modal>
  );
}
