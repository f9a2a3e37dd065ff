import type { GuardrailAssessment } from "@aws-sdk/client-bedrock-runtime";
import type { Stretch } from "../../shell/Marked.tsx";
import { guardrails } from "../../text/guardrails.ts";
import { readable } from "./GuardrailForm.tsx";

const text = guardrails.test;

/** One thing that a guardrail found. */
export interface Finding {
  policy: string;
  what: string;
  /** Why it was found. */
  detail: string;
  action: string;
  /** The words it stands in, where it stands in words of the text and not in the text as a whole. */
  match?: string;
}

/** What an assessment tells, policy for policy. */
export function findingsOf(assessments: GuardrailAssessment[]): Finding[] {
  return assessments.flatMap((assessment): Finding[] => [
    ...(assessment.topicPolicy?.topics ?? [])
      .filter(({ detected }) => detected !== false)
      .map(({ name = "", action = "" }) => ({ policy: text.policies.topic, what: name, detail: "", action })),
    ...(assessment.contentPolicy?.filters ?? [])
      .filter(({ detected }) => detected !== false)
      .map(({ type = "", confidence = "", filterStrength = "", action = "" }) => ({
        policy: text.policies.content,
        what: readable(type),
        detail: text.confidence(confidence.toLowerCase(), filterStrength.toLowerCase()),
        action,
      })),
    ...(assessment.wordPolicy?.customWords ?? []).map(({ match = "", action = "" }) => ({
      policy: text.policies.word,
      what: match,
      detail: text.match(match),
      action,
      match,
    })),
    ...(assessment.wordPolicy?.managedWordLists ?? []).map(({ match = "", type = "", action = "" }) => ({
      policy: text.policies.managed,
      what: readable(type),
      detail: text.match(match),
      action,
      match,
    })),
    ...(assessment.sensitiveInformationPolicy?.piiEntities ?? []).map(({ match = "", type = "", action = "" }) => ({
      policy: text.policies.personal,
      what: readable(type),
      detail: text.match(match),
      action,
      match,
    })),
    ...(assessment.sensitiveInformationPolicy?.regexes ?? []).map(({ match = "", name = "", regex = "", action = "" }) => ({
      policy: text.policies.regex,
      what: name,
      detail: text.pattern(match, regex),
      action,
      match,
    })),
    ...(assessment.contextualGroundingPolicy?.filters ?? [])
      .filter(({ detected, action }) => detected ?? action === "BLOCKED")
      .map(({ type = "", score = 0, threshold = 0, action = "" }) => ({
        policy: text.policies.grounding,
        what: readable(type),
        detail: text.score(score, threshold),
        action,
      })),
  ]);
}

/** Where in a text the findings stand, in code points. */
export function stretchesOf(content: string, findings: Finding[]): Stretch[] {
  return findings.flatMap(({ match, what, policy }) => {
    if (match === undefined || match === "") {
      return [];
    }
    const words = new RegExp(match.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"), "giu");
    return [...content.matchAll(words)].map((found) => {
      const begin = [...content.slice(0, found.index)].length;
      return { begin, end: begin + [...found[0]].length, label: what === match ? policy : what };
    });
  });
}
