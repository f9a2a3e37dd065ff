package dev.outcrop.services.s3;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CrossOriginRules;
import dev.outcrop.storage.buckets.Bucket;
import dev.outcrop.storage.buckets.Buckets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import software.amazon.awssdk.services.s3.model.CORSConfiguration;
import software.amazon.awssdk.services.s3.model.CORSRule;

/**
 * Which pages may call a bucket.
 *
 * <p>Source: "Using cross-origin resource sharing (CORS)", Amazon S3 user guide.
 */
final class BucketCors implements CrossOriginRules {
    private static final String SETTING = "cors";
    private static final int MOST_RULES = 100;
    private static final Set<String> METHODS = Set.of("GET", "PUT", "HEAD", "POST", "DELETE");
    private static final String ANY = "*";

    private final Buckets buckets;
    private final BucketSettings settings;

    BucketCors(Buckets buckets, BucketSettings settings) {
        this.buckets = buckets;
        this.settings = settings;
    }

    CORSConfiguration get(Bucket bucket) {
        return find(bucket)
                .orElseThrow(() -> new AwsError(
                        "NoSuchCORSConfiguration",
                        404,
                        "The CORS configuration does not exist",
                        Map.of("BucketName", bucket.name())));
    }

    private static Optional<CORSConfiguration> find(Bucket bucket) {
        return BucketSettings.read(bucket, SETTING, CORSConfiguration::builder);
    }

    void put(Bucket bucket, CORSConfiguration configuration) {
        if (configuration.corsRules().isEmpty()) {
            throw Errors.malformedXml();
        }
        if (configuration.corsRules().size() > MOST_RULES) {
            throw Errors.invalidRequest(
                    "The number of CORS rules should not exceed allowed limit of " + MOST_RULES + " rules.");
        }
        configuration.corsRules().forEach(BucketCors::check);
        settings.put(bucket, SETTING, BucketSettings.text(configuration));
    }

    private static void check(CORSRule rule) {
        if (rule.allowedMethods().isEmpty() || rule.allowedOrigins().isEmpty()) {
            throw Errors.malformedXml();
        }
        for (String method : rule.allowedMethods()) {
            if (!METHODS.contains(method)) {
                throw Errors.invalidRequest(
                        "Found unsupported HTTP method in CORS config. Unsupported method is " + method);
            }
        }
        rule.allowedOrigins().forEach(origin -> checkWildcards("AllowedOrigin", origin));
        rule.allowedHeaders().forEach(header -> checkWildcards("AllowedHeader", header));
        for (String header : rule.exposeHeaders()) {
            if (header.contains(ANY)) {
                throw Errors.invalidRequest("ExposeHeader \"" + header
                        + "\" contains wildcard. We currently do not support wildcard for ExposeHeader.");
            }
        }
    }

    private static void checkWildcards(String name, String value) {
        if (value.indexOf(ANY) != value.lastIndexOf(ANY)) {
            throw Errors.invalidRequest(name + " \"" + value + "\" can not have more than one wildcard.");
        }
    }

    void delete(Bucket bucket) {
        settings.remove(bucket, SETTING);
    }

    @Override
    public Verdict verdict(Map<String, String> labels, String origin, String method, List<String> headers) {
        Optional<CORSConfiguration> configuration =
                Optional.ofNullable(labels.get("Bucket")).flatMap(buckets::find).flatMap(BucketCors::find);
        return configuration.isEmpty() ? new Silent() : verdict(configuration.get(), origin, method, headers);
    }

    /** The first rule that is for the page decides. */
    static Verdict verdict(CORSConfiguration configuration, String origin, String method, List<String> headers) {
        for (CORSRule rule : configuration.corsRules()) {
            Optional<String> allowed = rule.allowedOrigins().stream()
                    .filter(pattern -> matches(pattern, origin))
                    .findFirst();
            boolean fits = allowed.isPresent()
                    && rule.allowedMethods().contains(method)
                    && headers.stream()
                            .allMatch(header -> rule.allowedHeaders().stream()
                                    .anyMatch(pattern -> matches(lower(pattern), lower(header))));
            if (fits) {
                return new Allowed(
                        allowed.get().equals(ANY) ? ANY : origin,
                        rule.allowedMethods(),
                        rule.exposeHeaders(),
                        rule.maxAgeSeconds() == null ? OptionalInt.empty() : OptionalInt.of(rule.maxAgeSeconds()));
            }
        }
        return new Refused();
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /** A pattern has one wildcard at most. */
    private static boolean matches(String pattern, String text) {
        int star = pattern.indexOf(ANY);
        return star < 0
                ? pattern.equals(text)
                : text.length() >= pattern.length() - 1
                        && text.startsWith(pattern.substring(0, star))
                        && text.endsWith(pattern.substring(star + 1));
    }
}
