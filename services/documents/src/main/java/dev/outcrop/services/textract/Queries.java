package dev.outcrop.services.textract;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.textract.model.FeatureType;
import software.amazon.awssdk.services.textract.model.QueriesConfig;
import software.amazon.awssdk.services.textract.model.Query;

/** The questions of a request, each about some pages; about the first where it does not say. */
record Queries(List<Query> all) {
    /** How many questions a synchronous request may ask of a page. */
    static final int SYNCHRONOUS = 15;

    /** How many questions a job may ask of a page. */
    static final int ASYNCHRONOUS = 30;

    private static final Pattern RANGE = Pattern.compile("(\\d+|\\*)(?:-(\\d+|\\*))?");

    Queries {
        all = List.copyOf(all);
    }

    /**
     * The questions of a request.
     *
     * @param features what the request asks for; questions and {@code QUERIES} come together
     * @throws software.amazon.awssdk.services.textract.model.InvalidParameterException if they do not, there are too many,
     *     or pages are no pages
     */
    static Queries of(QueriesConfig config, List<FeatureType> features, int most) {
        boolean asked = features.contains(FeatureType.QUERIES);
        if (asked != (config != null && config.hasQueries() && !config.queries().isEmpty())) {
            throw TextractFailures.invalid("QueriesConfig must be given if and only if FeatureTypes holds QUERIES");
        }
        if (!asked) {
            return new Queries(List.of());
        }
        if (config.queries().size() > most) {
            throw TextractFailures.invalid("there may be at most " + most + " queries");
        }
        for (Query query : config.queries()) {
            for (String range : query.pages()) {
                Matcher matcher = RANGE.matcher(range);
                if (!matcher.matches() || (matcher.group(1).equals("*") && matcher.group(2) != null)) {
                    throw TextractFailures.invalid("the page range " + range + " of a query is invalid");
                }
            }
            if (query.pages().contains("*") && query.pages().size() > 1) {
                throw TextractFailures.invalid("the page range * of a query must stand alone");
            }
        }
        return new Queries(config.queries());
    }

    /** The questions about a page. */
    List<Query> on(int page) {
        return all.stream()
                .filter(query -> query.pages().isEmpty()
                        ? page == 1
                        : query.pages().stream().anyMatch(range -> holds(range, page)))
                .toList();
    }

    private static boolean holds(String range, int page) {
        Matcher matcher = RANGE.matcher(range);
        if (!matcher.matches()) {
            return false;
        }
        String first = matcher.group(1);
        String last = matcher.group(2) == null ? first : matcher.group(2);
        return first.equals("*")
                || (page >= Integer.parseInt(first) && (last.equals("*") || page <= Integer.parseInt(last)));
    }
}
