package dev.outcrop.engines.vectors.opensearch;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.engines.vectors.DistanceMetric;
import dev.outcrop.engines.web.PlayedServer;
import dev.outcrop.engines.web.PlayedServer.Reply;
import dev.outcrop.engines.web.PlayedServer.Request;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * One index of OpenSearch as far as the store speaks to it: bulk writes with dynamic mapping of texts, numbers and truth
 * values, documents by id, and searches by k-NN, match, bool, term, range, prefix and wildcard over fields.
 */
final class PlayedOpenSearch {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    final ObjectNode mapping;
    private final Map<String, JsonNode> documents = new TreeMap<>();

    PlayedOpenSearch(String mapping) throws JsonProcessingException {
        this.mapping = (ObjectNode) JSON.readTree(mapping);
    }

    PlayedServer server() {
        return new PlayedServer((Request request) -> {
            try {
                return answer(request);
            } catch (JsonProcessingException malformed) {
                return Reply.json(400, "{\"error\":{\"reason\":\"malformed\"}}");
            }
        });
    }

    private synchronized Reply answer(Request request) throws JsonProcessingException {
        String path = request.path();
        if (!path.startsWith("/index/")) {
            return Reply.json(404, "{\"error\":{\"type\":\"index_not_found_exception\",\"reason\":\"no such index\"}}");
        }
        if (path.equals("/index/_mapping")) {
            ObjectNode answer = JSON.createObjectNode();
            answer.putObject("index-000001").putObject("mappings").set("properties", mapping);
            return Reply.json(answer.toString());
        }
        if (path.equals("/index/_bulk")) {
            return Reply.json(bulk(request.text()).toString());
        }
        if (path.equals("/index/_search")) {
            return Reply.json(search(JSON.readTree(request.text())).toString());
        }
        String id = URLDecoder.decode(path.substring("/index/_doc/".length()), UTF_8);
        JsonNode source = documents.get(id);
        return source == null
                ? Reply.json(404, "{\"found\":false}")
                : Reply.json(hit(id, source, 0).put("found", true).toString());
    }

    private ObjectNode bulk(String lines) throws JsonProcessingException {
        ObjectNode answer = JSON.createObjectNode().put("errors", false);
        String[] each = lines.split("\n");
        for (int i = 0; i < each.length; i++) {
            JsonNode action = JSON.readTree(each[i]);
            if (action.has("delete")) {
                documents.remove(action.path("delete").path("_id").asText());
                continue;
            }
            String id = action.path("index").path("_id").asText();
            JsonNode document = JSON.readTree(each[++i]);
            document.properties().forEach(field -> map(field.getKey(), field.getValue()));
            if (document.has("refused")) {
                answer.put("errors", true);
                answer.putArray("items")
                        .addObject()
                        .putObject("index")
                        .put("_id", id)
                        .putObject("error")
                        .put("reason", "failed to parse field [refused]");
            } else {
                documents.put(id, document);
            }
        }
        return answer;
    }

    private void map(String field, JsonNode value) {
        JsonNode first = value.isArray() ? value.path(0) : value;
        if (mapping.has(field) || first.isMissingNode()) {
            return;
        }
        ObjectNode type = mapping.putObject(field);
        if (first.isTextual()) {
            type.put("type", "text").putObject("fields").putObject("keyword").put("type", "keyword");
        } else {
            type.put("type", first.isBoolean() ? "boolean" : first.isIntegralNumber() ? "long" : "float");
        }
    }

    private record Hit(String id, JsonNode source, double score) {}

    private ObjectNode search(JsonNode search) {
        List<Hit> hits = new ArrayList<>();
        JsonNode query = search.path("query");
        documents.forEach((id, source) -> {
            double score =
                    query.has("knn") ? knn(query.path("knn"), source) : query.isMissingNode() ? 1 : bool(query, source);
            boolean behind = search.path("search_after").isMissingNode()
                    || id.compareTo(search.path("search_after").get(0).asText()) > 0;
            if (score > 0 && behind) {
                hits.add(new Hit(id, source, score));
            }
        });
        if (!search.has("sort")) {
            hits.sort(Comparator.comparingDouble(Hit::score).reversed());
        }
        int most = Math.min(
                search.path("size").asInt(10),
                query.path("knn").isObject()
                        ? query.path("knn").elements().next().path("k").asInt()
                        : Integer.MAX_VALUE);
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode array = answer.putObject("hits").putArray("hits");
        hits.stream().limit(most).forEach(hit -> array.add(hit(hit.id(), hit.source(), hit.score())));
        return answer;
    }

    private static ObjectNode hit(String id, JsonNode source, double score) {
        ObjectNode hit = JSON.createObjectNode().put("_id", id).put("_score", score);
        hit.set("_source", source);
        return hit;
    }

    private static double knn(JsonNode knn, JsonNode source) {
        String field = knn.fieldNames().next();
        JsonNode filter = knn.path(field).path("filter");
        double cosine =
                DistanceMetric.COSINE.similarity(vector(knn.path(field).path("vector")), vector(source.path(field)));
        return filter.isMissingNode() || matches(filter, source) ? Math.max((1 + cosine) / 2, 1e-9) : 0;
    }

    private static float[] vector(JsonNode array) {
        float[] vector = new float[array.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) array.get(i).asDouble();
        }
        return vector;
    }

    /** How many of the words are there, if the filters allow. */
    private static double bool(JsonNode query, JsonNode source) {
        for (JsonNode filter : query.path("bool").path("filter")) {
            if (!matches(filter, source)) {
                return 0;
            }
        }
        JsonNode match = query.path("bool").path("must").path(0).path("match");
        String field = match.fieldNames().next();
        List<String> words = words(source.path(field).asText());
        return words(match.path(field).asText()).stream()
                .filter(words::contains)
                .count();
    }

    private static List<String> words(String text) {
        return List.of(text.toLowerCase(Locale.ROOT).split("\\W+"));
    }

    private static boolean matches(JsonNode query, JsonNode source) {
        String kind = query.fieldNames().next();
        JsonNode body = query.path(kind);
        if (kind.equals("match_none")) {
            return false;
        }
        if (kind.equals("bool")) {
            return StreamSupport.stream(body.path("filter").spliterator(), false)
                            .allMatch(part -> matches(part, source))
                    && (!body.has("should")
                            || StreamSupport.stream(body.path("should").spliterator(), false)
                                    .anyMatch(part -> matches(part, source)));
        }
        String field = body.fieldNames().next();
        JsonNode wanted = body.path(field);
        JsonNode values = source.path(field.replaceFirst("\\.keyword$", ""));
        List<JsonNode> items = new ArrayList<>();
        if (values.isArray()) {
            values.forEach(items::add);
        } else if (!values.isMissingNode()) {
            items.add(values);
        }
        return items.stream().anyMatch(item -> switch (kind) {
            case "term" ->
                wanted.isObject()
                        ? item.asText().equals(wanted.path("value").asText())
                        : item.asText().equals(wanted.asText())
                                || (item.isNumber() && wanted.isNumber() && item.asDouble() == wanted.asDouble());
            case "range" ->
                item.isNumber()
                        && (!wanted.has("gte")
                                || item.asDouble() >= wanted.path("gte").asDouble())
                        && (!wanted.has("lte")
                                || item.asDouble() <= wanted.path("lte").asDouble());
            case "prefix" -> item.asText().startsWith(wanted.path("value").asText());
            case "wildcard" -> item.asText().matches(regex(wanted.path("value").asText()));
            default -> throw new IllegalArgumentException(kind + " is not played");
        });
    }

    private static String regex(String wildcard) {
        StringBuilder regex = new StringBuilder("(?s)");
        for (int i = 0; i < wildcard.length(); i++) {
            char sign = wildcard.charAt(i);
            if (sign == '\\') {
                regex.append(Pattern.quote(String.valueOf(wildcard.charAt(++i))));
            } else {
                regex.append(sign == '*' ? ".*" : sign == '?' ? "." : Pattern.quote(String.valueOf(sign)));
            }
        }
        return regex.toString();
    }
}
