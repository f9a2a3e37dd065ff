package dev.outcrop.engines.text;

import dev.outcrop.engines.text.llama.LlamaSettings;
import dev.outcrop.engines.text.openai.OpenAiSettings;

/** Where a text model is to be had. */
public sealed interface TextModelLocation {
    /**
     * A GGUF file, run by llama.cpp.
     *
     * @param preload whether it is loaded at once and never unloaded for being idle or to make room
     */
    record GgufFile(LlamaSettings settings, boolean preload) implements TextModelLocation {}

    /** An OpenAI-compatible endpoint. */
    record Endpoint(OpenAiSettings settings) implements TextModelLocation {}
}
