package dev.outcrop.engines.vectors.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A real PostgreSQL 16 with pgvector, from the PyPI package pgserver, fetched once by pip into the user's cache and checked by its
 * hash. For Linux on x86-64.
 */
final class PgvectorServer implements AutoCloseable {
    private static final String WHEEL = "pgserver-0.1.4-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl";
    private static final String SHA256 = "d595789b47624a3d963aa9aa6359da9be31beb7e61f1a45541953242068b8813";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final int port;

    private PgvectorServer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Whether there is a package for this machine. */
    static boolean runsHere() {
        return System.getProperty("os.name").equals("Linux")
                && List.of("amd64", "x86_64").contains(System.getProperty("os.arch"));
    }

    /** Starts a server whose files are in an empty folder. */
    static PgvectorServer start(Path folder) throws IOException, InterruptedException {
        Path programs = programs();
        Path data = folder.resolve("data");
        run(command(
                programs.resolve("initdb"),
                "--auth=trust",
                "--username=postgres",
                "--encoding=UTF8",
                "--no-locale",
                "--no-sync",
                "--pgdata=" + data));
        int port = freePort();
        Process process = new ProcessBuilder(command(
                        programs.resolve("postgres"),
                        "-D",
                        data.toString(),
                        "-p",
                        String.valueOf(port),
                        "-c",
                        "listen_addresses=127.0.0.1",
                        "-c",
                        "unix_socket_directories=",
                        "-c",
                        "fsync=off"))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        PgvectorServer server = new PgvectorServer(process, port);
        Instant end = Instant.now().plus(PATIENCE);
        while (true) {
            try {
                server.execute("CREATE EXTENSION vector");
                return server;
            } catch (SQLException notYet) {
                if (!process.isAlive() || Instant.now().isAfter(end)) {
                    server.close();
                    throw new IOException(
                            "PostgreSQL did not start: " + Files.readString(folder.resolve("log")), notYet);
                }
                Thread.sleep(50);
            }
        }
    }

    int port() {
        return port;
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:" + port + "/postgres", "postgres", "");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interruption) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** PostgreSQL does not run as root: there it runs in a user namespace in which it is nobody. */
    private static List<String> command(Path program, String... arguments) {
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(program.toString());
        command.addAll(List.of(arguments));
        return command;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Path programs() throws IOException, InterruptedException {
        String configured = System.getenv("OUTCROP_CACHE");
        Path cache = configured == null || configured.isBlank()
                ? Path.of(System.getProperty("user.home"), ".cache", "outcrop")
                : Path.of(configured);
        Path home = cache.resolve("native").resolve("pgserver-0.1.4");
        Path programs = home.resolve("pgserver/pginstall/bin");
        if (!Files.exists(home)) {
            Files.createDirectories(home.getParent());
            Path folder = Files.createTempDirectory(home.getParent(), "fetch");
            run(List.of(
                    "pip",
                    "download",
                    "--quiet",
                    "--no-deps",
                    "--only-binary=:all:",
                    "--python-version=3.11",
                    "--implementation=cp",
                    "--abi=cp311",
                    "--platform=manylinux2014_x86_64",
                    "--dest=" + folder,
                    "pgserver==0.1.4"));
            Path wheel = folder.resolve(WHEEL);
            String found = sha256(wheel);
            if (!found.equals(SHA256)) {
                throw new IOException(WHEEL + " is another one: its SHA-256 is " + found);
            }
            unpack(wheel, folder);
            Files.delete(wheel);
            Files.move(folder, home, StandardCopyOption.ATOMIC_MOVE);
        }
        return programs;
    }

    private static void unpack(Path wheel, Path folder) throws IOException {
        try (ZipFile archive = new ZipFile(wheel.toFile())) {
            for (Enumeration<? extends ZipEntry> entries = archive.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                Path file = folder.resolve(entry.getName());
                if (entry.isDirectory()) {
                    continue;
                }
                Files.createDirectories(file.getParent());
                try (InputStream in = archive.getInputStream(entry)) {
                    Files.copy(in, file);
                }
                if (file.getParent().endsWith("bin") && !file.toFile().setExecutable(true, false)) {
                    throw new IOException(file + " cannot be made executable");
                }
            }
        }
    }

    private static String sha256(Path file) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(10, TimeUnit.MINUTES) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException(String.join(" ", command) + " failed: " + said);
        }
    }
}
