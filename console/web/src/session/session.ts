import { createContext, useContext } from "react";

/** An access key, for good or for a while. */
export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/** Who signs the calls of this tab, and for which region. */
export interface Session {
  credentials: Credentials;
  region: string;
  account: string;
  arn: string;
  /** Who took on a role to become this, if somebody did. */
  before?: Session;
}

export interface SessionControl {
  session: Session;
  replace(session: Session | undefined): void;
}

const KEY = "outcrop.session";

/** What session storage holds of an earlier page of this tab. Nothing is kept when the tab is closed. */
export function remembered(): Session | undefined {
  try {
    const text = sessionStorage.getItem(KEY);
    return text === null ? undefined : (JSON.parse(text) as Session);
  } catch {
    return undefined;
  }
}

/** Keeps the session for the next page of this tab, or forgets it. */
export function remember(session: Session | undefined): void {
  if (session === undefined) {
    sessionStorage.removeItem(KEY);
  } else {
    sessionStorage.setItem(KEY, JSON.stringify(session));
  }
}

export const SessionContext = createContext<SessionControl | undefined>(undefined);

/** The session of whoever signed in; only below the shell, which there is not without one. */
export function useSession(): SessionControl {
  const control = useContext(SessionContext);
  if (control === undefined) {
    throw new Error("nobody has signed in");
  }
  return control;
}

/** The last part of an ARN, which names who calls. */
export function nameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf(":") + 1);
}
