package dev.outcrop.services.s3;

import dev.outcrop.storage.buckets.ContentChecksum;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;

/** Members that many of S3's shapes have under the same names, which the SDK's classes do not say in Java. */
final class Members {
    /** What an object keeps of the headers that it was put with. */
    private static final List<String> KEPT = List.of(
            "CacheControl",
            "ContentDisposition",
            "ContentEncoding",
            "ContentLanguage",
            "ContentType",
            "Expires",
            ObjectLocks.MODE,
            ObjectLocks.UNTIL,
            ObjectLocks.HOLD,
            "StorageClass",
            "WebsiteRedirectLocation");

    private static final String CHECKSUM = "Checksum";

    private Members() {}

    /** Those that are kept, as they stand in {@code request}. */
    static Map<String, String> kept(SdkPojo request) {
        Map<String, String> kept = new LinkedHashMap<>();
        for (SdkField<?> field : request.sdkFields()) {
            if (KEPT.contains(field.memberName())) {
                text(field, request).ifPresent(value -> kept.put(field.memberName(), value));
            }
        }
        return kept;
    }

    /** The members of {@code request} called {@code Response…}, which stand for others of the response. */
    static Map<String, String> overrides(SdkPojo request) {
        Map<String, String> overrides = new LinkedHashMap<>();
        for (SdkField<?> field : request.sdkFields()) {
            if (field.memberName().startsWith("Response")) {
                text(field, request)
                        .ifPresent(value -> overrides.put(field.memberName().substring("Response".length()), value));
            }
        }
        return overrides;
    }

    private static Optional<String> text(SdkField<?> field, SdkPojo shape) {
        return Optional.ofNullable(field.getValueOrDefault(shape))
                .map(value ->
                        value instanceof Instant instant ? String.valueOf(instant.getEpochSecond()) : (String) value);
    }

    /** The text of one member, if {@code request} has it and it is set. */
    static Optional<String> text(SdkPojo request, String member) {
        for (SdkField<?> field : request.sdkFields()) {
            if (field.memberName().equals(member)) {
                return text(field, request);
            }
        }
        return Optional.empty();
    }

    /** The value of a member that is a number, if {@code request} has it and it is set. */
    static Optional<Long> number(SdkPojo request, String member) {
        for (SdkField<?> field : request.sdkFields()) {
            if (field.memberName().equals(member)) {
                return Optional.ofNullable((Number) field.getValueOrDefault(request))
                        .map(Number::longValue);
            }
        }
        return Optional.empty();
    }

    /** The value of a member that is true or false, if {@code request} has it and it is set. */
    static Optional<Boolean> flag(SdkPojo request, String member) {
        for (SdkField<?> field : request.sdkFields()) {
            if (field.memberName().equals(member)) {
                return Optional.ofNullable((Boolean) field.getValueOrDefault(request));
            }
        }
        return Optional.empty();
    }

    /** The header that names the source of a copy, whose accessor the SDK has deprecated for clients. */
    static String copySource(SdkPojo request) {
        return text(request, "CopySource").orElse(null);
    }

    /** Sets members of a response's builder. */
    static void set(SdkPojo builder, Map<String, String> values) {
        for (SdkField<?> field : builder.sdkFields()) {
            String value = values.get(field.memberName());
            if (value != null) {
                field.set(builder, typed(field, value));
            }
        }
    }

    private static Object typed(SdkField<?> field, String value) {
        if (field.marshallingType().equals(MarshallingType.INSTANT)) {
            return Instant.ofEpochSecond(Long.parseLong(value));
        }
        return field.marshallingType().equals(MarshallingType.BOOLEAN) ? Boolean.valueOf(value) : value;
    }

    /** Sets the checksum in a response's builder. */
    static void set(SdkPojo builder, ContentChecksum checksum) {
        if (checksum.isPresent()) {
            set(
                    builder,
                    Map.of(
                            CHECKSUM + checksum.algorithm(),
                            checksum.value(),
                            "ChecksumType",
                            checksum.composite() ? "COMPOSITE" : "FULL_OBJECT"));
        }
    }

    /** The checksums that stand in a request, by their algorithms. */
    static Map<String, String> checksums(SdkPojo request) {
        Map<String, String> checksums = new LinkedHashMap<>();
        for (SdkField<?> field : request.sdkFields()) {
            String name = field.memberName();
            if (name.startsWith(CHECKSUM) && isAlgorithm(name.substring(CHECKSUM.length()))) {
                text(field, request).ifPresent(value -> checksums.put(name.substring(CHECKSUM.length()), value));
            }
        }
        return checksums;
    }

    private static boolean isAlgorithm(String name) {
        return !name.equals("Algorithm") && !name.equals("Type") && !name.equals("Mode");
    }
}
