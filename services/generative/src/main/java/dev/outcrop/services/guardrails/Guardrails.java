package dev.outcrop.services.guardrails;

import static dev.outcrop.services.guardrails.GuardrailRecords.DRAFT;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.IdempotencyTokens;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.kernel.Pages;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.Tags;
import dev.outcrop.services.guardrails.GuardrailRecords.Kept;
import dev.outcrop.services.guardrails.GuardrailSeal.Sealed;
import dev.outcrop.shapes.Shapes;
import dev.outcrop.shapes.codec.StoredShapes;
import dev.outcrop.storage.Records;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.services.bedrock.model.CreateGuardrailRequest;
import software.amazon.awssdk.services.bedrock.model.CreateGuardrailResponse;
import software.amazon.awssdk.services.bedrock.model.CreateGuardrailVersionRequest;
import software.amazon.awssdk.services.bedrock.model.CreateGuardrailVersionResponse;
import software.amazon.awssdk.services.bedrock.model.DeleteGuardrailRequest;
import software.amazon.awssdk.services.bedrock.model.GetGuardrailRequest;
import software.amazon.awssdk.services.bedrock.model.GetGuardrailResponse;
import software.amazon.awssdk.services.bedrock.model.GuardrailStatus;
import software.amazon.awssdk.services.bedrock.model.GuardrailSummary;
import software.amazon.awssdk.services.bedrock.model.ListGuardrailsRequest;
import software.amazon.awssdk.services.bedrock.model.ListGuardrailsResponse;
import software.amazon.awssdk.services.bedrock.model.UpdateGuardrailRequest;
import software.amazon.awssdk.services.bedrock.model.UpdateGuardrailResponse;

/**
 * The definitions of guardrails: a working draft each, and versions that never change.
 *
 * <p>A guardrail is ready as soon as it is made, so that no caller sees it being created, changed or deleted.
 */
public final class Guardrails {
    private static final int USUAL_PAGE = 100;

    private final GuardrailRecords kept;
    private final GuardrailSeal seal;
    private final Pages pages;
    private final IdempotencyTokens idempotencyTokens;
    private final Tags tags;
    private final Ids ids;
    private final InstantSource clock;

    /**
     * The guardrails in {@code records}.
     *
     * @param clients reach KMS
     */
    public Guardrails(
            Records records,
            PageTokens pageTokens,
            ResourceStore store,
            Supplier<Clients> clients,
            Ids ids,
            InstantSource clock) {
        this.kept = new GuardrailRecords(records);
        this.seal = new GuardrailSeal(clients);
        this.pages = new Pages(
                pageTokens,
                "bedrock",
                USUAL_PAGE,
                () -> AwsError.validation("The provided pagination token is invalid"));
        this.idempotencyTokens = store.idempotencyTokens();
        this.tags = store.tags();
        this.ids = ids;
        this.clock = clock;
    }

    /** Makes a guardrail with tags. */
    public CreateGuardrailResponse create(CreateGuardrailRequest request, Map<String, String> tagged) {
        return idempotencyTokens.once(
                "bedrock:CreateGuardrail",
                request.clientRequestToken(),
                request.toBuilder().clientRequestToken(null).build(),
                CreateGuardrailResponse::builder,
                () -> insert(request, tagged));
    }

    private CreateGuardrailResponse insert(CreateGuardrailRequest request, Map<String, String> tagged) {
        new GuardrailRules(request).check();
        String id = ids.lowercase(12);
        Instant now = clock.instant();
        GetGuardrailResponse guardrail = GuardrailShapes.guardrail(request).toBuilder()
                .guardrailId(id)
                .guardrailArn(Ids.arn("bedrock", "guardrail/" + id))
                .version(DRAFT)
                .status(GuardrailStatus.READY)
                .createdAt(now)
                .updatedAt(now)
                .build();
        kept.insert(sealed(guardrail, Optional.ofNullable(request.kmsKeyId())));
        if (!tagged.isEmpty()) {
            tags.add(guardrail.guardrailArn(), tagged);
        }
        return CreateGuardrailResponse.builder()
                .guardrailId(id)
                .guardrailArn(guardrail.guardrailArn())
                .version(DRAFT)
                .createdAt(now)
                .build();
    }

    /** Puts what is to be secret under a key of KMS, where one is named. */
    private Kept sealed(GetGuardrailResponse guardrail, Optional<String> key) {
        if (key.isEmpty()) {
            return new Kept(guardrail, 0, new byte[0]);
        }
        byte[] content = StoredShapes.write(GuardrailShapes.secret(guardrail));
        Sealed sealed = seal.seal(key.get(), guardrail.guardrailArn(), content);
        return new Kept(
                GuardrailShapes.open(guardrail).toBuilder()
                        .kmsKeyArn(sealed.keyArn())
                        .build(),
                0,
                sealed.bytes());
    }

    /** A guardrail, or one of its versions. */
    public GetGuardrailResponse get(GetGuardrailRequest request) {
        String version = Optional.ofNullable(request.guardrailVersion()).orElse(DRAFT);
        return seal.whole(find(request.guardrailIdentifier(), version));
    }

    private Kept find(String identifier, String version) {
        return GuardrailName.id(identifier)
                .flatMap(id -> kept.find(id, version))
                .orElseThrow(() -> GuardrailRecords.missing(
                        version.equals(DRAFT) ? identifier : identifier + " version " + version));
    }

    /** The working drafts of all guardrails; or one guardrail with its versions. */
    public ListGuardrailsResponse list(ListGuardrailsRequest request) {
        List<Kept> all = new ArrayList<>();
        if (request.guardrailIdentifier() == null) {
            all.addAll(kept.drafts());
        } else {
            Kept draft = find(request.guardrailIdentifier(), DRAFT);
            all.add(draft);
            all.addAll(kept.versions(draft.open().guardrailId()));
        }
        Pages.Slice<Kept> page = pages.of(
                "guardrails "
                        + Optional.ofNullable(request.guardrailIdentifier()).orElse(""),
                all,
                request.maxResults(),
                request.nextToken());
        return ListGuardrailsResponse.builder()
                .guardrails(page.items().stream().map(Guardrails::summary).toList())
                .nextToken(page.next())
                .build();
    }

    private static GuardrailSummary summary(Kept guardrail) {
        GetGuardrailResponse shape = guardrail.open();
        return Shapes.copy(shape, GuardrailSummary.builder())
                .id(shape.guardrailId())
                .arn(shape.guardrailArn())
                .build();
    }

    /** Puts another definition in the place of the working draft's. */
    public UpdateGuardrailResponse update(UpdateGuardrailRequest request) {
        Kept present = find(request.guardrailIdentifier(), DRAFT);
        CreateGuardrailRequest definition = Shapes.copy(request, CreateGuardrailRequest.builder())
                .kmsKeyId(request.kmsKeyId())
                .build();
        new GuardrailRules(definition).check();
        GetGuardrailResponse before = present.open();
        Instant now = clock.instant();
        Kept changed = sealed(
                GuardrailShapes.guardrail(definition).toBuilder()
                        .guardrailId(before.guardrailId())
                        .guardrailArn(before.guardrailArn())
                        .version(DRAFT)
                        .status(GuardrailStatus.READY)
                        .createdAt(before.createdAt())
                        .updatedAt(now)
                        .build(),
                Optional.ofNullable(request.kmsKeyId()));
        kept.update(before.guardrailId(), _ -> changed);
        return UpdateGuardrailResponse.builder()
                .guardrailId(before.guardrailId())
                .guardrailArn(before.guardrailArn())
                .version(DRAFT)
                .updatedAt(now)
                .build();
    }

    /** Makes a version of the working draft. */
    public CreateGuardrailVersionResponse createVersion(CreateGuardrailVersionRequest request) {
        return idempotencyTokens.once(
                "bedrock:CreateGuardrailVersion",
                request.clientRequestToken(),
                request.toBuilder().clientRequestToken(null).build(),
                CreateGuardrailVersionResponse::builder,
                () -> {
                    String id =
                            find(request.guardrailIdentifier(), DRAFT).open().guardrailId();
                    String version = kept.makeVersion(id, Optional.ofNullable(request.description()), clock.instant());
                    return CreateGuardrailVersionResponse.builder()
                            .guardrailId(id)
                            .version(version)
                            .build();
                });
    }

    /** Removes one version, or the guardrail with all of them. */
    public void delete(DeleteGuardrailRequest request) {
        GetGuardrailResponse draft = find(request.guardrailIdentifier(), DRAFT).open();
        if (request.guardrailVersion() == null) {
            kept.delete(draft.guardrailId());
            tags.removeAll(draft.guardrailArn());
        } else if (!kept.deleteVersion(draft.guardrailId(), request.guardrailVersion())) {
            throw GuardrailRecords.missing(request.guardrailIdentifier() + " version " + request.guardrailVersion());
        }
    }

    /** The ARN that the tags of a guardrail are kept under; empty if {@code arn} is that of none. */
    public Optional<String> taggable(String arn) {
        return GuardrailName.id(arn)
                .flatMap(id -> kept.find(id, DRAFT))
                .map(guardrail -> guardrail.open().guardrailArn());
    }
}
