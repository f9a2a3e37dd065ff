package dev.outcrop.engines.voice.english;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/**
 * The CMU Pronouncing Dictionary: 126,000 words of North American English in ARPAbet. It is kept as the text that it comes
 * as, sorted, and searched by halves: 4 MB.
 *
 * <p>Source: Carnegie Mellon University, release of 2015 and later corrections, BSD 2-Clause.
 */
public final class PronunciationDictionary {
    private static final String RESOURCE = "cmudict.txt.gz";

    private final byte[] text;
    private final int[] lines;

    /**
     * A dictionary.
     *
     * @param text lines of a word, a tabulator and its sounds with blanks between, sorted by the bytes of UTF-8; a word may
     *     have several lines, the usual pronunciation first
     */
    public PronunciationDictionary(byte[] text) {
        this.text = text.clone();
        int[] starts = new int[text.length / 4 + 1];
        int count = 0;
        for (int at = 0; at < text.length; at++) {
            if (at == 0 || text[at - 1] == '\n') {
                starts[count++] = at;
            }
        }
        lines = Arrays.copyOf(starts, count);
    }

    /** The dictionary that comes with the engine. */
    public static PronunciationDictionary shipped() {
        try (InputStream resource = PronunciationDictionary.class.getResourceAsStream(RESOURCE);
                InputStream plain = new GZIPInputStream(resource)) {
            return new PronunciationDictionary(plain.readAllBytes());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** How a word is pronounced, the usual way first, each as ARPAbet such as {@code K AE1 T}; empty if it is unknown. */
    public List<String> find(String word) {
        byte[] wanted = word.toLowerCase(Locale.ROOT).getBytes(UTF_8);
        int low = 0;
        int high = lines.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (compare(lines[middle], wanted) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        List<String> found = new ArrayList<>(1);
        for (int i = low; i < lines.length && compare(lines[i], wanted) == 0; i++) {
            int begin = lines[i] + wanted.length + 1;
            int end = begin;
            while (end < text.length && text[end] != '\n') {
                end++;
            }
            found.add(new String(text, begin, end - begin, UTF_8));
        }
        return found;
    }

    /** Whether it has the word. */
    public boolean contains(String word) {
        return !find(word).isEmpty();
    }

    private int compare(int line, byte[] word) {
        for (int i = 0; i < word.length; i++) {
            int here = line + i < text.length && text[line + i] != '\t' ? text[line + i] & 0xFF : -1;
            int there = word[i] & 0xFF;
            if (here != there) {
                return here - there;
            }
        }
        return text[line + word.length] == '\t' ? 0 : 1;
    }
}
