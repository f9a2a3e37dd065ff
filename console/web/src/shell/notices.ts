import type { FlashbarProps } from "@cloudscape-design/components/flashbar";
import { createContext, useContext } from "react";

/** Says at the top of the page what has happened, or how far something is. */
export interface Notices {
  /** Shows a notice, in place of the one with the same id. */
  show(notice: FlashbarProps.MessageDefinition & { id: string }): void;
  dismiss(id: string): void;
  /** Shows that something is done; goes away when it is dismissed. */
  done(text: string): void;
  /** Shows that something failed. */
  failed(title: string, failure: unknown): void;
}

export const NoticesContext = createContext<Notices | undefined>(undefined);

export function useNotices(): Notices {
  const notices = useContext(NoticesContext);
  if (notices === undefined) {
    throw new Error("there is no shell to show notices");
  }
  return notices;
}
