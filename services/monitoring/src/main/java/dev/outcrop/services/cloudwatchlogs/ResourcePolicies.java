package dev.outcrop.services.cloudwatchlogs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Page;
import dev.outcrop.kernel.policy.MalformedPolicyException;
import dev.outcrop.kernel.policy.Policy;
import dev.outcrop.kernel.policy.PolicyUse;
import dev.outcrop.shapes.codec.StoredShapes;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.cloudwatchlogs.model.DeleteResourcePolicyRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeResourcePoliciesRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.DescribeResourcePoliciesResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.OperationAbortedException;
import software.amazon.awssdk.services.cloudwatchlogs.model.PolicyScope;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutResourcePolicyRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.PutResourcePolicyResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourcePolicy;

/**
 * Who may write into log groups without being of their account: policies of an account in a region, which name the groups
 * themselves, and policies of single groups.
 *
 * <p>Source: PutResourcePolicy, DescribeResourcePolicies and DeleteResourcePolicy of the Amazon CloudWatch Logs API
 * reference.
 */
final class ResourcePolicies {
    private static final String TYPE = "logs:resource-policy";
    private static final int MOST_OF_AN_ACCOUNT = 10;
    private static final int LONGEST_OF_AN_ACCOUNT = 5120;
    private static final int PAGE = 50;
    private static final int MOST_REMEMBERED = 10_000;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern GROUP =
            Pattern.compile("(arn:aws[a-z-]*:logs:([^:]*):([^:]*):log-group:[^:]*)(?::.*)?");
    /** Ids of the two scopes begin so; names of policies cannot hold a slash before them. */
    private static final String OF_ACCOUNT = "account/";

    private static final String OF_GROUP = "resource/";

    private final GroupStore groups;
    private final Records records;
    private final RecordPages pages;
    private final InstantSource clock;
    /** What decides about groups, compiled, by their ARNs; asked for at each call. */
    private final ConcurrentMap<String, Optional<dev.outcrop.kernel.policy.ResourcePolicy>> known =
            new ConcurrentHashMap<>();

    ResourcePolicies(GroupStore groups, Records records, RecordPages pages, InstantSource clock) {
        this.groups = groups;
        this.records = records;
        this.pages = pages;
        this.clock = clock;
        records.watch(TYPE, _ -> known.clear(), known::clear);
    }

    PutResourcePolicyResponse put(PutResourcePolicyRequest request) {
        if (request.policyDocument() == null) {
            throw LogFailures.invalid("The policy document must be specified.");
        }
        try {
            Policy.parse(request.policyDocument(), PolicyUse.RESOURCE);
        } catch (MalformedPolicyException malformed) {
            throw LogFailures.invalid("Invalid resource policy: " + malformed.getMessage());
        }
        RecordKey key = key(request.policyName(), request.resourceArn());
        boolean ofGroup = request.resourceArn() != null;
        if (!ofGroup && request.policyDocument().length() > LONGEST_OF_AN_ACCOUNT) {
            throw LogFailures.limit("Resource policy limit exceeded.");
        }
        ResourcePolicy policy = ResourcePolicy.builder()
                .policyName(request.policyName())
                .policyDocument(request.policyDocument())
                .lastUpdatedTime(clock.millis())
                .policyScope(ofGroup ? PolicyScope.RESOURCE : PolicyScope.ACCOUNT)
                .resourceArn(request.resourceArn())
                .revisionId(ofGroup ? UUID.randomUUID().toString() : null)
                .build();
        boolean known = records.get(key).isPresent();
        if (!ofGroup && !known && all(OF_ACCOUNT).size() >= MOST_OF_AN_ACCOUNT) {
            throw LogFailures.limit("Resource limit exceeded.");
        }
        records.write(transaction -> {
            checkRevision(transaction.get(key), request.expectedRevisionId(), ofGroup);
            transaction.delete(key);
            transaction.insert(key, "", Optional.empty(), clock.instant(), StoredShapes.write(policy));
            return null;
        });
        return PutResourcePolicyResponse.builder()
                .resourcePolicy(policy)
                .revisionId(policy.revisionId())
                .build();
    }

    /** Policies of groups are changed by those only who have seen what they change. */
    private static void checkRevision(Optional<StoredRecord> present, String expected, boolean ofGroup) {
        String revision = present.map(record -> read(record).revisionId()).orElse(null);
        if (ofGroup && (revision == null ? expected != null : !revision.equals(expected))) {
            throw OperationAbortedException.builder()
                    .message("The resource policy has another revision than expectedRevisionId.")
                    .build();
        }
    }

    void delete(DeleteResourcePolicyRequest request) {
        RecordKey key = key(request.policyName(), request.resourceArn());
        records.write(transaction -> {
            Optional<StoredRecord> present = transaction.get(key);
            if (present.isEmpty()) {
                throw LogFailures.notFound("Policy with name [" + request.policyName() + "] does not exist.");
            }
            checkRevision(present, request.expectedRevisionId(), request.resourceArn() != null);
            return transaction.delete(key);
        });
    }

    DescribeResourcePoliciesResponse describe(DescribeResourcePoliciesRequest request) {
        boolean ofGroup = request.policyScope() == PolicyScope.RESOURCE;
        if (ofGroup && request.resourceArn() == null) {
            throw LogFailures.invalid("resourceArn must be specified where policyScope is RESOURCE.");
        }
        String scope = request.resourceArn() == null
                ? OF_ACCOUNT
                : key(null, request.resourceArn()).id();
        Page<ResourcePolicy> page = pages.page(
                TYPE,
                scope,
                "logs:resource-policies " + scope,
                record -> Optional.of(read(record)),
                request.limit() == null ? PAGE : request.limit(),
                request.nextToken());
        return DescribeResourcePoliciesResponse.builder()
                .resourcePolicies(page.items())
                .nextToken(page.nextToken().orElse(null))
                .build();
    }

    private RecordKey key(String name, String arn) {
        if ((name == null) == (arn == null)) {
            throw LogFailures.invalid("Exactly one of policyName and resourceArn must be specified.");
        }
        CallContext call = CallContext.current();
        String id =
                name == null ? OF_GROUP + groups.group(GroupStore.nameOf(arn)).name() : OF_ACCOUNT + name;
        return new RecordKey(TYPE, call.account(), call.region(), id);
    }

    private List<ResourcePolicy> all(String scope) {
        return pages.all(TYPE, scope, ResourcePolicies::read);
    }

    private static ResourcePolicy read(StoredRecord record) {
        return StoredShapes.read(record.body(), ResourcePolicy::builder);
    }

    /** What all policies say together that decide about the group, or the stream, with {@code arn}. */
    Optional<dev.outcrop.kernel.policy.ResourcePolicy> of(String arn) {
        Matcher named = GROUP.matcher(arn);
        if (!named.matches()) {
            return Optional.empty();
        }
        if (known.size() > MOST_REMEMBERED) {
            known.clear();
        }
        return known.computeIfAbsent(named.group(1), group -> compiled(group, named.group(3), named.group(2)));
    }

    private Optional<dev.outcrop.kernel.policy.ResourcePolicy> compiled(String group, String account, String region) {
        List<ResourcePolicy> deciding = stored(account, region).stream()
                .filter(policy -> policy.policyScope() == PolicyScope.ACCOUNT
                        || group.equals(policy.resourceArn().replaceFirst(":\\*$", "")))
                .toList();
        return deciding.isEmpty()
                ? Optional.empty()
                : Optional.of(dev.outcrop.kernel.policy.ResourcePolicy.of(group, joined(deciding), false));
    }

    private List<ResourcePolicy> stored(String account, String region) {
        return records.all(TYPE, Optional.empty())
                .filter(record -> record.key().account().equals(account)
                        && record.key().region().equals(region))
                .map(ResourcePolicies::read)
                .toList();
    }

    private static String joined(List<ResourcePolicy> policies) {
        ObjectNode document = JSON.createObjectNode().put("Version", "2012-10-17");
        ArrayNode statements = document.putArray("Statement");
        for (ResourcePolicy policy : policies) {
            JsonNode own = statement(policy.policyDocument());
            if (own.isArray()) {
                own.forEach(statements::add);
            } else {
                statements.add(own);
            }
        }
        return document.toString();
    }

    private static JsonNode statement(String document) {
        try {
            return JSON.readTree(document).path("Statement");
        } catch (JsonProcessingException malformed) {
            throw new IllegalStateException("a policy that was accepted cannot be read", malformed);
        }
    }
}
