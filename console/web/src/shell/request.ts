import type { RequestForms } from "./RequestCode.tsx";

/** A call as the AWS CLI and boto3 take it. */
export function requestForms(service: string, operation: string, region: string, input: Record<string, unknown>): RequestForms {
  const endpoint = window.location.origin;
  const options = Object.entries(input).map(([name, value]) => `--${kebab(name)} ${quoted(value)}`);
  return {
    cli: [`aws ${service} ${kebab(operation)}`, ...options, `--region ${region}`, `--endpoint-url ${endpoint}`].join(" \\\n  "),
    python: [
      "import boto3",
      "",
      `client = boto3.client("${service}", region_name="${region}", endpoint_url="${endpoint}")`,
      `print(client.${kebab(operation).replaceAll("-", "_")}(`,
      ...Object.entries(input).map(([name, value]) => `    ${name}=${python(value)},`),
      "))",
    ].join("\n"),
  };
}

/** JSON's strings and numbers are Python's; its other words are not. */
export function python(value: unknown): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(python).join(", ")}]`;
  if (typeof value === "object") {
    return `{${Object.entries(value)
      .map(([name, member]) => `${JSON.stringify(name)}: ${python(member)}`)
      .join(", ")}}`;
  }
  return JSON.stringify(value);
}

/** A value as a shell takes it: JSON between quotes, or the word itself. */
export function quoted(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return /^[\w.:/-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function kebab(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, "$1-$2").toLowerCase();
}
