import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import type { Session } from "../session/session.ts";
import { OutcropError } from "./failure.ts";

/** What the server says of itself to everybody who opens the console. */
export interface Greeting {
  version: string;
  region: string;
  developmentSession: boolean;
}

export interface Health {
  status: "UP" | "DOWN";
  parts: Record<string, string>;
}

/** A model of the catalog, and how it stands with it here. */
export interface Model {
  id: string;
  name: string;
  provider: string;
  task:
    | "text"
    | "embedding"
    | "reranking"
    | "ocr"
    | "speech_recognition"
    | "speech_synthesis"
    | "speaker_recognition";
  parameters: number;
  contextLength: number;
  licence: string;
  licenceUrl: string;
  memoryBytes: number;
  diskBytes: number;
  quality: string;
  notes: string;
  state: "installed" | "available" | "endpoint" | "pulling" | "failed";
  /** Of a model that is being fetched. */
  pull?: { file: string; done: number; total: number };
  /** Why the last attempt to fetch it failed. */
  failure?: string;
}

/** A service and how much of it there is. */
export interface ServedService {
  id: string;
  name: string;
  implemented: number;
  operations: number;
}

/** What everybody may ask. */
export async function greeting(): Promise<Greeting> {
  return (await answered(await fetch("/_outcrop/console"))) as Greeting;
}

/** The keys of a development session; only where the server listens to this machine alone. */
export async function developmentSession(): Promise<{ accessKeyId: string; secretAccessKey: string }> {
  const response = await fetch("/_outcrop/console/session", { method: "POST" });
  return (await answered(response)) as { accessKeyId: string; secretAccessKey: string };
}

/** The parts of the server, each with its state; an answer of 503 tells it, too. */
export async function health(): Promise<Health> {
  const response = await fetch("/_outcrop/health");
  return response.status === 503 ? ((await response.json()) as Health) : ((await answered(response)) as Health);
}

export async function models(session: Session, signal?: AbortSignal): Promise<Model[]> {
  return ((await signed(session, "GET", "/_outcrop/models", signal)) as { models: Model[] }).models;
}

export async function pull(session: Session, id: string): Promise<void> {
  await signed(session, "POST", `/_outcrop/models/${id}/pull`);
}

export async function stopPull(session: Session, id: string): Promise<void> {
  await signed(session, "DELETE", `/_outcrop/models/${id}/pull`);
}

export async function services(session: Session, signal?: AbortSignal): Promise<ServedService[]> {
  return ((await signed(session, "GET", "/_outcrop/services", signal)) as { services: ServedService[] }).services;
}

/** What a model costs. */
export interface Price {
  currency: string;
  /** By unit, such as InputTokens, for a million of them. */
  perMillion: Record<string, string>;
}

/** What AWS asks for a model, as the server's table of prices has it; 0 for models of one's own. */
export async function price(session: Session, model: string, signal?: AbortSignal): Promise<Price> {
  return (await signed(session, "GET", "/_outcrop/prices", signal, { model })) as Price;
}

/** What an account has used of a service, and of which model, on one day of UTC's. */
export interface UsageLine {
  day: string;
  service: string;
  /** Empty where no model answered. */
  model: string;
  calls: number;
  failed: number;
  amounts: Record<string, number>;
  price: string;
  currency: string;
}

export interface Usage {
  from: string;
  to: string;
  /** Whether the server has read all that it has recorded; otherwise it knows more when it is asked again. */
  complete: boolean;
  through: string;
  lines: UsageLine[];
}

/** What the caller's account has used from one day to another, both included. */
export async function usage(session: Session, from: string, to: string, signal?: AbortSignal): Promise<Usage> {
  return (await signed(session, "GET", "/_outcrop/usage", signal, { from, to })) as Usage;
}

/** Calls the server's own interface, which takes the signatures that AWS's services take. */
async function signed(
  session: Session,
  method: string,
  path: string,
  signal?: AbortSignal,
  query: Record<string, string> = {},
): Promise<unknown> {
  const signer = new SignatureV4({
    service: "bedrock",
    region: session.region,
    credentials: session.credentials,
    sha256: Sha256,
  });
  const request = await signer.sign({
    method,
    protocol: window.location.protocol,
    hostname: window.location.hostname,
    path,
    query,
    headers: { host: window.location.host },
  });
  const { host: _, ...headers } = request.headers;
  const asked = new URLSearchParams(query).toString();
  return answered(await fetch(asked === "" ? path : `${path}?${asked}`, { method, headers, ...(signal === undefined ? {} : { signal }) }));
}

async function answered(response: Response): Promise<unknown> {
  const text = await response.text();
  const body: unknown = parsed(text);
  if (response.ok) {
    return body;
  }
  const said = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  const requestId = response.headers.get("x-amzn-requestid");
  throw new OutcropError({
    code: String(response.headers.get("x-amzn-errortype") ?? said["code"] ?? said["__type"] ?? "Error"),
    message: String(said["message"] ?? said["Message"] ?? response.statusText),
    status: response.status,
    ...(requestId === null ? {} : { requestId }),
  });
}

function parsed(text: string): unknown {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
