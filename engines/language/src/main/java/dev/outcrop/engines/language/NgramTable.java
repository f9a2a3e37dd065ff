package dev.outcrop.engines.language;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * How often n-grams come in languages: a sorted array of their hashes with, for each, the languages that have it and the
 * logarithms of their frequencies in 8 bits. Some 4 MB in memory.
 */
public final class NgramTable {
    /** Languages that no n-gram is needed for, since their script is theirs alone. */
    public static final Set<String> BY_SCRIPT =
            Set.of("el", "he", "hy", "ja", "ka", "ko", "ta", "te", "th", "zh", "bn", "gu", "pa");

    /** The shortest and the longest n-grams, in code points. */
    static final int SHORTEST = 2;

    static final int LONGEST = 5;

    /** The logarithm that 8 bits end at. */
    static final double FLOOR = -16;

    private final List<String> languages;
    private final int[] hashes;
    private final int[] starts;
    private final byte[] owners;
    private final byte[] logarithms;

    private NgramTable(List<String> languages, int[] hashes, int[] starts, byte[] owners, byte[] logarithms) {
        this.languages = languages;
        this.hashes = hashes;
        this.starts = starts;
        this.owners = owners;
        this.logarithms = logarithms;
    }

    private static final class Holder {
        private static final NgramTable SHIPPED = read();
    }

    /** The table that ships; read when it is first asked for. */
    static NgramTable shipped() {
        return Holder.SHIPPED;
    }

    /** The languages' codes; their places are what the table knows them by. */
    List<String> languages() {
        return languages;
    }

    /**
     * Adds to each language how much likelier an n-gram is in it than in one that does not have it.
     *
     * @param weight how much that counts
     * @return whether any language has it
     */
    boolean vote(int hash, double weight, double[] votes) {
        int at = Arrays.binarySearch(hashes, hash);
        if (at < 0) {
            return false;
        }
        for (int i = starts[at]; i < starts[at + 1]; i++) {
            votes[owners[i]] += weight * (logarithms[i] & 0xFF) / 255.0 * -FLOOR;
        }
        return true;
    }

    /** The hash of an n-gram's code points. */
    static int hash(int[] characters, int from, int to) {
        int hash = 17 + (to - from);
        for (int i = from; i < to; i++) {
            hash = (hash ^ characters[i]) * 0x9E3779B1;
            hash ^= hash >>> 15;
        }
        return hash;
    }

    private static byte compact(double frequency) {
        return (byte) Math.round(255 * Math.clamp(1 - Math.log(frequency) / FLOOR, 1 / 255.0, 1));
    }

    /** Writes a table as it is read here: for each n-gram its frequency in the languages, by their places. */
    public static void write(OutputStream stream, List<String> languages, Map<String, Map<Integer, Double>> table)
            throws IOException {
        List<Integer> order = new ArrayList<>();
        Map<Integer, Map<Integer, Double>> byHash = new java.util.TreeMap<>();
        table.forEach((ngram, frequencies) -> {
            int[] characters = ngram.codePoints().toArray();
            // Where two have one hash, the first stays.
            byHash.putIfAbsent(hash(characters, 0, characters.length), frequencies);
        });
        order.addAll(byHash.keySet());
        try (DataOutputStream out = new DataOutputStream(new GZIPOutputStream(stream))) {
            out.writeInt(languages.size());
            for (String language : languages) {
                out.writeUTF(language);
            }
            out.writeInt(order.size());
            for (int hash : order) {
                out.writeInt(hash);
            }
            for (int hash : order) {
                out.writeByte(byHash.get(hash).size());
            }
            for (int hash : order) {
                for (int language : byHash.get(hash).keySet()) {
                    out.writeByte(language);
                }
            }
            for (int hash : order) {
                for (double frequency : byHash.get(hash).values()) {
                    out.writeByte(compact(frequency));
                }
            }
        }
    }

    private static NgramTable read() {
        try (InputStream resource = NgramTable.class.getResourceAsStream("languages.bin.gz");
                DataInputStream in = new DataInputStream(new BufferedInputStream(new GZIPInputStream(resource)))) {
            String[] languages = new String[in.readInt()];
            for (int i = 0; i < languages.length; i++) {
                languages[i] = in.readUTF();
            }
            int[] hashes = new int[in.readInt()];
            for (int i = 0; i < hashes.length; i++) {
                hashes[i] = in.readInt();
            }
            int[] starts = new int[hashes.length + 1];
            for (int i = 0; i < hashes.length; i++) {
                starts[i + 1] = starts[i] + in.readUnsignedByte();
            }
            byte[] owners = new byte[starts[hashes.length]];
            in.readFully(owners);
            byte[] logarithms = new byte[owners.length];
            in.readFully(logarithms);
            return new NgramTable(List.of(languages), hashes, starts, owners, logarithms);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
