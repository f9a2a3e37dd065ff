package dev.outcrop.engines.language.european;

import dev.outcrop.engines.language.PartOfSpeech;
import dev.outcrop.engines.language.Sentences;
import dev.outcrop.engines.language.SyntaxTagger;
import dev.outcrop.engines.language.WordTokens;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import opennlp.tools.postag.POSModel;
import opennlp.tools.postag.POSTagFormat;
import opennlp.tools.postag.POSTaggerME;

/**
 * Tells the parts of speech of German and French texts by OpenNLP's models, which were trained on Universal Dependencies'
 * GSD treebanks. Models are read when they are first asked for. Safe for concurrent use.
 */
public final class EuropeanTagger {
    /** Resources of the jars opennlp-models-pos-de and -fr. */
    private static final Map<Language, String> MODELS = Map.of(
            Language.GERMAN, "/opennlp-de-ud-gsd-pos-1.3-2.5.4.bin",
            Language.FRENCH, "/opennlp-fr-ud-gsd-pos-1.3-2.5.4.bin");

    /** What comes off the beginning of a French word. */
    private static final Pattern ELISION = Pattern.compile("(?i)(?:[ldjmtsnc]|qu|jusqu|lorsqu|puisqu)['’](?=\\p{L})");

    private static final Map<Language, EuropeanTagger> TAGGERS = new ConcurrentHashMap<>();

    private final Language language;
    private final POSModel model;

    private EuropeanTagger(Language language) {
        this.language = language;
        try (InputStream stream = EuropeanTagger.class.getResourceAsStream(MODELS.get(language))) {
            model = new POSModel(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The languages that there is a model for. */
    public static Set<Language> languages() {
        return MODELS.keySet();
    }

    /**
     * The tagger of a language.
     *
     * @param language one of {@link #languages}
     */
    public static EuropeanTagger of(Language language) {
        return TAGGERS.computeIfAbsent(language, EuropeanTagger::new);
    }

    /** The words of a text, in their order. */
    public List<SyntaxTagger.Tagged> tag(String text) {
        POSTaggerME tagger = new POSTaggerME(model, POSTagFormat.UD);
        List<SyntaxTagger.Tagged> tagged = new ArrayList<>();
        for (Sentences.Sentence sentence : Sentences.of(text)) {
            List<WordTokens.Token> tokens = tokens(text, sentence);
            String[] words = tokens.stream().map(token -> token.in(text)).toArray(String[]::new);
            String[] tags = tagger.tag(words);
            double[] probabilities = tagger.probs();
            for (int i = 0; i < words.length; i++) {
                tagged.add(new SyntaxTagger.Tagged(
                        tokens.get(i).start(), tokens.get(i).end(), part(words[i], tags[i]), probabilities[i]));
            }
        }
        return List.copyOf(tagged);
    }

    private List<WordTokens.Token> tokens(String text, Sentences.Sentence sentence) {
        List<WordTokens.Token> tokens = new ArrayList<>();
        for (WordTokens.Token token : WordTokens.of(text, sentence.start(), sentence.end())) {
            int start = token.start();
            Matcher elision = ELISION.matcher(text).region(start, token.end());
            if (language == Language.FRENCH && elision.lookingAt()) {
                tokens.add(new WordTokens.Token(start, elision.end()));
                start = elision.end();
            }
            tokens.add(new WordTokens.Token(start, token.end()));
        }
        return tokens;
    }

    /** Of a contraction, such as <i>du</i> or <i>im</i>, the first part; signs are what they are. */
    private static PartOfSpeech part(String word, String tag) {
        if (word.codePoints().noneMatch(Character::isLetterOrDigit)) {
            return "%€$£§°+=<>".contains(word) ? PartOfSpeech.SYM : PartOfSpeech.PUNCT;
        }
        String first = tag.split("[+_]", 2)[0];
        for (PartOfSpeech part : PartOfSpeech.values()) {
            if (part.name().equals(first)) {
                return part;
            }
        }
        return PartOfSpeech.X;
    }
}
