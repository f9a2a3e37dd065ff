package dev.outcrop.services.transcribe;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.Page;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.Resources;
import dev.outcrop.kernel.jobs.Job;
import dev.outcrop.kernel.jobs.JobRun;
import dev.outcrop.kernel.jobs.Jobs;
import dev.outcrop.kernel.jobs.Work;
import dev.outcrop.services.transcribe.VocabularyEntries.MalformedVocabularyException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import software.amazon.awssdk.services.transcribe.model.CreateVocabularyRequest;
import software.amazon.awssdk.services.transcribe.model.GetVocabularyResponse;
import software.amazon.awssdk.services.transcribe.model.ListVocabulariesRequest;
import software.amazon.awssdk.services.transcribe.model.ListVocabulariesResponse;
import software.amazon.awssdk.services.transcribe.model.Tag;
import software.amazon.awssdk.services.transcribe.model.UpdateVocabularyRequest;
import software.amazon.awssdk.services.transcribe.model.VocabularyInfo;
import software.amazon.awssdk.services.transcribe.model.VocabularyState;

/**
 * Custom vocabularies. A job reads what was given, and says whether it can be used.
 *
 * <p>Source: CreateVocabulary, GetVocabulary, UpdateVocabulary, ListVocabularies and DeleteVocabulary of the Amazon
 * Transcribe API reference; "Custom vocabularies" of its developer guide.
 */
public final class Vocabularies implements Work {
    static final String KIND = "transcribe:vocabulary";

    private static final int MOST = 100;
    private static final int LARGEST = 50 * 1024;
    private static final int USUAL_PAGE = 5;
    private static final String UNKNOWN =
            "The requested vocabulary couldn't be found. Check the vocabulary name and try your request again.";

    private final Resources<GetVocabularyResponse> vocabularies;
    private final ServiceBucket bucket;
    private final S3Files files;
    private final TranscribeTags tags;
    private final Supplier<Jobs> jobs;
    private final InstantSource clock;

    Vocabularies(
            ResourceStore store,
            ServiceBucket bucket,
            S3Files files,
            TranscribeTags tags,
            Supplier<Jobs> jobs,
            InstantSource clock) {
        vocabularies = store.resources("transcribe:vocabulary", GetVocabularyResponse::builder);
        this.bucket = bucket;
        this.files = files;
        this.tags = tags;
        this.jobs = jobs;
        this.clock = clock;
    }

    static String arn(String name) {
        return Ids.arn("transcribe", "vocabulary/" + name);
    }

    private static String file(String name) {
        return "vocabulary/" + name + "/vocabulary.txt";
    }

    GetVocabularyResponse create(CreateVocabularyRequest request) {
        String name = request.vocabularyName();
        if (vocabularies.find(name).isPresent()) {
            throw taken();
        }
        if (vocabularies.list().maximum(MOST).page().items().size() >= MOST) {
            throw Failures.limit("You have reached the limit of " + MOST + " vocabularies.");
        }
        tags.check(request.tags());
        byte[] content = content(
                request.hasPhrases() ? request.phrases() : List.of(),
                Optional.ofNullable(request.vocabularyFileUri()),
                Optional.ofNullable(request.dataAccessRoleArn()));
        GetVocabularyResponse pending = pending(name, request.languageCodeAsString());
        bucket.write(file(name), content);
        try {
            vocabularies.insert(name, pending);
        } catch (AwsError another) {
            throw taken();
        }
        tags.add(arn(name), request.hasTags() ? request.tags() : List.<Tag>of());
        prepare(name);
        return pending;
    }

    private static RuntimeException taken() {
        return Failures.conflict("The requested vocabulary name already exists. Use a different vocabulary name.");
    }

    GetVocabularyResponse update(UpdateVocabularyRequest request) {
        String name = request.vocabularyName();
        GetVocabularyResponse present = find(name);
        if (present.vocabularyState() == VocabularyState.PENDING) {
            throw Failures.conflict("The requested vocabulary is being processed. Try your request again later.");
        }
        byte[] content = content(
                request.hasPhrases() ? request.phrases() : List.of(),
                Optional.ofNullable(request.vocabularyFileUri()),
                Optional.ofNullable(request.dataAccessRoleArn()));
        GetVocabularyResponse pending = pending(name, request.languageCodeAsString());
        bucket.write(file(name), content);
        vocabularies.put(name, pending);
        prepare(name);
        return pending;
    }

    private GetVocabularyResponse pending(String name, String language) {
        return GetVocabularyResponse.builder()
                .vocabularyName(name)
                .languageCode(language)
                .vocabularyState(VocabularyState.PENDING)
                .lastModifiedTime(clock.instant().truncatedTo(ChronoUnit.MILLIS))
                .build();
    }

    private void prepare(String name) {
        jobs.get().submit(KIND, "transcribe-vocabulary-" + UUID.randomUUID(), name.getBytes(UTF_8));
    }

    private byte[] content(List<String> phrases, Optional<String> uri, Optional<String> role) {
        if (phrases.isEmpty() == uri.isEmpty()) {
            throw Failures.badRequest("You must specify either Phrases or VocabularyFileUri, but not both.");
        }
        byte[] content = uri.isPresent()
                ? files.read(S3Files.Place.of(uri.get()), role, LARGEST)
                : String.join("\n", phrases).getBytes(UTF_8);
        if (content.length > LARGEST) {
            throw Failures.badRequest("The vocabulary is larger than the limit of 50 KB.");
        }
        return content;
    }

    @Override
    public void run(JobRun run) {
        String name = new String(run.job().input(), UTF_8);
        Optional<byte[]> content = bucket.read(file(name));
        if (vocabularies.find(name).isEmpty() || content.isEmpty()) {
            return;
        }
        Optional<String> failure = failure(content.get());
        settle(name, failure.isEmpty() ? VocabularyState.READY : VocabularyState.FAILED, failure.orElse(null));
    }

    @Override
    public void ended(Job job) {
        if (job.status() == Job.Status.FAILED) {
            settle(
                    new String(job.input(), UTF_8),
                    VocabularyState.FAILED,
                    job.reason().orElse("The vocabulary could not be processed."));
        }
    }

    private void settle(String name, VocabularyState state, String reason) {
        if (vocabularies.find(name).isPresent()) {
            vocabularies.update(
                    name,
                    present -> present.copy(settled -> settled.vocabularyState(state)
                            .failureReason(reason)
                            .lastModifiedTime(clock.instant().truncatedTo(ChronoUnit.MILLIS))));
        }
    }

    private static Optional<String> failure(byte[] content) {
        try {
            VocabularyEntries.read(
                    UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString());
            return Optional.empty();
        } catch (CharacterCodingException notText) {
            return Optional.of("The vocabulary isn't encoded in UTF-8.");
        } catch (MalformedVocabularyException malformed) {
            return Optional.of(malformed.getMessage());
        }
    }

    private GetVocabularyResponse find(String name) {
        return vocabularies.find(name).orElseThrow(() -> Failures.notFound(UNKNOWN));
    }

    GetVocabularyResponse get(String name) {
        GetVocabularyResponse vocabulary = find(name);
        return vocabulary.copy(told -> told.downloadUri(bucket.uri(file(name))));
    }

    ListVocabulariesResponse list(ListVocabulariesRequest request) {
        Page<GetVocabularyResponse> page;
        try {
            page = vocabularies
                    .list()
                    .where(each -> request.stateEquals() == null || each.vocabularyState() == request.stateEquals())
                    .where(each -> request.nameContains() == null
                            || TranscribeTags.contains(each.vocabularyName(), request.nameContains()))
                    .maximum(request.maxResults() == null ? USUAL_PAGE : request.maxResults())
                    .after(request.nextToken())
                    .page();
        } catch (AwsError invalid) {
            throw Failures.badRequest("The NextToken that you provided isn't valid.");
        }
        return ListVocabulariesResponse.builder()
                .status(request.stateEqualsAsString())
                .nextToken(page.nextToken().orElse(null))
                .vocabularies(page.items().stream()
                        .map(each -> VocabularyInfo.builder()
                                .vocabularyName(each.vocabularyName())
                                .languageCode(each.languageCodeAsString())
                                .lastModifiedTime(each.lastModifiedTime())
                                .vocabularyState(each.vocabularyState())
                                .build())
                        .toList())
                .build();
    }

    void delete(String name) {
        find(name);
        vocabularies.delete(name);
        bucket.delete(file(name));
        tags.removeAll(arn(name));
    }

    boolean exists(String name) {
        return vocabularies.find(name).isPresent();
    }

    /**
     * The entries of a vocabulary that is ready.
     *
     * @param language AWS's code of the language that it is wanted for; empty for whichever
     */
    public VocabularyEntries usable(String name, Optional<String> language) {
        GetVocabularyResponse vocabulary = vocabularies.find(name).orElseThrow(() -> Failures.badRequest(UNKNOWN));
        if (vocabulary.vocabularyState() != VocabularyState.READY) {
            throw Failures.badRequest("The requested vocabulary isn't ready to use. Its state is "
                    + vocabulary.vocabularyStateAsString() + ".");
        }
        if (language.filter(code -> !code.equals(vocabulary.languageCodeAsString()))
                .isPresent()) {
            throw Failures.badRequest("The vocabulary's language code " + vocabulary.languageCodeAsString()
                    + " doesn't match the language code of the request.");
        }
        try {
            return VocabularyEntries.read(new String(bucket.read(file(name)).orElse(new byte[0]), UTF_8));
        } catch (MalformedVocabularyException impossible) {
            throw new IllegalStateException("vocabulary " + name + " was ready and cannot be read", impossible);
        }
    }
}
