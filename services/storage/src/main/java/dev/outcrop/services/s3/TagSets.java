package dev.outcrop.services.s3;

import dev.outcrop.kernel.AwsError;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.s3.model.Tag;

/** Tags as S3 checks them. */
final class TagSets {
    /** The most that an object may have. */
    static final int MOST_OF_OBJECT = 10;
    /** The most that a bucket may have. */
    static final int MOST_OF_BUCKET = 50;

    private static final int LONGEST_KEY = 128;
    private static final int LONGEST_VALUE = 256;
    private static final Pattern ALLOWED = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*");

    private TagSets() {}

    /** What the header {@code x-amz-tagging} says. */
    static Map<String, String> parse(String header) {
        if (header == null || header.isEmpty()) {
            return Map.of();
        }
        try {
            return check(
                    java.util.Arrays.stream(header.split("&"))
                            .map(pair -> pair.split("=", 2))
                            .map(pair -> Tag.builder()
                                    .key(URLDecoder.decode(pair[0], StandardCharsets.UTF_8))
                                    .value(pair.length < 2 ? "" : URLDecoder.decode(pair[1], StandardCharsets.UTF_8))
                                    .build())
                            .toList(),
                    MOST_OF_OBJECT);
        } catch (IllegalArgumentException malformed) {
            throw Errors.invalidArgument(
                    "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without"
                            + " tag name duplicates.",
                    "x-amz-tagging",
                    header);
        }
    }

    static Map<String, String> check(List<Tag> tags, int most) {
        if (tags.size() > most) {
            throw new AwsError(
                    "BadRequest",
                    400,
                    (most == MOST_OF_OBJECT ? "Object" : "Bucket") + " tags cannot be greater than " + most);
        }
        Map<String, String> checked = new LinkedHashMap<>();
        for (Tag tag : tags) {
            if (tag.key() == null || tag.value() == null) {
                throw Errors.malformedXml();
            }
            if (tag.key().isEmpty()
                    || !ALLOWED.matcher(tag.key()).matches()
                    || tag.key().length() > LONGEST_KEY
                    || tag.key().startsWith("aws:")) {
                throw new AwsError(
                        "InvalidTag", 400, "The TagKey you have provided is invalid", Map.of("TagKey", tag.key()));
            }
            if (tag.value().length() > LONGEST_VALUE
                    || !ALLOWED.matcher(tag.value()).matches()) {
                throw new AwsError(
                        "InvalidTag",
                        400,
                        "The TagValue you have provided is invalid",
                        Errors.details("TagKey", tag.key(), "TagValue", tag.value()));
            }
            if (checked.put(tag.key(), tag.value()) != null) {
                throw new AwsError(
                        "InvalidTag",
                        400,
                        "Cannot provide multiple Tags with the same key",
                        Map.of("TagKey", tag.key()));
            }
        }
        return checked;
    }

    static List<Tag> list(Map<String, String> tags) {
        return tags.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(tag ->
                        Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
                .toList();
    }
}
