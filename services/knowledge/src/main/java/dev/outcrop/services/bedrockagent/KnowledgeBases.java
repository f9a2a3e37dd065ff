package dev.outcrop.services.bedrockagent;

import dev.outcrop.engines.vectors.VectorStoreException;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.IdempotencyTokens;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.Page;
import dev.outcrop.kernel.Tags;
import dev.outcrop.shapes.Shapes;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.bedrockagent.model.CreateKnowledgeBaseRequest;
import software.amazon.awssdk.services.bedrockagent.model.CreateKnowledgeBaseResponse;
import software.amazon.awssdk.services.bedrockagent.model.DeleteKnowledgeBaseResponse;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBase;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBaseStatus;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBaseSummary;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBaseType;
import software.amazon.awssdk.services.bedrockagent.model.ListKnowledgeBasesRequest;
import software.amazon.awssdk.services.bedrockagent.model.ListKnowledgeBasesResponse;
import software.amazon.awssdk.services.bedrockagent.model.UpdateKnowledgeBaseRequest;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * Knowledge bases. What may be wrong with one is told when it is made: its role is assumed and its store opened before
 * the caller is answered; the rest of its becoming is {@link Lifecycle}'s.
 *
 * <p>Source: the operations on knowledge bases of the API reference; "Quotas for Amazon Bedrock" of the user guide.
 */
final class KnowledgeBases {
    private static final int MOST = 100;
    private static final String ROLE_REFUSED = "Bedrock Knowledge Base was unable to assume the given role. Provide the"
            + " proper permissions and retry the request.";
    private static final String STORE_REFUSED = "The knowledge base storage configuration provided is invalid... ";
    private static final Set<KnowledgeBaseStatus> CHANGEABLE =
            Set.of(KnowledgeBaseStatus.ACTIVE, KnowledgeBaseStatus.FAILED);
    private static final Set<KnowledgeBaseStatus> DELETABLE =
            Set.of(KnowledgeBaseStatus.ACTIVE, KnowledgeBaseStatus.FAILED, KnowledgeBaseStatus.DELETE_UNSUCCESSFUL);

    private final KnowledgeRecords records;
    private final KnowledgeStores stores;
    private final Lifecycle lifecycle;
    private final Supplier<Clients> clients;
    private final Tags tags;
    private final IdempotencyTokens tokens;
    private final Ids ids;
    private final InstantSource clock;

    KnowledgeBases(
            KnowledgeRecords records,
            KnowledgeStores stores,
            Lifecycle lifecycle,
            Supplier<Clients> clients,
            Tags tags,
            IdempotencyTokens tokens,
            Ids ids,
            InstantSource clock) {
        this.records = records;
        this.stores = stores;
        this.lifecycle = lifecycle;
        this.clients = clients;
        this.tags = tags;
        this.tokens = tokens;
        this.ids = ids;
        this.clock = clock;
    }

    static String arn(String id) {
        return Ids.arn("bedrock", "knowledge-base/" + id);
    }

    CreateKnowledgeBaseResponse create(CreateKnowledgeBaseRequest request) {
        KnowledgeBase made = tokens.once(
                "bedrock:CreateKnowledgeBase",
                request.clientToken(),
                request.toBuilder().clientToken(null).build(),
                KnowledgeBase::builder,
                () -> insert(request));
        return CreateKnowledgeBaseResponse.builder().knowledgeBase(made).build();
    }

    private KnowledgeBase insert(CreateKnowledgeBaseRequest request) {
        Configurations.check(request.knowledgeBaseConfiguration(), Optional.ofNullable(request.storageConfiguration()));
        checkName(request.name(), "");
        if (records.bases().list().all().size() >= MOST) {
            throw Errors.tooMany("knowledge bases", MOST);
        }
        Instant now = clock.instant();
        String id = ids.uppercase(10);
        KnowledgeBase base = Shapes.copy(request, KnowledgeBase.builder())
                .knowledgeBaseId(id)
                .knowledgeBaseArn(arn(id))
                .status(KnowledgeBaseStatus.CREATING)
                .createdAt(now)
                .updatedAt(now)
                .build();
        checkRole(base);
        checkStore(base);
        if (request.hasTags()) {
            tags.add(base.knowledgeBaseArn(), request.tags());
        }
        records.bases().insert(id, base);
        lifecycle.begin(base);
        return base;
    }

    private void checkName(String name, String own) {
        boolean taken = records.bases()
                .findNamed("", name)
                .filter(other -> !other.knowledgeBaseId().equals(own))
                .isPresent();
        if (taken) {
            throw Errors.conflict("KnowledgeBase with name " + name + " already exists.");
        }
    }

    /** Assumes the role, which must be one of the caller's account. */
    private void checkRole(KnowledgeBase base) {
        if (!base.roleArn().split(":", 6)[4].equals(CallContext.current().account())) {
            throw Errors.invalid(ROLE_REFUSED);
        }
        try {
            new BaseRole(clients, base).call(StsClient.class, StsClient::getCallerIdentity);
        } catch (AwsError | AwsServiceException refused) {
            throw Errors.invalid(ROLE_REFUSED);
        }
    }

    private void checkStore(KnowledgeBase base) {
        try {
            if (base.knowledgeBaseConfiguration().type() == KnowledgeBaseType.SQL) {
                stores.tables(base);
            } else {
                stores.check(base);
            }
        } catch (VectorStoreException | StructuredStoreException unreachable) {
            throw Errors.invalid(STORE_REFUSED + unreachable.getMessage());
        } catch (AwsServiceException | AwsError refused) {
            throw Errors.invalid(STORE_REFUSED + Errors.told(refused));
        }
    }

    KnowledgeBase get(String id) {
        return records.base(id);
    }

    ListKnowledgeBasesResponse list(ListKnowledgeBasesRequest request) {
        Page<KnowledgeBaseSummary> page = records.bases()
                .list()
                .maximum(request.maxResults())
                .after(request.nextToken())
                .page()
                .map(base -> Shapes.copy(base, KnowledgeBaseSummary.builder()).build());
        return ListKnowledgeBasesResponse.builder()
                .knowledgeBaseSummaries(page.items())
                .nextToken(page.nextToken().orElse(null))
                .build();
    }

    /** Changes name, description and role; what makes the vectors and where they lie stays. */
    KnowledgeBase update(UpdateKnowledgeBaseRequest request) {
        KnowledgeBase present = records.base(request.knowledgeBaseId());
        if (!CHANGEABLE.contains(present.status())) {
            throw inState(present, "update");
        }
        if (!request.knowledgeBaseConfiguration().equals(present.knowledgeBaseConfiguration())) {
            throw Errors.invalid("The knowledgeBaseConfiguration of a knowledge base can't be changed. Specify the"
                    + " existing knowledgeBaseConfiguration.");
        }
        if (request.storageConfiguration() != null
                && !request.storageConfiguration().equals(present.storageConfiguration())) {
            throw Errors.invalid("The storageConfiguration of a knowledge base can't be changed. Specify the existing"
                    + " storageConfiguration.");
        }
        checkName(request.name(), present.knowledgeBaseId());
        KnowledgeBase changed = present.toBuilder().roleArn(request.roleArn()).build();
        checkRole(changed);
        checkStore(changed);
        KnowledgeBase updating = records.bases().update(present.knowledgeBaseId(), base -> {
            if (!CHANGEABLE.contains(base.status())) {
                throw inState(base, "update");
            }
            return base.toBuilder()
                    .name(request.name())
                    .description(request.description())
                    .roleArn(request.roleArn())
                    .status(KnowledgeBaseStatus.UPDATING)
                    .failureReasons((Collection<String>) null)
                    .updatedAt(clock.instant())
                    .build();
        });
        lifecycle.begin(updating);
        return updating;
    }

    /** Begins to delete a knowledge base with its data sources. */
    DeleteKnowledgeBaseResponse delete(String id) {
        KnowledgeBase present = records.base(id);
        refuseWhileIngesting(id);
        KnowledgeBase deleting = present.status() == KnowledgeBaseStatus.DELETING
                ? present
                : records.bases().update(id, base -> {
                    if (!DELETABLE.contains(base.status())) {
                        throw inState(base, "delete");
                    }
                    return base.toBuilder()
                            .status(KnowledgeBaseStatus.DELETING)
                            .updatedAt(clock.instant())
                            .build();
                });
        lifecycle.begin(deleting);
        return DeleteKnowledgeBaseResponse.builder()
                .knowledgeBaseId(id)
                .status(deleting.status())
                .build();
    }

    private void refuseWhileIngesting(String id) {
        records.running(id).ifPresent(job -> {
            throw Errors.conflict("The knowledge base with ID " + id + " has an ingestion job with ID "
                    + job.ingestionJobId() + " in progress. Wait for it to complete, or stop it, and then retry your"
                    + " request.");
        });
    }

    private static RuntimeException inState(KnowledgeBase base, String what) {
        return Errors.conflict("Unable to " + what + " the knowledge base with ID " + base.knowledgeBaseId()
                + " while its status is " + base.statusAsString() + ".");
    }

    /** The tags of a knowledge base. */
    Map<String, String> tags(String arn) {
        return tags.of(taggable(arn));
    }

    /** The tags of what has that ARN, whether there is such a knowledge base or not. */
    Map<String, String> known(String arn) {
        return tags.of(arn);
    }

    void tag(String arn, Map<String, String> added) {
        tags.add(taggable(arn), added);
    }

    void untag(String arn, List<String> keys) {
        tags.remove(taggable(arn), keys);
    }

    private String taggable(String arn) {
        String id = arn.substring(arn.lastIndexOf('/') + 1);
        if (!arn.equals(arn(id))) {
            throw Errors.missing();
        }
        return records.base(id).knowledgeBaseArn();
    }
}
