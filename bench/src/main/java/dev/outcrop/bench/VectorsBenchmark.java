package dev.outcrop.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.engines.vectors.DistanceMetric;
import dev.outcrop.engines.vectors.Match;
import dev.outcrop.engines.vectors.VectorEntry;
import dev.outcrop.engines.vectors.VectorStore;
import dev.outcrop.engines.vectors.embedded.EmbeddedStores;
import dev.outcrop.engines.vectors.embedded.StoreSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;

/**
 * The embedded store of vectors beside hnswlib and faiss: 100,000 vectors of 384 values, single queries on one thread. Ours
 * are durable and encrypted on disk and come with their keys; theirs are in memory. Theirs search as widely as they need to
 * for a recall of 0.98, ours as it always does.
 *
 * <p>The vectors are made: points around 500 centres in 64 dimensions whose weight falls, mixed into 384 with some noise,
 * which is about as hard as sentence embeddings are. The three are measured in turns; what counts is the median of the
 * rounds' ratios.
 */
final class VectorsBenchmark implements Benchmark {
    private static final List<String> REQUIREMENTS = List.of("hnswlib==0.8.0", "faiss-cpu==1.15.1", "numpy==2.4.6");
    private static final int VECTORS = Integer.getInteger("outcrop.bench.vectors", 100_000);
    private static final int QUERIES = 1000;
    private static final int DIMENSION = 384;
    private static final int HIDDEN = 64;
    private static final int CENTRES = 500;
    private static final int NEAREST = 10;
    private static final int BATCH = 500;
    private static final int ROUNDS = 5;
    private static final Duration PATIENCE = Duration.ofMinutes(30);

    private final ObjectMapper json = new ObjectMapper();

    /** Of single queries; times in microseconds. */
    private record Search(double recall, double p50, double p99) {}

    @Override
    public String name() {
        return "vectors";
    }

    @Override
    public String description() {
        return "nearest neighbours among 100,000 × 384, beside hnswlib and faiss";
    }

    @Override
    public void run(Workplace workplace, Report report) throws Exception {
        Path python = workplace.python("vectors", REQUIREMENTS).resolve("python");
        Path base = workplace.scratch().resolve("base.f32");
        Path query = workplace.scratch().resolve("query.f32");
        Path exact = workplace.scratch().resolve("exact.i32");
        Random random = new Random(7);
        Cloud cloud = new Cloud(random);
        float[][] vectors = cloud.vectors(random, VECTORS);
        float[][] queries = cloud.vectors(random, QUERIES);
        write(base, vectors);
        write(query, queries);
        List<String> files = List.of(query.toString(), String.valueOf(DIMENSION), exact.toString());
        peer(workplace, python, List.of("exact", base.toString(), query.toString(), "" + DIMENSION, exact.toString()));
        int[][] nearest = read(exact);
        report.note(VECTORS + " × " + DIMENSION + ", " + QUERIES + " queries for " + NEAREST
                + ", one thread; median of " + ROUNDS + " rounds; vector instructions of Java "
                + (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent() ? "used" : "not used"));
        Map<String, String> efs = new TreeMap<>();
        for (String peer : List.of("hnswlib", "faiss")) {
            List<String> build = new ArrayList<>(List.of("build", peer, base.toString()));
            build.addAll(files);
            build.add(workplace.scratch().resolve(peer).toString());
            JsonNode built = peer(workplace, python, build);
            report.figure(peer + ": build", built.path("seconds").asDouble(), "s");
            report.note(peer + " searches with ef = " + built.path("ef").asInt());
            efs.put(peer, built.path("ef").asText());
        }
        Map<String, List<Search>> searches = new TreeMap<>();
        StoreSettings settings = new StoreSettings(DIMENSION, DistanceMetric.COSINE, Set.of());
        try (EmbeddedStores stores = new EmbeddedStores();
                VectorStore store = stores.open(workplace.scratch().resolve("store"), settings, new byte[32])) {
            long began = System.nanoTime();
            put(store, vectors);
            report.figure("Outcrop: acknowledged", (System.nanoTime() - began) / 1e9, "s");
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (!stores.isSettled() && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
            report.figure("Outcrop: acknowledged, idle 5 s, merged", (System.nanoTime() - began) / 1e9, "s");
            measured(store, queries, nearest);
            for (int round = 0; round < ROUNDS; round++) {
                add(searches, "Outcrop", measured(store, queries, nearest));
                for (Map.Entry<String, String> ef : efs.entrySet()) {
                    List<String> search = new ArrayList<>(List.of("search", ef.getKey()));
                    search.addAll(files);
                    search.add(workplace.scratch().resolve(ef.getKey()).toString());
                    search.add(ef.getValue());
                    JsonNode line = peer(workplace, python, search);
                    add(
                            searches,
                            ef.getKey(),
                            new Search(
                                    line.path("recall").asDouble(),
                                    line.path("p50").asDouble(),
                                    line.path("p99").asDouble()));
                }
            }
        }
        searches.forEach((who, rounds) -> {
            report.figure(who + ": recall@10", rounds.getFirst().recall(), "");
            report.figure(who + ": p50", median(rounds.stream().mapToDouble(Search::p50)), "µs");
            report.figure(who + ": p99", median(rounds.stream().mapToDouble(Search::p99)), "µs");
        });
        List<Search> ours = searches.get("Outcrop");
        report.atLeast("recall@10", ours.getFirst().recall(), 0.98, "");
        for (String peer : efs.keySet()) {
            List<Search> theirs = searches.get(peer);
            double[] ratios = new double[ROUNDS];
            Arrays.setAll(
                    ratios, round -> ours.get(round).p50() / theirs.get(round).p50());
            report.atMost("p50 beside " + peer, median(Arrays.stream(ratios)), 1, "×");
        }
    }

    private static void add(Map<String, List<Search>> searches, String who, Search search) {
        searches.computeIfAbsent(who, _ -> new ArrayList<>()).add(search);
    }

    private static double median(DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static void put(VectorStore store, float[][] vectors) {
        List<VectorEntry> batch = new ArrayList<>();
        for (int i = 0; i < vectors.length; i++) {
            batch.add(new VectorEntry(String.valueOf(i), vectors[i], "", Map.of()));
            if (batch.size() == BATCH || i == vectors.length - 1) {
                store.put(batch);
                batch.clear();
            }
        }
    }

    private static Search measured(VectorStore store, float[][] queries, int[][] exact) {
        long[] nanos = new long[queries.length];
        int found = 0;
        for (int i = 0; i < queries.length; i++) {
            long began = System.nanoTime();
            List<Match> matches = store.nearest(queries[i], NEAREST, Optional.empty());
            nanos[i] = System.nanoTime() - began;
            Set<String> keys = new HashSet<>();
            matches.forEach(match -> keys.add(match.key()));
            for (int number : exact[i]) {
                found += keys.contains(String.valueOf(number)) ? 1 : 0;
            }
        }
        Arrays.sort(nanos);
        return new Search(
                found / (double) (queries.length * NEAREST),
                nanos[nanos.length / 2] / 1e3,
                nanos[nanos.length * 99 / 100] / 1e3);
    }

    private JsonNode peer(Workplace workplace, Path python, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                python.toString(),
                workplace.source().resolve("bench/peers/vectors.py").toString()));
        command.addAll(arguments);
        return json.readTree(workplace.output(command, PATIENCE));
    }

    private static void write(Path file, float[][] vectors) throws IOException {
        ByteBuffer bytes =
                ByteBuffer.allocate(vectors.length * DIMENSION * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float[] vector : vectors) {
            for (float value : vector) {
                bytes.putFloat(value);
            }
        }
        Files.write(file, bytes.array());
    }

    private static int[][] read(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int[][] rows = new int[bytes.remaining() / Integer.BYTES / NEAREST][NEAREST];
        for (int[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                row[i] = bytes.getInt();
            }
        }
        return rows;
    }

    /** Where vectors come from. */
    private static final class Cloud {
        private final float[][] mix = new float[HIDDEN][DIMENSION];
        private final float[][] centres = new float[CENTRES][HIDDEN];

        Cloud(Random random) {
            for (float[] row : mix) {
                for (int i = 0; i < row.length; i++) {
                    row[i] = (float) random.nextGaussian();
                }
            }
            for (float[] centre : centres) {
                for (int i = 0; i < centre.length; i++) {
                    centre[i] = (float) random.nextGaussian();
                }
            }
        }

        float[][] vectors(Random random, int count) {
            float[][] vectors = new float[count][DIMENSION];
            for (float[] vector : vectors) {
                float[] centre = centres[random.nextInt(CENTRES)];
                for (int hidden = 0; hidden < HIDDEN; hidden++) {
                    float weight = (float) ((centre[hidden] + 0.7 * random.nextGaussian()) / Math.sqrt(hidden + 1));
                    for (int i = 0; i < DIMENSION; i++) {
                        vector[i] += weight * mix[hidden][i];
                    }
                }
                double square = 0;
                for (int i = 0; i < DIMENSION; i++) {
                    vector[i] += (float) (0.3 * random.nextGaussian());
                    square += (double) vector[i] * vector[i];
                }
                float length = (float) Math.sqrt(square);
                for (int i = 0; i < DIMENSION; i++) {
                    vector[i] /= length;
                }
            }
            return vectors;
        }
    }
}
