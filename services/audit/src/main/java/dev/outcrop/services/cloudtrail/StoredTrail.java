package dev.outcrop.services.cloudtrail;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.shapes.codec.StoredShapes;
import java.io.IOException;
import java.io.UncheckedIOException;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudtrail.model.GetEventSelectorsResponse;
import software.amazon.awssdk.services.cloudtrail.model.GetTrailStatusResponse;
import software.amazon.awssdk.services.cloudtrail.model.Trail;

/**
 * A trail as it is kept.
 *
 * @param trail     its settings
 * @param selectors which events it takes
 * @param status    whether it logs, and since when; what was delivered stands in {@link DeliveryState}
 */
record StoredTrail(Trail trail, GetEventSelectorsResponse selectors, GetTrailStatusResponse status) {
    private static final ObjectMapper JSON = new ObjectMapper();

    byte[] write() {
        return ("{\"trail\":" + text(trail) + ",\"selectors\":" + text(selectors) + ",\"status\":" + text(status) + "}")
                .getBytes(UTF_8);
    }

    private static String text(SdkPojo shape) {
        return new String(StoredShapes.write(shape), UTF_8);
    }

    static StoredTrail read(byte[] body) {
        try {
            JsonNode tree = JSON.readTree(body);
            return new StoredTrail(
                    StoredShapes.read(bytes(tree, "trail"), Trail::builder),
                    StoredShapes.read(bytes(tree, "selectors"), GetEventSelectorsResponse::builder),
                    StoredShapes.read(bytes(tree, "status"), GetTrailStatusResponse::builder));
        } catch (IOException damaged) {
            throw new UncheckedIOException("a trail cannot be read", damaged);
        }
    }

    private static byte[] bytes(JsonNode tree, String name) throws IOException {
        return JSON.writeValueAsBytes(tree.get(name));
    }

    boolean isLogging() {
        return Boolean.TRUE.equals(status.isLogging());
    }

    /** Whether it sends what it logs now to CloudWatch Logs. */
    boolean sendsLogs() {
        return isLogging() && trail.cloudWatchLogsLogGroupArn() != null;
    }

    StoredTrail with(Trail settings) {
        return new StoredTrail(settings, selectors, status);
    }

    StoredTrail with(GetEventSelectorsResponse selection) {
        return new StoredTrail(trail, selection, status);
    }

    StoredTrail with(GetTrailStatusResponse changed) {
        return new StoredTrail(trail, selectors, changed);
    }
}
