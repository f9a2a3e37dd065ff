package dev.outcrop.services.comprehend;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.engines.language.european.EuropeanTagger;
import dev.outcrop.engines.language.european.Language;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.comprehend.model.BatchItemError;
import software.amazon.awssdk.services.comprehend.model.BatchSizeLimitExceededException;
import software.amazon.awssdk.services.comprehend.model.TextSizeLimitExceededException;
import software.amazon.awssdk.services.comprehend.model.UnsupportedLanguageException;

/** What texts the operations on single documents and on batches take. Sizes are in bytes of UTF-8. */
final class Texts {
    /** The longest document where languages, entities, phrases or personal data are looked for. */
    static final int LONG = 100_000;

    /** The longest document where sentiment or syntax is looked for, and of a batch. */
    static final int SHORT = 5_000;

    /** What alone toxicity and what is felt about things are told in, as AWS has it. */
    static final Set<String> ENGLISH = Set.of("en");

    /** What entities, personal data and sentiment are found in. */
    static final Set<String> READ = withEnglish(EnumSet.allOf(Language.class));

    /** What parts of speech and phrases are found in: AWS reads Spanish, Italian and Portuguese, too. */
    static final Set<String> TAGGED = withEnglish(EuropeanTagger.languages());

    private static final int MOST_IN_BATCH = 25;

    private Texts() {}

    private static Set<String> withEnglish(Set<Language> others) {
        return Stream.concat(ENGLISH.stream(), others.stream().map(Language::code))
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * A text that is not too long.
     *
     * @throws TextSizeLimitExceededException if it is
     */
    static String atMost(int limit, String text) {
        int size = text.getBytes(UTF_8).length;
        if (size > limit) {
            throw TextSizeLimitExceededException.builder()
                    .message(tooLong(limit, size))
                    .build();
        }
        return text;
    }

    private static String tooLong(int limit, int size) {
        return "Input text size exceeds limit. Max length of request text allowed is " + limit
                + " bytes while in this request the text size is " + size + " bytes";
    }

    /**
     * A language that is among those known.
     *
     * @throws UnsupportedLanguageException if it is not
     */
    static String language(Set<String> known, String code) {
        if (!known.contains(code)) {
            throw UnsupportedLanguageException.builder()
                    .message("Amazon Comprehend can't process the language of the input text. Language " + code
                            + " is not supported here; supported: "
                            + String.join(", ", known.stream().sorted().toList()))
                    .build();
        }
        return code;
    }

    /** What came of a batch: results and errors, each in the order of the documents. */
    record Batch<T>(List<T> results, List<BatchItemError> errors) {}

    /** A document of a batch. */
    record Item(int index, String text) {}

    /**
     * Does the same with each document of a batch; one that is too long is an error of its own.
     *
     * @throws BatchSizeLimitExceededException if there are too many
     */
    static <T> Batch<T> batch(List<String> texts, Function<Item, T> work) {
        if (texts.size() > MOST_IN_BATCH) {
            throw BatchSizeLimitExceededException.builder()
                    .message("The number of documents in the request exceeds the limit of " + MOST_IN_BATCH
                            + ". Try your request again with fewer documents.")
                    .build();
        }
        List<T> results = new ArrayList<>();
        List<BatchItemError> errors = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            int size = texts.get(i).getBytes(UTF_8).length;
            if (size > SHORT) {
                errors.add(BatchItemError.builder()
                        .index(i)
                        .errorCode("TEXT_SIZE_LIMIT_EXCEEDED")
                        .errorMessage(tooLong(SHORT, size))
                        .build());
            } else {
                results.add(work.apply(new Item(i, texts.get(i))));
            }
        }
        return new Batch<>(results, errors);
    }
}
