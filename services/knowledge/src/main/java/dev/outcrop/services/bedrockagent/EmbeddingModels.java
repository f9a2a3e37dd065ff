package dev.outcrop.services.bedrockagent;

import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.bedrockagent.model.BedrockEmbeddingModelConfiguration;
import software.amazon.awssdk.services.bedrockagent.model.EmbeddingDataType;

/**
 * What is known of embedding models by their names.
 *
 * <p>Source: Amazon Bedrock User Guide, "Supported models and Regions for Amazon Bedrock knowledge bases".
 */
final class EmbeddingModels {
    private static final List<Family> FAMILIES = List.of(
            new Family("amazon.titan-embed-text-v2", 1024, List.of(256, 512, 1024), true),
            new Family("amazon.titan-embed-g1", 1536, List.of(1536), false),
            new Family("amazon.titan-embed-text-v1", 1536, List.of(1536), false),
            new Family("cohere.embed-v4", 1536, List.of(256, 512, 1024, 1536), true),
            new Family("cohere.embed-english-v3", 1024, List.of(1024), true),
            new Family("cohere.embed-multilingual-v3", 1024, List.of(1024), true));

    private EmbeddingModels() {}

    /** @param usual the dimension where none is asked for */
    private record Family(String prefix, int usual, List<Integer> dimensions, boolean binary) {}

    /** The id in a model's ARN, without what makes it a profile of several regions. */
    static String name(String arn) {
        String id = arn.substring(arn.lastIndexOf('/') + 1);
        return id.replaceFirst("^(us|eu|apac|global|us-gov)\\.", "");
    }

    /** What {@code InvokeModel} is told: a foundation model's id, and else the ARN. */
    static String invoked(String arn) {
        int foundation = arn.indexOf("foundation-model/");
        return foundation < 0 ? arn : arn.substring(foundation + "foundation-model/".length());
    }

    static boolean isTitanG1(String name) {
        return name.startsWith("amazon.titan-embed-text-v1") || name.startsWith("amazon.titan-embed-g1");
    }

    /** How many values a model's vectors have where nothing else is asked for. */
    static Optional<Integer> dimension(String name) {
        return family(name).map(Family::usual);
    }

    /** Refuses what a model cannot do. */
    static void check(String arn, BedrockEmbeddingModelConfiguration settings) {
        Optional<Family> family = family(name(arn));
        if (family.isEmpty() || settings == null) {
            return;
        }
        Integer dimensions = settings.dimensions();
        if (dimensions != null && !family.get().dimensions.contains(dimensions)) {
            throw Errors.invalid("The embedding model " + arn + " does not support " + dimensions
                    + " dimensions. It supports: " + family.get().dimensions + ".");
        }
        if (settings.embeddingDataType() == EmbeddingDataType.BINARY && !family.get().binary) {
            throw Errors.invalid("The embedding model " + arn + " does not support the embedding data type BINARY.");
        }
    }

    private static Optional<Family> family(String name) {
        return FAMILIES.stream()
                .filter(family -> name.startsWith(family.prefix))
                .findFirst();
    }
}
