import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import Toggle from "@cloudscape-design/components/toggle";
import { prompts } from "../../text/prompts.ts";
import { shell } from "../../text/shell.ts";
import type { Generation } from "../generation.ts";
import { GenerationView } from "../GenerationView.tsx";
import { ModelField } from "../ModelField.tsx";
import type { useModels } from "../models.ts";
import { SettingsForm } from "../SettingsForm.tsx";
import type { Variant } from "./variants.ts";

const text = prompts.edit;

interface Props {
  variant: Variant;
  models: ReturnType<typeof useModels>;
  model: string;
  kept: boolean;
  /** Whether there is no other. */
  alone: boolean;
  generation: Generation | undefined;
  onChange: (variant: Variant) => void;
  onKeep: () => void;
  onRemove: () => void;
}

/** One variant of a prompt, and what a model makes of it. */
export function VariantPane(props: Props) {
  const { variant, models, model, kept, alone, generation, onChange, onKeep, onRemove } = props;
  return (
    <div role="group" aria-label={text.variant(variant.name)}>
      <Container
        header={
          <Header
            variant="h3"
            actions={
              !alone && (
                <SpaceBetween direction="horizontal" size="s" alignItems="center">
                  <Toggle checked={kept} onChange={() => onKeep()}>
                    {text.kept}
                  </Toggle>
                  <Button iconName="remove" ariaLabel={text.removeVariant(variant.name)} onClick={onRemove}>
                    {shell.remove}
                  </Button>
                </SpaceBetween>
              )
            }
          >
            {variant.name}
          </Header>
        }
      >
        <SpaceBetween size="m">
          <ModelField
            label={text.model}
            models={models}
            value={model}
            onChange={(chosen) => onChange({ ...variant, model: chosen })}
          />
          <FormField label={text.text} stretch>
            <Textarea
              rows={6}
              value={variant.text}
              placeholder={text.placeholder}
              onChange={(event) => onChange({ ...variant, text: event.detail.value })}
            />
          </FormField>
          <SettingsForm prompted settings={variant.settings} onChange={(settings) => onChange({ ...variant, settings })} wide />
          <GenerationView generation={generation} />
        </SpaceBetween>
      </Container>
    </div>
  );
}
