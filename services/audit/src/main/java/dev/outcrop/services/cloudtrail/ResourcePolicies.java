package dev.outcrop.services.cloudtrail;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.policy.MalformedPolicyException;
import dev.outcrop.kernel.policy.Policy;
import dev.outcrop.kernel.policy.PolicyUse;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.time.InstantSource;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.cloudtrail.model.PutResourcePolicyRequest;
import software.amazon.awssdk.services.cloudtrail.model.ResourceArnNotValidException;
import software.amazon.awssdk.services.cloudtrail.model.ResourceNotFoundException;
import software.amazon.awssdk.services.cloudtrail.model.ResourcePolicyNotFoundException;
import software.amazon.awssdk.services.cloudtrail.model.ResourcePolicyNotValidException;
import software.amazon.awssdk.services.cloudtrail.model.ResourceTypeNotSupportedException;

/**
 * The policies of event data stores, which IAM is told of.
 *
 * <p>Source: PutResourcePolicy of the AWS CloudTrail API reference.
 */
final class ResourcePolicies {
    private static final String TYPE = "cloudtrail:resource-policy";
    private static final Pattern ARN = Pattern.compile("arn:aws[a-z-]*:cloudtrail:[a-z0-9-]+:[0-9]{12}:([a-z]+)/(.+)");

    private final EventStores stores;
    private final Records records;
    private final InstantSource clock;

    ResourcePolicies(EventStores stores, Records records, InstantSource clock) {
        this.stores = stores;
        this.records = records;
        this.clock = clock;
    }

    private RecordKey existing(String arn) {
        Matcher matcher = ARN.matcher(arn);
        if (!matcher.matches()) {
            throw ResourceArnNotValidException.builder()
                    .message("The provided resource ARN is not valid: " + arn)
                    .build();
        }
        if (!matcher.group(1).equals("eventdatastore")) {
            throw ResourceTypeNotSupportedException.builder()
                    .message("Resource type " + matcher.group(1) + " is not supported.")
                    .build();
        }
        EventStores.Place place = EventStores.Place.of(matcher.group(2));
        if (!place.arn().equals(arn) || stores.find(place).isEmpty()) {
            throw ResourceNotFoundException.builder()
                    .message("The specified resource was not found: " + arn)
                    .build();
        }
        return key(arn);
    }

    private static RecordKey key(String arn) {
        return new RecordKey(TYPE, CallContext.current().account(), "", arn);
    }

    void put(PutResourcePolicyRequest request) {
        RecordKey key = existing(request.resourceArn());
        try {
            Policy.parse(request.resourcePolicy(), PolicyUse.RESOURCE);
        } catch (MalformedPolicyException malformed) {
            throw ResourcePolicyNotValidException.builder()
                    .message(malformed.getMessage())
                    .build();
        }
        byte[] body = request.resourcePolicy().getBytes(UTF_8);
        records.write(transaction -> {
            Optional<StoredRecord> present = transaction.get(key);
            if (present.isPresent()) {
                transaction.update(key, present.get().version(), Optional.empty(), clock.instant(), body);
            } else {
                transaction.insert(key, "", Optional.empty(), clock.instant(), body);
            }
            return null;
        });
    }

    String get(String arn) {
        return find(existing(arn)).orElseThrow(() -> missing(arn));
    }

    void delete(String arn) {
        RecordKey key = existing(arn);
        if (!records.write(transaction -> transaction.delete(key))) {
            throw missing(arn);
        }
    }

    private static ResourcePolicyNotFoundException missing(String arn) {
        return ResourcePolicyNotFoundException.builder()
                .message("The specified resource policy was not found: " + arn)
                .build();
    }

    /** The policy of the resource with {@code arn}, if it has one. */
    Optional<String> of(String arn) {
        return find(key(arn));
    }

    private Optional<String> find(RecordKey key) {
        return records.get(key).map(record -> new String(record.body(), UTF_8));
    }
}
