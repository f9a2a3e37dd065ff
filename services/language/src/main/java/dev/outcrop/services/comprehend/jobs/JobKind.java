package dev.outcrop.services.comprehend.jobs;

import dev.outcrop.services.comprehend.documents.DocumentSource.Limits;
import java.util.List;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.comprehend.model.DocumentClassificationJobProperties;
import software.amazon.awssdk.services.comprehend.model.DominantLanguageDetectionJobProperties;
import software.amazon.awssdk.services.comprehend.model.EntitiesDetectionJobProperties;
import software.amazon.awssdk.services.comprehend.model.KeyPhrasesDetectionJobProperties;
import software.amazon.awssdk.services.comprehend.model.PiiEntitiesDetectionJobProperties;
import software.amazon.awssdk.services.comprehend.model.SentimentDetectionJobProperties;
import software.amazon.awssdk.services.comprehend.model.TargetedSentimentDetectionJobProperties;
import software.amazon.awssdk.services.comprehend.model.TopicsDetectionJobProperties;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/**
 * A kind of analysis job.
 *
 * @param resource   what its ARNs call it
 * @param code       what the folder of its output is called after
 * @param newBuilder of what is told about such a job
 * @param limits     of its documents
 * @param <B>        the builder of the shape that tells of such a job
 * @param <P>        that shape
 */
public record JobKind<B extends SdkPojo & SdkBuilder<B, P>, P extends SdkPojo>(
        String resource, String code, Supplier<B> newBuilder, Limits limits) {
    private static final int KILOBYTE = 1024;
    private static final int MEGABYTE = KILOBYTE * KILOBYTE;
    private static final int MILLION = 1_000_000;

    public static final JobKind<DominantLanguageDetectionJobProperties.Builder, DominantLanguageDetectionJobProperties>
            LANGUAGE = new JobKind<>(
                    "dominant-language-detection-job",
                    "LANGUAGE",
                    DominantLanguageDetectionJobProperties::builder,
                    new Limits(MEGABYTE, MILLION));
    public static final JobKind<EntitiesDetectionJobProperties.Builder, EntitiesDetectionJobProperties> ENTITIES =
            new JobKind<>(
                    "entities-detection-job",
                    "NER",
                    EntitiesDetectionJobProperties::builder,
                    new Limits(MEGABYTE, MILLION));
    public static final JobKind<KeyPhrasesDetectionJobProperties.Builder, KeyPhrasesDetectionJobProperties>
            KEY_PHRASES = new JobKind<>(
                    "key-phrases-detection-job",
                    "KP",
                    KeyPhrasesDetectionJobProperties::builder,
                    new Limits(MEGABYTE, MILLION));
    public static final JobKind<SentimentDetectionJobProperties.Builder, SentimentDetectionJobProperties> SENTIMENT =
            new JobKind<>(
                    "sentiment-detection-job",
                    "SENTIMENT",
                    SentimentDetectionJobProperties::builder,
                    new Limits(5 * KILOBYTE, MILLION));
    public static final JobKind<
                    TargetedSentimentDetectionJobProperties.Builder, TargetedSentimentDetectionJobProperties>
            TARGETED_SENTIMENT = new JobKind<>(
                    "targeted-sentiment-detection-job",
                    "TS",
                    TargetedSentimentDetectionJobProperties::builder,
                    new Limits(10 * KILOBYTE, 30_000));
    public static final JobKind<PiiEntitiesDetectionJobProperties.Builder, PiiEntitiesDetectionJobProperties> PII =
            new JobKind<>(
                    "pii-entities-detection-job",
                    "PII",
                    PiiEntitiesDetectionJobProperties::builder,
                    new Limits(MEGABYTE, MILLION));
    public static final JobKind<DocumentClassificationJobProperties.Builder, DocumentClassificationJobProperties>
            CLASSIFICATION = new JobKind<>(
                    "document-classification-job",
                    "CLN",
                    DocumentClassificationJobProperties::builder,
                    new Limits(10 * MEGABYTE, MILLION));
    public static final JobKind<TopicsDetectionJobProperties.Builder, TopicsDetectionJobProperties> TOPICS =
            new JobKind<>(
                    "topics-detection-job",
                    "TOPICS",
                    TopicsDetectionJobProperties::builder,
                    new Limits(100 * MEGABYTE, MILLION));

    /** All of them. */
    static final List<JobKind<?, ?>> ALL =
            List.of(LANGUAGE, ENTITIES, KEY_PHRASES, SENTIMENT, TARGETED_SENTIMENT, PII, CLASSIFICATION, TOPICS);

    /** What the kernel calls jobs of the kind. */
    String work() {
        return "comprehend:" + resource;
    }
}
