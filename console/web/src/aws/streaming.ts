import { FetchHttpHandler } from "@smithy/fetch-http-handler";
import type { Configuration } from "./client.ts";

/**
 * What a client is made with whose answer comes in pieces. A signal given to the SDK is heeded until the answer begins;
 * this one is given to the browser, which heeds it until the answer has ended, and so ends the server's work, too.
 */
export function streaming(settings: Configuration, signal: AbortSignal) {
  return { ...settings, requestHandler: new FetchHttpHandler({ requestInit: () => ({ signal }) }) };
}
