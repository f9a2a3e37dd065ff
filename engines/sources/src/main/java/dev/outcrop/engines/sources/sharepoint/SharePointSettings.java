package dev.outcrop.engines.sources.sharepoint;

import dev.outcrop.engines.sources.CredentialsSecret;
import dev.outcrop.engines.sources.ObjectFilters;
import dev.outcrop.engines.sources.SourceLimits;
import dev.outcrop.engines.web.Reach;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * What SharePoint Online is read by.
 *
 * @param tenant      the identifier of the Microsoft 365 tenant
 * @param sites       URLs of sites, such as {@code https://example.sharepoint.com/sites/engineering}
 * @param credentials who reads them
 * @param filters     for Page (by title), Event (by name) and File (by name)
 * @param graph       Microsoft Graph, {@code https://graph.microsoft.com}, unless a test says otherwise
 * @param login       where tokens are had: {@code https://login.microsoftonline.com}, unless a test says otherwise
 */
public record SharePointSettings(
        String tenant,
        List<URI> sites,
        Credentials credentials,
        ObjectFilters filters,
        SourceLimits limits,
        Reach reach,
        URI graph,
        URI login) {
    public SharePointSettings {
        sites = List.copyOf(sites);
    }

    /** Settings for the real Microsoft 365. */
    public static SharePointSettings of(
            String tenant,
            List<URI> sites,
            Credentials credentials,
            ObjectFilters filters,
            SourceLimits limits,
            Reach reach) {
        return new SharePointSettings(
                tenant,
                sites,
                credentials,
                filters,
                limits,
                reach,
                URI.create("https://graph.microsoft.com"),
                URI.create("https://login.microsoftonline.com"));
    }

    /**
     * An application of Entra ID that may read sites, and a user where it acts as one.
     *
     * @param user a user's name and password
     */
    public record Credentials(String client, String secret, Optional<User> user) {
        /**
         * Bedrock's OAUTH2_CLIENT_CREDENTIALS: the keys {@code clientId} and {@code clientSecret}, and {@code username} and
         * {@code password} where the application acts as a user.
         */
        public static Credentials oauth(CredentialsSecret secret) {
            return new Credentials(
                    secret.required("clientId"),
                    secret.required("clientSecret"),
                    secret.optional("username").map(name -> new User(name, secret.required("password"))));
        }

        /**
         * Bedrock's OAUTH2_SHAREPOINT_APP_ONLY_CLIENT_CREDENTIALS: the keys {@code clientId} and {@code clientSecret}. The keys
         * {@code sharePointClientId} and {@code sharePointClientSecret} may be there and are not needed: everything is read by
         * Microsoft Graph, and Microsoft has retired the service that gave tokens for them.
         */
        public static Credentials appOnly(CredentialsSecret secret) {
            return new Credentials(secret.required("clientId"), secret.required("clientSecret"), Optional.empty());
        }
    }

    /** A user's name and password. */
    public record User(String name, String password) {}
}
