package dev.outcrop.engines.sources.salesforce;

import dev.outcrop.engines.sources.CredentialsSecret;
import dev.outcrop.engines.sources.ObjectFilters;
import dev.outcrop.engines.sources.SourceLimits;
import dev.outcrop.engines.web.Reach;
import java.net.URI;

/**
 * What a Salesforce instance is read by.
 *
 * @param host        the instance's URL, such as {@code https://company.my.salesforce.com}
 * @param credentials who reads it
 * @param filters     for the objects that {@link SalesforceSource#OBJECTS} lists, by their names or file names
 */
public record SalesforceSettings(
        URI host, Credentials credentials, ObjectFilters filters, SourceLimits limits, Reach reach) {

    /**
     * A connected app with the client credentials flow (Bedrock's OAUTH2_CLIENT_CREDENTIALS).
     *
     * @param endpoint where tokens are had
     */
    public record Credentials(String consumerKey, String consumerSecret, URI endpoint) {
        /** The keys {@code consumerKey}, {@code consumerSecret} and {@code authenticationUrl}. */
        public static Credentials of(CredentialsSecret secret) {
            return new Credentials(
                    secret.required("consumerKey"),
                    secret.required("consumerSecret"),
                    URI.create(secret.required("authenticationUrl")));
        }
    }
}
