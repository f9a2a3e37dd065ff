package dev.outcrop.services.bedrockagent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.engines.vectors.DistanceMetric;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Clients;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.bedrockagent.model.BedrockEmbeddingModelConfiguration;
import software.amazon.awssdk.services.bedrockagent.model.EmbeddingDataType;
import software.amazon.awssdk.services.bedrockagent.model.EmbeddingModelConfiguration;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBase;
import software.amazon.awssdk.services.bedrockagent.model.VectorKnowledgeBaseConfiguration;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.model.ValidationException;

/**
 * Texts as vectors, by the embedding model of a knowledge base, invoked as its role. Cohere's models take many texts at
 * once; Titan's take one, so that several are invoked at a time. A text that is longer than the model reads is embedded in
 * parts, whose mean stands for it.
 *
 * <p>All methods need a {@link CallContext}. Exceptions of Bedrock's client pass through.
 *
 * <p>Source: Amazon Bedrock User Guide, "Amazon Titan Text Embeddings models", "Cohere Embed models".
 */
public final class Embeddings {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int COHERE_TEXTS = 96;
    private static final int COHERE_CHARACTERS = 2048;
    private static final int AT_ONCE = 8;
    private static final Pattern TOO_LONG =
            Pattern.compile("Max input tokens: ([0-9]+), request input token count: ([0-9]+)");

    private final Supplier<Clients> clients;
    private final Map<String, Integer> probed = new ConcurrentHashMap<>();

    public Embeddings(Supplier<Clients> clients) {
        this.clients = clients;
    }

    /** What a text is embedded for, which some models tell apart. */
    private enum Purpose {
        DOCUMENT("search_document"),
        QUERY("search_query");

        private final String cohere;

        Purpose(String cohere) {
            this.cohere = cohere;
        }
    }

    /** How the vectors of a knowledge base are compared. */
    public static DistanceMetric metric(KnowledgeBase base) {
        return isBinary(base) ? DistanceMetric.HAMMING : DistanceMetric.COSINE;
    }

    /** How many values the vectors of a knowledge base have; a model that does not tell by its name is asked. */
    public int dimension(KnowledgeBase base) {
        Optional<Integer> configured = configured(base);
        String model = model(base);
        return configured.orElseGet(() -> EmbeddingModels.dimension(model)
                .orElseGet(() -> probed.computeIfAbsent(
                        vector(base).embeddingModelArn(), _ -> ofQuery(base, "dimension").length)));
    }

    /** The vectors of texts that are kept, in their order. */
    public List<float[]> ofDocuments(KnowledgeBase base, List<String> texts) {
        return of(base, texts, Purpose.DOCUMENT);
    }

    /** The vector of a text that is asked for. */
    public float[] ofQuery(KnowledgeBase base, String text) {
        return of(base, List.of(text), Purpose.QUERY).getFirst();
    }

    private List<float[]> of(KnowledgeBase base, List<String> texts, Purpose purpose) {
        boolean cohere = model(base).contains("cohere.embed");
        List<Callable<List<float[]>>> calls = new ArrayList<>();
        if (cohere) {
            for (int from = 0; from < texts.size(); from += COHERE_TEXTS) {
                List<String> some = texts.subList(from, Math.min(texts.size(), from + COHERE_TEXTS));
                calls.add(() -> cohere(base, some, purpose));
            }
        } else {
            for (String text : texts) {
                calls.add(() -> List.of(titan(base, text)));
            }
        }
        return calls.size() == 1 ? alone(calls.getFirst()) : together(calls);
    }

    private static List<float[]> alone(Callable<List<float[]>> call) {
        try {
            return call.call();
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static List<float[]> together(List<Callable<List<float[]>>> calls) {
        CallContext context = CallContext.current();
        Semaphore slots = new Semaphore(AT_ONCE);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<float[]>>> futures = new ArrayList<>(calls.size());
            for (Callable<List<float[]>> call : calls) {
                futures.add(threads.submit(() -> {
                    slots.acquire();
                    try {
                        return context.call(call::call);
                    } finally {
                        slots.release();
                    }
                }));
            }
            List<float[]> vectors = new ArrayList<>(calls.size());
            try {
                for (Future<List<float[]>> future : futures) {
                    vectors.addAll(future.get());
                }
            } catch (ExecutionException failure) {
                futures.forEach(future -> future.cancel(true));
                if (failure.getCause() instanceof RuntimeException cause) {
                    throw cause;
                }
                throw new IllegalStateException(failure.getCause());
            } catch (InterruptedException interruption) {
                futures.forEach(future -> future.cancel(true));
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while texts were embedded", interruption);
            }
            return vectors;
        }
    }

    private float[] titan(KnowledgeBase base, String text) {
        try {
            return titanWhole(base, text);
        } catch (ValidationException refusal) {
            Matcher limit = TOO_LONG.matcher(String.valueOf(refusal.getMessage()));
            if (!limit.find() || text.length() < 2) {
                throw refusal;
            }
            double over = Double.parseDouble(limit.group(2)) / Double.parseDouble(limit.group(1));
            return titanParts(base, text, Math.max(2, (int) Math.ceil(over * 1.1)));
        }
    }

    private float[] titanParts(KnowledgeBase base, String text, int parts) {
        List<float[]> vectors = new ArrayList<>();
        int from = 0;
        for (int part = 1; part <= parts && from < text.length(); part++) {
            int to = part == parts ? text.length() : cut(text, from, (int) ((long) text.length() * part / parts));
            if (!text.substring(from, to).isBlank()) {
                vectors.add(titan(base, text.substring(from, to)));
            }
            from = to;
        }
        return mean(vectors, isBinary(base));
    }

    /** The last end of a word at or before {@code to}, or else {@code to} itself, never inside a character. */
    private static int cut(String text, int from, int to) {
        int space = text.lastIndexOf(' ', to);
        int end = space > from ? space : Math.max(to, from + 1);
        return end < text.length() && Character.isLowSurrogate(text.charAt(end)) ? end + 1 : end;
    }

    private static float[] mean(List<float[]> vectors, boolean bits) {
        float[] mean = new float[vectors.getFirst().length];
        for (float[] vector : vectors) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += vector[i] / vectors.size();
            }
        }
        if (bits) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] = mean[i] > 0.5 ? 1 : 0;
            }
            return mean;
        }
        double square = 0;
        for (float value : mean) {
            square += (double) value * value;
        }
        float norm = square == 0 ? 1 : (float) Math.sqrt(square);
        for (int i = 0; i < mean.length; i++) {
            mean[i] /= norm;
        }
        return mean;
    }

    private float[] titanWhole(KnowledgeBase base, String text) {
        ObjectNode body = JSON.createObjectNode().put("inputText", text);
        configured(base).ifPresent(dimensions -> {
            if (!EmbeddingModels.isTitanG1(model(base))) {
                body.put("dimensions", dimensions);
            }
        });
        if (isBinary(base)) {
            body.putArray("embeddingTypes").add("binary");
        }
        JsonNode answer = invoke(base, body);
        return isBinary(base)
                ? floats(answer.path("embeddingsByType").path("binary"))
                : floats(answer.path("embedding"));
    }

    private List<float[]> cohere(KnowledgeBase base, List<String> texts, Purpose purpose) {
        boolean third = !model(base).contains("cohere.embed-v4");
        ObjectNode body =
                JSON.createObjectNode().put("input_type", purpose.cohere).put("truncate", third ? "END" : "RIGHT");
        for (String text : texts) {
            boolean cut = third && text.length() > COHERE_CHARACTERS;
            body.withArray("texts").add(cut ? text.substring(0, COHERE_CHARACTERS) : text);
        }
        body.putArray("embedding_types").add(isBinary(base) ? "ubinary" : "float");
        if (!third) {
            configured(base).ifPresent(dimensions -> body.put("output_dimension", dimensions));
        }
        JsonNode byType = invoke(base, body).path("embeddings");
        List<float[]> vectors = new ArrayList<>(texts.size());
        for (JsonNode vector : byType.path(isBinary(base) ? "ubinary" : "float")) {
            vectors.add(isBinary(base) ? bits(vector) : floats(vector));
        }
        if (vectors.size() != texts.size()) {
            throw new IllegalStateException(
                    model(base) + " gave " + vectors.size() + " vectors of " + texts.size() + " texts");
        }
        return vectors;
    }

    private JsonNode invoke(KnowledgeBase base, ObjectNode body) {
        String id = EmbeddingModels.invoked(vector(base).embeddingModelArn());
        byte[] answer = new BaseRole(clients, base)
                .call(
                        BedrockRuntimeClient.class,
                        runtime -> runtime.invokeModel(request -> request.modelId(id)
                                .contentType("application/json")
                                .accept("application/json")
                                .body(SdkBytes.fromUtf8String(body.toString()))))
                .body()
                .asByteArrayUnsafe();
        try {
            return JSON.readTree(answer);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(model(base) + " gave an answer that is no JSON", unreadable);
        }
    }

    private static float[] floats(JsonNode array) {
        float[] vector = new float[array.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = array.get(i).floatValue();
        }
        return vector;
    }

    /** Cohere packs eight bits into a number, the first of them highest. */
    private static float[] bits(JsonNode bytes) {
        float[] vector = new float[bytes.size() * Byte.SIZE];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = bytes.get(i / Byte.SIZE).intValue() >> (Byte.SIZE - 1 - i % Byte.SIZE) & 1;
        }
        return vector;
    }

    private static VectorKnowledgeBaseConfiguration vector(KnowledgeBase base) {
        return base.knowledgeBaseConfiguration().vectorKnowledgeBaseConfiguration();
    }

    private static String model(KnowledgeBase base) {
        return EmbeddingModels.name(vector(base).embeddingModelArn());
    }

    private static Optional<BedrockEmbeddingModelConfiguration> settings(KnowledgeBase base) {
        return Optional.ofNullable(vector(base).embeddingModelConfiguration())
                .map(EmbeddingModelConfiguration::bedrockEmbeddingModelConfiguration);
    }

    private static Optional<Integer> configured(KnowledgeBase base) {
        return settings(base).map(BedrockEmbeddingModelConfiguration::dimensions);
    }

    private static boolean isBinary(KnowledgeBase base) {
        return settings(base)
                .map(settings -> settings.embeddingDataType() == EmbeddingDataType.BINARY)
                .orElse(false);
    }
}
