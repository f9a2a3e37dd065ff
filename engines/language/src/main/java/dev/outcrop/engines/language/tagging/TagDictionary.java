package dev.outcrop.engines.language.tagging;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** Which parts of speech words were seen with, so that a tagger knows more words than it was trained on. */
final class TagDictionary {
    private static final Map<String, Integer> CLASSES = read();

    private TagDictionary() {}

    /** A number for the parts of speech of a lowered word, the likeliest first; 0 if the word is not known. */
    static int of(String word) {
        return CLASSES.getOrDefault(word, 0);
    }

    private static Map<String, Integer> read() {
        try (InputStream resource = TagDictionary.class.getResourceAsStream("tags.txt.gz");
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(new GZIPInputStream(resource), UTF_8))) {
            Map<String, Integer> classes = new HashMap<>();
            lines.lines().forEach(line -> {
                int tab = line.indexOf('\t');
                classes.put(line.substring(0, tab), line.substring(tab + 1).hashCode());
            });
            return Map.copyOf(classes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
