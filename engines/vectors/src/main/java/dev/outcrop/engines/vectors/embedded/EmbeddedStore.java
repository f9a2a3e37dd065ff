package dev.outcrop.engines.vectors.embedded;

import dev.outcrop.engines.vectors.DistanceMetric;
import dev.outcrop.engines.vectors.Match;
import dev.outcrop.engines.vectors.MetadataFilter;
import dev.outcrop.engines.vectors.VectorEntry;
import dev.outcrop.engines.vectors.VectorStore;
import dev.outcrop.engines.vectors.VectorStoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.TieredMergePolicy;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.SearcherFactory;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.util.BytesRef;

/**
 * A folder of entries. A change is in an encrypted log, forced to disk, before it is acknowledged, and in Lucene's memory
 * then; those that arrive while the disk is busy are written together. Once the log has 64 MiB, Lucene commits what it has,
 * and the log begins anew. What a killed process left in the log is added again when the folder is opened: a put or delete
 * that is done twice changes nothing.
 *
 * <p>A reader sees what returned before, since the index is looked at anew when something was written. A filter is applied
 * while the graph is searched; when it leaves few entries, those are all compared.
 *
 * <p>Files hold nothing in the clear. What was read is in memory as far as the cache goes, so that a store may be larger
 * than memory. When an operation fails of the disk, the store answers no more, and is to be opened anew.
 */
final class EmbeddedStore implements VectorStore {
    private static final String LOG = "log";
    private static final String TEXT = "text";
    private static final long LONGEST_LOG = 64 << 20;
    private static final double BUFFER_MEGABYTES = 64;
    private static final int LARGEST_GROUP = 64;
    private static final int MOST_WANTED = 10_000;
    /** A segment that holds so large a part of all entries is left alone when the others are few. */
    private static final double SMALL_REST = 0.05;

    private static final int MANY_SEGMENTS = 8;

    private final StoreSettings settings;
    private final Vectors vectors;
    private final MetadataTerms terms;
    private final TextAnalyzer analyzer = new TextAnalyzer();
    private final EncryptedDirectory directory;
    private final IndexWriter writer;
    private final SearcherManager searchers;
    private final WriteLog log;
    private final ReentrantLock writing = new ReentrantLock();
    private final ReentrantLock committing = new ReentrantLock();
    private final ConcurrentLinkedQueue<Pending> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicLong written = new AtomicLong();
    private volatile long searched;
    private volatile Optional<Throwable> broken = Optional.empty();

    /**
     * Opens the store in {@code folder}, which is made if need be. Only one may be open over a folder.
     *
     * @param key 32 bytes that its files are encrypted under
     * @throws VectorStoreException if the folder cannot be read or written, or not with this key
     */
    EmbeddedStore(Path folder, StoreSettings settings, byte[] key, BlockCache cache) {
        this.settings = settings;
        vectors = Vectors.of(settings.metric());
        terms = new MetadataTerms(settings.notFilterable());
        if (key.length != FileCipher.KEY_BYTES) {
            throw new IllegalArgumentException(
                    "the key must have " + FileCipher.KEY_BYTES + " bytes, but has " + key.length);
        }
        try {
            Path index = folder.resolve("index");
            Path logs = folder.resolve("log");
            Files.createDirectories(index);
            Files.createDirectories(logs);
            WriteLog.force(folder);
            directory = new EncryptedDirectory(index, key, cache);
            writer = new IndexWriter(directory, configuration());
            try {
                long first = committedLog();
                WriteLog.replay(logs, key, first, frame -> apply(EntryCodec.changes(frame)));
                log = new WriteLog(logs, key, first);
                searchers = new SearcherManager(writer, true, false, new SearcherFactory());
            } catch (IOException | RuntimeException failure) {
                writer.rollback();
                throw failure;
            }
        } catch (IOException | RuntimeException failure) {
            throw new VectorStoreException(
                    "the vectors in " + folder + " cannot be opened: " + failure.getMessage(), failure);
        }
    }

    private IndexWriterConfig configuration() {
        TieredMergePolicy merges = new TieredMergePolicy();
        merges.setSegmentsPerTier(6);
        return new IndexWriterConfig(analyzer)
                .setCodec(new StoreCodec(settings.metric() == DistanceMetric.HAMMING))
                .setRAMBufferSizeMB(BUFFER_MEGABYTES)
                .setMergePolicy(merges)
                .setCommitOnClose(false);
    }

    /** The number of the first file of the log that Lucene's last commit may not have. */
    private long committedLog() {
        Iterable<Map.Entry<String, String>> data = writer.getLiveCommitData();
        if (data != null) {
            for (Map.Entry<String, String> entry : data) {
                if (entry.getKey().equals(LOG)) {
                    return Long.parseLong(entry.getValue());
                }
            }
        }
        return 0;
    }

    /** A change on its way to the disk. */
    private static final class Pending {
        private final byte[] frame;
        private final List<EntryCodec.Change> changes;
        private boolean done;

        Pending(byte[] frame, List<EntryCodec.Change> changes) {
            this.frame = frame;
            this.changes = changes;
        }
    }

    @Override
    public int dimension() {
        return settings.dimension();
    }

    @Override
    public DistanceMetric metric() {
        return settings.metric();
    }

    @Override
    public void put(List<VectorEntry> entries) {
        for (VectorEntry entry : entries) {
            check(entry.vector());
            terms.of(entry.metadata());
        }
        List<EntryCodec.Change> changes =
                entries.stream().<EntryCodec.Change>map(EntryCodec.Put::new).toList();
        write(new Pending(EntryCodec.puts(entries), changes));
    }

    @Override
    public void delete(Collection<String> keys) {
        List<EntryCodec.Change> changes =
                keys.stream().<EntryCodec.Change>map(EntryCodec.Delete::new).toList();
        write(new Pending(EntryCodec.deletes(keys), changes));
    }

    private void write(Pending pending) {
        if (pending.changes.isEmpty()) {
            return;
        }
        waiting.add(pending);
        boolean full = false;
        writing.lock();
        try {
            // Whoever had the lock before may have written this along with its own.
            while (!pending.done) {
                requireWhole();
                full = writeGroup();
            }
        } catch (IOException | RuntimeException failure) {
            throw failed("written", failure);
        } finally {
            writing.unlock();
        }
        if (full) {
            commit();
        }
    }

    private boolean writeGroup() throws IOException {
        List<Pending> group = new ArrayList<>();
        for (Pending next = waiting.poll(); next != null; next = waiting.poll()) {
            group.add(next);
            if (group.size() == LARGEST_GROUP) {
                break;
            }
        }
        log.write(group.stream().map(pending -> pending.frame).toList());
        for (Pending pending : group) {
            apply(pending.changes);
        }
        written.incrementAndGet();
        group.forEach(pending -> pending.done = true);
        return log.bytes() > LONGEST_LOG;
    }

    private void apply(List<EntryCodec.Change> changes) throws IOException {
        for (EntryCodec.Change change : changes) {
            switch (change) {
                case EntryCodec.Put(VectorEntry entry) ->
                    writer.updateDocument(new Term(EntryReader.KEY, entry.key()), document(entry));
                case EntryCodec.Delete(String key) -> writer.deleteDocuments(new Term(EntryReader.KEY, key));
            }
        }
    }

    private Document document(VectorEntry entry) {
        Document document = new Document();
        document.add(new StringField(EntryReader.KEY, entry.key(), Field.Store.NO));
        float[] vector = vectors.prepared(entry.vector());
        document.add(vectors.field(vector));
        document.add(new BinaryDocValuesField(
                EntryReader.BODY, new BytesRef(EntryCodec.body(entry, !Arrays.equals(vector, entry.vector())))));
        if (!entry.text().isEmpty()) {
            document.add(new TextField(TEXT, entry.text(), Field.Store.NO));
        }
        for (BytesRef term : terms.of(entry.metadata())) {
            document.add(new StringField(MetadataTerms.FIELD, term, Field.Store.NO));
        }
        return document;
    }

    private void requireWhole() {
        broken.ifPresent(failure -> {
            throw new VectorStoreException("the store failed before: " + failure.getMessage(), failure);
        });
    }

    private VectorStoreException failed(String what, Exception failure) {
        if (failure instanceof VectorStoreException known) {
            return known;
        }
        broken = Optional.of(failure);
        return new VectorStoreException("the vectors cannot be " + what + ": " + failure.getMessage(), failure);
    }

    /** Whether it has failed, so that it has to be closed and opened anew. */
    boolean isBroken() {
        return broken.isPresent();
    }

    /** Has Lucene write everything to its own files, and the log begin anew. */
    void commit() {
        committing.lock();
        try {
            requireWhole();
            long number;
            writing.lock();
            try {
                number = log.roll();
            } finally {
                writing.unlock();
            }
            // What is in the new file may be in the commit, too, and is then only done twice.
            writer.setLiveCommitData(Map.of(LOG, Long.toString(number)).entrySet());
            writer.commit();
            log.forget(number);
        } catch (IOException | RuntimeException failure) {
            throw failed("committed", failure);
        } finally {
            committing.unlock();
        }
    }

    /** How often something was written. */
    long writes() {
        return written.get();
    }

    /** Makes one segment of many, in which a search is fastest, unless that would change little. */
    void settle() {
        try {
            boolean worth = reading(reader -> {
                List<LeafReaderContext> leaves = reader.getIndexReader().leaves();
                int largest = leaves.stream()
                        .mapToInt(leaf -> leaf.reader().numDocs())
                        .max()
                        .orElse(0);
                int all = reader.getIndexReader().numDocs();
                return leaves.size() > MANY_SEGMENTS || (leaves.size() > 1 && all - largest > SMALL_REST * all);
            });
            if (worth) {
                writer.forceMerge(1);
                written.incrementAndGet();
                commit();
            }
        } catch (IOException | RuntimeException failure) {
            throw failed("merged", failure);
        }
    }

    /** What is done with the index as it is. */
    @FunctionalInterface
    private interface Reading<T> {
        T with(IndexSearcher searcher) throws IOException;
    }

    private <T> T reading(Reading<T> reading) {
        requireWhole();
        try {
            long present = written.get();
            if (searched != present) {
                searchers.maybeRefreshBlocking();
                searched = present;
            }
            IndexSearcher searcher = searchers.acquire();
            try {
                return reading.with(searcher);
            } finally {
                searchers.release(searcher);
            }
        } catch (IndexSearcher.TooManyClauses tooMany) {
            throw new IllegalArgumentException("a filter must have fewer conditions", tooMany);
        } catch (IOException failure) {
            throw failed("read", failure);
        }
    }

    @Override
    public Optional<VectorEntry> get(String key) {
        return reading(searcher -> new EntryReader(searcher.getIndexReader(), vectors).find(key));
    }

    @Override
    public List<VectorEntry> list(Optional<String> after, int count) {
        return reading(searcher -> new EntryReader(searcher.getIndexReader(), vectors).list(after, count));
    }

    @Override
    public List<Match> nearest(float[] query, int count, Optional<MetadataFilter> filter) {
        check(query);
        int wanted = checked(count);
        Query allowed = filter.map(terms::query).orElse(null);
        float[] target = vectors.prepared(query);
        return reading(searcher -> {
            ScoreDoc[] found = searcher.search(vectors.query(target, candidates(wanted), allowed), wanted).scoreDocs;
            return new EntryReader(searcher.getIndexReader(), vectors).matches(found, target);
        });
    }

    /** How many the graph is searched for: the more, the surer are those that are wanted among them. */
    private static int candidates(int wanted) {
        return wanted + Math.max(10, wanted / 4);
    }

    private static int checked(int count) {
        if (count < 1 || count > MOST_WANTED) {
            throw new IllegalArgumentException(
                    "the number of results must be between 1 and " + MOST_WANTED + ", but is " + count);
        }
        return count;
    }

    @Override
    public boolean searchesText() {
        return true;
    }

    @Override
    public List<Match> keywords(String query, int count, Optional<MetadataFilter> filter) {
        int wanted = checked(count);
        BooleanQuery.Builder words = new BooleanQuery.Builder();
        List<String> found = analyzer.words(TEXT, query);
        if (found.isEmpty()) {
            return List.of();
        }
        found.forEach(word -> words.add(new TermQuery(new Term(TEXT, word)), BooleanClause.Occur.SHOULD));
        words.setMinimumNumberShouldMatch(1);
        filter.map(terms::query).ifPresent(allowed -> words.add(allowed, BooleanClause.Occur.FILTER));
        return reading(searcher -> {
            EntryReader entries = new EntryReader(searcher.getIndexReader(), vectors);
            List<Match> matches = new ArrayList<>();
            for (ScoreDoc hit : searcher.search(words.build(), wanted).scoreDocs) {
                matches.add(entries.match(hit.doc, hit.score));
            }
            return matches;
        });
    }

    @Override
    public void close() {
        Optional<VectorStoreException> failure = Optional.empty();
        if (broken.isEmpty() && log.bytes() > 0) {
            try {
                commit();
            } catch (VectorStoreException uncommitted) {
                // The log has it all.
                failure = Optional.of(uncommitted);
            }
        }
        writing.lock();
        try {
            if (broken.isEmpty()) {
                broken = Optional.of(new IllegalStateException("it is closed"));
            }
            searchers.close();
            writer.rollback();
            directory.close();
            log.close();
        } catch (IOException unclosed) {
            failure = Optional.of(new VectorStoreException("the vectors cannot be closed", unclosed));
        } finally {
            writing.unlock();
        }
        if (failure.isPresent()) {
            throw failure.get();
        }
    }
}
