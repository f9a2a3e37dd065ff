package dev.outcrop.services.transcribe;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.Ids;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/**
 * Files in S3, read and written as the caller, or as the role that the caller passed.
 *
 * <p>Source: "How Amazon Transcribe works with IAM" and the Media data type of the Amazon Transcribe API reference.
 */
final class S3Files {
    private final Supplier<Clients> clients;

    S3Files(Supplier<Clients> clients) {
        this.clients = clients;
    }

    /** An object of S3. */
    record Place(String bucket, String key) {
        /** What a URI names: {@code s3://bucket/key}, or a URL whose host or path begins with the bucket. */
        static Place of(String uri) {
            return find(uri)
                    .orElseThrow(() -> Failures.badRequest(
                            "The URI that you provided doesn't point to an S3 object. Make sure that the object exists and"
                                    + " try your request again."));
        }

        private static Optional<Place> find(String uri) {
            if (uri.startsWith("s3://")) {
                return place(uri.substring("s3://".length()));
            }
            try {
                URI url = URI.create(uri);
                String path = URLDecoder.decode(url.getRawPath().replace("+", "%2B"), UTF_8);
                String host = url.getHost() == null ? "" : url.getHost().toLowerCase(Locale.ROOT);
                int service = host.indexOf(".s3");
                if (service > 0) {
                    return place(host.substring(0, service) + path);
                }
                return path.length() < 2 ? Optional.empty() : place(path.substring(1));
            } catch (IllegalArgumentException | NullPointerException malformed) {
                return Optional.empty();
            }
        }

        private static Optional<Place> place(String path) {
            int slash = path.indexOf('/');
            return slash <= 0 || slash == path.length() - 1
                    ? Optional.empty()
                    : Optional.of(new Place(path.substring(0, slash), path.substring(slash + 1)));
        }

        /** As Transcribe tells where it wrote. */
        String url(String region) {
            return "https://s3." + region + ".amazonaws.com/" + bucket + "/" + key;
        }
    }

    /** What {@code body} gives on S3, as the role if there is one; {@code arn} is what it is done for. */
    private <T> T call(Optional<String> role, String arn, Function<S3Client, T> body) {
        if (role.isEmpty()) {
            return body.apply(clients.get().of(S3Client.class));
        }
        return CallContext.current().toBuilder()
                .callingService(Optional.of("transcribe"))
                .sourceArn(Optional.of(arn))
                .build()
                .call(() -> body.apply(clients.get().as(role.get()).of(S3Client.class)));
    }

    /**
     * Makes sure that an object is there and may be read.
     *
     * @throws software.amazon.awssdk.services.transcribe.model.BadRequestException if not
     */
    void check(Place place, Optional<String> role, String arn) {
        try {
            call(
                    role,
                    arn,
                    s3 -> s3.headObject(
                            request -> request.bucket(place.bucket()).key(place.key())));
        } catch (SdkException refusal) {
            throw unreadable(refusal);
        }
    }

    private static RuntimeException unreadable(SdkException refusal) {
        boolean missing = refusal instanceof S3Exception s3 && s3.statusCode() == 404;
        return Failures.badRequest(
                missing
                        ? "The URI that you provided doesn't point to an S3 object. Make sure that the object exists and try"
                                + " your request again."
                        : "The S3 URI that you provided can't be accessed. Make sure that you have read permission and try"
                                + " your request again.");
    }

    /**
     * The objects under a prefix that are no folders, {@code most} at most.
     *
     * @throws software.amazon.awssdk.services.transcribe.model.BadRequestException if they may not be listed
     */
    List<Place> list(String uri, Optional<String> role, String arn, int most) {
        String bucket =
                uri.startsWith("s3://") ? uri.substring("s3://".length()).split("/", 2)[0] : "";
        Place prefix = uri.equals("s3://" + bucket) || uri.equals("s3://" + bucket + "/")
                ? new Place(bucket, "")
                : Place.of(uri);
        try {
            return call(
                    role,
                    arn,
                    s3 -> s3
                            .listObjectsV2Paginator(
                                    request -> request.bucket(prefix.bucket()).prefix(prefix.key()))
                            .contents()
                            .stream()
                            .filter(object -> !object.key().endsWith("/"))
                            .limit(most)
                            .map(object -> new Place(prefix.bucket(), object.key()))
                            .toList());
        } catch (SdkException refusal) {
            throw unreadable(refusal);
        }
    }

    /** All of a small file. */
    byte[] read(Place place, Optional<String> role, long most) {
        try {
            return call(
                    role,
                    Ids.arn("transcribe", "*"),
                    s3 -> s3.getObject(request -> request.bucket(place.bucket()).key(place.key()), (ResponseTransformer<
                                    GetObjectResponse, byte[]>)
                            (_, content) -> content.readNBytes((int) most + 1)));
        } catch (SdkException refusal) {
            throw unreadable(refusal);
        }
    }

    /** Copies an object into a file. */
    void copy(Place place, Optional<String> role, String arn, Path target, Runnable proceed) {
        try {
            call(
                    role,
                    arn,
                    s3 -> s3.getObject(request -> request.bucket(place.bucket()).key(place.key()), (_, content) -> {
                        copy(content, target, proceed);
                        return null;
                    }));
        } catch (SdkException refusal) {
            throw unreadable(refusal);
        }
    }

    private static void copy(InputStream content, Path target, Runnable proceed) throws IOException {
        byte[] piece = new byte[1 << 20];
        try (content;
                OutputStream out = Files.newOutputStream(target)) {
            for (int read = content.read(piece); read >= 0; read = content.read(piece)) {
                out.write(piece, 0, read);
                proceed.run();
            }
        }
    }

    /**
     * Makes sure that there is such a bucket.
     *
     * @throws software.amazon.awssdk.services.transcribe.model.BadRequestException if not
     */
    void checkBucket(String bucket, String key, Optional<String> role, String arn) {
        try {
            call(role, arn, s3 -> s3.getBucketLocation(request -> request.bucket(bucket)));
        } catch (S3Exception refusal) {
            if (refusal.statusCode() == 404) {
                throw unwritable();
            }
        }
        if (role.isEmpty() && !CallContext.current().isAllowed("s3:PutObject", "arn:aws:s3:::" + bucket + "/" + key)) {
            throw unwritable();
        }
    }

    private static RuntimeException unwritable() {
        return Failures.badRequest(
                "The specified S3 bucket can't be accessed. Make sure that you have write permission and try your request"
                        + " again.");
    }

    /**
     * Writes a file, under a key of KMS if one is given.
     *
     * @param context the encryption context of the key
     */
    void write(
            Place place,
            byte[] content,
            String type,
            Optional<String> kmsKey,
            Map<String, String> context,
            Optional<String> role,
            String arn) {
        try {
            call(
                    role,
                    arn,
                    s3 -> s3.putObject(
                            request -> {
                                request.bucket(place.bucket()).key(place.key()).contentType(type);
                                if (kmsKey.isPresent()) {
                                    request.serverSideEncryption(ServerSideEncryption.AWS_KMS)
                                            .ssekmsKeyId(kmsKey.get());
                                    if (!context.isEmpty()) {
                                        request.ssekmsEncryptionContext(encoded(context));
                                    }
                                }
                            },
                            RequestBody.fromBytes(content)));
        } catch (SdkException refusal) {
            throw Failures.badRequest(
                    "The transcript couldn't be written to the specified S3 bucket: " + refusal.getMessage());
        }
    }

    private static String encoded(Map<String, String> context) {
        return Base64.getEncoder()
                .encodeToString(
                        new ObjectMapper().valueToTree(context).toString().getBytes(UTF_8));
    }
}
