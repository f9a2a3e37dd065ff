package dev.outcrop.kernel.identity;

import dev.outcrop.kernel.AccessKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes a profile into the files that AWS's clients read, adding to them and never changing what is there.
 *
 * <p>Source: "Configuration and credential file settings" of the AWS CLI user guide.
 */
public final class ProfileFiles {
    private final Path credentials;
    private final Path configuration;

    public ProfileFiles(Path credentials, Path configuration) {
        this.credentials = credentials;
        this.configuration = configuration;
    }

    /** The files that clients in this environment read. */
    public static ProfileFiles of(Map<String, String> environment, Path home) {
        return new ProfileFiles(
                path(environment, "AWS_SHARED_CREDENTIALS_FILE").orElse(home.resolve(".aws/credentials")),
                path(environment, "AWS_CONFIG_FILE").orElse(home.resolve(".aws/config")));
    }

    /**
     * Makes {@code profile} stand for {@code key} at {@code endpoint}.
     *
     * @param endpoint such as {@code http://127.0.0.1:4566}
     * @return what the user should know
     */
    public Outcome write(String profile, AccessKey key, String region, String endpoint) throws IOException {
        Optional<String> credentialsSection = section(credentials, profile);
        Optional<String> configurationSection = section(configuration, "profile " + profile);
        if (credentialsSection.isPresent()
                && !value(credentialsSection.get(), "aws_access_key_id").equals(Optional.of(key.accessKeyId()))) {
            return new Outcome.LeftAlone(credentials);
        }
        if (configurationSection.isPresent()
                && !value(configurationSection.get(), "endpoint_url").equals(Optional.of(endpoint))) {
            return new Outcome.LeftAlone(configuration);
        }
        if (credentialsSection.isPresent() && configurationSection.isPresent()) {
            return new Outcome.Unchanged();
        }
        if (credentialsSection.isEmpty()) {
            append(
                    credentials,
                    List.of(
                            "[" + profile + "]",
                            "aws_access_key_id = " + key.accessKeyId(),
                            "aws_secret_access_key = " + key.secretAccessKey()));
        }
        if (configurationSection.isEmpty()) {
            append(
                    configuration,
                    List.of("[profile " + profile + "]", "region = " + region, "endpoint_url = " + endpoint));
        }
        return new Outcome.Written();
    }

    private static Optional<Path> path(Map<String, String> environment, String variable) {
        return Optional.ofNullable(environment.get(variable))
                .filter(path -> !path.isBlank())
                .map(Path::of);
    }

    /** The lines of a section, without its head. */
    private static Optional<String> section(Path file, String name) throws IOException {
        if (Files.notExists(file)) {
            return Optional.empty();
        }
        Matcher matcher = Pattern.compile(
                        "^[ \\t]*\\[[ \\t]*" + Pattern.quote(name)
                                + "[ \\t]*][^\\n]*\\n?((?:(?![ \\t]*\\[)[^\\n]*(?:\\n|\\z))*+)",
                        Pattern.MULTILINE)
                .matcher(Files.readString(file));
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private static Optional<String> value(String section, String name) {
        return section.lines()
                .map(line -> line.split("=", 2))
                .filter(parts -> parts.length == 2 && parts[0].strip().equals(name))
                .map(parts -> parts[1].strip())
                .findFirst();
    }

    /** Adds a section at the end, by way of a new file, so that a crash leaves the old one. */
    private static void append(Path file, List<String> section) throws IOException {
        Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        Files.createDirectories(target.getParent());
        String present = Files.exists(target) ? Files.readString(target) : "";
        String gap = present.isEmpty() ? "" : present.endsWith("\n") ? "\n" : "\n\n";
        Path temporary = Files.createTempFile(target.getParent(), ".outcrop", ".tmp");
        try {
            Files.writeString(temporary, present + gap + String.join("\n", section) + "\n", StandardCharsets.UTF_8);
            if (target.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.setPosixFilePermissions(
                        temporary,
                        Files.exists(target)
                                ? Files.getPosixFilePermissions(target)
                                : PosixFilePermissions.fromString("rw-------"));
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** What came of writing a profile. */
    public sealed interface Outcome {
        /** The profile is there now. */
        record Written() implements Outcome {}

        /** The profile was there already, and is right. */
        record Unchanged() implements Outcome {}

        /** Another profile of that name is in {@code file} and was not touched. */
        record LeftAlone(Path file) implements Outcome {}
    }
}
