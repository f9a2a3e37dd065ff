package dev.outcrop.services.guardrails;

import dev.outcrop.engines.text.Generation;
import dev.outcrop.engines.text.Prompt;
import dev.outcrop.engines.text.TextModel;
import dev.outcrop.engines.text.TextModelDescription;
import dev.outcrop.engines.text.TextRequest;
import dev.outcrop.services.bedrockruntime.ScriptedTextModel;
import java.util.concurrent.atomic.AtomicReference;

/** Whichever scripted model is the latest. */
record Latest(AtomicReference<ScriptedTextModel> model) implements TextModel {
    @Override
    public TextModelDescription description() {
        return model.get().description();
    }

    @Override
    public Generation generate(TextRequest request) {
        return model.get().generate(request);
    }

    @Override
    public int countTokens(Prompt prompt) {
        return model.get().countTokens(prompt);
    }

    @Override
    public void close() {}
}
