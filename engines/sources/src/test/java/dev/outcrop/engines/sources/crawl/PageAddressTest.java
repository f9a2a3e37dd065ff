package dev.outcrop.engines.sources.crawl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.engines.sources.crawl.CrawlSettings.Scope;
import java.net.URI;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PageAddressTest {
    @ParameterizedTest
    @CsvSource({
        "HTTP://Example.COM, http://example.com/",
        "https://example.com:443/a/./b/../c#part, https://example.com/a/c",
        "http://example.com/%7euser/%e4, http://example.com/~user/%E4",
        "http://example.com/a b?q=ü, http://example.com/a%20b?q=%C3%BC",
        "http://example.com/../../x, http://example.com/x"
    })
    void addressesHaveOneForm(String url, String expected) {
        assertThat(PageAddress.of(url)).hasValue(URI.create(expected));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "javascript:alert(1)",
                "mailto:a@example.com",
                "file:///etc/passwd",
                "http://user:password@example.com/",
                "http://",
                "//example.com/",
                "http://example.com/a/a/a/a/a/a/",
                "data:text/html,hello"
            })
    void whatIsNoPageOfTheWebHasNone(String url) {
        assertThat(PageAddress.of(url)).isEmpty();
    }

    @Property(tries = 100)
    void anAddressIsItsOwnForm(@ForAll String path) {
        PageAddress.of("http://example.com/" + path)
                .ifPresent(address ->
                        assertThat(PageAddress.of(address.toString())).hasValue(address));
    }

    @Test
    void aScopeIsThePathTheHostOrThePrimaryDomain() {
        List<URI> seeds = List.of(URI.create("https://aws.example.co.uk/bedrock/"));
        CrawlScope path = new CrawlScope(seeds, Scope.PATH);
        CrawlScope host = new CrawlScope(seeds, Scope.HOST);
        CrawlScope domain = new CrawlScope(seeds, Scope.SUBDOMAINS);

        assertThat(path.contains(URI.create("https://aws.example.co.uk/bedrock/agents/")))
                .isTrue();
        assertThat(path.contains(URI.create("https://aws.example.co.uk/bedrocks")))
                .isFalse();
        assertThat(path.contains(URI.create("https://aws.example.co.uk/ec2/"))).isFalse();
        assertThat(host.contains(URI.create("https://aws.example.co.uk/ec2/"))).isTrue();
        assertThat(host.contains(URI.create("https://aws.example.co.uk:8443/ec2/")))
                .isFalse();
        assertThat(host.contains(URI.create("https://www.example.co.uk/"))).isFalse();
        assertThat(domain.contains(URI.create("https://www.example.co.uk/"))).isTrue();
        assertThat(domain.contains(URI.create("https://other.co.uk/"))).isFalse();
        assertThat(domain.contains(URI.create("https://example.co.uk.evil.com/")))
                .isFalse();
    }

    @Test
    void theFolderOfAFileIsItsPath() {
        CrawlScope scope = new CrawlScope(List.of(URI.create("http://example.com/docs/index.html")), Scope.PATH);

        assertThat(scope.contains(URI.create("http://example.com/docs/other.html")))
                .isTrue();
        assertThat(scope.contains(URI.create("http://example.com/blog/"))).isFalse();
    }
}
