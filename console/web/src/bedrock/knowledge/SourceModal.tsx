import type { KnowledgeBaseRetrievalResult, RetrievedReference } from "@aws-sdk/client-bedrock-agent-runtime";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import Link from "@cloudscape-design/components/link";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { PageLink } from "../../shell/PageLink.tsx";
import { folderOf, placeOf } from "../../s3/places.ts";
import { knowledge } from "../../text/knowledge.ts";
import { shell } from "../../text/shell.ts";
import { addressOf } from "./answer.ts";

const text = knowledge.test;

type Source = RetrievedReference & Pick<KnowledgeBaseRetrievalResult, "score">;

/** The pieces that were found, or that an answer names, by number. */
export function SourceList(props: { sources: Source[]; found: boolean; onOpen: (number: number) => void }) {
  const { sources, found, onOpen } = props;
  return (
    <Container header={<Header variant="h2">{found ? text.found(sources.length) : text.sources}</Header>}>
      {sources.length === 0 ? (
        <Box color="text-body-secondary">{text.nothing}</Box>
      ) : (
        <SpaceBetween size="m">
          {sources.map((source, index) => (
            <div key={index} data-testid="source">
              <Box variant="awsui-key-label">
                {[`${index + 1}. ${addressOf(source)}`, source.score === undefined ? "" : text.score(source.score)]
                  .filter((part) => part !== "")
                  .join(" · ")}
              </Box>
              <div className="said excerpt">{source.content?.text}</div>
              <Button variant="inline-link" ariaLabel={`${text.open} ${index + 1}`} onClick={() => onOpen(index + 1)}>
                {text.open}
              </Button>
            </div>
          ))}
        </SpaceBetween>
      )}
    </Container>
  );
}

/** A piece as it stands in the source, with all that is known of it. */
export function SourceModal(props: { number: number; source: Source; onDismiss: () => void }) {
  const { number, source, onDismiss } = props;
  const place = placeOf(source.location?.s3Location?.uri ?? "");
  const address = addressOf(source);
  const metadata = Object.entries(source.metadata ?? {}).map(([name, value]) => ({
    label: name,
    value: typeof value === "string" ? value : JSON.stringify(value),
  }));
  return (
    <Modal visible size="large" header={text.sourceTitle(number)} closeAriaLabel={shell.close} onDismiss={onDismiss}>
      <SpaceBetween size="m">
        <SpaceBetween size="xxs">
          <Box variant="code">{address}</Box>
          {place !== undefined && <PageLink to={folderOf(place)}>{text.browse}</PageLink>}
          {place === undefined && /^https?:/.test(address) && (
            <Link external href={address}>
              {address}
            </Link>
          )}
        </SpaceBetween>
        <div className="said" data-testid="chunk">
          {source.content?.text}
        </div>
        {metadata.length > 0 && <KeyValuePairs columns={2} items={metadata} />}
      </SpaceBetween>
    </Modal>
  );
}
