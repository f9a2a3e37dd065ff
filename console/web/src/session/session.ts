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
  /** Who else has signed in in this tab, and can go on at once. */
  others: readonly Session[];
  /** Goes on as somebody else, or in another region. */
  replace(session: Session): void;
  /** Goes on as one of the others, who changes places with who is signed in. */
  choose(other: Session): void;
  /** Asks for one more key. */
  add(): void;
  /** Forgets who is signed in; one of the others goes on, if there is one. */
  end(): void;
}

const KEY = "outcrop.sessions";

/** What session storage holds of an earlier page of this tab: first who is signed in, then the others. */
export function remembered(): Session[] {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
    return Array.isArray(stored) ? (stored as Session[]) : [];
  } catch {
    return [];
  }
}

/** Keeps sessions for the next page of this tab; nothing is kept when the tab is closed. */
export function remember(sessions: readonly Session[]): void {
  if (sessions.length === 0) {
    sessionStorage.removeItem(KEY);
  } else {
    sessionStorage.setItem(KEY, JSON.stringify(sessions));
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
