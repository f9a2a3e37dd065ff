package dev.outcrop.services.cloudtrail;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Clients;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.cloudtrail.model.DeliveryStatus;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Puts the results of queries into buckets, with a file that signs them, in CloudTrail's own name.
 *
 * <p>Source: "Get and save query results" and "CloudTrail sign file structure" of the AWS CloudTrail user guide.
 */
final class QueryDelivery {
    private static final Logger LOG = LoggerFactory.getLogger(QueryDelivery.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern URI = Pattern.compile("s3://([^/]+)(?:/(.*?)/*)?");
    private static final Pattern QUOTED = Pattern.compile("[\",\r\n]");
    private static final String RESULT = "result_1.csv.gz";
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyy/MM/dd").withZone(ZoneOffset.UTC);

    private final SigningKeys keys;
    private final TrailDestination destination;
    private final Supplier<Clients> clients;
    private final InstantSource clock;

    QueryDelivery(SigningKeys keys, TrailDestination destination, Supplier<Clients> clients, InstantSource clock) {
        this.keys = keys;
        this.destination = destination;
        this.clients = clients;
        this.clock = clock;
    }

    private record Place(String bucket, String prefix) {
        static Place of(String uri) {
            Matcher matcher = URI.matcher(uri);
            if (!matcher.matches()) {
                throw EventDataStores.invalid("DeliveryS3Uri is not valid: " + uri);
            }
            return new Place(
                    TrailNames.checkedBucket(matcher.group(1)),
                    TrailNames.checkedPrefix(
                            Optional.ofNullable(matcher.group(2)).orElse("")));
        }
    }

    /**
     * Makes sure that results may be put there.
     *
     * @param storeArn the event data store that is asked
     */
    void check(String uri, String storeArn) {
        Place place = Place.of(uri);
        destination.checkBucket(place.bucket, place.prefix, storeArn);
    }

    /** Puts {@code rows} of a query where {@code uri} says, and says what came of it. */
    DeliveryStatus deliver(String uri, String queryId, String storeArn, Stream<List<Map<String, String>>> rows) {
        CallContext call = CallContext.current();
        Place place = Place.of(uri);
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        String folder = (place.prefix.isEmpty() ? "" : place.prefix + "/") + "AWSLogs/" + call.account()
                + "/CloudTrail-Lake/Query/" + DAY.format(now) + "/" + queryId + "/";
        byte[] result = LogFileContent.gzip(csv(rows).getBytes(UTF_8));
        try {
            put(call, storeArn, place.bucket, folder + RESULT, result);
        } catch (AwsServiceException refusal) {
            return refused(refusal, uri, DeliveryStatus.ACCESS_DENIED, DeliveryStatus.FAILED);
        }
        try {
            put(call, storeArn, place.bucket, folder + "result_sign.json", signed(call.region(), result, now));
        } catch (AwsServiceException refusal) {
            return refused(refusal, uri, DeliveryStatus.ACCESS_DENIED_SIGNING_FILE, DeliveryStatus.FAILED_SIGNING_FILE);
        }
        return DeliveryStatus.SUCCESS;
    }

    private static DeliveryStatus refused(
            AwsServiceException refusal, String uri, DeliveryStatus denied, DeliveryStatus failed) {
        String code = refusal.awsErrorDetails().errorCode();
        LOG.warn("results cannot be put to {}: {}", uri, code);
        return switch (code) {
            case "AccessDenied" -> denied;
            case "NoSuchBucket" -> DeliveryStatus.RESOURCE_NOT_FOUND;
            default -> failed;
        };
    }

    private void put(CallContext call, String storeArn, String bucket, String key, byte[] content) {
        OwnCalls.call(
                call.account(),
                call.region(),
                storeArn,
                () -> clients.get()
                        .of(S3Client.class)
                        .putObject(request -> request.bucket(bucket).key(key), RequestBody.fromBytes(content)));
    }

    /** RFC 4180, a line with the names of the columns first. */
    private static String csv(Stream<List<Map<String, String>>> rows) {
        StringBuilder text = new StringBuilder();
        rows.forEach(row -> {
            if (text.isEmpty()) {
                text.append(line(row.stream().flatMap(column -> column.keySet().stream())));
            }
            text.append(line(row.stream().flatMap(column -> column.values().stream())));
        });
        return text.toString();
    }

    private static String line(Stream<String> values) {
        return values.map(value -> QUOTED.matcher(value).find() ? '"' + value.replace("\"", "\"\"") + '"' : value)
                .collect(Collectors.joining(",", "", "\r\n"));
    }

    private byte[] signed(String region, byte[] result, Instant now) {
        SigningKeys.SigningKey key = keys.current(region);
        String hash = LogFileContent.sha256(result);
        Map<String, Object> file = new LinkedHashMap<>();
        file.put("version", "1.0");
        file.put("region", region);
        file.put("files", List.of(Map.of("fileHashValue", hash, "fileName", RESULT)));
        file.put("hashAlgorithm", "SHA-256");
        file.put("signatureAlgorithm", SigningKeys.ALGORITHM);
        file.put("queryCompleteTime", now.toString());
        file.put("hashSignature", key.sign(hash.getBytes(UTF_8)));
        file.put("publicKeyFingerprint", key.fingerprint());
        try {
            return JSON.writeValueAsBytes(file);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
