package dev.outcrop.services.s3;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Principal;
import dev.outcrop.storage.buckets.Bucket;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.crypto.SecretKey;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionRule;

/**
 * How objects are encrypted beyond what the store does for all: under data keys of KMS (SSE-KMS, DSSE-KMS) or under keys
 * that customers bring (SSE-C). Everything else is SSE-S3.
 *
 * <p>Source: "Protecting data with encryption", Amazon S3 user guide.
 */
final class ObjectEncryption {
    static final String ALGORITHM = "ServerSideEncryption";
    static final String KMS_KEY = "SSEKMSKeyId";
    static final String BUCKET_KEY = "BucketKeyEnabled";

    /** Where an object keeps its data key, under the key of KMS. */
    private static final String DATA_KEY = "DataKey";

    /** Where an object under a bucket key keeps what its own key is made of beside that. */
    private static final String SALT = "DataKeySalt";

    private static final String SERVICE = "s3.amazonaws.com";
    private static final String CONTEXT = "SSEKMSEncryptionContext";

    /** Where an object keeps the context that its caller gave. */
    private static final String KEPT_CONTEXT = "EncryptionContext";

    /** What an object keeps of its encryption, none of which a copy of it gets. */
    private static final List<String> KEPT = List.of(
            ALGORITHM,
            KMS_KEY,
            BUCKET_KEY,
            DATA_KEY,
            SALT,
            KEPT_CONTEXT,
            CustomerKey.ALGORITHM,
            CustomerKey.MD5,
            CustomerKey.CHECK);

    private final DataKeys dataKeys;
    private final BucketKeys bucketKeys;

    ObjectEncryption(DataKeys dataKeys, BucketKeys bucketKeys) {
        this.dataKeys = dataKeys;
        this.bucketKeys = bucketKeys;
    }

    /**
     * How new bytes are encrypted.
     *
     * @param key  what they are sealed with; empty for SSE-S3
     * @param kept what the object keeps, so that it can be read
     */
    record Sealing(Optional<SecretKey> key, Map<String, String> kept) {
        static final Sealing BY_STORE = new Sealing(Optional.empty(), Map.of());
    }

    /** What a request that makes an object asks for, or what its bucket does by default. */
    Sealing forNew(Bucket bucket, String key, SdkPojo request) {
        Optional<CustomerKey> customer = CustomerKey.of(request);
        Optional<String> algorithm = Members.text(request, ALGORITHM);
        Optional<String> kmsKey = Members.text(request, KMS_KEY);
        Optional<ServerSideEncryptionRule> rule = BucketEncryption.rule(bucket);
        if (customer.isPresent()) {
            if (algorithm.isPresent()) {
                throw Errors.invalidArgument(
                        "Server Side Encryption with Customer provided key is incompatible with the encryption method"
                                + " specified",
                        "x-amz-server-side-encryption",
                        algorithm.get());
            }
            if (rule.filter(BucketEncryption::blocksCustomerKeys).isPresent()) {
                throw Errors.accessDenied();
            }
            Map<String, String> kept = customer.get().kept();
            return new Sealing(customer.get().contentKey(kept.get(CustomerKey.CHECK)), kept);
        }
        if (kmsKey.isPresent() && !isKms(algorithm.orElse(""))) {
            throw Errors.invalidArgument(
                    "Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption :"
                            + " aws:kms",
                    "x-amz-server-side-encryption",
                    algorithm.orElse("null"));
        }
        if (algorithm.isPresent()) {
            return asked(bucket, key, request, algorithm.get(), kmsKey, rule);
        }
        return rule.map(ServerSideEncryptionRule::applyServerSideEncryptionByDefault)
                .filter(byDefault -> isKms(byDefault.sseAlgorithmAsString()))
                .map(byDefault -> sealing(
                        bucket,
                        key,
                        request,
                        byDefault.sseAlgorithmAsString(),
                        Optional.ofNullable(byDefault.kmsMasterKeyID()).orElse(""),
                        bucketKey(request, rule)))
                .orElse(Sealing.BY_STORE);
    }

    private Sealing asked(
            Bucket bucket,
            String key,
            SdkPojo request,
            String algorithm,
            Optional<String> kmsKey,
            Optional<ServerSideEncryptionRule> rule) {
        if (isKms(algorithm)) {
            // The key of the bucket's default counts where the same is asked for without one.
            String inherited = rule.map(ServerSideEncryptionRule::applyServerSideEncryptionByDefault)
                    .filter(byDefault -> isKms(byDefault.sseAlgorithmAsString()))
                    .map(byDefault -> byDefault.kmsMasterKeyID())
                    .orElse("");
            return sealing(bucket, key, request, algorithm, kmsKey.orElse(inherited), bucketKey(request, rule));
        }
        if (!algorithm.equals(ServerSideEncryption.AES256.toString())) {
            throw Errors.invalidArgument(
                    "The encryption method specified is not supported", "x-amz-server-side-encryption", algorithm);
        }
        return Sealing.BY_STORE;
    }

    static boolean isKms(String algorithm) {
        return algorithm.equals(ServerSideEncryption.AWS_KMS.toString())
                || algorithm.equals(ServerSideEncryption.AWS_KMS_DSSE.toString());
    }

    private static boolean bucketKey(SdkPojo request, Optional<ServerSideEncryptionRule> rule) {
        return Members.flag(request, BUCKET_KEY)
                .or(() -> rule.map(ServerSideEncryptionRule::bucketKeyEnabled))
                .orElse(false);
    }

    private Sealing sealing(
            Bucket bucket, String key, SdkPojo request, String algorithm, String kmsKey, boolean bucketKey) {
        requireSigned();
        Map<String, String> given =
                Members.text(request, CONTEXT).map(DataKeys::parse).orElse(Map.of());
        boolean ofBucket = bucketKey && algorithm.equals(ServerSideEncryption.AWS_KMS.toString());
        Map<String, String> context = DataKeys.context(arn(bucket, key, ofBucket), given);
        DataKeys.DataKey made = ofBucket
                ? bucketKeys.made(kmsKey, context, () -> dataKeys.generate(kmsKey, context))
                : dataKeys.generate(kmsKey, context);
        Map<String, String> kept = new LinkedHashMap<>();
        kept.put(ALGORITHM, algorithm);
        kept.put(KMS_KEY, made.keyArn());
        kept.put(DATA_KEY, made.sealed());
        SecretKey secret = made.key();
        if (ofBucket) {
            String salt = BucketKeys.newSalt();
            kept.put(BUCKET_KEY, "true");
            kept.put(SALT, salt);
            secret = BucketKeys.ofObject(secret, salt);
        }
        if (!given.isEmpty()) {
            kept.put(KEPT_CONTEXT, DataKeys.header(given));
        }
        return new Sealing(Optional.of(secret), kept);
    }

    private static String arn(Bucket bucket, String key, boolean ofBucket) {
        return "arn:aws:s3:::" + bucket.name() + (ofBucket ? "" : "/" + key);
    }

    private static void requireSigned() {
        if (CallContext.current().principal().kind() == Principal.Kind.ANONYMOUS) {
            throw Errors.invalidArgument(
                    "Requests specifying Server Side Encryption with AWS KMS managed keys require AWS Signature Version"
                            + " 4.",
                    "Authorization",
                    "null");
        }
    }

    /**
     * The key that opens an object.
     *
     * @param headers what the object keeps
     * @param given   the key that the request brings
     * @return empty for SSE-S3
     */
    Optional<SecretKey> opening(Bucket bucket, String key, Map<String, String> headers, Optional<CustomerKey> given) {
        Optional<SecretKey> customer = ofCustomer(headers, given);
        if (customer.isPresent() || !headers.containsKey(DATA_KEY)) {
            return customer;
        }
        requireSigned();
        return Optional.of(opened(dataKeys, bucket, key, headers));
    }

    /** The key of an object under a key of KMS. */
    private SecretKey opened(DataKeys asked, Bucket bucket, String key, Map<String, String> headers) {
        boolean ofBucket = headers.containsKey(BUCKET_KEY);
        Map<String, String> given = Optional.ofNullable(headers.get(KEPT_CONTEXT))
                .map(DataKeys::parse)
                .orElse(Map.of());
        Map<String, String> context = DataKeys.context(arn(bucket, key, ofBucket), given);
        Supplier<SecretKey> ask = () -> asked.open(headers.get(DATA_KEY), headers.get(KMS_KEY), context);
        String salt = headers.get(SALT);
        return salt == null ? ask.get() : BucketKeys.ofObject(bucketKeys.opened(headers.get(DATA_KEY), ask), salt);
    }

    /**
     * The key of an object under a key of KMS, which {@code role} is asked for, since no caller is there.
     *
     * @param headers what the object keeps
     */
    SecretKey opening(String role, Bucket bucket, String key, Map<String, String> headers) {
        return ofService(bucket, () -> opened(dataKeys.as(role), bucket, key, headers));
    }

    /** The same for what a copy of an object is sealed with, under the key of KMS {@code keyId}. */
    Sealing forCopy(String role, Bucket bucket, String key, Map<String, String> headers, String keyId) {
        boolean ofBucket = BucketEncryption.rule(bucket)
                        .map(rule -> rule.bucketKeyEnabled())
                        .orElse(false)
                && headers.get(ALGORITHM).equals(ServerSideEncryption.AWS_KMS.toString());
        DataKeys.DataKey made = ofService(
                bucket, () -> dataKeys.as(role).sealed(keyId, DataKeys.context(arn(bucket, key, ofBucket), Map.of())));
        Map<String, String> kept = new LinkedHashMap<>();
        kept.put(ALGORITHM, headers.get(ALGORITHM));
        kept.put(KMS_KEY, made.keyArn());
        kept.put(DATA_KEY, made.sealed());
        if (ofBucket) {
            kept.put(BUCKET_KEY, "true");
        }
        return new Sealing(Optional.of(made.key()), kept);
    }

    private static <T> T ofService(Bucket bucket, Supplier<T> call) {
        return CallContext.ofService(SERVICE, "s3", bucket.owner(), bucket.region(), "arn:aws:s3:::" + bucket.name())
                .call(call::get);
    }

    /** Whether an object that keeps {@code headers} is under a key of KMS. */
    static boolean isUnderKms(Map<String, String> headers) {
        return headers.containsKey(DATA_KEY);
    }

    /** The key that opens an object under a customer's key, which must be given for it and for no other. */
    static Optional<SecretKey> ofCustomer(Map<String, String> headers, Optional<CustomerKey> given) {
        String check = headers.get(CustomerKey.CHECK);
        if (check == null) {
            if (given.isPresent()) {
                throw Errors.invalidRequest("The encryption parameters are not applicable to this object.");
            }
            return Optional.empty();
        }
        CustomerKey key = given.orElseThrow(() -> Errors.invalidRequest(
                "The object was stored using a form of Server Side Encryption. The correct parameters must be provided"
                        + " to retrieve the object."));
        return Optional.of(key.contentKey(check).orElseThrow(Errors::accessDenied));
    }

    /** The key of a part of an upload that keeps {@code headers}; the caller brings its own key again. */
    Optional<SecretKey> ofPart(Bucket bucket, String key, Map<String, String> headers, Optional<CustomerKey> given) {
        String check = headers.get(CustomerKey.CHECK);
        if (check == null) {
            if (given.isPresent()) {
                throw unlike();
            }
            return opening(bucket, key, headers, given);
        }
        CustomerKey customer = given.orElseThrow(() -> Errors.invalidRequest(
                "The multipart upload initiate requested encryption. Subsequent part requests must include the"
                        + " appropriate encryption parameters."));
        return Optional.of(customer.contentKey(check).orElseThrow(ObjectEncryption::unlike));
    }

    private static AwsError unlike() {
        return Errors.invalidRequest("The provided encryption parameters did not match the ones used originally.");
    }

    /** Sets in a response's builder how an object that keeps {@code headers} is encrypted. */
    static void tell(SdkPojo builder, Map<String, String> headers) {
        Map<String, String> told = new LinkedHashMap<>();
        KEPT.forEach(name -> Optional.ofNullable(headers.get(name)).ifPresent(value -> told.put(name, value)));
        if (!told.containsKey(CustomerKey.ALGORITHM)) {
            told.putIfAbsent(ALGORITHM, ServerSideEncryption.AES256.toString());
        }
        Optional.ofNullable(headers.get(KEPT_CONTEXT)).ifPresent(context -> told.put(CONTEXT, context));
        Members.set(builder, told);
    }

    /** What a copy keeps of {@code headers}: nothing of the encryption. */
    static Map<String, String> without(Map<String, String> headers) {
        Map<String, String> left = new LinkedHashMap<>(headers);
        left.keySet().removeAll(KEPT);
        return left;
    }

    /** Whether a request says anything of how an object is to be encrypted. */
    static boolean isAsked(SdkPojo request) {
        return Members.text(request, ALGORITHM).isPresent()
                || Members.text(request, CustomerKey.ALGORITHM).isPresent();
    }
}
