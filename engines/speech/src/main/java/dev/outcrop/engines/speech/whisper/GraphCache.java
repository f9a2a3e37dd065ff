package dev.outcrop.engines.speech.whisper;

import dev.outcrop.engines.speech.SpeechException;
import dev.outcrop.engines.speech.SpeechException.Category;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where the graphs made of a model's weights are kept: a folder for each state of the weights, put in place in one step
 * with the digests of its files, which are checked whenever it is opened.
 */
final class GraphCache {
    private static final List<String> FILES =
            List.of("encoder.onnx", "encoder.weights", "decoder.onnx", "decoder.weights");
    private static final String DIGESTS = "SHA256SUMS";
    private static final int DIGITS = 16;

    private GraphCache() {}

    /**
     * The folder with the graphs of a model, which are written if they are not there or damaged.
     *
     * @param weights {@code model.bin}
     * @param cache   where such folders lie
     * @throws SpeechException {@code MODEL} if the weights are not a Whisper model's, or nothing can be written
     */
    static Path graphs(Path weights, Path cache) {
        try {
            Path folder = cache.resolve(
                    "graphs-" + WhisperGraphs.VERSION + "-" + digest(weights).substring(0, DIGITS));
            if (isWhole(folder)) {
                return folder;
            }
            Files.createDirectories(cache);
            Path building = Files.createTempDirectory(cache, "building-");
            try (ConvertedWeights opened = ConvertedWeights.open(weights)) {
                WhisperGraphs.write(opened, building);
                Files.writeString(building.resolve(DIGESTS), digests(building));
                delete(folder);
                move(building, folder);
            } finally {
                delete(building);
            }
            return folder;
        } catch (IOException e) {
            throw new SpeechException(Category.MODEL, "the graphs of " + weights + " cannot be made: " + e, e);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw e;
        } catch (FileSystemException e) {
            // Another process was faster: its folder is as good as ours.
            if (!isWhole(to)) {
                throw e;
            }
        }
    }

    private static boolean isWhole(Path folder) throws IOException {
        Path digests = folder.resolve(DIGESTS);
        for (String file : FILES) {
            if (!Files.isRegularFile(folder.resolve(file))) {
                return false;
            }
        }
        return Files.isRegularFile(digests) && Files.readString(digests).equals(digests(folder));
    }

    private static String digests(Path folder) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (String file : FILES) {
            lines.append(digest(folder.resolve(file))).append("  ").append(file).append('\n');
        }
        return lines.toString();
    }

    private static String digest(Path file) throws IOException {
        try (InputStream bytes = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 20];
            for (int count = bytes.read(buffer); count >= 0; count = bytes.read(buffer)) {
                digest.update(buffer, 0, count);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
