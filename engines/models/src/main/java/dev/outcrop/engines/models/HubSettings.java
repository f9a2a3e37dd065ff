package dev.outcrop.engines.models;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How the hub is reached, by the environment variables that its own clients follow: {@code HF_ENDPOINT},
 * {@code HF_TOKEN}, {@code HF_TOKEN_PATH}, {@code HF_HOME}, {@code HF_HUB_CACHE}, {@code HF_HUB_OFFLINE}.
 */
record HubSettings(Map<String, String> environment) {
    private static final String ENDPOINT = "https://huggingface.co";

    HubSettings {
        environment = Map.copyOf(environment);
    }

    URI endpoint() {
        String endpoint = environment.getOrDefault("HF_ENDPOINT", "").strip();
        return URI.create(endpoint.isEmpty() ? ENDPOINT : endpoint.replaceAll("/+$", ""));
    }

    boolean offline() {
        return Set.of("1", "ON", "YES", "TRUE")
                .contains(environment.getOrDefault("HF_HUB_OFFLINE", "").toUpperCase(Locale.ROOT));
    }

    /** The token of the variable, else of the file that the hub's own log-in command writes. */
    Optional<String> token() {
        for (String variable : new String[] {"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"}) {
            String token = environment.getOrDefault(variable, "").strip();
            if (!token.isEmpty()) {
                return Optional.of(token);
            }
        }
        Path file = environment.containsKey("HF_TOKEN_PATH")
                ? Path.of(environment.get("HF_TOKEN_PATH"))
                : home().resolve("token");
        try {
            return Files.isReadable(file)
                    ? Optional.of(Files.readString(file).strip()).filter(token -> !token.isEmpty())
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Where the hub's own clients keep what they have fetched. */
    Path cache() {
        return environment.containsKey("HF_HUB_CACHE")
                ? Path.of(environment.get("HF_HUB_CACHE"))
                : home().resolve("hub");
    }

    private Path home() {
        if (environment.containsKey("HF_HOME")) {
            return Path.of(environment.get("HF_HOME"));
        }
        return Folders.userCache(environment).resolve("huggingface");
    }
}
