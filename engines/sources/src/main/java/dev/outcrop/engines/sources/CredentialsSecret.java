package dev.outcrop.engines.sources;

import java.util.Map;
import java.util.Optional;

/** The key-value pairs of a secret that holds a source's credentials. Never shows them. */
public final class CredentialsSecret {
    private final Map<String, String> values;

    public CredentialsSecret(Map<String, String> values) {
        this.values = Map.copyOf(values);
    }

    /**
     * The value of a key.
     *
     * @throws SourceException if there is none
     */
    public String required(String key) {
        return optional(key).orElseThrow(() -> new SourceException("The secret has no value for the key " + key));
    }

    /** The value of a key that may be missing. */
    public Optional<String> optional(String key) {
        return Optional.ofNullable(values.get(key)).filter(value -> !value.isBlank());
    }

    @Override
    public String toString() {
        return "keys " + values.keySet();
    }
}
