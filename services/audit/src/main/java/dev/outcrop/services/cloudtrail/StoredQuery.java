package dev.outcrop.services.cloudtrail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.shapes.codec.StoredShapes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.cloudtrail.model.DescribeQueryResponse;
import software.amazon.awssdk.services.cloudtrail.model.QueryStatus;

/**
 * A query as it is kept.
 *
 * @param query  what DescribeQuery tells of it
 * @param sql    what is run
 * @param stores the ids of the event data stores that it reads
 * @param rows   how many rows it gave
 */
record StoredQuery(DescribeQueryResponse query, String sql, Set<String> stores, int rows) {
    private static final ObjectMapper JSON = new ObjectMapper();

    byte[] write() {
        try {
            ObjectNode tree = JSON.createObjectNode();
            tree.set("query", JSON.readTree(StoredShapes.write(query)));
            tree.put("sql", sql).put("rows", rows);
            stores.forEach(tree.putArray("stores")::add);
            return JSON.writeValueAsBytes(tree);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    static StoredQuery read(byte[] body) {
        try {
            JsonNode tree = JSON.readTree(body);
            Set<String> stores = new LinkedHashSet<>();
            tree.get("stores").forEach(store -> stores.add(store.asText()));
            return new StoredQuery(
                    StoredShapes.read(JSON.writeValueAsBytes(tree.get("query")), DescribeQueryResponse::builder),
                    tree.get("sql").asText(),
                    stores,
                    tree.get("rows").asInt());
        } catch (IOException damaged) {
            throw new UncheckedIOException("a query cannot be read", damaged);
        }
    }

    /** Whether it waits or runs. */
    boolean isActive() {
        return query.queryStatus() == QueryStatus.QUEUED || query.queryStatus() == QueryStatus.RUNNING;
    }

    StoredQuery with(UnaryOperator<DescribeQueryResponse.Builder> change) {
        return new StoredQuery(change.apply(query.toBuilder()).build(), sql, stores, rows);
    }

    StoredQuery withRows(int found) {
        return new StoredQuery(query, sql, stores, found);
    }
}
