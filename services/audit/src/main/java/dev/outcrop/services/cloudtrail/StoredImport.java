package dev.outcrop.services.cloudtrail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.shapes.codec.StoredShapes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.cloudtrail.model.GetImportResponse;
import software.amazon.awssdk.services.cloudtrail.model.ImportFailureListItem;
import software.amazon.awssdk.services.cloudtrail.model.ImportStatus;

/**
 * An import as it is kept.
 *
 * @param told     what GetImport tells of it
 * @param failures the files that could not be read
 * @param after    the key of the last file that was looked at; empty before the first
 * @param job      what works at it, or did last
 */
record StoredImport(GetImportResponse told, List<ImportFailureListItem> failures, String after, String job) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<ImportStatus> ONGOING = Set.of(ImportStatus.INITIALIZING, ImportStatus.IN_PROGRESS);

    StoredImport {
        failures = List.copyOf(failures);
    }

    byte[] write() {
        try {
            ObjectNode tree = JSON.createObjectNode();
            tree.set("import", JSON.readTree(StoredShapes.write(told)));
            ArrayNode list = tree.put("after", after).put("job", job).putArray("failures");
            for (ImportFailureListItem failure : failures) {
                list.add(JSON.readTree(StoredShapes.write(failure)));
            }
            return JSON.writeValueAsBytes(tree);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    static StoredImport read(byte[] body) {
        try {
            JsonNode tree = JSON.readTree(body);
            List<ImportFailureListItem> failures = new ArrayList<>();
            for (JsonNode failure : tree.get("failures")) {
                failures.add(StoredShapes.read(JSON.writeValueAsBytes(failure), ImportFailureListItem::builder));
            }
            return new StoredImport(
                    StoredShapes.read(JSON.writeValueAsBytes(tree.get("import")), GetImportResponse::builder),
                    failures,
                    tree.get("after").asText(),
                    tree.get("job").asText());
        } catch (IOException damaged) {
            throw new UncheckedIOException("an import cannot be read", damaged);
        }
    }

    boolean isOngoing() {
        return ONGOING.contains(told.importStatus());
    }

    StoredImport with(UnaryOperator<GetImportResponse.Builder> change) {
        return new StoredImport(change.apply(told.toBuilder()).build(), failures, after, job);
    }

    StoredImport with(List<ImportFailureListItem> changed) {
        return new StoredImport(told, changed, after, job);
    }

    StoredImport lookedAt(String key) {
        return new StoredImport(told, failures, key, job);
    }

    StoredImport workedAtBy(String id) {
        return new StoredImport(told, failures, after, id);
    }
}
