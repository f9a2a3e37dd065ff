import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Tabs from "@cloudscape-design/components/tabs";
import { useMemo } from "react";
import { JsonEditor } from "../editor/JsonEditor.tsx";
import { ChoiceField, LongTextField, TextField } from "../shell/fields.tsx";
import { iam } from "../text/iam.ts";
import { shell } from "../text/shell.ts";
import { listed, type Policy, policyOf, remarksOn, type Statement, written } from "./policy.ts";

const text = iam.editor;

/** What a new condition begins with: keys that every call has. */
const CONDITION_KEYS = ["aws:RequestedRegion", "aws:PrincipalArn", "aws:UserAgent", "aws:PrincipalAccount", "aws:username"];

interface Props {
  document: string;
  onChange: (document: string) => void;
}

/** A policy by its statements or as JSON, whichever one likes, with what is wrong with it below. */
export function PolicyEditor({ document, onChange }: Props) {
  const remarks = useMemo(() => remarksOn(document), [document]);
  return (
    <SpaceBetween size="s">
      <Tabs
        i18nStrings={shell.tabs}
        tabs={[
          { id: "visual", label: text.visual, content: <Visual document={document} onChange={onChange} /> },
          {
            id: "json",
            label: text.json,
            content: <JsonEditor label={text.label} value={document} onChange={onChange} lines={{ least: 12, most: 28 }} />,
          },
        ]}
      />
      <div role="status" aria-label={text.findings}>
        {remarks.length === 0 ? (
          <StatusIndicator>{text.noFindings}</StatusIndicator>
        ) : (
          remarks.map(({ severity, message, statement }) => (
            <div key={`${statement} ${message}`}>
              <StatusIndicator type={severity}>
                {statement === undefined ? message : `${text.statement(statement, "")}: ${message}`}
              </StatusIndicator>
            </div>
          ))
        )}
      </div>
    </SpaceBetween>
  );
}

function Visual({ document, onChange }: Props) {
  const policy = useMemo(() => policyOf(document), [document]);
  if (policy === undefined) {
    return <Alert type="warning">{text.broken}</Alert>;
  }
  const change = (statements: Statement[]) => onChange(written({ ...policy, Statement: statements } satisfies Policy));
  return (
    <SpaceBetween size="m">
      {policy.Statement.map((statement, at) => (
        <StatementFields
          key={at}
          number={at + 1}
          statement={statement}
          onChange={(changed) => change(policy.Statement.map((other, place) => (place === at ? changed : other)))}
          onRemove={() => change(policy.Statement.filter((_, place) => place !== at))}
        />
      ))}
      <Button
        iconName="add-plus"
        onClick={() => change([...policy.Statement, { Effect: "Allow", Action: [], Resource: "*" }])}
      >
        {text.addStatement}
      </Button>
    </SpaceBetween>
  );
}

interface StatementProps {
  number: number;
  statement: Statement;
  onChange: (statement: Statement) => void;
  onRemove: () => void;
}

function StatementFields({ number, statement, onChange, onRemove }: StatementProps) {
  const actionKind = statement.NotAction === undefined ? "Action" : "NotAction";
  const resourceKind = statement.NotResource === undefined ? "Resource" : "NotResource";
  const conditions = Object.entries(statement.Condition ?? {}).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => ({ operator, key, values: listed(values).join(", ") })),
  );
  const setConditions = (rows: typeof conditions) => {
    const { Condition: _, ...rest } = statement;
    const condition: Record<string, Record<string, string[]>> = {};
    for (const { operator, key, values } of rows) {
      (condition[operator] ??= {})[key] = values.split(/\s*,\s*/);
    }
    onChange(rows.length === 0 ? rest : { ...rest, Condition: condition });
  };
  // Two conditions of the same operator and key would be one.
  const unused = CONDITION_KEYS.find((candidate) => !conditions.some(({ key }) => key === candidate));
  const name = text.statement(number, statement.Sid ?? "");
  return (
    <Container
      header={
        <Header
          variant="h3"
          actions={<Button iconName="remove" variant="icon" ariaLabel={`${text.removeStatement} ${number}`} onClick={onRemove} />}
        >
          {name}
        </Header>
      }
    >
      <SpaceBetween size="m">
        <ColumnLayout columns={2}>
          <TextField
            label={text.sid}
            value={statement.Sid ?? ""}
            onChange={(sid) => {
              const { Sid: _, ...rest } = statement;
              onChange(sid === "" ? rest : { Sid: sid, ...rest });
            }}
          />
          <ChoiceField
            label={text.effect}
            value={statement.Effect ?? ""}
            options={text.effects}
            onChange={(effect) => onChange({ ...statement, Effect: effect })}
          />
          <ChoiceField
            label={text.actionKind}
            value={actionKind}
            options={text.actionKinds}
            onChange={(kind) => onChange(renamed(statement, actionKind, kind))}
          />
          <ChoiceField
            label={text.resourceKind}
            value={resourceKind}
            options={text.resourceKinds}
            onChange={(kind) => onChange(renamed(statement, resourceKind, kind))}
          />
          <Lines
            label={text.actions}
            hint={text.actionsHint}
            values={listed(statement[actionKind])}
            onChange={(actions) => onChange({ ...statement, [actionKind]: actions })}
          />
          <Lines
            label={text.resources}
            hint={text.resourcesHint}
            values={listed(statement[resourceKind])}
            onChange={(resources) => onChange({ ...statement, [resourceKind]: resources })}
          />
        </ColumnLayout>
        <Box variant="awsui-key-label">{text.conditions}</Box>
        {conditions.map((row, at) => (
          <ColumnLayout key={at} columns={3}>
            {(["operator", "key", "values"] as const).map((field) => (
              <TextField
                key={field}
                label={text[field]}
                value={row[field]}
                onChange={(value) => setConditions(conditions.map((other, place) => (place === at ? { ...row, [field]: value } : other)))}
              />
            ))}
            <Button onClick={() => setConditions(conditions.filter((_, place) => place !== at))}>{shell.remove}</Button>
          </ColumnLayout>
        ))}
        <Button
          iconName="add-plus"
          disabled={unused === undefined}
          onClick={() => setConditions([...conditions, { operator: "StringEquals", key: unused ?? "", values: "" }])}
        >
          {text.addCondition}
        </Button>
      </SpaceBetween>
    </Container>
  );
}

/** One a line; what is typed keeps its empty last line until it is a word. */
function Lines(props: { label: string; hint: string; values: string[]; onChange: (values: string[]) => void }) {
  return (
    <LongTextField
      label={props.label}
      hint={props.hint}
      rows={3}
      value={props.values.join("\n")}
      onChange={(value) => props.onChange(value === "" ? [] : value.split("\n").map((line) => line.trim()))}
    />
  );
}

function renamed(statement: Statement, from: string, to: string): Statement {
  return Object.fromEntries(Object.entries(statement).map(([name, value]) => [name === from ? to : name, value]));
}
