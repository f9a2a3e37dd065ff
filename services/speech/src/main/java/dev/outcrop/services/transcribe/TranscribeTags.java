package dev.outcrop.services.transcribe;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Tags;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import software.amazon.awssdk.services.transcribe.model.Tag;

/** The tags of jobs, vocabularies and filters. */
final class TranscribeTags {
    private final Tags tags;

    TranscribeTags(Tags tags) {
        this.tags = tags;
    }

    /** Whether a name has a part, whatever its case, as lists are filtered. */
    static boolean contains(String name, String part) {
        return name.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
    }

    /** Makes sure that a new thing can have these. */
    void check(List<Tag> given) {
        if (given == null) {
            return;
        }
        if (given.size() > Tags.MOST) {
            throw Failures.badRequest("You can't add more than " + Tags.MOST + " tags to a resource.");
        }
        if (given.stream().map(Tag::key).distinct().count() < given.size()) {
            throw Failures.badRequest("Tag keys must be unique.");
        }
        if (given.stream().anyMatch(tag -> tag.key().toLowerCase(Locale.ROOT).startsWith("aws:"))) {
            throw Failures.badRequest("Tag keys can't begin with aws:.");
        }
    }

    void add(String arn, List<Tag> given) {
        if (given == null || given.isEmpty()) {
            return;
        }
        check(given);
        Map<String, String> map = new HashMap<>();
        given.forEach(tag -> map.put(tag.key(), tag.value()));
        try {
            tags.add(arn, map);
        } catch (AwsError refusal) {
            throw Failures.badRequest(refusal.getMessage());
        }
    }

    List<Tag> of(String arn) {
        return tags.of(arn).entrySet().stream()
                .map(tag ->
                        Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
                .toList();
    }

    Map<String, String> known(String arn) {
        return tags.of(arn);
    }

    void remove(String arn, Collection<String> keys) {
        tags.remove(arn, keys);
    }

    void removeAll(String arn) {
        tags.removeAll(arn);
    }

    /** The kind and name in an ARN of the call's account and region. */
    static String[] resource(String arn) {
        String[] parts = arn.split(":", 6);
        CallContext call = CallContext.current();
        boolean own = parts.length == 6
                && parts[2].equals("transcribe")
                && parts[3].equals(call.region())
                && parts[4].equals(call.account());
        String[] resource = own ? parts[5].split("/", 2) : new String[0];
        return resource.length == 2 ? resource : new String[] {"", ""};
    }
}
