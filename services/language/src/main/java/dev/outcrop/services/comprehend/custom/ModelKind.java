package dev.outcrop.services.comprehend.custom;

import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.comprehend.model.DocumentClassifierProperties;
import software.amazon.awssdk.services.comprehend.model.EntityRecognizerProperties;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/**
 * A kind of model.
 *
 * @param resource   what its ARNs call it
 * @param newBuilder of what is told about such a model
 * @param arn        of such a model
 * @param withArn    gives a builder the ARN
 */
public record ModelKind<B extends SdkPojo & SdkBuilder<B, P>, P extends SdkPojo>(
        String resource, Supplier<B> newBuilder, Function<P, String> arn, BiFunction<B, String, B> withArn) {
    public static final ModelKind<DocumentClassifierProperties.Builder, DocumentClassifierProperties> CLASSIFIER =
            new ModelKind<>(
                    "document-classifier",
                    DocumentClassifierProperties::builder,
                    DocumentClassifierProperties::documentClassifierArn,
                    DocumentClassifierProperties.Builder::documentClassifierArn);
    public static final ModelKind<EntityRecognizerProperties.Builder, EntityRecognizerProperties> RECOGNIZER =
            new ModelKind<>(
                    "entity-recognizer",
                    EntityRecognizerProperties::builder,
                    EntityRecognizerProperties::entityRecognizerArn,
                    EntityRecognizerProperties.Builder::entityRecognizerArn);

    /** What the kernel calls trainings of such models. */
    String work() {
        return "comprehend:" + resource + "-training";
    }
}
