package dev.outcrop.services.polly;

import dev.outcrop.engines.voice.markup.Lexicon;
import dev.outcrop.engines.voice.markup.MarkupException;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Pages;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.Resources;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import software.amazon.awssdk.services.polly.model.DeleteLexiconRequest;
import software.amazon.awssdk.services.polly.model.DeleteLexiconResponse;
import software.amazon.awssdk.services.polly.model.GetLexiconRequest;
import software.amazon.awssdk.services.polly.model.GetLexiconResponse;
import software.amazon.awssdk.services.polly.model.InvalidNextTokenException;
import software.amazon.awssdk.services.polly.model.LanguageCode;
import software.amazon.awssdk.services.polly.model.LexiconAttributes;
import software.amazon.awssdk.services.polly.model.LexiconDescription;
import software.amazon.awssdk.services.polly.model.ListLexiconsRequest;
import software.amazon.awssdk.services.polly.model.ListLexiconsResponse;
import software.amazon.awssdk.services.polly.model.PutLexiconRequest;
import software.amazon.awssdk.services.polly.model.PutLexiconResponse;

/**
 * The lexicons of an account in a region.
 *
 * <p>Source: "Managing lexicons" and "Quotas in Amazon Polly" of the Amazon Polly developer guide.
 */
final class Lexicons {
    private static final int MOST = 100;
    private static final int LONGEST = 40_000;

    private final Resources<GetLexiconResponse> lexicons;
    private final Pages pages;
    private final InstantSource clock;

    Lexicons(ResourceStore store, Pages pages, InstantSource clock) {
        lexicons = store.resources("polly:lexicon", GetLexiconResponse::builder);
        this.pages = pages;
        this.clock = clock;
    }

    /** Pages of Polly's lists. */
    static RuntimeException invalidToken() {
        return InvalidNextTokenException.builder()
                .message("The NextToken is invalid. Verify that it's spelled correctly, and then try again.")
                .build();
    }

    PutLexiconResponse put(PutLexiconRequest request) {
        String content = request.content();
        if (content.codePointCount(0, content.length()) > LONGEST) {
            throw Failures.lexiconSize();
        }
        Lexicon lexicon;
        try {
            lexicon = Lexicon.read(content);
        } catch (MarkupException failure) {
            throw Failures.lexicon(failure);
        }
        if (Arrays.stream(LanguageCode.values()).noneMatch(code -> isOf(lexicon.language(), code.toString()))) {
            throw Failures.lexiconLanguage();
        }
        CallContext call = CallContext.current();
        GetLexiconResponse stored = GetLexiconResponse.builder()
                .lexicon(described -> described.name(request.name()).content(content))
                .lexiconAttributes(LexiconAttributes.builder()
                        .alphabet(lexicon.alphabet())
                        .languageCode(lexicon.language())
                        .lastModified(clock.instant())
                        .lexiconArn(
                                "arn:aws:polly:" + call.region() + ":" + call.account() + ":lexicon/" + request.name())
                        .lexemesCount(lexicon.lexemes())
                        .size(content.codePointCount(0, content.length()))
                        .build())
                .build();
        if (lexicons.find(request.name()).isEmpty() && lexicons.list().all().size() >= MOST) {
            throw Failures.lexicons();
        }
        lexicons.put(request.name(), stored);
        return PutLexiconResponse.builder().build();
    }

    GetLexiconResponse get(GetLexiconRequest request) {
        return find(request.name());
    }

    private GetLexiconResponse find(String name) {
        return lexicons.find(name).orElseThrow(() -> Failures.noLexicon(name));
    }

    DeleteLexiconResponse delete(DeleteLexiconRequest request) {
        if (!lexicons.delete(request.name())) {
            throw Failures.noLexicon(request.name());
        }
        return DeleteLexiconResponse.builder().build();
    }

    ListLexiconsResponse list(ListLexiconsRequest request) {
        List<LexiconDescription> all = lexicons.list().all().stream()
                .map(lexicon -> LexiconDescription.builder()
                        .name(lexicon.lexicon().name())
                        .attributes(lexicon.lexiconAttributes())
                        .build())
                .toList();
        Pages.Slice<LexiconDescription> page = pages.of("lexicons", all, null, request.nextToken());
        return ListLexiconsResponse.builder()
                .lexicons(page.items())
                .nextToken(page.next())
                .build();
    }

    /**
     * The lexicons that a call names, in their order, but for those of other languages.
     *
     * @throws software.amazon.awssdk.services.polly.model.LexiconNotFoundException if there is none of a name
     */
    List<Lexicon> applied(List<String> names, String language) {
        List<Lexicon> applied = new ArrayList<>();
        for (String name : names) {
            Lexicon lexicon;
            try {
                lexicon = Lexicon.read(find(name).lexicon().content());
            } catch (MarkupException damaged) {
                throw AwsError.internalFailure("The lexicon " + name + " cannot be read any more.");
            }
            if (isOf(lexicon.language(), language)) {
                applied.add(lexicon);
            }
        }
        return applied;
    }

    /** Whether a lexicon is for a language: one for {@code en} is for all of English. */
    private static boolean isOf(String lexicon, String language) {
        String wanted = lexicon.toLowerCase(Locale.ROOT);
        String present = language.toLowerCase(Locale.ROOT);
        return present.equals(wanted) || present.startsWith(wanted + "-");
    }
}
