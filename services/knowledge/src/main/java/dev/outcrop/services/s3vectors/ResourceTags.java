package dev.outcrop.services.s3vectors;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Tags;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The tags of vector buckets and indexes. */
final class ResourceTags {
    private final Tags tags;
    private final VectorBuckets buckets;
    private final VectorIndexes indexes;

    ResourceTags(Tags tags, VectorBuckets buckets, VectorIndexes indexes) {
        this.tags = tags;
        this.buckets = buckets;
        this.indexes = indexes;
    }

    /** Makes sure that something new may have these tags. */
    static void check(Map<String, String> given) {
        for (String key : given.keySet()) {
            if (key.toLowerCase(Locale.ROOT).startsWith("aws:")) {
                throw Failures.invalid("aws: prefixed tag key names are not allowed for external use.");
            }
        }
        if (given.size() > Tags.MOST) {
            throw Failures.invalid("A resource may have at most " + Tags.MOST + " tags");
        }
    }

    Map<String, String> of(String arn) {
        return tags.of(existing(arn));
    }

    void add(String arn, Map<String, String> given) {
        String present = existing(arn);
        check(given);
        try {
            tags.add(present, given);
        } catch (AwsError refusal) {
            throw Failures.invalid(refusal.getMessage());
        }
    }

    void remove(String arn, List<String> keys) {
        tags.remove(existing(arn), keys);
    }

    /** The tags, without a look whether there is such a resource; they are kept by its account alone. */
    Map<String, String> known(VectorArn place) {
        return place.account().equals(CallContext.current().account()) ? tags.of(place.arn()) : Map.of();
    }

    private String existing(String arn) {
        VectorArn place = VectorArn.parse(arn)
                .filter(named -> named.account().equals(CallContext.current().account()))
                .orElseThrow(Failures::noResource);
        if (place.index().isPresent()) {
            indexes.get(place);
        } else {
            buckets.get(place);
        }
        return place.arn();
    }
}
