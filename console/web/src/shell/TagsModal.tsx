import Modal from "@cloudscape-design/components/modal";
import type { QueryKey } from "@tanstack/react-query";
import { shell } from "../text/shell.ts";
import { tags as text } from "../text/tags.ts";
import { Tags, type TagStore } from "./Tags.tsx";

interface Props {
  name: string;
  of: QueryKey;
  store: TagStore;
  most?: number;
  onDismiss: () => void;
}

/** The tags of something that has no page of its own. */
export function TagsModal({ name, onDismiss, ...tags }: Props) {
  return (
    <Modal visible header={text.of(name)} closeAriaLabel={shell.close} onDismiss={onDismiss}>
      <Tags {...tags} />
    </Modal>
  );
}
