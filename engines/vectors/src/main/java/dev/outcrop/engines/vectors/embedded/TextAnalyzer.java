package dev.outcrop.engines.vectors.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.cjk.CJKBigramFilter;
import org.apache.lucene.analysis.cjk.CJKWidthFilter;
import org.apache.lucene.analysis.en.EnglishPossessiveFilter;
import org.apache.lucene.analysis.en.PorterStemFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

/**
 * Words by the rules of Unicode (UAX 29), in lower case, English ones without their endings, Chinese, Japanese and Korean
 * ones as pairs of characters. Nothing is left out for being frequent: BM25 gives it little weight.
 */
final class TextAnalyzer extends Analyzer {
    /** The most different words of a query that are looked for. */
    private static final int MOST_WORDS = 512;

    @Override
    protected TokenStreamComponents createComponents(String field) {
        StandardTokenizer words = new StandardTokenizer();
        TokenStream tokens = new EnglishPossessiveFilter(words);
        tokens = new LowerCaseFilter(new CJKWidthFilter(tokens));
        return new TokenStreamComponents(words, new PorterStemFilter(new CJKBigramFilter(tokens)));
    }

    /** The different words of a query, the first of them if there are very many. */
    List<String> words(String field, String query) {
        Set<String> found = new LinkedHashSet<>();
        try (TokenStream tokens = tokenStream(field, query)) {
            CharTermAttribute word = tokens.addAttribute(CharTermAttribute.class);
            tokens.reset();
            while (found.size() < MOST_WORDS && tokens.incrementToken()) {
                found.add(word.toString());
            }
            tokens.end();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return new ArrayList<>(found);
    }
}
