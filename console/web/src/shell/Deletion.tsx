import { shell } from "../text/shell.ts";
import { Confirm } from "./Confirm.tsx";
import { useNotices } from "./notices.ts";

interface Props {
  text: { deleteTitle: (name: string) => string; deleteText: string; deleted: (name: string) => string };
  name: string;
  /** What it is called, where it is no deletion. */
  action?: string;
  run: () => Promise<unknown>;
  /** The reader has changed their mind, or it is done. */
  onClose: () => void;
  onDone: () => unknown;
}

/** Asks before something with a name is deleted, deletes it, and says so at the top of the page. */
export function Deletion({ text, name, action = shell.delete, run, onClose, onDone }: Props) {
  const notices = useNotices();
  return (
    <Confirm
      title={text.deleteTitle(name)}
      message={text.deleteText}
      action={action}
      run={run}
      onDismiss={onClose}
      onDone={() => {
        onClose();
        notices.done(text.deleted(name));
        onDone();
      }}
    />
  );
}
