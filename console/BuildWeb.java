import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Builds the console's pages with the machine's Node: the step of the build that runs it as a source file.
 *
 * <p>{@code java BuildWeb.java TARGET}, run from the module's folder. What the pages are made of is remembered by its
 * digest in {@code TARGET/web.digest}: where nothing has changed nothing is built, and packages are installed anew only
 * when their lock has changed.
 */
public final class BuildWeb {
    private static final Path WEB = Path.of("web");
    private static final long MINUTES = 20;

    private BuildWeb() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length != 1) {
            throw new IllegalArgumentException("usage: BuildWeb.java TARGET");
        }
        Path target = Path.of(arguments[0]);
        Path stamp = target.resolve("web.digest");
        String sources = digest(sources());
        boolean built = Files.exists(target.resolve("classes/dev/outcrop/console/web/index.html"))
                && Files.exists(stamp)
                && Files.readString(stamp).equals(sources);
        if (built) {
            return;
        }
        Path installed = WEB.resolve("node_modules").resolve(".outcrop-lock");
        String lock = digest(List.of(WEB.resolve("package-lock.json")));
        if (!Files.exists(installed) || !Files.readString(installed).equals(lock)) {
            npm("ci", "--no-audit", "--no-fund");
            Files.writeString(installed, lock);
        }
        npm("run", "build");
        Files.createDirectories(target);
        Files.writeString(stamp, sources);
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> all = Files.walk(WEB)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> !file.startsWith(WEB.resolve("node_modules")))
                    .filter(file -> !file.startsWith(WEB.resolve("tests")))
                    .sorted()
                    .toList();
        }
    }

    private static String digest(List<Path> files) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Path file : files) {
                digest.update((file + "\n" + Files.size(file) + "\n").getBytes());
                digest.update(Files.readAllBytes(file));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static void npm(String... command) throws IOException, InterruptedException {
        boolean windows = System.getProperty("os.name").startsWith("Windows");
        List<String> line = Stream.concat(Stream.of(windows ? "npm.cmd" : "npm"), Stream.of(command)).toList();
        Process process;
        try {
            process = new ProcessBuilder(line).directory(WEB.toFile()).inheritIO().start();
        } catch (IOException missing) {
            throw new IOException("building the console needs Node 20 or newer with npm: install it (Debian: apt install"
                    + " nodejs npm), or use a distribution archive, which needs none", missing);
        }
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IOException(String.join(" ", line) + " took more than " + MINUTES + " minutes");
        }
        if (process.exitValue() != 0) {
            throw new IOException(String.join(" ", line) + " failed with exit code " + process.exitValue());
        }
    }
}
