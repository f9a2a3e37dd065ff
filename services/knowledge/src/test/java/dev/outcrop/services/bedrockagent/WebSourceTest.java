package dev.outcrop.services.bedrockagent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.outcrop.engines.vectors.MetadataValue;
import dev.outcrop.engines.vectors.VectorEntry;
import dev.outcrop.services.KnowledgeHouse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.bedrockagent.model.DataSource;
import software.amazon.awssdk.services.bedrockagent.model.IngestionJob;
import software.amazon.awssdk.services.bedrockagent.model.IngestionJobStatus;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBase;
import software.amazon.awssdk.services.bedrockagent.model.SeedUrl;

class WebSourceTest {
    @TempDir
    Path folder;

    private final Map<String, String> pages = new ConcurrentHashMap<>();

    @Test
    void pagesAreCrawledAndForgottenWhenTheyAreGone() throws IOException {
        pages.put("/index.html", "<p>Apples are red.</p><a href='/pears.html'>Pears</a><a href='/private.html'>P</a>");
        pages.put("/pears.html", "<p>Pears are soft.</p>");
        pages.put("/private.html", "<p>Nobody shall know.</p>");
        pages.put("/robots.txt", "User-agent: *\nDisallow: /private.html\n");
        HttpServer site = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        site.createContext("/", exchange -> {
            String page = pages.get(exchange.getRequestURI().getPath());
            byte[] body = (page == null ? "" : page).getBytes(UTF_8);
            exchange.getResponseHeaders()
                    .set(
                            "Content-Type",
                            exchange.getRequestURI().getPath().endsWith(".txt") ? "text/plain" : "text/html");
            exchange.sendResponseHeaders(page == null ? 404 : 200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        site.start();
        String origin = "http://localhost:" + site.getAddress().getPort();
        try (KnowledgeHouse house = new KnowledgeHouse(folder)) {
            KnowledgeBase base = house.base("site", house.usualRole());
            DataSource source = house.agent(agent -> agent.createDataSource(request -> request.knowledgeBaseId(
                                    base.knowledgeBaseId())
                            .name("pages")
                            .dataSourceConfiguration(configuration -> configuration
                                    .type("WEB")
                                    .webConfiguration(web -> web.crawlerConfiguration(crawl -> crawl.scope("HOST_ONLY"))
                                            .sourceConfiguration(urls -> urls.urlConfiguration(
                                                    seeds -> seeds.seedUrls(List.of(SeedUrl.builder()
                                                            .url(origin + "/index.html")
                                                            .build()))))))))
                    .dataSource();

            IngestionJob first = house.sync(source);
            List<VectorEntry> entries = house.entries(base);
            pages.put("/index.html", "<p>Apples are red.</p>");
            pages.remove("/pears.html");
            IngestionJob second = house.sync(source);

            assertThat(first.status()).as(first.toString()).isEqualTo(IngestionJobStatus.COMPLETE);
            assertThat(first.statistics().numberOfNewDocumentsIndexed()).isEqualTo(2);
            assertThat(entries)
                    .extracting(entry -> entry.metadata().get(ChunkMetadata.SOURCE_URI))
                    .containsExactlyInAnyOrder(
                            MetadataValue.of(origin + "/index.html"), MetadataValue.of(origin + "/pears.html"));
            assertThat(second.statistics().numberOfDocumentsDeleted()).isEqualTo(1);
            assertThat(house.entries(base))
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.text()).contains("Apples are red."));
        } finally {
            site.stop(0);
        }
    }
}
