import type { CreateGuardrailRequest, GetGuardrailResponse, GuardrailContentFilterType } from "@aws-sdk/client-bedrock";
import { guardrails } from "../../text/guardrails.ts";

/** A guardrail as it is sent; lines that are being typed may be empty in it. */
export type Draft = Omit<CreateGuardrailRequest, "clientRequestToken" | "tags" | "kmsKeyId">;

export const CONTENT = Object.keys(guardrails.edit.content.types) as GuardrailContentFilterType[];

export function newDraft(): Draft {
  return {
    name: "",
    blockedInputMessaging: guardrails.edit.messages.input,
    blockedOutputsMessaging: guardrails.edit.messages.output,
    contentPolicyConfig: {
      filtersConfig: CONTENT.map((type) => ({
        type,
        inputStrength: "MEDIUM",
        outputStrength: type === "PROMPT_ATTACK" ? "NONE" : "MEDIUM",
      })),
    },
  };
}

/** What is sent to change a guardrail into another: all of it, as the service replaces it whole. */
export function draftOf(guardrail: GetGuardrailResponse): Draft {
  const { topicPolicy, contentPolicy, wordPolicy, sensitiveInformationPolicy, contextualGroundingPolicy } = guardrail;
  return {
    name: guardrail.name,
    ...(guardrail.description === undefined ? {} : { description: guardrail.description }),
    blockedInputMessaging: guardrail.blockedInputMessaging,
    blockedOutputsMessaging: guardrail.blockedOutputsMessaging,
    ...(topicPolicy?.topics && {
      topicPolicyConfig: {
        topicsConfig: topicPolicy.topics.map((topic) => ({ ...topic, type: topic.type ?? "DENY" })),
        ...(topicPolicy.tier && { tierConfig: topicPolicy.tier }),
      },
    }),
    ...(contentPolicy?.filters && {
      contentPolicyConfig: {
        filtersConfig: contentPolicy.filters,
        ...(contentPolicy.tier && { tierConfig: contentPolicy.tier }),
      },
    }),
    ...(wordPolicy && {
      wordPolicyConfig: {
        ...(wordPolicy.words && { wordsConfig: wordPolicy.words }),
        ...(wordPolicy.managedWordLists && { managedWordListsConfig: wordPolicy.managedWordLists }),
      },
    }),
    ...(sensitiveInformationPolicy && {
      sensitiveInformationPolicyConfig: {
        ...(sensitiveInformationPolicy.piiEntities && { piiEntitiesConfig: sensitiveInformationPolicy.piiEntities }),
        ...(sensitiveInformationPolicy.regexes && { regexesConfig: sensitiveInformationPolicy.regexes }),
      },
    }),
    ...(contextualGroundingPolicy?.filters && {
      contextualGroundingPolicyConfig: { filtersConfig: contextualGroundingPolicy.filters },
    }),
    ...(guardrail.crossRegionDetails?.guardrailProfileArn && {
      crossRegionConfig: { guardrailProfileIdentifier: guardrail.crossRegionDetails.guardrailProfileArn },
    }),
  };
}

/** The draft without lines that nothing was typed into, and without policies that have nothing in them. */
export function sent(draft: Draft): Draft {
  const { topicPolicyConfig, contentPolicyConfig, wordPolicyConfig, sensitiveInformationPolicyConfig, ...rest } = draft;
  const { contextualGroundingPolicyConfig, description, ...others } = rest;
  const topics = (topicPolicyConfig?.topicsConfig ?? []).map((topic) => ({
    ...topic,
    examples: (topic.examples ?? []).filter((example) => example.trim() !== ""),
  }));
  const filters = (contentPolicyConfig?.filtersConfig ?? []).filter(
    ({ inputStrength, outputStrength }) => inputStrength !== "NONE" || outputStrength !== "NONE",
  );
  const words = (wordPolicyConfig?.wordsConfig ?? []).filter(({ text = "" }) => text.trim() !== "");
  const lists = wordPolicyConfig?.managedWordListsConfig ?? [];
  const types = sensitiveInformationPolicyConfig?.piiEntitiesConfig ?? [];
  const regexes = sensitiveInformationPolicyConfig?.regexesConfig ?? [];
  const grounding = contextualGroundingPolicyConfig?.filtersConfig ?? [];
  return {
    ...others,
    ...(description === undefined || description.trim() === "" ? {} : { description }),
    ...(topics.length > 0 && { topicPolicyConfig: { ...topicPolicyConfig, topicsConfig: topics } }),
    ...(filters.length > 0 && { contentPolicyConfig: { ...contentPolicyConfig, filtersConfig: filters } }),
    ...(words.length + lists.length > 0 && {
      wordPolicyConfig: {
        ...(words.length > 0 && { wordsConfig: words }),
        ...(lists.length > 0 && { managedWordListsConfig: lists }),
      },
    }),
    ...(types.length + regexes.length > 0 && {
      sensitiveInformationPolicyConfig: {
        ...(types.length > 0 && { piiEntitiesConfig: types }),
        ...(regexes.length > 0 && { regexesConfig: regexes }),
      },
    }),
    ...(grounding.length > 0 && { contextualGroundingPolicyConfig: { filtersConfig: grounding } }),
  };
}
