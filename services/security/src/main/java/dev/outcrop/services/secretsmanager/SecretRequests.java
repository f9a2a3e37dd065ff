package dev.outcrop.services.secretsmanager;

import dev.outcrop.kernel.Tags;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.secretsmanager.model.DeleteSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.Filter;
import software.amazon.awssdk.services.secretsmanager.model.FilterNameStringType;
import software.amazon.awssdk.services.secretsmanager.model.InvalidParameterException;
import software.amazon.awssdk.services.secretsmanager.model.Tag;

/** What requests ask for, checked in AWS's words. */
final class SecretRequests {
    private static final int MOST_BYTES = 65_536;
    private static final Pattern SEPARATORS = Pattern.compile("[^a-z0-9]+");
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9/_+=.@-]+");

    private SecretRequests() {}

    static InvalidParameterException invalidParameter(String message) {
        return InvalidParameterException.builder().message(message).build();
    }

    static void checkName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw invalidParameter(
                    "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!");
        }
    }

    /** The value of a request, a text or bytes, if it has one. */
    static Optional<SecretValues.Value> value(String text, SdkBytes blob) {
        if (text != null && blob != null) {
            throw invalidParameter(
                    "You can't specify both a binary secret value and a string secret value in the same" + " secret.");
        }
        if (text == null && blob == null) {
            return Optional.empty();
        }
        SecretValues.Value value =
                new SecretValues.Value(blob != null, blob != null ? blob : SdkBytes.fromUtf8String(text));
        if (value.bytes().asByteArrayUnsafe().length > MOST_BYTES) {
            throw invalidParameter("The secret value must be at most " + MOST_BYTES + " bytes long.");
        }
        return Optional.of(value);
    }

    static Map<String, String> byKey(List<Tag> tags) {
        Map<String, String> byKey = new LinkedHashMap<>();
        for (Tag tag : tags) {
            if (tag.key() == null || tag.key().toLowerCase(Locale.ROOT).startsWith("aws:")) {
                throw invalidParameter("Tag keys must be given, and must not begin with aws:.");
            }
            byKey.put(tag.key(), Optional.ofNullable(tag.value()).orElse(""));
        }
        if (byKey.size() > Tags.MOST) {
            throw invalidParameter("A secret may have " + Tags.MOST + " tags at most.");
        }
        return byKey;
    }

    /**
     * When a secret is gone.
     *
     * @return days from now, 0 for at once
     */
    static long recoveryWindow(DeleteSecretRequest request) {
        boolean force = Boolean.TRUE.equals(request.forceDeleteWithoutRecovery());
        if (force && request.recoveryWindowInDays() != null) {
            throw invalidParameter(
                    "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.");
        }
        if (force) {
            return 0;
        }
        long days = Optional.ofNullable(request.recoveryWindowInDays()).orElse(30L);
        if (days < 7 || days > 30) {
            throw invalidParameter("The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).");
        }
        return days;
    }

    /** Whether a secret fits all filters of a list. */
    static boolean fits(List<Filter> filters, Secret secret, Map<String, String> tags) {
        return filters.stream().allMatch(filter -> fits(filter, secret, tags));
    }

    /** One of the values must fit, and none that has an exclamation mark before it. */
    private static boolean fits(Filter filter, Secret secret, Map<String, String> tags) {
        boolean wanted = false;
        boolean found = false;
        for (String value : filter.values()) {
            if (!value.startsWith("!")) {
                wanted = true;
                found |= has(filter.key(), value, secret, tags);
            } else if (has(filter.key(), value.substring(1), secret, tags)) {
                return false;
            }
        }
        return found || !wanted;
    }

    private static boolean has(FilterNameStringType key, String wanted, Secret secret, Map<String, String> tags) {
        String lower = wanted.toLowerCase(Locale.ROOT);
        return switch (key) {
            case NAME -> secret.name().startsWith(wanted);
            case DESCRIPTION -> secret.description().toLowerCase(Locale.ROOT).startsWith(lower);
            case TAG_KEY -> tags.keySet().stream().anyMatch(tag -> tag.startsWith(wanted));
            case TAG_VALUE -> tags.values().stream().anyMatch(tag -> tag.startsWith(wanted));
            case PRIMARY_REGION -> secret.home().startsWith(wanted);
            case OWNING_SERVICE -> false; // No service keeps secrets of its own here.
            case ALL -> {
                List<String> present = Stream.concat(
                                Stream.of(secret.name(), secret.description(), secret.home()),
                                tags.entrySet().stream().flatMap(tag -> Stream.of(tag.getKey(), tag.getValue())))
                        .map(text -> text.toLowerCase(Locale.ROOT))
                        .toList();
                yield Arrays.stream(SEPARATORS.split(lower))
                        .filter(word -> !word.isEmpty())
                        .allMatch(word -> present.stream().anyMatch(text -> text.contains(word)));
            }
            case UNKNOWN_TO_SDK_VERSION -> throw invalidParameter("Invalid filter key.");
        };
    }
}
