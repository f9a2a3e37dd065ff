import {
  type BedrockAgentClient,
  type ChunkingConfiguration,
  CreateDataSourceCommand,
  CreateKnowledgeBaseCommand,
  type DataSourceConfiguration,
  GetKnowledgeBaseCommand,
  StartIngestionJobCommand,
  type StorageConfiguration,
} from "@aws-sdk/client-bedrock-agent";
import type { IAMClient } from "@aws-sdk/client-iam";
import type { Session } from "../../session/session.ts";
import { knowledge } from "../../text/knowledge.ts";
import { makeServiceRole, readingRights, roleName } from "../serviceRole.ts";

export type Strategy = keyof typeof knowledge.chunking.strategies;

/** How documents are cut: the strategy, and the numbers of all of them. */
export interface Chunking {
  strategy: Strategy;
  maxTokens: number;
  overlapPercentage: number;
  parentTokens: number;
  childTokens: number;
  overlapTokens: number;
  bufferSize: number;
  breakpoint: number;
}

export const USUAL_CHUNKING: Chunking = {
  strategy: "DEFAULT",
  maxTokens: 300,
  overlapPercentage: 20,
  parentTokens: 1500,
  childTokens: 300,
  overlapTokens: 60,
  bufferSize: 0,
  breakpoint: 95,
};

/** A data source as it is asked for. */
export interface SourceDraft {
  name: string;
  bucket: string | undefined;
  prefix: string;
  chunking: Chunking;
}

export const NEW_SOURCE: SourceDraft = {
  name: knowledge.wizard.sourceNameUsual,
  bucket: undefined,
  prefix: "",
  chunking: USUAL_CHUNKING,
};

/** A knowledge base as it is asked for. */
export interface BaseDraft {
  name: string;
  description: string;
  /** The ARN of a role; without one, one is made. */
  role: string | undefined;
  source: SourceDraft;
  /** The ARN of the embedding model. */
  model: string | undefined;
  store: "own" | "vectors";
  index: string;
  sync: boolean;
}

export function chunkingOf(chunking: Chunking): ChunkingConfiguration | undefined {
  switch (chunking.strategy) {
    case "DEFAULT":
      return undefined;
    case "FIXED_SIZE":
      return {
        chunkingStrategy: "FIXED_SIZE",
        fixedSizeChunkingConfiguration: {
          maxTokens: chunking.maxTokens,
          overlapPercentage: chunking.overlapPercentage,
        },
      };
    case "HIERARCHICAL":
      return {
        chunkingStrategy: "HIERARCHICAL",
        hierarchicalChunkingConfiguration: {
          levelConfigurations: [{ maxTokens: chunking.parentTokens }, { maxTokens: chunking.childTokens }],
          overlapTokens: chunking.overlapTokens,
        },
      };
    case "SEMANTIC":
      return {
        chunkingStrategy: "SEMANTIC",
        semanticChunkingConfiguration: {
          maxTokens: chunking.maxTokens,
          bufferSize: chunking.bufferSize,
          breakpointPercentileThreshold: chunking.breakpoint,
        },
      };
    case "NONE":
      return { chunkingStrategy: "NONE" };
  }
}

function configurationOf(source: SourceDraft): DataSourceConfiguration {
  return {
    type: "S3",
    s3Configuration: {
      bucketArn: `arn:aws:s3:::${source.bucket ?? ""}`,
      ...(source.prefix.trim() === "" ? {} : { inclusionPrefixes: [source.prefix.trim()] }),
    },
  };
}

/** @returns the data source's id */
export async function makeSource(agent: BedrockAgentClient, base: string, source: SourceDraft): Promise<string> {
  const chunking = chunkingOf(source.chunking);
  const { dataSource } = await agent.send(
    new CreateDataSourceCommand({
      knowledgeBaseId: base,
      name: source.name,
      dataSourceConfiguration: configurationOf(source),
      ...(chunking === undefined ? {} : { vectorIngestionConfiguration: { chunkingConfiguration: chunking } }),
    }),
  );
  return dataSource?.dataSourceId ?? "";
}

const BETWEEN_LOOKS = 500;
const MOST_LOOKS = 120;

/**
 * Makes a knowledge base with all that it needs, and tells at each step which one it is.
 *
 * @returns the knowledge base's id
 */
export async function makeBase(
  agent: BedrockAgentClient,
  iam: IAMClient,
  session: Session,
  draft: BaseDraft,
  told: (step: keyof typeof knowledge.wizard.creating) => void,
): Promise<string> {
  told("role");
  const roleArn =
    draft.role ??
    (await makeServiceRole(iam, session.account, roleName("KnowledgeBase"), [
      { Action: ["bedrock:InvokeModel"], Resource: draft.model ?? "*" },
      ...readingRights(draft.source.bucket ?? ""),
      draft.store === "own"
        ? { Action: ["aoss:APIAccessAll"], Resource: "*" }
        : { Action: ["s3vectors:*"], Resource: draft.index },
    ]));
  told("base");
  const { knowledgeBase } = await agent.send(
    new CreateKnowledgeBaseCommand({
      name: draft.name,
      ...(draft.description.trim() === "" ? {} : { description: draft.description }),
      roleArn,
      knowledgeBaseConfiguration: {
        type: "VECTOR",
        vectorKnowledgeBaseConfiguration: { embeddingModelArn: draft.model },
      },
      storageConfiguration: storageOf(session, draft),
    }),
  );
  const id = knowledgeBase?.knowledgeBaseId ?? "";
  await active(agent, id);
  told("source");
  const source = await makeSource(agent, id, draft.source);
  if (draft.sync) {
    told("sync");
    await agent.send(new StartIngestionJobCommand({ knowledgeBaseId: id, dataSourceId: source }));
  }
  return id;
}

function storageOf(session: Session, draft: BaseDraft): StorageConfiguration {
  if (draft.store === "vectors") {
    return { type: "S3_VECTORS", s3VectorsConfiguration: { indexArn: draft.index.trim() } };
  }
  // Ids of collections are twenty small letters and digits.
  const collection = crypto.randomUUID().replaceAll("-", "").slice(0, 20);
  return {
    type: "OPENSEARCH_SERVERLESS",
    opensearchServerlessConfiguration: {
      collectionArn: `arn:aws:aoss:${session.region}:${session.account}:collection/${collection}`,
      vectorIndexName: "bedrock-knowledge-base-default-index",
      fieldMapping: {
        vectorField: "bedrock-knowledge-base-default-vector",
        textField: "AMAZON_BEDROCK_TEXT_CHUNK",
        metadataField: "AMAZON_BEDROCK_METADATA",
      },
    },
  };
}

async function active(agent: BedrockAgentClient, id: string): Promise<void> {
  for (let look = 0; look < MOST_LOOKS; look++) {
    const { knowledgeBase } = await agent.send(new GetKnowledgeBaseCommand({ knowledgeBaseId: id }));
    if (knowledgeBase?.status === "ACTIVE") {
      return;
    }
    if (knowledgeBase?.status === "FAILED") {
      throw Object.assign(new Error((knowledgeBase.failureReasons ?? []).join(" ")), { name: "FAILED" });
    }
    await new Promise((done) => setTimeout(done, BETWEEN_LOOKS));
  }
  throw Object.assign(new Error(id), { name: "TimeoutError" });
}
