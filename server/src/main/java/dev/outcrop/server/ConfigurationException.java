package dev.outcrop.server;

/** A setting that the server cannot start with; the message names the setting, its value and what would be right. */
public final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigurationException(String message) {
        super(message);
    }
}
