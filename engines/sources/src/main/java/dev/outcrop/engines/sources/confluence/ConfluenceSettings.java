package dev.outcrop.engines.sources.confluence;

import dev.outcrop.engines.sources.CredentialsSecret;
import dev.outcrop.engines.sources.ObjectFilters;
import dev.outcrop.engines.sources.SourceLimits;
import dev.outcrop.engines.web.Reach;
import java.net.URI;
import java.util.function.BiConsumer;

/**
 * What a Confluence Cloud site is read by.
 *
 * @param host        the site's base URL, such as {@code https://example.atlassian.net}
 * @param credentials who reads it
 * @param filters     for Space (by key), Page, Blog (by title), Comment (by title, {@code Re: title of the page}) and
 *                    Attachment (by file name)
 * @param gateway     where calls go that carry OAuth tokens: {@code https://api.atlassian.com}, unless a test says otherwise
 * @param tokens      where OAuth tokens are renewed: {@code https://auth.atlassian.com/oauth/token}, unless a test says otherwise
 * @param renewed     told the new access and refresh token whenever they are renewed: Atlassian's refresh tokens are good
 *                    only once, so these belong into the secret that the credentials came from
 */
public record ConfluenceSettings(
        URI host,
        Credentials credentials,
        ObjectFilters filters,
        SourceLimits limits,
        Reach reach,
        URI gateway,
        URI tokens,
        BiConsumer<String, String> renewed) {

    /** Settings for the real Atlassian. */
    public static ConfluenceSettings of(
            URI host,
            Credentials credentials,
            ObjectFilters filters,
            SourceLimits limits,
            Reach reach,
            BiConsumer<String, String> renewed) {
        return new ConfluenceSettings(
                host,
                credentials,
                filters,
                limits,
                reach,
                URI.create("https://api.atlassian.com"),
                URI.create("https://auth.atlassian.com/oauth/token"),
                renewed);
    }

    /** Who reads a site. */
    public sealed interface Credentials {
        /**
         * Bedrock's BASIC: the keys {@code confluenceUsername}, an e-mail address, and {@code confluencePassword}, an API
         * token.
         */
        static Credentials basic(CredentialsSecret secret) {
            return new Basic(secret.required("confluenceUsername"), secret.required("confluencePassword"));
        }

        /**
         * Bedrock's OAUTH2_CLIENT_CREDENTIALS: the keys {@code confluenceAppKey}, {@code confluenceAppSecret},
         * {@code confluenceAccessToken} and {@code confluenceRefreshToken}.
         */
        static Credentials oauth(CredentialsSecret secret) {
            return new OAuth(
                    secret.required("confluenceAppKey"),
                    secret.required("confluenceAppSecret"),
                    secret.optional("confluenceAccessToken").orElse(""),
                    secret.required("confluenceRefreshToken"));
        }
    }

    /** An e-mail address and an API token. */
    public record Basic(String user, String token) implements Credentials {}

    /** An app and its tokens; {@code access} may be empty. */
    public record OAuth(String app, String secret, String access, String refresh) implements Credentials {}
}
