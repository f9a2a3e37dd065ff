import { bedrock } from "../text/bedrock.ts";
import { cloudtrail } from "../text/cloudtrail.ts";
import { comprehend } from "../text/comprehend.ts";
import { names } from "../text/names.ts";
import { polly } from "../text/polly.ts";
import { s3 } from "../text/s3.ts";
import { textract } from "../text/textract.ts";
import { transcribe } from "../text/transcribe.ts";
import type { SideNavigationProps } from "@cloudscape-design/components/side-navigation";

/** A service that the console has pages for. */
export interface ConsoleService {
  /** As the server's own list of services has it. */
  id: string;
  name: string;
  family: string;
  /** What people look for. */
  words: string;
  /** Where its first page is. */
  path: string;
  navigation: SideNavigationProps.Link[];
}

function link(text: string, href: string): SideNavigationProps.Link {
  return { type: "link", text, href };
}

export const SERVICES: ConsoleService[] = [
  {
    id: "bedrock",
    name: bedrock.service,
    family: "Generative AI",
    words: "bedrock model chat playground text generation llm catalog pull guardrail knowledge base rag prompt batch logs",
    path: "/bedrock/models",
    navigation: [
      link(bedrock.navigation.catalog, "/bedrock/models"),
      link(bedrock.navigation.chat, "/bedrock/chat"),
      link(bedrock.navigation.compare, "/bedrock/compare"),
      link(bedrock.navigation.text, "/bedrock/text"),
      link(bedrock.navigation.prompts, "/bedrock/prompts"),
      link(bedrock.navigation.guardrails, "/bedrock/guardrails"),
      link(bedrock.navigation.knowledge, "/bedrock/knowledge-bases"),
      link(bedrock.navigation.batch, "/bedrock/batch"),
      link(bedrock.navigation.logs, "/bedrock/logs"),
    ],
  },
  {
    id: "comprehend",
    name: comprehend.service,
    family: "AI services",
    words: "comprehend language entities sentiment key phrases personal data nlp",
    path: "/comprehend",
    navigation: [link(comprehend.title, "/comprehend")],
  },
  {
    id: "textract",
    name: textract.service,
    family: "AI services",
    words: "textract ocr document forms tables image scan",
    path: "/textract",
    navigation: [link(textract.title, "/textract")],
  },
  {
    id: "polly",
    name: polly.service,
    family: "AI services",
    words: "polly speech voice text to speech audio",
    path: "/polly",
    navigation: [link(polly.title, "/polly")],
  },
  {
    id: "transcribe",
    name: transcribe.service,
    family: "AI services",
    words: "transcribe speech recognition audio recording subtitles",
    path: "/transcribe",
    navigation: [link(transcribe.title, "/transcribe")],
  },
  {
    id: "s3",
    name: s3.service,
    family: "Storage",
    words: "s3 bucket object file upload storage",
    path: "/s3",
    navigation: [link(s3.buckets.title, "/s3")],
  },
  {
    id: "iam",
    name: names.iam.service,
    family: "Security",
    words: "iam users groups roles policies access keys rights permissions simulator",
    path: "/iam/users",
    navigation: [
      link(names.iam.users, "/iam/users"),
      link(names.iam.groups, "/iam/groups"),
      link(names.iam.roles, "/iam/roles"),
      link(names.iam.policies, "/iam/policies"),
      link(names.iam.simulator, "/iam/simulator"),
    ],
  },
  {
    id: "kms",
    name: names.kms.service,
    family: "Security",
    words: "kms keys encryption decrypt rotation aliases",
    path: "/kms",
    navigation: [link(names.kms.keys, "/kms")],
  },
  {
    id: "secretsmanager",
    name: names.secrets.service,
    family: "Security",
    words: "secrets manager passwords rotation",
    path: "/secrets",
    navigation: [link(names.secrets.secrets, "/secrets")],
  },
  {
    id: "cloudtrail",
    name: cloudtrail.service,
    family: "Management",
    words: "cloudtrail audit event history who did what",
    path: "/cloudtrail",
    navigation: [link(cloudtrail.title, "/cloudtrail")],
  },
  {
    id: "cloudwatch",
    name: names.cloudwatch.service,
    family: "Management",
    words: "cloudwatch metrics alarms dashboards monitoring",
    path: "/cloudwatch/metrics",
    navigation: [
      link(names.cloudwatch.metrics, "/cloudwatch/metrics"),
      link(names.cloudwatch.alarms, "/cloudwatch/alarms"),
      link(names.cloudwatch.dashboards, "/cloudwatch/dashboards"),
    ],
  },
  {
    id: "logs",
    name: names.logs.service,
    family: "Management",
    words: "logs log groups streams events tail insights query",
    path: "/logs",
    navigation: [
      link(names.logs.groups, "/logs"),
      link(names.logs.tail, "/logs/tail"),
      link(names.logs.insights, "/logs/insights"),
    ],
  },
  {
    id: "cost",
    name: names.cost.service,
    family: "Management",
    words: "cost usage price tokens billing",
    path: "/cost",
    navigation: [link(names.cost.service, "/cost")],
  },
];

/** The service whose page is at {@code path}. */
export function serviceAt(path: string): ConsoleService | undefined {
  const first = path.split("/")[1];
  return SERVICES.find((service) => service.path.split("/")[1] === first);
}
