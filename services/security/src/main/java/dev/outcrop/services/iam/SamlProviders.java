package dev.outcrop.services.iam;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Ids;
import dev.outcrop.shapes.Shapes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.iam.model.AssertionEncryptionModeType;
import software.amazon.awssdk.services.iam.model.CreateSamlProviderRequest;
import software.amazon.awssdk.services.iam.model.CreateSamlProviderResponse;
import software.amazon.awssdk.services.iam.model.DeleteSamlProviderRequest;
import software.amazon.awssdk.services.iam.model.DeleteSamlProviderResponse;
import software.amazon.awssdk.services.iam.model.GetSamlProviderRequest;
import software.amazon.awssdk.services.iam.model.GetSamlProviderResponse;
import software.amazon.awssdk.services.iam.model.ListSamlProviderTagsRequest;
import software.amazon.awssdk.services.iam.model.ListSamlProviderTagsResponse;
import software.amazon.awssdk.services.iam.model.ListSamlProvidersRequest;
import software.amazon.awssdk.services.iam.model.ListSamlProvidersResponse;
import software.amazon.awssdk.services.iam.model.SAMLProviderListEntry;
import software.amazon.awssdk.services.iam.model.Tag;
import software.amazon.awssdk.services.iam.model.TagSamlProviderRequest;
import software.amazon.awssdk.services.iam.model.TagSamlProviderResponse;
import software.amazon.awssdk.services.iam.model.UntagSamlProviderRequest;
import software.amazon.awssdk.services.iam.model.UntagSamlProviderResponse;
import software.amazon.awssdk.services.iam.model.UpdateSamlProviderRequest;
import software.amazon.awssdk.services.iam.model.UpdateSamlProviderResponse;

/**
 * SAML identity providers, whose assertions roles may trust. Encrypted assertions are left out still.
 *
 * <p>Source: "Create a SAML identity provider in IAM" of the IAM user guide.
 */
public final class SamlProviders {
    private static final int MOST = 100;
    /** How long a document is good that does not say it. */
    private static final Duration VALID = Duration.ofDays(36_500);

    private final IamStore store;
    private final Ids ids;
    private final InstantSource clock;

    public SamlProviders(IamDirectory directory, Ids ids, InstantSource clock) {
        this.store = directory.store();
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * A provider as it is kept.
     *
     * @param createdAt  in milliseconds
     * @param validUntil in milliseconds
     */
    record SamlProvider(String arn, String id, String metadata, long createdAt, long validUntil) {
        SamlProvider with(String newMetadata, Instant until) {
            return new SamlProvider(arn, id, newMetadata, createdAt, until.toEpochMilli());
        }
    }

    /** The metadata of the provider with {@code arn}, in whichever account; empty where it is not valid any more. */
    public Optional<SamlMetadata> find(String arn) {
        return IamStore.in(
                IamDirectory.accountOf(arn),
                () -> store.samlProviders
                        .find(arn)
                        .filter(provider -> clock.instant().toEpochMilli() < provider.validUntil())
                        .map(provider -> SamlMetadata.read(provider.metadata())));
    }

    CreateSamlProviderResponse createSamlProvider(CreateSamlProviderRequest request) {
        refuseEncryption("CreateSAMLProvider", request.assertionEncryptionMode(), request.addPrivateKey());
        SamlMetadata metadata = SamlMetadata.read(request.samlMetadataDocument());
        if (store.samlProviders.all().size() >= MOST) {
            throw IamErrors.limit("SAMLProvidersPerAccount", MOST);
        }
        List<Tag> tags = EntityTags.of(request.tags());
        String arn = "arn:aws:iam::" + CallContext.current().account() + ":saml-provider/" + request.name();
        Instant now = clock.instant();
        SamlProvider provider = new SamlProvider(
                arn,
                ids.uppercase(24),
                request.samlMetadataDocument(),
                now.toEpochMilli(),
                metadata.validUntil().orElse(now.plus(VALID)).toEpochMilli());
        if (!store.samlProviders.insert(arn, provider, now)) {
            throw IamErrors.exists("SAMLProvider already exists: " + request.name());
        }
        store.tags.add(arn, tags);
        return CreateSamlProviderResponse.builder()
                .samlProviderArn(arn)
                .tags(tags.isEmpty() ? null : tags)
                .build();
    }

    private static void refuseEncryption(String operation, AssertionEncryptionModeType mode, String privateKey) {
        if (mode != null || privateKey != null) {
            throw AwsError.notImplemented("iam", operation + " with encrypted assertions");
        }
    }

    GetSamlProviderResponse getSamlProvider(GetSamlProviderRequest request) {
        List<Tag> tags = store.tags.of(request.samlProviderArn());
        SamlProvider provider = get(request.samlProviderArn());
        return GetSamlProviderResponse.builder()
                .samlProviderUUID(provider.id())
                .samlMetadataDocument(provider.metadata())
                .createDate(Instant.ofEpochMilli(provider.createdAt()))
                .validUntil(Instant.ofEpochMilli(provider.validUntil()))
                .tags(tags.isEmpty() ? null : tags)
                .build();
    }

    ListSamlProvidersResponse listSamlProviders(ListSamlProvidersRequest request) {
        return ListSamlProvidersResponse.builder()
                .samlProviderList(store.samlProviders.all().stream()
                        .map(provider -> SAMLProviderListEntry.builder()
                                .arn(provider.arn())
                                .createDate(Instant.ofEpochMilli(provider.createdAt()))
                                .validUntil(Instant.ofEpochMilli(provider.validUntil()))
                                .build())
                        .toList())
                .build();
    }

    UpdateSamlProviderResponse updateSamlProvider(UpdateSamlProviderRequest request) {
        refuseEncryption("UpdateSAMLProvider", request.assertionEncryptionMode(), request.addPrivateKey());
        get(request.samlProviderArn());
        if (request.samlMetadataDocument() != null) {
            SamlMetadata metadata = SamlMetadata.read(request.samlMetadataDocument());
            Instant now = clock.instant();
            Instant until = metadata.validUntil().orElse(now.plus(VALID));
            store.samlProviders.change(
                    request.samlProviderArn(), now, provider -> provider.with(request.samlMetadataDocument(), until));
        }
        return UpdateSamlProviderResponse.builder()
                .samlProviderArn(request.samlProviderArn())
                .build();
    }

    DeleteSamlProviderResponse deleteSamlProvider(DeleteSamlProviderRequest request) {
        get(request.samlProviderArn());
        store.samlProviders.delete(request.samlProviderArn());
        store.tags.removeAll(request.samlProviderArn());
        return DeleteSamlProviderResponse.builder().build();
    }

    TagSamlProviderResponse tagSamlProvider(TagSamlProviderRequest request) {
        get(request.samlProviderArn());
        store.tags.add(request.samlProviderArn(), request.tags());
        return TagSamlProviderResponse.builder().build();
    }

    UntagSamlProviderResponse untagSamlProvider(UntagSamlProviderRequest request) {
        get(request.samlProviderArn());
        store.tags.remove(request.samlProviderArn(), request.tagKeys());
        return UntagSamlProviderResponse.builder().build();
    }

    ListSamlProviderTagsResponse listSamlProviderTags(ListSamlProviderTagsRequest request) {
        get(request.samlProviderArn());
        return Shapes.copy(
                        store.tags.list(request.samlProviderArn(), request.marker(), request.maxItems()),
                        ListSamlProviderTagsResponse.builder())
                .build();
    }

    private SamlProvider get(String arn) {
        return store.samlProviders
                .find(arn)
                .orElseThrow(() -> IamErrors.noSuchEntity("SAMLProvider not found for arn " + arn));
    }
}
