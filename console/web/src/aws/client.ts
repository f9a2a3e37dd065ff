import { useMemo } from "react";
import { type Credentials, useSession } from "../session/session.ts";

/** What every client of the SDK is made with: this server, the caller's key and region. */
export interface Configuration {
  endpoint: string;
  region: string;
  credentials: Credentials;
  maxAttempts: number;
}

/** The same for somebody who has not signed in yet. */
export function configuration(credentials: Credentials, region: string): Configuration {
  return { endpoint: window.location.origin, region, credentials, maxAttempts: 2 };
}

/** A client of the SDK for whoever is signed in; another one when the region or the role changes. */
export function useClient<T>(make: (configuration: Configuration) => T): T {
  const { session } = useSession();
  return useMemo(
    () => make(configuration(session.credentials, session.region)),
    // A client is made by a class's constructor, which is the same at every rendering.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [session.credentials, session.region],
  );
}
