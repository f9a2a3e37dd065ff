package dev.outcrop.services.comprehend.custom;

import java.util.Optional;

/**
 * The ARN of a model.
 *
 * @param resource {@code document-classifier} or {@code entity-recognizer}
 * @param version  of those that share the name, if it is one of them
 */
record ModelArn(String account, String region, String resource, String name, Optional<String> version) {
    private static final String VERSION = "/version/";

    /** An ARN whose form was checked already. */
    static ModelArn of(String arn) {
        String[] parts = arn.split(":", 6);
        String[] resource = parts[5].split("/", 2);
        int version = resource[1].indexOf(VERSION);
        return new ModelArn(
                parts[4],
                parts[3],
                resource[0],
                version < 0 ? resource[1] : resource[1].substring(0, version),
                version < 0 ? Optional.empty() : Optional.of(resource[1].substring(version + VERSION.length())));
    }

    /** What the model is kept under, among those of its kind. */
    String id() {
        return id(name, version);
    }

    static String id(String name, Optional<String> version) {
        return name + version.map(VERSION::concat).orElse("");
    }
}
