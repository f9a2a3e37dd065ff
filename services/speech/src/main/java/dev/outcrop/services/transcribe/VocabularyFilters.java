package dev.outcrop.services.transcribe;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.Page;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.Resources;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.transcribe.model.CreateVocabularyFilterRequest;
import software.amazon.awssdk.services.transcribe.model.GetVocabularyFilterResponse;
import software.amazon.awssdk.services.transcribe.model.ListVocabularyFiltersRequest;
import software.amazon.awssdk.services.transcribe.model.ListVocabularyFiltersResponse;
import software.amazon.awssdk.services.transcribe.model.Tag;
import software.amazon.awssdk.services.transcribe.model.UpdateVocabularyFilterRequest;
import software.amazon.awssdk.services.transcribe.model.VocabularyFilterInfo;

/**
 * Vocabulary filters.
 *
 * <p>Source: CreateVocabularyFilter, GetVocabularyFilter, UpdateVocabularyFilter, ListVocabularyFilters and
 * DeleteVocabularyFilter of the Amazon Transcribe API reference.
 */
public final class VocabularyFilters {
    private static final int MOST = 100;
    private static final int LARGEST = 50 * 1024;
    private static final int LONGEST_WORD = 256;
    private static final int USUAL_PAGE = 5;
    private static final String UNKNOWN =
            "The requested vocabulary filter couldn't be found. Check the vocabulary filter name and try your request"
                    + " again.";

    private final Resources<GetVocabularyFilterResponse> filters;
    private final ServiceBucket bucket;
    private final S3Files files;
    private final TranscribeTags tags;
    private final InstantSource clock;

    VocabularyFilters(
            ResourceStore store, ServiceBucket bucket, S3Files files, TranscribeTags tags, InstantSource clock) {
        filters = store.resources("transcribe:vocabulary-filter", GetVocabularyFilterResponse::builder);
        this.bucket = bucket;
        this.files = files;
        this.tags = tags;
        this.clock = clock;
    }

    static String arn(String name) {
        return Ids.arn("transcribe", "vocabulary-filter/" + name);
    }

    private static String file(String name) {
        return "vocabulary-filter/" + name + "/words.txt";
    }

    GetVocabularyFilterResponse create(CreateVocabularyFilterRequest request) {
        String name = request.vocabularyFilterName();
        if (filters.find(name).isPresent()) {
            throw taken();
        }
        if (filters.list().maximum(MOST).page().items().size() >= MOST) {
            throw Failures.limit("You have reached the limit of " + MOST + " vocabulary filters.");
        }
        tags.check(request.tags());
        byte[] words = words(
                request.hasWords() ? request.words() : List.of(),
                Optional.ofNullable(request.vocabularyFilterFileUri()),
                Optional.ofNullable(request.dataAccessRoleArn()));
        GetVocabularyFilterResponse filter = GetVocabularyFilterResponse.builder()
                .vocabularyFilterName(name)
                .languageCode(request.languageCodeAsString())
                .lastModifiedTime(clock.instant().truncatedTo(ChronoUnit.MILLIS))
                .build();
        bucket.write(file(name), words);
        try {
            filters.insert(name, filter);
        } catch (AwsError another) {
            throw taken();
        }
        tags.add(arn(name), request.hasTags() ? request.tags() : List.<Tag>of());
        return filter;
    }

    private static RuntimeException taken() {
        return Failures.conflict(
                "The requested vocabulary filter name already exists. Use a different vocabulary filter name.");
    }

    GetVocabularyFilterResponse update(UpdateVocabularyFilterRequest request) {
        String name = request.vocabularyFilterName();
        find(name);
        bucket.write(
                file(name),
                words(
                        request.hasWords() ? request.words() : List.of(),
                        Optional.ofNullable(request.vocabularyFilterFileUri()),
                        Optional.ofNullable(request.dataAccessRoleArn())));
        return filters.update(
                name,
                present -> present.copy(
                        changed -> changed.lastModifiedTime(clock.instant().truncatedTo(ChronoUnit.MILLIS))));
    }

    private byte[] words(List<String> words, Optional<String> uri, Optional<String> role) {
        if (words.isEmpty() == uri.isEmpty()) {
            throw Failures.badRequest("You must specify either Words or VocabularyFilterFileUri, but not both.");
        }
        byte[] content = uri.isPresent()
                ? files.read(S3Files.Place.of(uri.get()), role, LARGEST)
                : String.join("\n", words).getBytes(UTF_8);
        if (content.length > LARGEST) {
            throw Failures.badRequest("The vocabulary filter is larger than the limit of 50 KB.");
        }
        List<String> lines;
        try {
            lines = FilterWords.lines(
                    UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString());
        } catch (CharacterCodingException notText) {
            throw Failures.badRequest("The vocabulary filter isn't encoded in UTF-8.");
        }
        if (lines.isEmpty()) {
            throw Failures.badRequest("The vocabulary filter has no words.");
        }
        for (String word : lines) {
            if (word.length() > LONGEST_WORD) {
                throw Failures.badRequest(
                        "A word of the vocabulary filter is longer than " + LONGEST_WORD + " characters.");
            }
        }
        return content;
    }

    private GetVocabularyFilterResponse find(String name) {
        return filters.find(name).orElseThrow(() -> Failures.notFound(UNKNOWN));
    }

    GetVocabularyFilterResponse get(String name) {
        return find(name).copy(told -> told.downloadUri(bucket.uri(file(name))));
    }

    ListVocabularyFiltersResponse list(ListVocabularyFiltersRequest request) {
        Page<GetVocabularyFilterResponse> page;
        try {
            page = filters.list()
                    .where(each -> request.nameContains() == null
                            || TranscribeTags.contains(each.vocabularyFilterName(), request.nameContains()))
                    .maximum(request.maxResults() == null ? USUAL_PAGE : request.maxResults())
                    .after(request.nextToken())
                    .page();
        } catch (AwsError invalid) {
            throw Failures.badRequest("The NextToken that you provided isn't valid.");
        }
        return ListVocabularyFiltersResponse.builder()
                .nextToken(page.nextToken().orElse(null))
                .vocabularyFilters(page.items().stream()
                        .map(each -> VocabularyFilterInfo.builder()
                                .vocabularyFilterName(each.vocabularyFilterName())
                                .languageCode(each.languageCodeAsString())
                                .lastModifiedTime(each.lastModifiedTime())
                                .build())
                        .toList())
                .build();
    }

    void delete(String name) {
        find(name);
        filters.delete(name);
        bucket.delete(file(name));
        tags.removeAll(arn(name));
    }

    boolean exists(String name) {
        return filters.find(name).isPresent();
    }

    /**
     * The words of a filter.
     *
     * @param language AWS's code of the language that it is wanted for; empty for whichever
     */
    public FilterWords usable(String name, Optional<String> language) {
        GetVocabularyFilterResponse filter = filters.find(name).orElseThrow(() -> Failures.badRequest(UNKNOWN));
        if (language.filter(code -> !code.equals(filter.languageCodeAsString())).isPresent()) {
            throw Failures.badRequest("The vocabulary filter's language code " + filter.languageCodeAsString()
                    + " doesn't match the language code of the request.");
        }
        return FilterWords.read(new String(bucket.read(file(name)).orElse(new byte[0]), UTF_8));
    }
}
