package dev.outcrop.services.kms;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Tags;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.kms.model.CreateKeyRequest;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.OriginType;
import software.amazon.awssdk.services.kms.model.Tag;
import software.amazon.awssdk.services.kms.model.TagException;

/** What CreateKey and its neighbours ask for, checked. */
final class KeyRequests {
    private static final int SHORTEST_WINDOW = 7;
    private static final int LONGEST_WINDOW = 30;

    private KeyRequests() {}

    /** The key spec, under its new name or its old one. */
    @SuppressWarnings("deprecation") // Older clients know the key spec by its former name.
    static KeySpec spec(CreateKeyRequest request) {
        if (request.keySpec() != null && request.customerMasterKeySpec() != null) {
            throw AwsError.validation(
                    "You cannot specify KeySpec and CustomerMasterKeySpec in the same request. CustomerMasterKeySpec is"
                            + " deprecated.");
        }
        KeySpec spec = Optional.ofNullable(request.keySpecAsString())
                .or(() -> Optional.ofNullable(request.customerMasterKeySpecAsString()))
                .map(KeySpec::fromValue)
                .orElse(KeySpec.SYMMETRIC_DEFAULT);
        KeySpecs.family(spec);
        return spec;
    }

    /** What the key is for; everything but a symmetric key has to say so. */
    static KeyUsageType usage(CreateKeyRequest request, KeySpec spec) {
        if (request.keyUsage() == null && spec != KeySpec.SYMMETRIC_DEFAULT) {
            throw AwsError.validation(
                    "You must specify a KeyUsage value for all KMS keys except for symmetric encryption" + " keys.");
        }
        KeyUsageType usage = Optional.ofNullable(request.keyUsage()).orElse(KeyUsageType.ENCRYPT_DECRYPT);
        if (!KeySpecs.usages(spec).contains(usage)) {
            throw AwsError.validation("KeyUsage " + usage + " is not compatible with KeySpec " + spec);
        }
        return usage;
    }

    /** Some material cannot be imported, and what is in a custom key store is symmetric and of one Region. */
    static void checkOrigin(CreateKeyRequest request, KeySpec spec) {
        OriginType origin = Optional.ofNullable(request.origin()).orElse(OriginType.AWS_KMS);
        boolean inStore = origin == OriginType.AWS_CLOUDHSM || origin == OriginType.EXTERNAL_KEY_STORE;
        if (inStore && request.customKeyStoreId() == null) {
            throw AwsError.validation("CustomKeyStoreId is required for a key of origin " + origin);
        }
        if (!inStore && (request.customKeyStoreId() != null || request.xksKeyId() != null)) {
            throw AwsError.validation("CustomKeyStoreId and XksKeyId are not valid for a key of origin " + origin);
        }
        if (inStore && (spec != KeySpec.SYMMETRIC_DEFAULT || Boolean.TRUE.equals(request.multiRegion()))) {
            throw KeyUse.unsupported("A key of origin " + origin
                    + " is a symmetric encryption key of a single Region; KeySpec " + spec + " is not supported.");
        }
        if (origin == OriginType.EXTERNAL_KEY_STORE) {
            throw AwsError.notImplemented("kms", "CreateKey in an external key store");
        }
        if (origin == OriginType.EXTERNAL && KeySpecs.family(spec) == KeySpecs.Family.ML_DSA) {
            throw KeyUse.unsupported("KeySpec " + spec + " is not supported for Origin EXTERNAL");
        }
    }

    /** How many days pass before a key is deleted. */
    static int pendingWindow(Integer asked) {
        int days = Optional.ofNullable(asked).orElse(LONGEST_WINDOW);
        if (days < SHORTEST_WINDOW || days > LONGEST_WINDOW) {
            throw AwsError.validation("PendingWindowInDays must be between " + SHORTEST_WINDOW + " and "
                    + LONGEST_WINDOW + ", but is " + days);
        }
        return days;
    }

    static void checkTags(List<Tag> tags) {
        Set<String> names = new HashSet<>();
        for (Tag tag : tags) {
            if (tag.tagKey().toLowerCase(Locale.ROOT).startsWith("aws:")) {
                throw tagError("Tags beginning with aws: are reserved");
            }
            if (!names.add(tag.tagKey())) {
                throw tagError("Duplicate tag keys");
            }
        }
        if (names.size() > Tags.MOST) {
            throw tagError("Too many tags");
        }
    }

    private static TagException tagError(String message) {
        return TagException.builder().message(message).build();
    }

    static Map<String, String> byKey(List<Tag> tags) {
        Map<String, String> byKey = new LinkedHashMap<>();
        tags.forEach(tag -> byKey.put(tag.tagKey(), tag.tagValue()));
        return byKey;
    }
}
