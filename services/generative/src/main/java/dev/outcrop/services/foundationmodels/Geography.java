package dev.outcrop.services.foundationmodels;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Where a cross-Region inference profile routes: its prefix, the Regions it may be called from, and those it sends
 * requests to.
 *
 * <p>Source: Amazon Bedrock User Guide, "Supported Regions and models for inference profiles".
 */
public enum Geography {
    US(
            "us",
            "US",
            List.of("us-east-1", "us-east-2", "us-west-2"),
            startsWith("us-").and(startsWith("us-gov-").negate())),
    US_GOV("us-gov", "US-GOV", List.of("us-gov-east-1", "us-gov-west-1"), startsWith("us-gov-")),
    EU("eu", "EU", List.of("eu-central-1", "eu-north-1", "eu-west-1", "eu-west-3"), startsWith("eu-")),
    APAC(
            "apac",
            "APAC",
            List.of(
                    "ap-northeast-1",
                    "ap-northeast-2",
                    "ap-northeast-3",
                    "ap-south-1",
                    "ap-southeast-1",
                    "ap-southeast-2"),
            startsWith("ap-")),
    JP("jp", "JP", List.of("ap-northeast-1", "ap-northeast-3"), Set.of("ap-northeast-1", "ap-northeast-3")::contains),
    AU(
            "au",
            "AU",
            List.of("ap-southeast-2", "ap-southeast-4"),
            Set.of("ap-southeast-2", "ap-southeast-4", "ap-southeast-6")::contains),
    CA("ca", "CA", List.of("ca-central-1", "us-east-1", "us-east-2", "us-west-2"), startsWith("ca-")),
    GLOBAL(
            "global",
            "Global",
            List.of(),
            startsWith("us-gov-").or(startsWith("cn-")).negate());

    private final String prefix;
    private final String title;
    private final List<String> destinations;
    private final Predicate<String> source;

    Geography(String prefix, String title, List<String> destinations, Predicate<String> source) {
        this.prefix = prefix;
        this.title = title;
        this.destinations = destinations;
        this.source = source;
    }

    /** The geography whose profiles begin with {@code prefix}. */
    public static Optional<Geography> of(String prefix) {
        return Stream.of(values())
                .filter(geography -> geography.prefix.equals(prefix.toLowerCase(Locale.ROOT)))
                .findAny();
    }

    /** What its profiles' ids begin with, such as {@code us}. */
    public String prefix() {
        return prefix;
    }

    /** What its profiles' names begin with, such as {@code US}. */
    public String title() {
        return title;
    }

    /** Regions that requests go to; empty where they may go to any. */
    public List<String> destinations() {
        return destinations;
    }

    /** Whether its profiles can be called in {@code region}. */
    public boolean servesFrom(String region) {
        return source.test(region);
    }

    private static Predicate<String> startsWith(String start) {
        return region -> region.startsWith(start);
    }
}
