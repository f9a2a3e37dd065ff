import { names } from "./names.ts";

export const cost = {
  service: names.cost.service,
  title: names.cost.service,
  description: "What the calls of your account would have cost at AWS, at the server's table of prices. Days are UTC's.",
  by: "Group by",
  groups: [
    ["service", "Service"],
    ["model", "Model"],
  ] as const,
  measure: "Show",
  measures: [
    ["price", "Cost"],
    ["calls", "Calls"],
    ["tokens", "Tokens"],
  ] as const,
  noModel: "(no model)",
  chart: "By day",
  table: "By service and model",
  daily: "Day by day",
  columns: {
    day: "Day",
    service: "Service",
    model: "Model",
    calls: "Calls",
    failed: "Failed",
    tokensIn: "Tokens in",
    tokensOut: "Tokens out",
    price: "Cost",
  },
  total: "Total cost",
  calls: "Calls",
  tokens: "Tokens in and out",
  failed: "Failed calls",
  reading: (through: string) => `The server is still reading its record, and has come to ${through}. The figures grow.`,
  empty: "Nothing was used in this time",
  emptyHint: "Every call is counted. Ask a model in Bedrock's playground, and look again half a second later.",
} as const;
