package dev.outcrop.engines.vectors.embedded;

import dev.outcrop.engines.vectors.Match;
import dev.outcrop.engines.vectors.VectorEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.ByteVectorValues;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.MultiTerms;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;

/** Reads entries, and the vectors of candidates, from one state of the index. */
final class EntryReader {
    static final String KEY = "key";
    static final String BODY = "body";

    private final IndexReader reader;
    private final Vectors vectors;

    EntryReader(IndexReader reader, Vectors vectors) {
        this.reader = reader;
        this.vectors = vectors;
    }

    /** What was found, with its exact similarities to {@code target}, the most similar first. */
    List<Match> matches(ScoreDoc[] found, float[] target) throws IOException {
        Arrays.sort(found, Comparator.comparingInt(hit -> hit.doc));
        double[] similarities = new double[found.length];
        int at = 0;
        for (LeafReaderContext leaf : reader.leaves()) {
            int end = at;
            while (end < found.length
                    && found[end].doc < leaf.docBase + leaf.reader().maxDoc()) {
                end++;
            }
            if (end > at) {
                compare(leaf, found, at, end, target, similarities);
                at = end;
            }
        }
        List<Match> matches = new ArrayList<>(found.length);
        for (int i = 0; i < found.length; i++) {
            matches.add(match(found[i].doc, similarities[i]));
        }
        matches.sort(Comparator.comparingDouble(Match::score).reversed());
        return matches;
    }

    private void compare(
            LeafReaderContext leaf, ScoreDoc[] found, int from, int to, float[] target, double[] similarities)
            throws IOException {
        switch (vectors) {
            case Vectors.Floats floats -> {
                FloatVectorValues values = leaf.reader().getFloatVectorValues(Vectors.FIELD);
                KnnVectorValues.DocIndexIterator places = values.iterator();
                for (int i = from; i < to; i++) {
                    places.advance(found[i].doc - leaf.docBase);
                    similarities[i] = floats.similarity(target, values.vectorValue(places.index()));
                }
            }
            case Vectors.Bits _ -> {
                byte[] packed = Vectors.Bits.packed(target);
                ByteVectorValues values = leaf.reader().getByteVectorValues(Vectors.FIELD);
                KnnVectorValues.DocIndexIterator places = values.iterator();
                for (int i = from; i < to; i++) {
                    places.advance(found[i].doc - leaf.docBase);
                    similarities[i] = Vectors.Bits.similarity(packed, values.vectorValue(places.index()));
                }
            }
        }
    }

    Match match(int doc, double score) throws IOException {
        LeafReaderContext leaf = reader.leaves().get(ReaderUtil.subIndex(doc, reader.leaves()));
        EntryCodec.Body body = body(leaf.reader(), doc - leaf.docBase);
        return new Match(body.key(), body.text(), body.metadata(), score);
    }

    private static EntryCodec.Body body(LeafReader leaf, int doc) throws IOException {
        BinaryDocValues bodies = leaf.getBinaryDocValues(BODY);
        if (bodies == null || !bodies.advanceExact(doc)) {
            throw new IOException("an entry has no body");
        }
        BytesRef bytes = bodies.binaryValue();
        return EntryCodec.body(bytes.bytes, bytes.offset, bytes.length);
    }

    Optional<VectorEntry> find(String key) throws IOException {
        BytesRef term = new BytesRef(key);
        for (LeafReaderContext leaf : reader.leaves()) {
            Terms terms = leaf.reader().terms(KEY);
            if (terms == null) {
                continue;
            }
            TermsEnum places = terms.iterator();
            if (places.seekExact(term)) {
                Optional<VectorEntry> entry = live(leaf.reader(), places);
                if (entry.isPresent()) {
                    return entry;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<VectorEntry> live(LeafReader leaf, TermsEnum place) throws IOException {
        Bits live = leaf.getLiveDocs();
        PostingsEnum docs = place.postings(null, PostingsEnum.NONE);
        for (int doc = docs.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = docs.nextDoc()) {
            if (live == null || live.get(doc)) {
                return Optional.of(entry(leaf, doc));
            }
        }
        return Optional.empty();
    }

    private VectorEntry entry(LeafReader leaf, int doc) throws IOException {
        EntryCodec.Body body = body(leaf, doc);
        float[] vector = body.vector().isPresent() ? body.vector().get() : vector(leaf, doc);
        return new VectorEntry(body.key(), vector, body.text(), body.metadata());
    }

    private float[] vector(LeafReader leaf, int doc) throws IOException {
        return switch (vectors) {
            case Vectors.Floats _ -> {
                FloatVectorValues values = leaf.getFloatVectorValues(Vectors.FIELD);
                yield values.vectorValue(place(values, doc)).clone();
            }
            case Vectors.Bits _ -> {
                ByteVectorValues values = leaf.getByteVectorValues(Vectors.FIELD);
                yield Vectors.Bits.unpacked(values.vectorValue(place(values, doc)));
            }
        };
    }

    private static int place(KnnVectorValues values, int doc) throws IOException {
        KnnVectorValues.DocIndexIterator places = values.iterator();
        if (places.advance(doc) != doc) {
            throw new IOException("an entry has no vector");
        }
        return places.index();
    }

    /** Entries in the order of their keys' UTF-8. */
    List<VectorEntry> list(Optional<String> after, int count) throws IOException {
        List<VectorEntry> entries = new ArrayList<>();
        Terms terms = MultiTerms.getTerms(reader, KEY);
        if (terms == null) {
            return entries;
        }
        TermsEnum keys = terms.iterator();
        BytesRef key;
        if (after.isEmpty()) {
            key = keys.next();
        } else {
            BytesRef last = new BytesRef(after.get());
            TermsEnum.SeekStatus found = keys.seekCeil(last);
            key = switch (found) {
                case END -> null;
                case FOUND -> keys.next();
                case NOT_FOUND -> keys.term();
            };
        }
        for (; key != null && entries.size() < count; key = keys.next()) {
            // A key of entries that are all deleted may still stand among the terms.
            find(key.utf8ToString()).ifPresent(entries::add);
        }
        return entries;
    }
}
