package dev.outcrop.engines.embedding;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** What Python's tokenizers and ONNX Runtime make of a text; see python/reference.py. */
record Reference(String text, int[] ids, float[] vector) {
    static List<Reference> all() throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<Reference> references = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Reference.class.getResourceAsStream("reference.jsonl"), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode node = json.readTree(line);
                int[] ids = new int[node.path("ids").size()];
                for (int i = 0; i < ids.length; i++) {
                    ids[i] = node.path("ids").get(i).asInt();
                }
                float[] vector = new float[384];
                ByteBuffer.wrap(Base64.getDecoder().decode(node.path("vector").asText()))
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .asFloatBuffer()
                        .get(vector);
                references.add(new Reference(node.path("text").asText(), ids, vector));
            }
        }
        return references;
    }

    static double cosine(float[] one, float[] other) {
        double product = 0;
        double oneSquare = 0;
        double otherSquare = 0;
        for (int i = 0; i < one.length; i++) {
            product += one[i] * other[i];
            oneSquare += one[i] * one[i];
            otherSquare += other[i] * other[i];
        }
        return product / Math.sqrt(oneSquare * otherSquare);
    }
}
