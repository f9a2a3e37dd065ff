package dev.outcrop.services.foundationmodels;

import java.util.List;
import java.util.Set;

/**
 * What AWS published about a foundation model.
 *
 * @param id             such as {@code anthropic.claude-3-haiku-20240307-v1:0}
 * @param name           such as {@code Claude 3 Haiku}
 * @param provider       such as {@code Anthropic}
 * @param inputs         modalities that it takes: {@code TEXT}, {@code IMAGE}, {@code VIDEO}, {@code SPEECH}
 * @param outputs        modalities that it gives: {@code TEXT}, {@code IMAGE}, {@code EMBEDDING}…
 * @param streaming      whether it answers bit by bit
 * @param customizations such as {@code FINE_TUNING}
 * @param inferenceTypes {@code ON_DEMAND}, {@code PROVISIONED}, {@code INFERENCE_PROFILE}
 * @param lifecycle      {@code ACTIVE} or {@code LEGACY}
 * @param geographies    prefixes of its cross-Region inference profiles, such as {@code us}
 */
public record FoundationModel(
        String id,
        String name,
        String provider,
        List<String> inputs,
        List<String> outputs,
        boolean streaming,
        List<String> customizations,
        List<String> inferenceTypes,
        String lifecycle,
        Set<String> geographies) {
    public FoundationModel {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        customizations = List.copyOf(customizations);
        inferenceTypes = List.copyOf(inferenceTypes);
        geographies = Set.copyOf(geographies);
    }

    /** Whether it may be called by its own id, not only through an inference profile or provisioned throughput. */
    public boolean onDemand() {
        return inferenceTypes.contains("ON_DEMAND");
    }

    /** Whether it answers text with text; rerankers, whose output AWS calls text too, give numbers. */
    public boolean writesText() {
        return inputs.contains("TEXT") && outputs.contains("TEXT") && !id.contains("rerank");
    }

    /** Whether it answers with vectors. */
    public boolean embeds() {
        return outputs.contains("EMBEDDING");
    }
}
