package dev.outcrop.services.foundationmodels;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a cross-Region inference profile routes: its prefix, the Regions it may be called from, and those it sends
 * requests to.
 *
 * <p>Source: Amazon Bedrock User Guide, "Supported Regions and models for inference profiles".
 */
public enum Geography {
    US("us", "US", "us-(?!gov-).*", "us-east-1 us-east-2 us-west-2"),
    US_GOV("us-gov", "US-GOV", "us-gov-.*", "us-gov-east-1 us-gov-west-1"),
    EU("eu", "EU", "eu-.*", "eu-central-1 eu-north-1 eu-west-1 eu-west-3"),
    APAC(
            "apac",
            "APAC",
            "ap-.*",
            "ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-southeast-1 ap-southeast-2"),
    JP("jp", "JP", "ap-northeast-[13]", "ap-northeast-1 ap-northeast-3"),
    AU("au", "AU", "ap-southeast-[246]", "ap-southeast-2 ap-southeast-4"),
    CA("ca", "CA", "ca-.*", "ca-central-1 us-east-1 us-east-2 us-west-2"),
    GLOBAL("global", "Global", "(?!us-gov-|cn-).*", "");

    private final String prefix;
    private final String title;
    private final String sources;
    private final String destinations;

    Geography(String prefix, String title, String sources, String destinations) {
        this.prefix = prefix;
        this.title = title;
        this.sources = sources;
        this.destinations = destinations;
    }

    /** The geography whose profiles begin with {@code prefix}. */
    public static Optional<Geography> of(String prefix) {
        return Stream.of(values())
                .filter(geography -> geography.prefix.equals(prefix))
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

    /** Whether its profiles can be called in {@code region}. */
    public boolean servesFrom(String region) {
        return region.matches(sources);
    }

    /** Regions that a request from {@code region} may go to; global profiles are shown with the Region called. */
    public List<String> destinations(String region) {
        return destinations.isEmpty() ? List.of(region) : List.of(destinations.split(" "));
    }
}
