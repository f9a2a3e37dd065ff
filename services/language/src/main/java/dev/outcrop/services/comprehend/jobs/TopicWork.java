package dev.outcrop.services.comprehend.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.engines.learning.TopicModel;
import dev.outcrop.engines.learning.UntrainableException;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.jobs.JobRun;
import dev.outcrop.services.comprehend.documents.Document;
import dev.outcrop.services.comprehend.documents.DocumentSource;
import dev.outcrop.services.comprehend.documents.RoleBuckets;
import dev.outcrop.services.comprehend.documents.S3Place;
import dev.outcrop.services.comprehend.documents.TarGz;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.comprehend.model.TopicsDetectionJobProperties;

/**
 * Finds the topics of a collection of documents. A job that was killed begins anew, and finds the same.
 *
 * <p>Source: Amazon Comprehend developer guide, "Topic modeling".
 */
final class TopicWork {
    private static final int TERMS = 10;
    private static final long SMALLEST_INPUT = 500;
    /** Less of a topic than this is not told. */
    private static final double LEAST = 1e-3;

    private final TopicsDetectionJobProperties job;
    private final RoleBuckets buckets;

    TopicWork(TopicsDetectionJobProperties job, RoleBuckets buckets) {
        this.job = job;
        this.buckets = buckets;
    }

    void run(JobRun run) throws IOException {
        List<String> names = new ArrayList<>();
        TopicModel.Corpus corpus = new TopicModel.Corpus();
        TopicModel model;
        try (DocumentSource source = new DocumentSource(buckets, job.inputDataConfig(), JobKind.TOPICS.limits())) {
            if (source.bytes() < SMALLEST_INPUT) {
                throw AwsError.validation(
                        "The total size of the input files is less than " + SMALLEST_INPUT + " bytes.");
            }
            for (Optional<Document> next = source.next(); next.isPresent(); next = source.next()) {
                run.proceed();
                Document document = next.get();
                if (document.problem().isEmpty()) {
                    corpus.add(document.text());
                    names.add(
                            document.line().isPresent()
                                    ? document.file() + ":" + document.line().getAsInt()
                                    : document.file());
                }
            }
            int[] percent = {0};
            model = TopicModel.fit(corpus, job.numberOfTopics(), done -> {
                run.proceed();
                if ((int) (20 * done) > percent[0]) {
                    percent[0] = (int) (20 * done);
                    run.progress(Math.min(0.99, done));
                }
            });
        } catch (UntrainableException nothing) {
            throw AwsError.validation(nothing.getMessage());
        }
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        try (TarGz tar = new TarGz(archive)) {
            tar.add("topic-terms.csv", terms(model).getBytes(UTF_8));
            tar.add("doc-topics.csv", documents(model, names).getBytes(UTF_8));
        }
        buckets.put(
                S3Place.of(job.outputDataConfig().s3Uri()),
                Optional.ofNullable(job.outputDataConfig().kmsKeyId()),
                RequestBody.fromBytes(archive.toByteArray()));
    }

    private static String terms(TopicModel model) {
        StringBuilder lines = new StringBuilder("topic,term,weight\n");
        for (int topic = 0; topic < model.topics(); topic++) {
            for (TopicModel.WeightedTerm term : model.terms(topic, TERMS)) {
                lines.append(String.format(Locale.ROOT, "%03d,%s,%.9f\n", topic, field(term.term()), term.weight()));
            }
        }
        return lines.toString();
    }

    private static String documents(TopicModel model, List<String> names) {
        StringBuilder lines = new StringBuilder("docname,topic,proportion\n");
        for (int document = 0; document < names.size(); document++) {
            double[] shares = model.proportions(document);
            String name = field(names.get(document));
            IntStream.range(0, shares.length)
                    .filter(topic -> shares[topic] >= LEAST)
                    .boxed()
                    .sorted(Comparator.comparingDouble(topic -> -shares[topic]))
                    .forEach(topic ->
                            lines.append(String.format(Locale.ROOT, "%s,%03d,%.9f\n", name, topic, shares[topic])));
        }
        return lines.toString();
    }

    private static String field(String value) {
        return value.contains(",") || value.contains("\"") ? "\"" + value.replace("\"", "\"\"") + "\"" : value;
    }
}
