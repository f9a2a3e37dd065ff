package dev.outcrop.engines.voice.english.training;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.engines.voice.english.LetterToSound;
import dev.outcrop.engines.voice.english.PronunciationDictionary;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Makes the dictionary and the model of unknown words from {@code cmudict.dict}, and prints the model's errors on the words
 * that it did not see: every twentieth by the SHA-256 of its spelling.
 *
 * <pre>java … PronunciationRecipe cmudict.dict FOLDER_OF_RESOURCES</pre>
 */
public final class PronunciationRecipe {
    private static final int HELD_OUT = 20;

    private PronunciationRecipe() {}

    public static void main(String[] arguments) throws IOException {
        byte[] dictionary = dictionary(Path.of(arguments[0]));
        List<Alignment.Entry> training = new ArrayList<>();
        for (String line : new String(dictionary, UTF_8).split("\n")) {
            String word = line.substring(0, line.indexOf('\t'));
            if (isLearned(word)) {
                training.add(new Alignment.Entry(
                        word.replace("'", ""),
                        List.of(line.substring(line.indexOf('\t') + 1).split(" "))));
            }
        }
        List<Alignment.Entry> possible =
                training.stream().filter(Alignment.Entry::isPossible).toList();
        Alignment alignment = Alignment.learn(possible);
        PairModel model = new PairModel(possible.stream().map(alignment::pairs).toList());
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        model.write(new DataOutputStream(plain));
        byte[] compressed = compress(plain.toByteArray());
        Path folder = Path.of(arguments[1]);
        Files.write(folder.resolve("cmudict.txt.gz"), compress(dictionary));
        Files.write(folder.resolve("letter-to-sound.bin.gz"), compressed);
        System.out.printf("%d words, %d bytes%n", possible.size(), compressed.length);
        System.out.println(measure(
                LetterToSound.read(new ByteArrayInputStream(compressed)),
                new PronunciationDictionary(dictionary),
                heldOut(dictionary)));
    }

    /** The lines of the dictionary without comments, sorted; further pronunciations of a word follow its first. */
    private static byte[] dictionary(Path source) throws IOException {
        TreeMap<String, List<String>> words = new TreeMap<>();
        for (String line : Files.readAllLines(source, UTF_8)) {
            String plain = line.replaceFirst("#.*", "").strip();
            int blank = plain.indexOf(' ');
            if (blank > 0) {
                String word = plain.substring(0, blank).replaceFirst("\\(\\d+\\)$", "");
                words.computeIfAbsent(word, _ -> new ArrayList<>())
                        .add(plain.substring(blank + 1).strip());
            }
        }
        StringBuilder text = new StringBuilder();
        words.forEach((word, all) -> all.forEach(
                sounds -> text.append(word).append('\t').append(sounds).append('\n')));
        return text.toString().getBytes(UTF_8);
    }

    private static boolean isLearned(String word) {
        return word.matches("[a-z']+") && word.length() > 1 && !isHeldOut(word);
    }

    private static boolean isHeldOut(String word) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(word.getBytes(UTF_8));
            return Integer.remainderUnsigned(Arrays.hashCode(Arrays.copyOf(digest, 4)), HELD_OUT) == 0;
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The words that the model did not see. */
    public static List<String> heldOut(byte[] dictionary) {
        return new String(dictionary, UTF_8)
                .lines()
                .map(line -> line.substring(0, line.indexOf('\t')))
                .distinct()
                .filter(word -> word.matches("[a-z]+") && word.length() > 1 && isHeldOut(word))
                .toList();
    }

    /**
     * Errors.
     *
     * @param words          how many were asked for
     * @param wordErrors     the share of words that are no pronunciation of the dictionary, stress apart
     * @param stressErrors   the same, with stress
     * @param phonemeErrors  sounds inserted, deleted or replaced against the nearest pronunciation, a sound of it
     */
    public record Errors(int words, double wordErrors, double stressErrors, double phonemeErrors) {
        @Override
        public String toString() {
            return "%d words: word error rate %.3f (with stress %.3f), phoneme error rate %.3f"
                    .formatted(words, wordErrors, stressErrors, phonemeErrors);
        }
    }

    /** How often the model errs. */
    public static Errors measure(LetterToSound model, PronunciationDictionary dictionary, List<String> words) {
        int wrong = 0;
        int wrongStress = 0;
        int edits = 0;
        int sounds = 0;
        for (String word : words) {
            List<String> guessed = List.of(model.pronounce(word).orElse("").split(" "));
            int nearest = Integer.MAX_VALUE;
            int length = 0;
            boolean exact = false;
            for (String truth : dictionary.find(word)) {
                int distance = distance(plain(guessed), plain(List.of(truth.split(" "))));
                if (distance < nearest) {
                    nearest = distance;
                    length = truth.split(" ").length;
                }
                exact |= truth.equals(String.join(" ", guessed));
            }
            wrong += nearest == 0 ? 0 : 1;
            wrongStress += exact ? 0 : 1;
            edits += nearest;
            sounds += length;
        }
        return new Errors(
                words.size(),
                wrong / (double) words.size(),
                wrongStress / (double) words.size(),
                edits / (double) sounds);
    }

    private static List<String> plain(List<String> sounds) {
        return sounds.stream().map(sound -> sound.replaceAll("\\d", "")).toList();
    }

    private static int distance(List<String> one, List<String> other) {
        int[] row = new int[other.size() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.size(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (one.get(i - 1).equals(other.get(j - 1)) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[other.size()];
    }

    /** Compressed as well as can be, the same each time. */
    private static byte[] compress(byte[] plain) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes) {
            {
                def.setLevel(Deflater.BEST_COMPRESSION);
            }
        }) {
            out.write(plain);
        }
        return bytes.toByteArray();
    }
}
