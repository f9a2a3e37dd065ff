package dev.outcrop.engines.vectors.embedded;

import dev.outcrop.engines.vectors.MetadataFilter;
import dev.outcrop.engines.vectors.MetadataFilter.And;
import dev.outcrop.engines.vectors.MetadataFilter.Equals;
import dev.outcrop.engines.vectors.MetadataFilter.Exists;
import dev.outcrop.engines.vectors.MetadataFilter.GreaterThan;
import dev.outcrop.engines.vectors.MetadataFilter.GreaterThanOrEquals;
import dev.outcrop.engines.vectors.MetadataFilter.In;
import dev.outcrop.engines.vectors.MetadataFilter.LessThan;
import dev.outcrop.engines.vectors.MetadataFilter.LessThanOrEquals;
import dev.outcrop.engines.vectors.MetadataFilter.ListContains;
import dev.outcrop.engines.vectors.MetadataFilter.NotEquals;
import dev.outcrop.engines.vectors.MetadataFilter.NotIn;
import dev.outcrop.engines.vectors.MetadataFilter.Or;
import dev.outcrop.engines.vectors.MetadataFilter.StartsWith;
import dev.outcrop.engines.vectors.MetadataFilter.StringContains;
import dev.outcrop.engines.vectors.MetadataValue;
import dev.outcrop.engines.vectors.MetadataValue.Flag;
import dev.outcrop.engines.vectors.MetadataValue.Items;
import dev.outcrop.engines.vectors.MetadataValue.Numeric;
import dev.outcrop.engines.vectors.MetadataValue.Text;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.AutomatonQuery;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TermRangeQuery;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.NumericUtils;
import org.apache.lucene.util.automaton.Automata;
import org.apache.lucene.util.automaton.Operations;
import org.apache.lucene.util.automaton.TooComplexToDeterminizeException;

/**
 * Metadata as terms of one field of Lucene's, however many keys there are, and filters as queries over them. A term is the
 * key behind its length, the kind of the term, and a value: numbers in eight bytes that sort as they do.
 */
final class MetadataTerms {
    static final String FIELD = "metadata";

    private static final char EXISTS = 'e';
    private static final char TEXT = 's';
    private static final char NUMBER = 'n';
    private static final char FLAG = 'b';
    private static final char ITEM = 'i';
    private static final char WHOLE_LIST = 'w';
    /** Lucene's own limit of a term is 32,766. */
    private static final int LONGEST_TERM = 32_000;

    private static final int LONGEST_PART = 1024;

    private final Set<String> notFilterable;

    MetadataTerms(Set<String> notFilterable) {
        this.notFilterable = notFilterable;
    }

    /**
     * The terms of an entry.
     *
     * @throws IllegalArgumentException if a value is too long to be filtered by
     */
    List<BytesRef> of(Map<String, MetadataValue> metadata) {
        List<BytesRef> terms = new ArrayList<>();
        metadata.forEach((key, value) -> {
            if (notFilterable.contains(key)) {
                return;
            }
            terms.add(term(key, EXISTS, new byte[0]));
            if (value instanceof Items(List<MetadataValue> items)) {
                terms.add(wholeList(key, value));
                items.forEach(item -> terms.add(term(key, ITEM, EntryCodec.value(item))));
            }
            value.items().forEach(item -> terms.add(term(key, item)));
        });
        terms.forEach(term -> {
            if (term.length > LONGEST_TERM) {
                throw new IllegalArgumentException("metadata that can be filtered by must have values of at most "
                        + LONGEST_TERM + " bytes, but one has " + term.length);
            }
        });
        return terms;
    }

    private static BytesRef term(String key, char kind, byte[] value) {
        byte[] name = key.getBytes(StandardCharsets.UTF_8);
        return new BytesRef(ByteBuffer.allocate(Integer.BYTES + name.length + 1 + value.length)
                .putInt(name.length)
                .put(name)
                .put((byte) kind)
                .put(value)
                .array());
    }

    private static BytesRef term(String key, MetadataValue value) {
        return switch (value) {
            case Text(String text) -> term(key, TEXT, text.getBytes(StandardCharsets.UTF_8));
            case Numeric(double number) -> term(key, NUMBER, sortable(number));
            case Flag(boolean flag) -> term(key, FLAG, new byte[] {(byte) (flag ? 1 : 0)});
            case Items _ -> wholeList(key, value);
        };
    }

    private static BytesRef wholeList(String key, MetadataValue list) {
        try {
            return term(key, WHOLE_LIST, MessageDigest.getInstance("SHA-256").digest(EntryCodec.value(list)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    private static byte[] sortable(double number) {
        byte[] bytes = new byte[Long.BYTES];
        NumericUtils.longToSortableBytes(NumericUtils.doubleToSortableLong(number + 0.0), bytes, 0);
        return bytes;
    }

    /**
     * The query that finds the entries that {@code filter} wants.
     *
     * @throws IllegalArgumentException if it is nested too deeply, has too many conditions, or asks about what is not
     *                                  filterable
     */
    Query query(MetadataFilter filter) {
        if (filter.depth() > MetadataFilter.DEEPEST) {
            throw new IllegalArgumentException(
                    "a filter must be nested at most " + MetadataFilter.DEEPEST + " deep, but is " + filter.depth());
        }
        try {
            return translated(filter);
        } catch (IndexSearcher.TooManyClauses tooMany) {
            throw new IllegalArgumentException("a filter must have fewer conditions", tooMany);
        }
    }

    private Query translated(MetadataFilter filter) {
        return switch (filter) {
            case And(List<MetadataFilter> filters) -> all(filters);
            case Or(List<MetadataFilter> filters) -> any(filters);
            case Equals(String key, MetadataValue value) -> exactly(key, value);
            case NotEquals(String key, MetadataValue value) -> not(exactly(key, value));
            case GreaterThan(String key, double value) -> range(key, value, false, Double.POSITIVE_INFINITY, true);
            case GreaterThanOrEquals(String key, double value) ->
                range(key, value, true, Double.POSITIVE_INFINITY, true);
            case LessThan(String key, double value) -> range(key, Double.NEGATIVE_INFINITY, true, value, false);
            case LessThanOrEquals(String key, double value) -> range(key, Double.NEGATIVE_INFINITY, true, value, true);
            case In(String key, List<MetadataValue> values) -> oneOf(key, values);
            case NotIn(String key, List<MetadataValue> values) -> not(oneOf(key, values));
            case StartsWith(String key, String prefix) ->
                new PrefixQuery(new Term(FIELD, term(filterable(key), TEXT, prefix.getBytes(StandardCharsets.UTF_8))));
            case ListContains(String key, MetadataValue item) ->
                new TermQuery(new Term(FIELD, term(filterable(key), ITEM, EntryCodec.value(item))));
            case StringContains(String key, String part) -> containing(key, part);
            case Exists(String key, boolean wanted) -> {
                Query exists = new TermQuery(new Term(FIELD, term(filterable(key), EXISTS, new byte[0])));
                yield wanted ? exists : not(exists);
            }
        };
    }

    private String filterable(String key) {
        if (notFilterable.contains(key)) {
            throw new IllegalArgumentException("the metadata key " + key + " cannot be filtered by");
        }
        return key;
    }

    private Query all(List<MetadataFilter> filters) {
        if (filters.isEmpty()) {
            return new MatchAllDocsQuery();
        }
        BooleanQuery.Builder query = new BooleanQuery.Builder();
        filters.forEach(filter -> query.add(translated(filter), BooleanClause.Occur.FILTER));
        return query.build();
    }

    private Query any(List<MetadataFilter> filters) {
        BooleanQuery.Builder query = new BooleanQuery.Builder();
        filters.forEach(filter -> query.add(translated(filter), BooleanClause.Occur.SHOULD));
        return filters.isEmpty() ? new MatchNoDocsQuery("none of no filters") : query.build();
    }

    private static Query not(Query query) {
        return new BooleanQuery.Builder()
                .add(new MatchAllDocsQuery(), BooleanClause.Occur.FILTER)
                .add(query, BooleanClause.Occur.MUST_NOT)
                .build();
    }

    private Query exactly(String key, MetadataValue value) {
        return new TermQuery(new Term(FIELD, term(filterable(key), value)));
    }

    private Query oneOf(String key, List<MetadataValue> values) {
        String name = filterable(key);
        return new TermInSetQuery(
                FIELD, values.stream().map(value -> term(name, value)).toList());
    }

    private Query range(String key, double from, boolean fromIncluded, double to, boolean toIncluded) {
        String name = filterable(key);
        if (Double.isNaN(from) || Double.isNaN(to)) {
            return new MatchNoDocsQuery("nothing compares with what is no number");
        }
        return new TermRangeQuery(
                FIELD, term(name, NUMBER, sortable(from)), term(name, NUMBER, sortable(to)), fromIncluded, toIncluded);
    }

    private Query containing(String key, String part) {
        if (part.length() > LONGEST_PART) {
            throw new IllegalArgumentException(
                    "a part of a string must have at most " + LONGEST_PART + " characters, but has " + part.length());
        }
        BytesRef prefix = term(filterable(key), TEXT, new byte[0]);
        try {
            return new AutomatonQuery(
                    new Term(FIELD, prefix),
                    Operations.determinize(
                            Operations.concatenate(Arrays.asList(
                                    Automata.makeBinary(prefix),
                                    Automata.makeAnyBinary(),
                                    Automata.makeBinary(new BytesRef(part)),
                                    Automata.makeAnyBinary())),
                            10 * Operations.DEFAULT_DETERMINIZE_WORK_LIMIT),
                    true);
        } catch (TooComplexToDeterminizeException tooComplex) {
            throw new IllegalArgumentException("the part of a string that is looked for is too complex", tooComplex);
        }
    }
}
