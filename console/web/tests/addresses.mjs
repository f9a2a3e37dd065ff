/** Every page that has an address of its own, by the name of its pictures. */
export const PAGES = {
  home: "/console/",
  models: "/console/bedrock/models",
  chat: "/console/bedrock/chat",
  compare: "/console/bedrock/compare",
  guardrails: "/console/bedrock/guardrails",
  "guardrail-editor": "/console/bedrock/guardrails/create",
  comprehend: "/console/comprehend",
  textract: "/console/textract",
  polly: "/console/polly",
  transcribe: "/console/transcribe",
  buckets: "/console/s3",
  events: "/console/cloudtrail",
  nowhere: "/console/nowhere",
};
