package dev.outcrop.shapes;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The services whose tables are among our own resources, written by {@code shapes/tables/refresh.py}.
 *
 * <p>The index of summaries, a few kilobytes, is read when this is made; a service's table when it is first asked for,
 * and then kept.
 */
public final class ServiceTables implements ServiceModels {
    private final Map<String, ServiceSummary> summaries;
    private final Map<String, ServiceModel> models = new ConcurrentHashMap<>();

    /** Reads the index. */
    public ServiceTables() {
        Map<String, ServiceSummary> byId = new LinkedHashMap<>();
        TableReader index = new TableReader(resource("index"));
        while (index.nextLine()) {
            ServiceSummary summary = summary(index);
            byId.put(summary.id(), summary);
        }
        summaries = Collections.unmodifiableMap(byId);
    }

    @Override
    public Collection<ServiceSummary> summaries() {
        return summaries.values();
    }

    @Override
    public Optional<ServiceModel> find(String id) {
        ServiceModel loaded = models.get(id);
        if (loaded != null) {
            return Optional.of(loaded);
        }
        ServiceSummary summary = summaries.get(id);
        if (summary == null) {
            return Optional.empty();
        }
        ServiceModel read = new ServiceTable(new TableReader(resource(id))).read(summary);
        ServiceModel first = models.putIfAbsent(id, read);
        return Optional.of(first == null ? read : first);
    }

    private static ServiceSummary summary(TableReader line) {
        line.optionsAfter(8);
        List<Protocol> protocols = new ArrayList<>();
        for (String protocol : TableReader.split(line.field(6), ',')) {
            protocols.add(Protocol.named(protocol));
        }
        return new ServiceSummary(
                line.field(0),
                line.field(1),
                line.field(2),
                line.field(3),
                line.field(4),
                line.field(5),
                line.option("target"),
                line.option("json"),
                line.option("xmlNamespace"),
                protocols,
                line.flag("queryCompatible"),
                Integer.parseInt(line.field(7)));
    }

    private static String resource(String name) {
        String path = "tables/" + name + ".table";
        try (InputStream in = ServiceTables.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("the resource " + path + " is missing: run shapes/tables/refresh.py");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the resource " + path + " cannot be read", e);
        }
    }
}
