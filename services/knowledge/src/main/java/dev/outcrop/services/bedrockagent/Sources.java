package dev.outcrop.services.bedrockagent;

import dev.outcrop.engines.sources.DocumentSource;
import dev.outcrop.engines.sources.ObjectFilters;
import dev.outcrop.engines.sources.Patterns;
import dev.outcrop.engines.sources.SourceException;
import dev.outcrop.engines.sources.SourceLimits;
import dev.outcrop.engines.sources.confluence.ConfluenceSettings;
import dev.outcrop.engines.sources.confluence.ConfluenceSource;
import dev.outcrop.engines.sources.crawl.CrawlSettings;
import dev.outcrop.engines.sources.crawl.WebCrawler;
import dev.outcrop.engines.sources.salesforce.SalesforceSettings;
import dev.outcrop.engines.sources.salesforce.SalesforceSource;
import dev.outcrop.engines.sources.sharepoint.SharePointSettings;
import dev.outcrop.engines.sources.sharepoint.SharePointSource;
import dev.outcrop.engines.web.Reach;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Clients;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.bedrockagent.model.ConfluenceAuthType;
import software.amazon.awssdk.services.bedrockagent.model.ConfluenceDataSourceConfiguration;
import software.amazon.awssdk.services.bedrockagent.model.CrawlFilterConfiguration;
import software.amazon.awssdk.services.bedrockagent.model.DataSource;
import software.amazon.awssdk.services.bedrockagent.model.DataSourceConfiguration;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBase;
import software.amazon.awssdk.services.bedrockagent.model.PatternObjectFilterConfiguration;
import software.amazon.awssdk.services.bedrockagent.model.SalesforceDataSourceConfiguration;
import software.amazon.awssdk.services.bedrockagent.model.SharePointAuthType;
import software.amazon.awssdk.services.bedrockagent.model.SharePointDataSourceConfiguration;
import software.amazon.awssdk.services.bedrockagent.model.WebCrawlerConfiguration;
import software.amazon.awssdk.services.bedrockagent.model.WebCrawlerLimits;
import software.amazon.awssdk.services.bedrockagent.model.WebDataSourceConfiguration;
import software.amazon.awssdk.services.bedrockagent.model.WebScopeType;

/** Opens the source of a data source, as the role of its knowledge base. */
final class Sources {
    private static final int MOST_PAGES = 25_000;
    private static final int MOST_PAGES_A_MINUTE = 300;
    /** How many links a page may be away from where a crawl begins; its pages end it sooner. */
    private static final int DEEPEST = 100;

    private final Supplier<Clients> clients;
    private final Path folder;
    private final Reach reach;

    /**
     * Sources.
     *
     * @param folder where pages are kept while they are read
     * @param reach  which hosts may be called
     */
    Sources(Supplier<Clients> clients, Path folder, Reach reach) {
        this.clients = clients;
        this.folder = folder;
        this.reach = reach;
    }

    /**
     * The source, to be closed.
     *
     * @throws SourceFailure if it cannot be reached
     */
    Source open(KnowledgeBase base, DataSource source) {
        BaseRole role = new BaseRole(clients, base);
        DataSourceConfiguration configuration = source.dataSourceConfiguration();
        try {
            return switch (configuration.type()) {
                case S3 -> S3Source.of(role, configuration.s3Configuration());
                case WEB -> connected(crawler(source.dataSourceId(), configuration.webConfiguration()));
                case CONFLUENCE -> connected(confluence(role, configuration.confluenceConfiguration()));
                case SALESFORCE -> connected(salesforce(role, configuration.salesforceConfiguration()));
                case SHAREPOINT -> connected(sharePoint(role, configuration.sharePointConfiguration()));
                default ->
                    throw new SourceFailure("Encountered error: Data sources of type " + configuration.typeAsString()
                            + " can't be reached from here.");
            };
        } catch (SourceException | AwsServiceException | AwsError refused) {
            throw failed(refused);
        }
    }

    private static SourceFailure failed(RuntimeException failure) {
        return new SourceFailure(
                "Encountered error: " + Errors.told(failure) + ". Call to Customer Source did not succeed.");
    }

    private static Source connected(DocumentSource source) {
        return new ConnectedSource(source);
    }

    private WebCrawler crawler(String id, WebDataSourceConfiguration configuration) {
        List<URI> seeds = configuration.sourceConfiguration().urlConfiguration().seedUrls().stream()
                .map(seed -> uri(seed.url()))
                .toList();
        Optional<WebCrawlerConfiguration> crawl = Optional.ofNullable(configuration.crawlerConfiguration());
        Optional<WebCrawlerLimits> limits = crawl.map(WebCrawlerConfiguration::crawlerLimits);
        int pages = limits.map(WebCrawlerLimits::maxPages).orElse(MOST_PAGES);
        SourceLimits usual = SourceLimits.USUAL;
        return new WebCrawler(new CrawlSettings(
                seeds,
                crawl.map(WebCrawlerConfiguration::scope).map(Sources::scope).orElse(CrawlSettings.Scope.PATH),
                crawl.map(filters -> new Patterns(filters.inclusionFilters(), filters.exclusionFilters()))
                        .orElse(Patterns.ALL),
                limits.map(WebCrawlerLimits::rateLimit).orElse(MOST_PAGES_A_MINUTE),
                DEEPEST,
                userAgent(id, crawl),
                new SourceLimits(Math.min(pages, MOST_PAGES), usual.documentSize(), usual.listing(), usual.call()),
                reach,
                folder));
    }

    private static CrawlSettings.Scope scope(WebScopeType scope) {
        return scope == WebScopeType.SUBDOMAINS ? CrawlSettings.Scope.SUBDOMAINS : CrawlSettings.Scope.HOST;
    }

    /** Each data source crawls under a name of its own, which begins as AWS's does. */
    private static String userAgent(String id, Optional<WebCrawlerConfiguration> crawl) {
        String own = "bedrockbot_" + UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8));
        return crawl.map(WebCrawlerConfiguration::userAgentHeader)
                .orElseGet(() -> crawl.map(WebCrawlerConfiguration::userAgent)
                        .map(suffix -> own + "-" + suffix)
                        .orElse(own));
    }

    private ConfluenceSource confluence(BaseRole role, ConfluenceDataSourceConfiguration configuration) {
        StoredCredentials secret =
                new StoredCredentials(role, configuration.sourceConfiguration().credentialsSecretArn());
        boolean basic = configuration.sourceConfiguration().authType() == ConfluenceAuthType.BASIC;
        return new ConfluenceSource(ConfluenceSettings.of(
                uri(configuration.sourceConfiguration().hostUrl()),
                basic
                        ? ConfluenceSettings.Credentials.basic(secret.read())
                        : ConfluenceSettings.Credentials.oauth(secret.read()),
                filters(Optional.ofNullable(configuration.crawlerConfiguration())
                        .map(crawl -> crawl.filterConfiguration())),
                SourceLimits.USUAL,
                reach,
                (access, refresh) ->
                        secret.renew(Map.of("confluenceAccessToken", access, "confluenceRefreshToken", refresh))));
    }

    private SalesforceSource salesforce(BaseRole role, SalesforceDataSourceConfiguration configuration) {
        StoredCredentials secret =
                new StoredCredentials(role, configuration.sourceConfiguration().credentialsSecretArn());
        return new SalesforceSource(new SalesforceSettings(
                uri(configuration.sourceConfiguration().hostUrl()),
                SalesforceSettings.Credentials.of(secret.read()),
                filters(Optional.ofNullable(configuration.crawlerConfiguration())
                        .map(crawl -> crawl.filterConfiguration())),
                SourceLimits.USUAL,
                reach));
    }

    private SharePointSource sharePoint(BaseRole role, SharePointDataSourceConfiguration configuration) {
        StoredCredentials secret =
                new StoredCredentials(role, configuration.sourceConfiguration().credentialsSecretArn());
        boolean appOnly = configuration.sourceConfiguration().authType()
                == SharePointAuthType.OAUTH2_SHAREPOINT_APP_ONLY_CLIENT_CREDENTIALS;
        String tenant = Optional.ofNullable(configuration.sourceConfiguration().tenantId())
                .orElse(configuration.sourceConfiguration().domain() + ".onmicrosoft.com");
        return new SharePointSource(SharePointSettings.of(
                tenant,
                configuration.sourceConfiguration().siteUrls().stream()
                        .map(Sources::uri)
                        .toList(),
                appOnly
                        ? SharePointSettings.Credentials.appOnly(secret.read())
                        : SharePointSettings.Credentials.oauth(secret.read()),
                filters(Optional.ofNullable(configuration.crawlerConfiguration())
                        .map(crawl -> crawl.filterConfiguration())),
                SourceLimits.USUAL,
                reach));
    }

    private static ObjectFilters filters(Optional<CrawlFilterConfiguration> configuration) {
        return configuration
                .map(CrawlFilterConfiguration::patternObjectFilter)
                .map(PatternObjectFilterConfiguration::filters)
                .map(filters -> new ObjectFilters(filters.stream()
                        .map(filter -> new ObjectFilters.ObjectFilter(
                                filter.objectType(), filter.inclusionFilters(), filter.exclusionFilters()))
                        .toList()))
                .orElse(ObjectFilters.NONE);
    }

    private static URI uri(String url) {
        try {
            return URI.create(url);
        } catch (IllegalArgumentException malformed) {
            throw new SourceException("The URL " + url + " is none");
        }
    }

    /** Documents that a connector has listed. */
    private record ConnectedSource(DocumentSource source) implements Source {
        @Override
        public Found list() {
            return FoundByConnector.list(source);
        }

        @Override
        public void close() {
            source.close();
        }
    }
}
