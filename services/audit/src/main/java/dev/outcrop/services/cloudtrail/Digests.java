package dev.outcrop.services.cloudtrail;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.services.cloudtrail.DeliveryState.Digest;
import dev.outcrop.services.cloudtrail.DeliveryState.DigestChain;
import dev.outcrop.services.cloudtrail.DeliveryState.LogFile;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.cloudtrail.model.Trail;

/**
 * Digests of the files that were delivered in an hour, each signed, and each naming the one before with its hash and
 * signature, so that no file can be changed or taken away unseen.
 *
 * <p>Source: "CloudTrail digest file structure" and "Custom implementations of CloudTrail log file integrity validation"
 * of the AWS CloudTrail user guide.
 */
final class Digests {
    private static final Duration LENGTH = Duration.ofHours(1);
    /** After a longer standstill one digest covers all of it. */
    private static final Duration LONGEST_STANDSTILL = Duration.ofDays(1);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyy/MM/dd").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final SigningKeys keys;

    Digests(SigningKeys keys) {
        this.keys = keys;
    }

    /**
     * A digest to be put.
     *
     * @param compressed its content
     * @param metadata   of its object, which holds the signature
     */
    record Made(Digest digest, byte[] compressed, Map<String, String> metadata) {}

    /** When the next digest of {@code chain} ends, if it does by {@code now}. */
    static Optional<Instant> due(DigestChain chain, Instant now) {
        Instant start = Instant.parse(chain.start());
        if (start.plus(LENGTH).isAfter(now)) {
            return Optional.empty();
        }
        boolean stoodStill = start.plus(LONGEST_STANDSTILL).isBefore(now);
        return Optional.of(stoodStill ? now.truncatedTo(ChronoUnit.SECONDS) : start.plus(LENGTH));
    }

    /** Makes the digest that tells the files of {@code chain} and ends at {@code end}. */
    Made make(TrailStore.Place place, Trail trail, String region, DigestChain chain, Instant end) {
        SigningKeys.SigningKey key = keys.current(region);
        String name = key(place, trail, region, end);
        byte[] content = content(place, trail, name, chain, end, key.fingerprint());
        String hash = LogFileContent.sha256(content);
        String previous = chain.previous().isNone() ? "null" : chain.previous().signature();
        String signed = end + "\n" + trail.s3BucketName() + "/" + name + "\n" + hash + "\n" + previous;
        String signature = key.sign(signed.getBytes(UTF_8));
        return new Made(
                new Digest(trail.s3BucketName(), name, hash, signature),
                LogFileContent.gzip(content),
                Map.of("signature", signature, "signature-algorithm", SigningKeys.ALGORITHM));
    }

    private static String key(TrailStore.Place place, Trail trail, String region, Instant end) {
        return TrailDelivery.folder(trail) + "AWSLogs/" + place.account() + "/CloudTrail-Digest/" + region + "/"
                + DAY.format(end) + "/" + place.account() + "_CloudTrail-Digest_" + region + "_" + place.name() + "_"
                + place.region() + "_" + SECOND.format(end) + ".json.gz";
    }

    private static byte[] content(
            TrailStore.Place place, Trail trail, String name, DigestChain chain, Instant end, String fingerprint) {
        List<LogFile> files = chain.files();
        Digest previous = chain.previous();
        Map<String, Object> digest = new LinkedHashMap<>();
        digest.put("awsAccountId", place.account());
        digest.put("digestStartTime", chain.start());
        digest.put("digestEndTime", end.toString());
        digest.put("digestS3Bucket", trail.s3BucketName());
        digest.put("digestS3Object", name);
        digest.put("digestPublicKeyFingerprint", fingerprint);
        digest.put("digestSignatureAlgorithm", SigningKeys.ALGORITHM);
        digest.put(
                "newestEventTime",
                files.stream()
                        .map(LogFile::newest)
                        .max(Comparator.naturalOrder())
                        .orElse(null));
        digest.put(
                "oldestEventTime",
                files.stream()
                        .map(LogFile::oldest)
                        .min(Comparator.naturalOrder())
                        .orElse(null));
        digest.put("previousDigestS3Bucket", previous.isNone() ? null : previous.bucket());
        digest.put("previousDigestS3Object", previous.isNone() ? null : previous.key());
        digest.put("previousDigestHashValue", previous.isNone() ? null : previous.hash());
        digest.put("previousDigestHashAlgorithm", previous.isNone() ? null : "SHA-256");
        digest.put("previousDigestSignature", previous.isNone() ? null : previous.signature());
        List<Map<String, String>> told = new ArrayList<>();
        for (LogFile file : files) {
            Map<String, String> entry = new LinkedHashMap<>();
            entry.put("s3Bucket", file.bucket());
            entry.put("s3Object", file.key());
            entry.put("hashValue", file.hash());
            entry.put("hashAlgorithm", "SHA-256");
            entry.put("newestEventTime", file.newest());
            entry.put("oldestEventTime", file.oldest());
            told.add(entry);
        }
        digest.put("logFiles", told);
        try {
            return JSON.writeValueAsBytes(digest);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
