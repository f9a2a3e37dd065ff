import type {
  GuardrailContentFilterConfig,
  GuardrailContentFiltersTierName,
  GuardrailContextualGroundingFilterType,
  GuardrailFilterStrength,
  GuardrailPiiEntityConfig,
  GuardrailRegexConfig,
  GuardrailTopicConfig,
  GuardrailTopicsTierName,
} from "@aws-sdk/client-bedrock";
import { GuardrailPiiEntityType } from "@aws-sdk/client-bedrock";
import AttributeEditor from "@cloudscape-design/components/attribute-editor";
import Checkbox from "@cloudscape-design/components/checkbox";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import Textarea from "@cloudscape-design/components/textarea";
import { useSession } from "../../session/session.ts";
import { ChoiceField, TextField } from "../../shell/fields.tsx";
import { guardrails } from "../../text/guardrails.ts";
import { shell } from "../../text/shell.ts";
import { CONTENT, type Draft } from "./draft.ts";

const text = guardrails.edit;

interface Props {
  draft: Draft;
  onChange: (draft: Draft) => void;
}

/** All policies of a guardrail, each in a section. */
export function GuardrailForm({ draft, onChange }: Props) {
  return (
    <SpaceBetween size="l">
      <Details draft={draft} onChange={onChange} />
      <ContentFilters draft={draft} onChange={onChange} />
      <Topics draft={draft} onChange={onChange} />
      <Words draft={draft} onChange={onChange} />
      <PersonalData draft={draft} onChange={onChange} />
      <Grounding draft={draft} onChange={onChange} />
      <Tiers draft={draft} onChange={onChange} />
    </SpaceBetween>
  );
}

function Details({ draft, onChange }: Props) {
  return (
    <Container header={<Header variant="h2">{text.details}</Header>}>
      <SpaceBetween size="m">
        <FormField label={text.name} constraintText={shell.chars(50)}>
          <Input value={draft.name ?? ""} onChange={(event) => onChange({ ...draft, name: event.detail.value })} />
        </FormField>
        <FormField label={text.description} constraintText={shell.chars(200)}>
          <Input
            value={draft.description ?? ""}
            onChange={(event) => onChange({ ...draft, description: event.detail.value })}
          />
        </FormField>
        <ColumnLayout columns={2}>
          <FormField label={text.blockedInput} constraintText={shell.chars(500)}>
            <Textarea
              rows={2}
              value={draft.blockedInputMessaging ?? ""}
              onChange={(event) => onChange({ ...draft, blockedInputMessaging: event.detail.value })}
            />
          </FormField>
          <FormField label={text.blockedOutput} constraintText={shell.chars(500)}>
            <Textarea
              rows={2}
              value={draft.blockedOutputsMessaging ?? ""}
              onChange={(event) => onChange({ ...draft, blockedOutputsMessaging: event.detail.value })}
            />
          </FormField>
        </ColumnLayout>
      </SpaceBetween>
    </Container>
  );
}

function ContentFilters({ draft, onChange }: Props) {
  const filters = draft.contentPolicyConfig?.filtersConfig ?? [];
  const filterOf = (type: GuardrailContentFilterConfig["type"]): GuardrailContentFilterConfig =>
    filters.find((filter) => filter.type === type) ?? { type, inputStrength: "NONE", outputStrength: "NONE" };
  const change = (changed: GuardrailContentFilterConfig) =>
    onChange({
      ...draft,
      contentPolicyConfig: {
        ...draft.contentPolicyConfig,
        filtersConfig: CONTENT.map((type) => (type === changed.type ? changed : filterOf(type))),
      },
    });
  const strength = (filter: GuardrailContentFilterConfig, side: "inputStrength" | "outputStrength") => {
    const name = text.content.types[filter.type as keyof typeof text.content.types];
    return (
      <Choice
        label={text.content.strength(name, side === "inputStrength" ? text.content.prompts : text.content.answers)}
        choices={text.content.strengths}
        value={filter[side] ?? "NONE"}
        // Only prompts can attack.
        disabled={side === "outputStrength" && filter.type === "PROMPT_ATTACK"}
        onChange={(value) => change({ ...filter, [side]: value as GuardrailFilterStrength })}
      />
    );
  };
  return (
    <Table
      header={
        <Header variant="h2" description={text.content.description}>
          {text.content.title}
        </Header>
      }
      ariaLabels={{ tableLabel: text.content.title }}
      items={CONTENT.map(filterOf)}
      trackBy="type"
      columnDefinitions={[
        {
          id: "type",
          header: text.content.title,
          isRowHeader: true,
          cell: ({ type }) => text.content.types[type as keyof typeof text.content.types],
        },
        { id: "input", header: text.content.prompts, cell: (filter) => strength(filter, "inputStrength"), minWidth: 130 },
        { id: "output", header: text.content.answers, cell: (filter) => strength(filter, "outputStrength"), minWidth: 130 },
        {
          id: "action",
          header: text.action,
          minWidth: 150,
          cell: (filter) => (
            <Choice
              label={text.content.action(text.content.types[filter.type as keyof typeof text.content.types])}
              choices={{ BLOCK: text.actions.BLOCK, NONE: text.actions.NONE }}
              value={filter.inputAction ?? "BLOCK"}
              onChange={(value) => {
                const action = value === "NONE" ? "NONE" : "BLOCK";
                change({ ...filter, inputAction: action, outputAction: action });
              }}
            />
          ),
        },
      ]}
    />
  );
}

function Topics({ draft, onChange }: Props) {
  const topics = draft.topicPolicyConfig?.topicsConfig ?? [];
  const change = (changed: GuardrailTopicConfig[]) =>
    onChange({ ...draft, topicPolicyConfig: { ...draft.topicPolicyConfig, topicsConfig: changed } });
  const alter = (place: number, part: Partial<GuardrailTopicConfig>) =>
    change(topics.map((topic, index) => (index === place ? { ...topic, ...part } : topic)));
  return (
    <Section text={text.topics} open={topics.length > 0}>
      <AttributeEditor
        items={topics}
        empty={text.topics.empty}
        addButtonText={text.topics.add}
        removeButtonText={shell.remove}
        onAddButtonClick={() => change([...topics, { name: "", definition: "", examples: [], type: "DENY" }])}
        onRemoveButtonClick={(event) => change(topics.filter((_, index) => index !== event.detail.itemIndex))}
        definition={[
          {
            label: text.topics.name,
            control: (topic, index) => (
              <Input value={topic.name ?? ""} onChange={(event) => alter(index, { name: event.detail.value })} />
            ),
          },
          {
            label: text.topics.definition,
            control: (topic, index) => (
              <Textarea
                rows={3}
                value={topic.definition ?? ""}
                onChange={(event) => alter(index, { definition: event.detail.value })}
              />
            ),
          },
          {
            label: text.topics.examples,
            control: (topic, index) => (
              <Textarea
                rows={3}
                value={(topic.examples ?? []).join("\n")}
                onChange={(event) => alter(index, { examples: event.detail.value.split("\n") })}
              />
            ),
          },
          {
            label: text.action,
            control: (topic, index) => (
              <Choice
                choices={{ BLOCK: text.actions.BLOCK, NONE: text.actions.NONE }}
                value={topic.inputAction ?? "BLOCK"}
                onChange={(value) => {
                  const action = value === "NONE" ? "NONE" : "BLOCK";
                  alter(index, { inputAction: action, outputAction: action });
                }}
              />
            ),
          },
        ]}
      />
    </Section>
  );
}

function Words({ draft, onChange }: Props) {
  const policy = draft.wordPolicyConfig ?? {};
  const words = policy.wordsConfig ?? [];
  const lists = policy.managedWordListsConfig ?? [];
  return (
    <Section text={text.words} open={words.length + lists.length > 0}>
      <SpaceBetween size="m">
        <Checkbox
          checked={lists.length > 0}
          onChange={(event) =>
            onChange({
              ...draft,
              wordPolicyConfig: { ...policy, managedWordListsConfig: event.detail.checked ? [{ type: "PROFANITY" }] : [] },
            })
          }
        >
          {text.words.profanity}
        </Checkbox>
        <FormField label={text.words.words}>
          <Textarea
            rows={4}
            value={words.map((word) => word.text).join("\n")}
            onChange={(event) =>
              onChange({
                ...draft,
                wordPolicyConfig: {
                  ...policy,
                  wordsConfig:
                    event.detail.value === ""
                      ? []
                      : event.detail.value
                          .split("\n")
                          .map((line) => words.find((word) => word.text === line) ?? { text: line }),
                },
              })
            }
          />
        </FormField>
      </SpaceBetween>
    </Section>
  );
}

function PersonalData({ draft, onChange }: Props) {
  const policy = draft.sensitiveInformationPolicyConfig ?? {};
  const types = policy.piiEntitiesConfig ?? [];
  const regexes = policy.regexesConfig ?? [];
  const changeTypes = (changed: GuardrailPiiEntityConfig[]) =>
    onChange({ ...draft, sensitiveInformationPolicyConfig: { ...policy, piiEntitiesConfig: changed } });
  const changeRegexes = (changed: GuardrailRegexConfig[]) =>
    onChange({ ...draft, sensitiveInformationPolicyConfig: { ...policy, regexesConfig: changed } });
  const alterType = (place: number, part: Partial<GuardrailPiiEntityConfig>) =>
    changeTypes(types.map((type, index) => (index === place ? { ...type, ...part } : type)));
  const alterRegex = (place: number, part: Partial<GuardrailRegexConfig>) =>
    changeRegexes(regexes.map((regex, index) => (index === place ? { ...regex, ...part } : regex)));
  const unused = () => PERSONAL.filter((candidate) => !types.some(({ type }) => type === candidate));
  const action = (value: string | undefined, changed: (action: "BLOCK" | "ANONYMIZE" | "NONE") => void) => (
    <Choice
      choices={text.actions}
      value={value ?? "BLOCK"}
      onChange={(chosen) => changed(chosen as "BLOCK" | "ANONYMIZE" | "NONE")}
    />
  );
  return (
    <Section text={text.personal} open={types.length + regexes.length > 0}>
      <SpaceBetween size="l">
        <AttributeEditor
          items={types}
          empty={text.personal.empty}
          addButtonText={text.personal.add}
          removeButtonText={shell.remove}
          disableAddButton={types.length === PERSONAL.length}
          onAddButtonClick={() => changeTypes([...types, { type: unused()[0], action: "ANONYMIZE" }])}
          onRemoveButtonClick={(event) => changeTypes(types.filter((_, index) => index !== event.detail.itemIndex))}
          definition={[
            {
              label: text.personal.type,
              control: (entity, index) => (
                <Select
                  filteringType="auto"
                  selectedOption={{ value: entity.type ?? "", label: readable(entity.type ?? "") }}
                  options={[...(entity.type === undefined ? [] : [entity.type]), ...unused()].map((value) => ({
                    value,
                    label: readable(value),
                  }))}
                  onChange={(event) =>
                    alterType(index, { type: event.detail.selectedOption.value as GuardrailPiiEntityType })
                  }
                />
              ),
            },
            {
              label: text.action,
              control: (entity, index) =>
                action(entity.inputAction ?? entity.action, (chosen) =>
                  alterType(index, both(chosen)),
                ),
            },
          ]}
        />
        <FormField label={text.personal.regexes} stretch>
          <AttributeEditor
            items={regexes}
            empty={text.personal.noRegexes}
            addButtonText={text.personal.addRegex}
            removeButtonText={shell.remove}
            onAddButtonClick={() => changeRegexes([...regexes, { name: "", pattern: "", action: "ANONYMIZE" }])}
            onRemoveButtonClick={(event) => changeRegexes(regexes.filter((_, index) => index !== event.detail.itemIndex))}
            definition={[
              {
                label: text.personal.name,
                control: (regex, index) => (
                  <Input value={regex.name ?? ""} onChange={(event) => alterRegex(index, { name: event.detail.value })} />
                ),
              },
              {
                label: text.personal.pattern,
                control: (regex, index) => (
                  <Input
                    value={regex.pattern ?? ""}
                    onChange={(event) => alterRegex(index, { pattern: event.detail.value })}
                  />
                ),
              },
              {
                label: text.action,
                control: (regex, index) =>
                  action(regex.inputAction ?? regex.action, (chosen) => alterRegex(index, both(chosen))),
              },
            ]}
          />
        </FormField>
      </SpaceBetween>
    </Section>
  );
}

function Grounding({ draft, onChange }: Props) {
  const filters = draft.contextualGroundingPolicyConfig?.filtersConfig ?? [];
  const change = (type: GuardrailContextualGroundingFilterType, threshold: number | undefined) => {
    const others = filters.filter((filter) => filter.type !== type);
    const kept = filters.find((filter) => filter.type === type);
    onChange({
      ...draft,
      contextualGroundingPolicyConfig: {
        filtersConfig: threshold === undefined ? others : [...others, { ...kept, type, threshold }],
      },
    });
  };
  return (
    <Section text={text.grounding} open={filters.length > 0}>
      <SpaceBetween size="m">
        {(["GROUNDING", "RELEVANCE"] as const).map((type) => {
          const filter = filters.find((candidate) => candidate.type === type);
          return (
            <SpaceBetween size="xs" key={type}>
              <Checkbox
                checked={filter !== undefined}
                onChange={(event) => change(type, event.detail.checked ? 0.7 : undefined)}
              >
                {text.grounding[type]}
              </Checkbox>
              {filter !== undefined && (
                <Input
                  type="number"
                  step={0.05}
                  inputMode="decimal"
                  ariaLabel={text.grounding.threshold(readable(type))}
                  value={String(filter.threshold ?? 0)}
                  onChange={(event) => change(type, Math.min(0.99, Math.max(0, Number(event.detail.value) || 0)))}
                />
              )}
            </SpaceBetween>
          );
        })}
      </SpaceBetween>
    </Section>
  );
}

/** How each of two policies judges: as it always did, or in more languages, which takes a guardrail profile. */
function Tiers({ draft, onChange }: Props) {
  const { session } = useSession();
  const content = draft.contentPolicyConfig?.tierConfig?.tierName ?? "CLASSIC";
  const topics = draft.topicPolicyConfig?.tierConfig?.tierName ?? "CLASSIC";
  const profile = draft.crossRegionConfig?.guardrailProfileIdentifier;
  const change = (part: Partial<Draft>, tier: string) =>
    onChange({
      ...draft,
      ...part,
      ...(tier === "STANDARD" && profile === undefined
        ? { crossRegionConfig: { guardrailProfileIdentifier: profileOf(session.region) } }
        : {}),
    });
  return (
    <Section text={text.tiers} open={content === "STANDARD" || topics === "STANDARD"}>
      <SpaceBetween size="m">
        <ColumnLayout columns={2}>
          <ChoiceField
            label={text.content.title}
            value={content}
            options={text.tiers.names}
            onChange={(tier) =>
              change(
                {
                  contentPolicyConfig: {
                    filtersConfig: [],
                    ...draft.contentPolicyConfig,
                    tierConfig: { tierName: tier as GuardrailContentFiltersTierName },
                  },
                },
                tier,
              )
            }
          />
          <ChoiceField
            label={text.topics.title}
            value={topics}
            options={text.tiers.names}
            onChange={(tier) =>
              change(
                {
                  topicPolicyConfig: {
                    topicsConfig: [],
                    ...draft.topicPolicyConfig,
                    tierConfig: { tierName: tier as GuardrailTopicsTierName },
                  },
                },
                tier,
              )
            }
          />
        </ColumnLayout>
        {(profile !== undefined || content === "STANDARD" || topics === "STANDARD") && (
          <TextField
            label={text.tiers.profile}
            hint={text.tiers.profileHint}
            value={profile ?? ""}
            onChange={(value) => {
              const { crossRegionConfig: _, ...others } = draft;
              onChange(value === "" ? others : { ...draft, crossRegionConfig: { guardrailProfileIdentifier: value } });
            }}
          />
        )}
      </SpaceBetween>
    </Section>
  );
}

/** AWS's guardrail profile of a region. */
function profileOf(region: string): string {
  const geography = region.startsWith("us-gov-") ? "us-gov" : region.startsWith("ap-") ? "apac" : region.slice(0, 2);
  return `${geography}.guardrail.v1:0`;
}

/** The older field and the two newer ones say the same. */
function both(action: "BLOCK" | "ANONYMIZE" | "NONE") {
  return { action, inputAction: action, outputAction: action };
}

const PERSONAL = Object.values(GuardrailPiiEntityType);

/** EMAIL_ADDRESS as Email address. */
export function readable(name: string): string {
  const words = name.replaceAll("_", " ").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function Section(props: { text: { title: string; description: string }; open: boolean; children: React.ReactNode }) {
  return (
    <ExpandableSection
      variant="container"
      headerText={props.text.title}
      headerDescription={props.text.description}
      defaultExpanded={props.open}
    >
      {props.children}
    </ExpandableSection>
  );
}

interface ChoiceProps {
  /** Where no field's label stands beside it. */
  label?: string;
  choices: Record<string, string>;
  value: string;
  disabled?: boolean;
  onChange: (value: string) => void;
}

function Choice({ label, choices, value, disabled = false, onChange }: ChoiceProps) {
  return (
    <Select
      {...(label === undefined ? {} : { ariaLabel: label })}
      disabled={disabled}
      expandToViewport
      selectedOption={{ value, label: choices[value] ?? value }}
      options={Object.entries(choices).map(([option, name]) => ({ value: option, label: name }))}
      onChange={(event) => onChange(event.detail.selectedOption.value ?? value)}
    />
  );
}
