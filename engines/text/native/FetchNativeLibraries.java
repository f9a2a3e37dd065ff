import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Puts llama.cpp's libraries for a platform into a folder: the step of the build that runs it as a source file.
 *
 * <p>{@code java FetchNativeLibraries.java PLATFORMS INTO}, where PLATFORMS is {@code auto} for this machine's or names
 * from {@code native/libraries.properties} with commas between them; run from the module's folder. Each goes into {@code INTO/PLATFORM}. Packages come from
 * npm through its own client ({@code npm pack}), are checked against the pinned integrity, and stay in the user's cache
 * ({@code OUTCROP_CACHE}, else {@code ~/.cache/outcrop}), so that a second build needs no network.
 */
public final class FetchNativeLibraries {
    private static final long FETCH_MINUTES = 20;

    private FetchNativeLibraries() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length != 2) {
            throw new IllegalArgumentException("usage: FetchNativeLibraries.java PLATFORMS INTO");
        }
        Path into = Path.of(arguments[1]);
        Properties pinned = new Properties();
        Path pins = Path.of("native", "libraries.properties");
        try (InputStream in = Files.newInputStream(pins)) {
            pinned.load(in);
        }
        for (String platform : arguments[0].equals("auto") ? List.of(thisPlatform()) : List.of(arguments[0].split(","))) {
            String integrity = pinned.getProperty(platform);
            if (integrity == null) {
                throw new IllegalArgumentException("no pinned llama.cpp libraries for " + platform + ": see " + pins);
            }
            place(platform, pinned.getProperty("version"), integrity, into.resolve(platform));
        }
    }

    private static String thisPlatform() {
        String system = System.getProperty("os.name").toLowerCase();
        String machine = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "x64";
        if (system.startsWith("mac")) {
            return machine.equals("arm64") ? "mac-arm64-metal" : "mac-x64";
        }
        return (system.startsWith("win") ? "win-" : "linux-") + machine;
    }

    private static void place(String platform, String version, String integrity, Path folder)
            throws IOException, InterruptedException {
        Path stamp = folder.resolve("version");
        if (Files.exists(stamp) && Files.readString(stamp).equals(integrity)) {
            return;
        }
        Path cache = cache().resolve("native").resolve(version);
        Files.createDirectories(cache);
        Path archive = cache.resolve("node-llama-cpp-" + platform + "-" + version + ".tgz");
        if (!Files.exists(archive) || !integrity(archive).equals(integrity)) {
            fetch("@node-llama-cpp/" + platform + "@" + version, integrity, archive);
        }
        Path unpacked = Files.createTempDirectory(cache, "unpack");
        try {
            run(unpacked, List.of("tar", "-xzf", archive.toAbsolutePath().toString()));
            Files.createDirectories(folder);
            try (Stream<Path> files = Files.list(unpacked.resolve("package/bins").resolve(platform))) {
                for (Path file : files.toList()) {
                    String name = file.getFileName().toString();
                    // The addon is Node's own; libllama-common serves it alone.
                    if (!name.endsWith(".node") && !name.contains("llama-common") && !name.startsWith("_")) {
                        Files.copy(file, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
                    }
                }
            }
            Files.copy(unpacked.resolve("package/LICENSE"), folder.resolve("LICENSE"), StandardCopyOption.REPLACE_EXISTING);
            Files.writeString(stamp, integrity);
        } finally {
            deleteTree(unpacked);
        }
    }

    private static void fetch(String spec, String integrity, Path archive) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(archive.getParent(), "fetch");
        try {
            String npm = System.getProperty("os.name").startsWith("Windows") ? "npm.cmd" : "npm";
            run(folder, List.of(npm, "pack", "--silent", spec));
            Path fetched;
            try (Stream<Path> files = Files.list(folder)) {
                fetched = files.filter(file -> file.toString().endsWith(".tgz"))
                        .findFirst()
                        .orElseThrow(() -> new IOException("npm pack " + spec + " left no archive"));
            }
            String found = integrity(fetched);
            if (!found.equals(integrity)) {
                throw new IOException(spec + " should have integrity " + integrity + ", but has " + found);
            }
            try {
                Files.move(fetched, archive, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            } catch (FileAlreadyExistsException e) {
                return; // another build was faster
            }
        } finally {
            deleteTree(folder);
        }
    }

    private static Path cache() {
        String configured = System.getenv("OUTCROP_CACHE");
        return configured == null || configured.isBlank()
                ? Path.of(System.getProperty("user.home"), ".cache", "outcrop")
                : Path.of(configured);
    }

    private static String integrity(Path file) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-512");
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return "sha512-" + Base64.getEncoder().encodeToString(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void run(Path folder, List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .inheritIO()
                .start();
        if (!process.waitFor(FETCH_MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IOException(String.join(" ", command) + " took longer than " + FETCH_MINUTES + " minutes");
        }
        if (process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + " failed with exit code " + process.exitValue());
        }
    }

    private static void deleteTree(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
