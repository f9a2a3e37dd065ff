package dev.outcrop.services.s3vectors;

import dev.outcrop.kernel.policy.MalformedPolicyException;
import dev.outcrop.kernel.policy.Policy;
import dev.outcrop.kernel.policy.PolicyUse;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Optional;
import software.amazon.awssdk.services.s3vectors.model.DeleteVectorBucketPolicyRequest;
import software.amazon.awssdk.services.s3vectors.model.GetVectorBucketPolicyRequest;
import software.amazon.awssdk.services.s3vectors.model.GetVectorBucketPolicyResponse;
import software.amazon.awssdk.services.s3vectors.model.PutVectorBucketPolicyRequest;

/** The policies of vector buckets, which are about their indexes, too. Who may do what under them IAM decides. */
final class BucketPolicies {
    private static final String TYPE = "s3vectors:policy";
    private static final int LONGEST = 20_480;

    private final Records records;
    private final VectorBuckets buckets;
    private final InstantSource clock;

    BucketPolicies(Records records, VectorBuckets buckets, InstantSource clock) {
        this.records = records;
        this.buckets = buckets;
        this.clock = clock;
    }

    static RecordKey key(VectorArn place) {
        return new RecordKey(TYPE, place.account(), place.region(), place.bucket());
    }

    void put(PutVectorBucketPolicyRequest request) {
        VectorArn place = VectorArn.bucket(request.vectorBucketName(), request.vectorBucketArn());
        buckets.get(place);
        byte[] document = request.policy().getBytes(StandardCharsets.UTF_8);
        if (document.length > LONGEST) {
            throw Failures.invalid("The policy must have at most " + LONGEST + " bytes");
        }
        check(request.policy());
        records.write(transaction -> {
            if (transaction.get(VectorBuckets.key(place)).isEmpty()) {
                throw Failures.noBucket();
            }
            Optional<StoredRecord> present = transaction.get(key(place));
            if (present.isPresent()) {
                transaction.update(key(place), present.get().version(), Optional.empty(), clock.instant(), document);
            } else {
                transaction.insert(key(place), "", Optional.empty(), clock.instant(), document);
            }
            return null;
        });
    }

    private static void check(String document) {
        try {
            Policy policy = Policy.parse(document, PolicyUse.RESOURCE);
            if (!policy.services().stream().allMatch("s3vectors"::equalsIgnoreCase)) {
                throw Failures.invalid("The policy must be about actions of s3vectors alone");
            }
        } catch (MalformedPolicyException malformed) {
            throw Failures.invalid("Invalid policy document: " + malformed.getMessage());
        }
    }

    GetVectorBucketPolicyResponse get(GetVectorBucketPolicyRequest request) {
        VectorArn place = VectorArn.bucket(request.vectorBucketName(), request.vectorBucketArn());
        buckets.get(place);
        return GetVectorBucketPolicyResponse.builder()
                .policy(find(place).orElseThrow(Failures::noPolicy))
                .build();
    }

    void delete(DeleteVectorBucketPolicyRequest request) {
        VectorArn place = VectorArn.bucket(request.vectorBucketName(), request.vectorBucketArn());
        buckets.get(place);
        records.write(transaction -> transaction.delete(key(place)));
    }

    Optional<String> find(VectorArn place) {
        return records.get(key(place)).map(record -> new String(record.body(), StandardCharsets.UTF_8));
    }
}
