package dev.outcrop.wire.route;

import dev.outcrop.shapes.OperationModel;
import dev.outcrop.shapes.ServiceModel;
import dev.outcrop.shapes.ShapeModel;
import dev.outcrop.shapes.ShapeModel.Location;
import dev.outcrop.shapes.ShapeModel.Member;
import dev.outcrop.wire.http.HttpHeaders;
import dev.outcrop.wire.http.PercentEncoding;
import dev.outcrop.wire.http.QueryString;
import dev.outcrop.wire.http.WireRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The URIs of a REST service's operations as a tree of path segments. Where several operations share method and path, the
 * one wins whose fixed query parameters, required query parameters and required headers are all there, and most of them:
 * that is how S3 tells CopyObject from PutObject.
 */
final class RouteTable {
    /** More than the conditions of any operation come to. */
    private static final int NAMED = 1000;

    private final Node root = new Node();

    RouteTable(ServiceModel service) {
        for (OperationModel operation : service.operations().values()) {
            add(service, operation);
        }
    }

    /**
     * An operation that a request matches.
     *
     * @param literals how many segments of its URI are no labels
     * @param rank     how well the rest of the request fits; higher is better
     */
    record Match(OperationModel operation, Map<String, String> labels, int literals, int rank) {
        /** Whether this one says more about the request than {@code other}. */
        boolean isBetterThan(Match other) {
            return literals != other.literals ? literals > other.literals : rank > other.rank;
        }
    }

    /** The operation that {@code request} means. */
    Optional<Match> find(WireRequest request) {
        return find(request, request.path());
    }

    /**
     * The operation that {@code request} would mean if it had been sent to {@code path}.
     *
     * @throws IllegalArgumentException if the path or the query string is not well encoded
     */
    Optional<Match> find(WireRequest request, String path) {
        List<String> segments = segments(path);
        Search search = new Search(request, segments);
        search.visit(root, 0, new ArrayList<>(4), 0);
        return Optional.ofNullable(search.best);
    }

    /** Whether an operation has this path, under any method. */
    boolean hasPath(String path) {
        WireRequest anything = new WireRequest("", path, "", HttpHeaders.none());
        Search search = new Search(anything, segments(path));
        search.visit(root, 0, new ArrayList<>(4), 0);
        return search.sawPath;
    }

    private void add(ServiceModel service, OperationModel operation) {
        String uri = operation.uri();
        int question = uri.indexOf('?');
        String path = question < 0 ? uri : uri.substring(0, question);
        Conditions conditions = conditions(service, operation, question < 0 ? "" : uri.substring(question + 1));
        List<String> labels = new ArrayList<>();
        Node node = root;
        for (String segment : segments(path)) {
            if (segment.startsWith("{") && segment.endsWith("+}")) {
                labels.add(segment.substring(1, segment.length() - 2));
                node = node.greedy();
            } else if (segment.startsWith("{") && segment.endsWith("}")) {
                labels.add(segment.substring(1, segment.length() - 1));
                node = node.label();
            } else {
                node = node.literal(segment);
            }
        }
        node.entries.add(new Entry(operation, List.copyOf(labels), conditions, path.endsWith("/")));
    }

    private static Conditions conditions(ServiceModel service, OperationModel operation, String fixed) {
        Map<String, String> query = new LinkedHashMap<>();
        for (QueryString.Parameter parameter : QueryString.parse(fixed).parameters()) {
            query.put(parameter.name(), parameter.valued() ? parameter.value() : "");
        }
        List<String> headers = new ArrayList<>();
        if (operation.input().isPresent()
                && service.shape(operation.input().get()) instanceof ShapeModel.Structure input) {
            for (Map.Entry<String, Member> member : input.members().entrySet()) {
                if (member.getValue().required()) {
                    String name = member.getValue().locationName().orElse(member.getKey());
                    if (member.getValue().location() == Location.QUERY) {
                        query.putIfAbsent(name, "");
                    } else if (member.getValue().location() == Location.HEADER) {
                        headers.add(name.toLowerCase(Locale.ROOT));
                    }
                }
            }
        }
        return new Conditions(query, headers);
    }

    /** The segments between slashes, as they were sent; a slash at the end makes no segment of its own. */
    private static List<String> segments(String path) {
        List<String> segments = new ArrayList<>(8);
        int start = path.startsWith("/") ? 1 : 0;
        while (start < path.length()) {
            int end = path.indexOf('/', start);
            if (end < 0) {
                end = path.length();
            }
            segments.add(path.substring(start, end));
            start = end + 1;
        }
        return segments;
    }

    /** What a request must have beside method and path; an empty value stands for any. */
    private record Conditions(Map<String, String> query, List<String> headers) {
        /** How many conditions {@code request} meets, or less than zero if it misses some. */
        int rank(WireRequest request) {
            int met = 0;
            int missed = 0;
            for (Map.Entry<String, String> wanted : query.entrySet()) {
                Optional<String> value = request.parameters().first(wanted.getKey());
                boolean meets = value.isPresent()
                        && (wanted.getValue().isEmpty() || wanted.getValue().equals(value.get()));
                met += meets ? 1 : 0;
                missed += meets ? 0 : 1;
            }
            for (String wanted : headers) {
                boolean meets = request.headers().has(wanted);
                met += meets ? 1 : 0;
                missed += meets ? 0 : 1;
            }
            return missed == 0 ? met : -missed;
        }
    }

    private record Entry(OperationModel operation, List<String> labels, Conditions conditions, boolean endsInSlash) {
        /** How well {@code request} fits, when its path does. */
        int rank(WireRequest request) {
            int rank = 2 * conditions.rank(request);
            if (request.query().contains("x-id=")
                    && request.parameters().first("x-id").orElse("").equals(operation.name())) {
                rank += NAMED;
            }
            // PrepareAgent of bedrock-agent and InvokeInlineAgent of bedrock-agent-runtime differ in this slash alone.
            return request.path().endsWith("/") == endsInSlash ? rank + 1 : rank;
        }

        /** Whether this is the newer name of {@code other}, such as {@code GetBucketLifecycleConfiguration}. */
        boolean renames(OperationModel other) {
            return operation.name().startsWith(other.name());
        }
    }

    private static final class Node {
        private final Map<String, Node> literals = new HashMap<>();
        private final List<Entry> entries = new ArrayList<>(1);
        private Node label;
        private Node greedy;

        Node literal(String segment) {
            return literals.computeIfAbsent(segment, absent -> new Node());
        }

        Node label() {
            if (label == null) {
                label = new Node();
            }
            return label;
        }

        Node greedy() {
            if (greedy == null) {
                greedy = new Node();
            }
            return greedy;
        }
    }

    /** One walk through the tree: literals before labels, labels before greedy ones; among equals the higher rank. */
    private static final class Search {
        private final WireRequest request;
        private final List<String> segments;
        private Match best;
        private boolean sawPath;

        Search(WireRequest request, List<String> segments) {
            this.request = request;
            this.segments = segments;
        }

        void visit(Node node, int index, List<String> values, int literals) {
            if (index == segments.size()) {
                for (Entry entry : node.entries) {
                    consider(entry, values, literals);
                }
                return;
            }
            String segment = segments.get(index);
            Node literal = node.literals.get(segment);
            if (literal != null) {
                visit(literal, index + 1, values, literals + 1);
            }
            if (node.label != null && !segment.isEmpty()) {
                values.add(segment);
                visit(node.label, index + 1, values, literals);
                values.removeLast();
            }
            if (node.greedy != null) {
                for (int end = segments.size(); end > index; end--) {
                    values.add(greedyValue(index, end));
                    visit(node.greedy, end, values, literals);
                    values.removeLast();
                }
            }
        }

        private String greedyValue(int start, int end) {
            String value = String.join("/", segments.subList(start, end));
            // A slash at the end belongs to a key that ends in one.
            return end == segments.size() && request.path().endsWith("/") ? value + "/" : value;
        }

        private void consider(Entry entry, List<String> values, int literals) {
            sawPath = true;
            if (!entry.operation().method().equals(request.method())) {
                return;
            }
            int rank = entry.rank(request);
            boolean better = best == null
                    || literals > best.literals()
                    || (literals == best.literals()
                            && (rank > best.rank() || (rank == best.rank() && entry.renames(best.operation()))));
            if (better) {
                Map<String, String> labels = new LinkedHashMap<>();
                for (int i = 0; i < values.size(); i++) {
                    labels.put(entry.labels().get(i), PercentEncoding.decode(values.get(i), false));
                }
                best = new Match(entry.operation(), labels, literals, rank);
            }
        }
    }
}
