package dev.outcrop.services.iam;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.shapes.Shapes;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.iam.model.AddClientIdToOpenIdConnectProviderRequest;
import software.amazon.awssdk.services.iam.model.AddClientIdToOpenIdConnectProviderResponse;
import software.amazon.awssdk.services.iam.model.CreateOpenIdConnectProviderRequest;
import software.amazon.awssdk.services.iam.model.CreateOpenIdConnectProviderResponse;
import software.amazon.awssdk.services.iam.model.DeleteOpenIdConnectProviderRequest;
import software.amazon.awssdk.services.iam.model.DeleteOpenIdConnectProviderResponse;
import software.amazon.awssdk.services.iam.model.GetOpenIdConnectProviderRequest;
import software.amazon.awssdk.services.iam.model.GetOpenIdConnectProviderResponse;
import software.amazon.awssdk.services.iam.model.ListOpenIdConnectProviderTagsRequest;
import software.amazon.awssdk.services.iam.model.ListOpenIdConnectProviderTagsResponse;
import software.amazon.awssdk.services.iam.model.ListOpenIdConnectProvidersRequest;
import software.amazon.awssdk.services.iam.model.ListOpenIdConnectProvidersResponse;
import software.amazon.awssdk.services.iam.model.OpenIDConnectProviderListEntry;
import software.amazon.awssdk.services.iam.model.RemoveClientIdFromOpenIdConnectProviderRequest;
import software.amazon.awssdk.services.iam.model.RemoveClientIdFromOpenIdConnectProviderResponse;
import software.amazon.awssdk.services.iam.model.Tag;
import software.amazon.awssdk.services.iam.model.TagOpenIdConnectProviderRequest;
import software.amazon.awssdk.services.iam.model.TagOpenIdConnectProviderResponse;
import software.amazon.awssdk.services.iam.model.UntagOpenIdConnectProviderRequest;
import software.amazon.awssdk.services.iam.model.UntagOpenIdConnectProviderResponse;
import software.amazon.awssdk.services.iam.model.UpdateOpenIdConnectProviderThumbprintRequest;
import software.amazon.awssdk.services.iam.model.UpdateOpenIdConnectProviderThumbprintResponse;

/**
 * OpenID Connect providers, whose tokens roles may trust.
 *
 * <p>Source: "Create an OpenID Connect (OIDC) identity provider in IAM" of the IAM user guide.
 */
public final class OpenIdProviders {
    private static final int MOST = 100;
    private static final int MOST_CLIENTS = 100;
    private static final int MOST_THUMBPRINTS = 5;
    private static final Pattern THUMBPRINT = Pattern.compile("[0-9a-fA-F]{40}");

    private final IamStore store;
    private final InstantSource clock;

    public OpenIdProviders(IamDirectory directory, InstantSource clock) {
        this.store = directory.store();
        this.clock = clock;
    }

    /**
     * A provider as STS needs it.
     *
     * @param url         the issuer, which begins with {@code https://}
     * @param clientIds   the audiences that it may speak to
     * @param thumbprints SHA-1 of certificates that it may show, in lower-case hexadecimal digits
     */
    public record Provider(String arn, String url, List<String> clientIds, List<String> thumbprints) {}

    /** The provider of {@code account} whose tokens say that {@code issuer} made them. */
    public Optional<Provider> find(String account, String issuer) {
        String url = issuer.startsWith("https://") ? issuer : "https://" + issuer;
        return IamStore.in(account, () -> {
            String arn = arn(url);
            return store.openIdProviders
                    .find(arn)
                    .map(found -> new Provider(
                            arn,
                            found.url(),
                            found.clientIDList(),
                            found.thumbprintList().stream()
                                    .map(thumbprint -> thumbprint.toLowerCase(Locale.ROOT))
                                    .toList()));
        });
    }

    CreateOpenIdConnectProviderResponse createOpenIdConnectProvider(CreateOpenIdConnectProviderRequest request) {
        String url = checked(request.url());
        checkThumbprints(request.thumbprintList());
        if (request.clientIDList().size() > MOST_CLIENTS) {
            throw IamErrors.limit("ClientIdsPerOpenIdConnectProvider", MOST_CLIENTS);
        }
        if (store.openIdProviders.list().all().size() >= MOST) {
            throw IamErrors.limit("OpenIdConnectProvidersPerAccount", MOST);
        }
        List<Tag> tags = EntityTags.of(request.tags());
        String arn = arn(url);
        try {
            store.openIdProviders.insert(
                    arn,
                    GetOpenIdConnectProviderResponse.builder()
                            .url(url)
                            .clientIDList(new LinkedHashSet<>(request.clientIDList()))
                            .thumbprintList(new LinkedHashSet<>(request.thumbprintList()))
                            .createDate(clock.instant())
                            .build());
        } catch (AwsError failure) {
            throw failure.code().equals("ConflictException")
                    ? IamErrors.exists("Provider with url " + url + " already exists.")
                    : failure;
        }
        store.tags.add(arn, tags);
        return CreateOpenIdConnectProviderResponse.builder()
                .openIDConnectProviderArn(arn)
                .tags(tags.isEmpty() ? null : tags)
                .build();
    }

    private static String checked(String url) {
        URI address;
        try {
            address = new URI(url);
        } catch (URISyntaxException malformed) {
            throw invalidUrl();
        }
        boolean good = "https".equals(address.getScheme())
                && address.getHost() != null
                && address.getUserInfo() == null
                && address.getQuery() == null
                && address.getFragment() == null;
        if (!good) {
            throw invalidUrl();
        }
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    private static AwsError invalidUrl() {
        return new AwsError("ValidationError", 400, "Invalid Open ID Connect Provider URL");
    }

    private static String arn(String url) {
        return "arn:aws:iam::" + CallContext.current().account() + ":oidc-provider/"
                + url.substring("https://".length());
    }

    private static void checkThumbprints(List<String> thumbprints) {
        if (thumbprints.size() > MOST_THUMBPRINTS) {
            throw IamErrors.invalid("Thumbprint list must contain fewer than " + MOST_THUMBPRINTS + " entries.");
        }
        thumbprints.forEach(thumbprint -> {
            if (!THUMBPRINT.matcher(thumbprint).matches()) {
                throw IamErrors.invalid("Invalid thumbprint: " + thumbprint + " is not 40 hexadecimal digits.");
            }
        });
    }

    GetOpenIdConnectProviderResponse getOpenIdConnectProvider(GetOpenIdConnectProviderRequest request) {
        GetOpenIdConnectProviderResponse provider = get(request.openIDConnectProviderArn());
        List<Tag> tags = store.tags.of(request.openIDConnectProviderArn());
        return provider.toBuilder()
                .url(provider.url().substring("https://".length()))
                .tags(tags.isEmpty() ? null : tags)
                .build();
    }

    ListOpenIdConnectProvidersResponse listOpenIdConnectProviders(ListOpenIdConnectProvidersRequest request) {
        return ListOpenIdConnectProvidersResponse.builder()
                .openIDConnectProviderList(store.openIdProviders.list().all().stream()
                        .map(provider -> OpenIDConnectProviderListEntry.builder()
                                .arn(arn(provider.url()))
                                .build())
                        .toList())
                .build();
    }

    DeleteOpenIdConnectProviderResponse deleteOpenIdConnectProvider(DeleteOpenIdConnectProviderRequest request) {
        get(request.openIDConnectProviderArn());
        store.openIdProviders.delete(request.openIDConnectProviderArn());
        store.tags.removeAll(request.openIDConnectProviderArn());
        return DeleteOpenIdConnectProviderResponse.builder().build();
    }

    AddClientIdToOpenIdConnectProviderResponse addClientId(AddClientIdToOpenIdConnectProviderRequest request) {
        change(request.openIDConnectProviderArn(), provider -> {
            Set<String> clients = new LinkedHashSet<>(provider.clientIDList());
            clients.add(request.clientID());
            if (clients.size() > MOST_CLIENTS) {
                throw IamErrors.limit("ClientIdsPerOpenIdConnectProvider", MOST_CLIENTS);
            }
            return provider.toBuilder().clientIDList(clients).build();
        });
        return AddClientIdToOpenIdConnectProviderResponse.builder().build();
    }

    RemoveClientIdFromOpenIdConnectProviderResponse removeClientId(
            RemoveClientIdFromOpenIdConnectProviderRequest request) {
        change(
                request.openIDConnectProviderArn(),
                provider -> provider.toBuilder()
                        .clientIDList(provider.clientIDList().stream()
                                .filter(client -> !client.equals(request.clientID()))
                                .toList())
                        .build());
        return RemoveClientIdFromOpenIdConnectProviderResponse.builder().build();
    }

    UpdateOpenIdConnectProviderThumbprintResponse updateThumbprint(
            UpdateOpenIdConnectProviderThumbprintRequest request) {
        checkThumbprints(request.thumbprintList());
        change(
                request.openIDConnectProviderArn(),
                provider -> provider.toBuilder()
                        .thumbprintList(new LinkedHashSet<>(request.thumbprintList()))
                        .build());
        return UpdateOpenIdConnectProviderThumbprintResponse.builder().build();
    }

    private void change(String arn, UnaryOperator<GetOpenIdConnectProviderResponse> change) {
        get(arn);
        store.openIdProviders.update(arn, change);
    }

    TagOpenIdConnectProviderResponse tagOpenIdConnectProvider(TagOpenIdConnectProviderRequest request) {
        get(request.openIDConnectProviderArn());
        store.tags.add(request.openIDConnectProviderArn(), request.tags());
        return TagOpenIdConnectProviderResponse.builder().build();
    }

    UntagOpenIdConnectProviderResponse untagOpenIdConnectProvider(UntagOpenIdConnectProviderRequest request) {
        get(request.openIDConnectProviderArn());
        store.tags.remove(request.openIDConnectProviderArn(), request.tagKeys());
        return UntagOpenIdConnectProviderResponse.builder().build();
    }

    ListOpenIdConnectProviderTagsResponse listOpenIdConnectProviderTags(ListOpenIdConnectProviderTagsRequest request) {
        get(request.openIDConnectProviderArn());
        return Shapes.copy(
                        store.tags.list(request.openIDConnectProviderArn(), request.marker(), request.maxItems()),
                        ListOpenIdConnectProviderTagsResponse.builder())
                .build();
    }

    private GetOpenIdConnectProviderResponse get(String arn) {
        return store.openIdProviders
                .find(arn)
                .orElseThrow(() -> IamErrors.noSuchEntity("OpenIDConnect Provider not found for arn " + arn));
    }
}
