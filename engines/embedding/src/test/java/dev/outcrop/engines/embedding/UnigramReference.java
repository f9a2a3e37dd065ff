package dev.outcrop.engines.embedding;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** What {@code python/unigram.py} has written. */
final class UnigramReference {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final JsonNode ROOT = read();

    private UnigramReference() {}

    /**
     * A text and what the reference made of it.
     *
     * @param vector by {@code float.onnx}; empty where it was not asked
     */
    record Case(String tokenizer, String text, int[] ids, double[] vector) {}

    private static JsonNode read() {
        try (InputStream packed = UnigramReference.class.getResourceAsStream("unigram.json.gz");
                InputStream plain = new GZIPInputStream(packed)) {
            return MAPPER.readTree(plain);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (JsonNode node : ROOT.path("cases")) {
            cases.add(new Case(
                    node.path("tokenizer").asText(),
                    node.path("text").asText(),
                    MAPPER.convertValue(node.path("ids"), int[].class),
                    node.has("vector") ? MAPPER.convertValue(node.path("vector"), double[].class) : new double[0]));
        }
        return cases;
    }

    /** Writes a tokenizer's {@code tokenizer.json} into a folder. */
    static Path write(String tokenizer, Path folder) throws IOException {
        return Files.write(
                folder.resolve(tokenizer + ".json"),
                MAPPER.writeValueAsBytes(ROOT.path("tokenizers").path(tokenizer)));
    }
}
