package dev.outcrop.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version that the build wrote into the jar. */
public final class Version {
    private Version() {}

    /** Such as {@code 0.1.0-SNAPSHOT}. */
    public static String current() {
        try (InputStream properties = Version.class.getResourceAsStream("version.properties")) {
            Properties values = new Properties();
            values.load(properties);
            return values.getProperty("version");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
