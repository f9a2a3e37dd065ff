import { BedrockAgentClient } from "@aws-sdk/client-bedrock-agent";
import { IAMClient } from "@aws-sdk/client-iam";
import Box from "@cloudscape-design/components/box";
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Wizard from "@cloudscape-design/components/wizard";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useClient } from "../../aws/client.ts";
import { useSession } from "../../session/session.ts";
import { FailureAlert } from "../../shell/FailureAlert.tsx";
import { useLookAgain } from "../../shell/lookAgain.ts";
import { useNotices } from "../../shell/notices.ts";
import { usePage } from "../../shell/page.ts";
import { bedrock } from "../../text/bedrock.ts";
import { knowledge } from "../../text/knowledge.ts";
import { roles } from "../../text/roles.ts";
import { shell } from "../../text/shell.ts";
import { ModelField } from "../ModelField.tsx";
import { useModels } from "../models.ts";
import { RoleField } from "../RoleField.tsx";
import { type BaseDraft, makeBase, NEW_SOURCE } from "./creation.ts";
import { SourceForm } from "./SourceForm.tsx";

const text = knowledge.wizard;

type Step = keyof typeof text.creating;

/** Asks for all that a knowledge base needs, step by step, and makes it. */
export default function KnowledgeWizard() {
  usePage(text.title, [
    { text: bedrock.service, href: "/bedrock/models" },
    { text: knowledge.list.title, href: "/bedrock/knowledge-bases" },
  ]);
  const navigate = useNavigate();
  const notices = useNotices();
  const lookAgain = useLookAgain();
  const { session } = useSession();
  const agent = useClient((settings) => new BedrockAgentClient(settings));
  const iam = useClient((settings) => new IAMClient(settings));
  const models = useModels("EMBEDDING");
  const [active, setActive] = useState(0);
  const [checked, setChecked] = useState(false);
  const [step, setStep] = useState<Step>();
  const [draft, setDraft] = useState<BaseDraft>({
    name: "",
    description: "",
    role: undefined,
    source: NEW_SOURCE,
    model: undefined,
    store: "own",
    index: "",
    sync: true,
  });
  const model = models.data?.find(({ arn }) => arn === draft.model) ?? models.data?.[0];
  const whole: BaseDraft = { ...draft, model: model?.arn };
  const complete = [
    draft.name.trim() !== "",
    draft.source.name.trim() !== "" && draft.source.bucket !== undefined,
    model !== undefined && (draft.store === "own" || draft.index.trim() !== ""),
  ];
  const missing = checked ? { errorText: text.missing } : {};

  const making = useMutation({
    mutationFn: () => makeBase(agent, iam, session, whole, setStep),
    onSuccess: async (id) => {
      await lookAgain(["knowledge-bases"]);
      notices.done(text.created(draft.name));
      navigate(`/bedrock/knowledge-bases/${id}`);
    },
  });

  const details = (
    <Container>
      <SpaceBetween size="m">
        <FormField label={text.name} {...(draft.name.trim() === "" ? missing : {})}>
          <Input value={draft.name} onChange={(event) => setDraft({ ...draft, name: event.detail.value })} />
        </FormField>
        <FormField label={text.description}>
          <Input value={draft.description} onChange={(event) => setDraft({ ...draft, description: event.detail.value })} />
        </FormField>
        <RoleField value={draft.role} onChange={(role) => setDraft({ ...draft, role })} />
      </SpaceBetween>
    </Container>
  );
  const source = (
    <Container>
      <SpaceBetween size="m">
        <SourceForm source={draft.source} onChange={(changed) => setDraft({ ...draft, source: changed })} />
        {checked && complete[1] === false && <StatusIndicator type="error">{text.missing}</StatusIndicator>}
      </SpaceBetween>
    </Container>
  );
  const store = (
    <Container>
      <SpaceBetween size="m">
        <ModelField
          label={text.model}
          hint={text.modelHint}
          models={models}
          value={model?.value}
          onChange={(value) => setDraft({ ...draft, model: models.data?.find((option) => option.value === value)?.arn })}
        />
        <FormField label={text.store}>
          <RadioGroup
            value={draft.store}
            items={[
              { value: "own", label: text.stores.own, description: text.stores.ownHint },
              { value: "vectors", label: text.stores.vectors, description: text.stores.vectorsHint },
            ]}
            onChange={(event) => setDraft({ ...draft, store: event.detail.value === "vectors" ? "vectors" : "own" })}
          />
        </FormField>
        {draft.store === "vectors" && (
          <FormField label={text.index} {...(draft.index.trim() === "" ? missing : {})}>
            <Input value={draft.index} onChange={(event) => setDraft({ ...draft, index: event.detail.value })} />
          </FormField>
        )}
        <Checkbox checked={draft.sync} onChange={(event) => setDraft({ ...draft, sync: event.detail.checked })}>
          {text.sync}
        </Checkbox>
      </SpaceBetween>
    </Container>
  );
  const review = (
    <SpaceBetween size="m">
      {making.isError && (
        <SpaceBetween size="xs">
          <FailureAlert
            title={text.failedAt(step === undefined ? "" : text.creating[step])}
            failure={making.error}
          />
          <Box variant="small">{text.kept}</Box>
        </SpaceBetween>
      )}
      {making.isPending && step !== undefined && <StatusIndicator type="in-progress">{text.creating[step]}</StatusIndicator>}
      <Container>
        <KeyValuePairs
          columns={2}
          items={[
            { label: text.name, value: draft.name },
            { label: roles.label, value: draft.role ?? text.newRole },
            { label: text.bucket, value: `s3://${draft.source.bucket ?? ""}/${draft.source.prefix}` },
            { label: knowledge.chunking.label, value: knowledge.chunking.strategies[draft.source.chunking.strategy] },
            { label: text.model, value: model?.label ?? "-" },
            { label: text.store, value: draft.store === "own" ? text.stores.own : draft.index },
          ]}
        />
      </Container>
    </SpaceBetween>
  );

  return (
    <Wizard
      activeStepIndex={active}
      isLoadingNextStep={making.isPending}
      onNavigate={(event) => {
        const next = event.detail.requestedStepIndex;
        const incomplete = complete.findIndex((done) => !done);
        // Forward only past what is complete.
        if (next > active && incomplete !== -1 && incomplete < next) {
          setChecked(true);
          setActive(incomplete);
        } else {
          setChecked(false);
          setActive(next);
        }
      }}
      onCancel={() => navigate("/bedrock/knowledge-bases")}
      onSubmit={() => making.mutate()}
      i18nStrings={{
        stepNumberLabel: text.labels.step,
        collapsedStepsLabel: text.labels.steps,
        navigationAriaLabel: text.title,
        cancelButton: text.labels.cancel,
        previousButton: text.labels.previous,
        nextButton: text.labels.next,
        submitButton: text.labels.submit,
        optional: "",
        submitButtonLoadingAnnouncement: shell.loading,
      }}
      steps={[
        { title: text.steps.details, content: details },
        { title: text.steps.source, content: source },
        { title: text.steps.model, content: store },
        { title: text.steps.review, content: review },
      ]}
    />
  );
}
