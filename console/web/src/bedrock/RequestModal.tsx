import Modal from "@cloudscape-design/components/modal";
import Tabs from "@cloudscape-design/components/tabs";
import { useSession } from "../session/session.ts";
import { Code } from "../shell/Code.tsx";
import { bedrock } from "../text/bedrock.ts";
import { shell } from "../text/shell.ts";
import { requestOf, type Settings, type Turn } from "./conversation.ts";
import { asCli, asJava, asPython } from "./requests.ts";

const text = bedrock.chat;

/** A conversation as the request that asks a model to go on with it, in people's languages. */
export function RequestModal(props: { model: string; turns: Turn[]; settings: Settings; onDismiss: () => void }) {
  const { session } = useSession();
  const request = requestOf(props.model, props.turns, props.settings);
  const endpoint = window.location.origin;
  const code = (label: string, content: string) => ({ id: label, label, content: <Code label={label} text={content} /> });
  return (
    <Modal visible size="large" header={text.requestTitle} closeAriaLabel={shell.close} onDismiss={props.onDismiss}>
      <Tabs
        tabs={[
          code("AWS CLI", asCli(endpoint, session.region, request)),
          code("Python", asPython(endpoint, session.region, request)),
          code("Java", asJava(endpoint, session.region, request)),
        ]}
      />
    </Modal>
  );
}
