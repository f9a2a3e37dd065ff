import type { ConverseStreamCommandInput } from "@aws-sdk/client-bedrock-runtime";
import { useEffect, useRef, useState } from "react";
import { configuration } from "../aws/client.ts";
import { useSession } from "../session/session.ts";
import { ask, type Figures } from "./conversation.ts";

/** One answer of a model, while it comes and when it is there. */
export interface Generation {
  running: boolean;
  text: string;
  asked?: string;
  model?: string;
  figures?: Figures;
  stopped?: boolean;
  failure?: unknown;
}

export interface Generations {
  /** The answers by the names that they were asked for under. */
  of: Record<string, Generation>;
  running: boolean;
  run(name: string, request: ConverseStreamCommandInput): Promise<void>;
  stop(): void;
}

/** Asks models, several at once if need be; all are stopped together, and when the page is left. */
export function useGenerations(): Generations {
  const { session } = useSession();
  const [all, setAll] = useState<Record<string, Generation>>({});
  const going = useRef(new Set<AbortController>());
  useEffect(() => {
    const controllers = going.current;
    return () => controllers.forEach((controller) => controller.abort());
  }, []);

  const run = async (name: string, request: ConverseStreamCommandInput) => {
    const controller = new AbortController();
    going.current.add(controller);
    let sofar = "";
    const show = (generation: Generation) => setAll((others) => ({ ...others, [name]: generation }));
    show({ running: true, text: "" });
    try {
      const answer = await ask(
        configuration(session.credentials, session.region),
        request,
        (coming) => {
          sofar = coming;
          show({ running: true, text: coming });
        },
        controller.signal,
      );
      show({ running: false, ...answer });
    } catch (failure) {
      show({ running: false, text: sofar, ...(controller.signal.aborted ? { stopped: true } : { failure }) });
    } finally {
      going.current.delete(controller);
    }
  };
  return {
    of: all,
    running: Object.values(all).some(({ running }) => running),
    run,
    stop: () => going.current.forEach((controller) => controller.abort()),
  };
}
