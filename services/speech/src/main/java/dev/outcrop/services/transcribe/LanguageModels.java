package dev.outcrop.services.transcribe;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.engines.speech.DomainPhrases;
import dev.outcrop.engines.speech.RecognitionOptions.BoostedPhrase;
import dev.outcrop.engines.voice.english.PronunciationDictionary;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.Page;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.Resources;
import dev.outcrop.kernel.jobs.Job;
import dev.outcrop.kernel.jobs.JobRun;
import dev.outcrop.kernel.jobs.Jobs;
import dev.outcrop.kernel.jobs.Work;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import software.amazon.awssdk.services.transcribe.model.CreateLanguageModelRequest;
import software.amazon.awssdk.services.transcribe.model.InputDataConfig;
import software.amazon.awssdk.services.transcribe.model.LanguageModel;
import software.amazon.awssdk.services.transcribe.model.ListLanguageModelsRequest;
import software.amazon.awssdk.services.transcribe.model.ListLanguageModelsResponse;
import software.amazon.awssdk.services.transcribe.model.ModelStatus;
import software.amazon.awssdk.services.transcribe.model.Tag;

/**
 * Custom language models of English: a job reads the texts under a prefix of S3, and learns the words and names that a
 * recogniser of everything would hardly write ({@link DomainPhrases}). Jobs that name the model prefer those.
 *
 * <p>Source: CreateLanguageModel, DescribeLanguageModel, ListLanguageModels and DeleteLanguageModel of the Amazon Transcribe
 * API reference; "Custom language models" of its developer guide.
 */
final class LanguageModels implements Work {
    static final String KIND = "transcribe:language-model";

    private static final int MOST = 10;
    private static final int MOST_FILES = 1_000;
    private static final int LARGEST_FILE = 32 << 20;
    private static final int MOST_PHRASES = 200;
    private static final int USUAL_PAGE = 5;
    private static final String UNKNOWN =
            "The requested language model couldn't be found. Check the model name and try your request again.";

    private final Resources<LanguageModel> models;
    private final ServiceBucket bucket;
    private final S3Files files;
    private final TranscribeTags tags;
    private final Supplier<Jobs> jobs;
    private final InstantSource clock;

    LanguageModels(
            ResourceStore store,
            ServiceBucket bucket,
            S3Files files,
            TranscribeTags tags,
            Supplier<Jobs> jobs,
            InstantSource clock) {
        models = store.resources("transcribe:language-model", LanguageModel::builder);
        this.bucket = bucket;
        this.files = files;
        this.tags = tags;
        this.jobs = jobs;
        this.clock = clock;
    }

    static String arn(String name) {
        return Ids.arn("transcribe", "language-model/" + name);
    }

    private static String file(String name) {
        return "language-model/" + name + "/phrases.txt";
    }

    LanguageModel create(CreateLanguageModelRequest request) {
        String name = request.modelName();
        if (models.find(name).isPresent()) {
            throw taken();
        }
        if (!request.languageCodeAsString().startsWith("en-")) {
            throw Failures.badRequest(
                    "Custom language models aren't supported for the language that you specified. They're"
                            + " supported for en-AU, en-GB and en-US.");
        }
        if (models.list().maximum(MOST).page().items().size() >= MOST) {
            throw Failures.limit("You have reached the limit of " + MOST + " custom language models.");
        }
        tags.check(request.tags());
        InputDataConfig input = request.inputDataConfig();
        String arn = arn(name);
        if (files.list(input.s3Uri(), Optional.of(input.dataAccessRoleArn()), arn, 1)
                .isEmpty()) {
            throw Failures.badRequest("The S3 location of the training data has no files.");
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        LanguageModel model = LanguageModel.builder()
                .modelName(name)
                .languageCode(request.languageCode())
                .baseModelName(request.baseModelName())
                .inputDataConfig(input)
                .modelStatus(ModelStatus.IN_PROGRESS)
                .upgradeAvailability(false)
                .createTime(now)
                .lastModifiedTime(now)
                .build();
        try {
            models.insert(name, model);
        } catch (AwsError another) {
            throw taken();
        }
        tags.add(arn, request.hasTags() ? request.tags() : List.<Tag>of());
        jobs.get().submit(KIND, "transcribe-model-" + UUID.randomUUID(), name.getBytes(UTF_8));
        return model;
    }

    private static RuntimeException taken() {
        return Failures.conflict("The requested language model name already exists. Use a different model name.");
    }

    @Override
    public void run(JobRun run) {
        String name = new String(run.job().input(), UTF_8);
        Optional<LanguageModel> model = models.find(name);
        if (model.isEmpty()) {
            return;
        }
        InputDataConfig input = model.get().inputDataConfig();
        Optional<String> role = Optional.of(input.dataAccessRoleArn());
        PronunciationDictionary english = PronunciationDictionary.shipped();
        DomainPhrases domain = new DomainPhrases(english::contains);
        for (S3Files.Place place : files.list(input.s3Uri(), role, arn(name), MOST_FILES)) {
            run.proceed();
            byte[] content = files.read(place, role, LARGEST_FILE);
            if (content.length > LARGEST_FILE) {
                throw Failures.badRequest("The training file " + place.key() + " is larger than the limit of 32 MB.");
            }
            try {
                domain.read(UTF_8.newDecoder().decode(ByteBuffer.wrap(content)));
            } catch (CharacterCodingException notText) {
                throw Failures.badRequest("The training file " + place.key() + " isn't encoded in UTF-8.");
            }
        }
        String phrases = String.join(
                "\n",
                domain.phrases(MOST_PHRASES).stream().map(BoostedPhrase::text).toList());
        bucket.write(file(name), phrases.getBytes(UTF_8));
        settle(name, ModelStatus.COMPLETED, null);
    }

    @Override
    public void ended(Job job) {
        if (job.status() != Job.Status.COMPLETED) {
            settle(
                    new String(job.input(), UTF_8),
                    ModelStatus.FAILED,
                    job.reason().orElse("The language model could not be trained."));
        }
    }

    private void settle(String name, ModelStatus status, String reason) {
        if (models.find(name).isPresent()) {
            models.update(
                    name,
                    present -> present.copy(settled -> settled.modelStatus(status)
                            .failureReason(reason)
                            .lastModifiedTime(clock.instant().truncatedTo(ChronoUnit.MILLIS))));
        }
    }

    LanguageModel get(String name) {
        return models.find(name).orElseThrow(() -> Failures.notFound(UNKNOWN));
    }

    ListLanguageModelsResponse list(ListLanguageModelsRequest request) {
        Page<LanguageModel> page;
        try {
            page = models.list()
                    .where(each -> request.statusEquals() == null || each.modelStatus() == request.statusEquals())
                    .where(each -> request.nameContains() == null
                            || TranscribeTags.contains(each.modelName(), request.nameContains()))
                    .maximum(request.maxResults() == null ? USUAL_PAGE : request.maxResults())
                    .after(request.nextToken())
                    .page();
        } catch (AwsError invalid) {
            throw Failures.badRequest("The NextToken that you provided isn't valid.");
        }
        return ListLanguageModelsResponse.builder()
                .nextToken(page.nextToken().orElse(null))
                .models(page.items())
                .build();
    }

    void delete(String name) {
        if (models.find(name).isEmpty()) {
            throw Failures.badRequest(UNKNOWN);
        }
        models.delete(name);
        bucket.delete(file(name));
        tags.removeAll(arn(name));
    }

    boolean exists(String name) {
        return models.find(name).isPresent();
    }

    /**
     * What a model that is trained prefers.
     *
     * @param language AWS's code of the language that it is wanted for
     */
    List<BoostedPhrase> usable(String name, String language) {
        LanguageModel model = models.find(name).orElseThrow(() -> Failures.badRequest(UNKNOWN));
        if (model.modelStatus() != ModelStatus.COMPLETED) {
            throw Failures.badRequest("The requested language model isn't ready to use. Its status is "
                    + model.modelStatusAsString() + ".");
        }
        if (!language.equals(model.languageCodeAsString())) {
            throw Failures.badRequest("The language model's language code " + model.languageCodeAsString()
                    + " doesn't match the language code of the request.");
        }
        return new String(bucket.read(file(name)).orElse(new byte[0]), UTF_8)
                .lines()
                .map(BoostedPhrase::of)
                .toList();
    }
}
