package dev.outcrop.engines.documents;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;

/** Cuts documents by the strategies of {@link Chunking}: first into units that stay whole, then units into chunks. */
final class Chunker {
    private static final int SENTENCES_AT_ONCE = 256;

    private final TokenCounter counter;

    Chunker(TokenCounter counter) {
        this.counter = counter;
    }

    /** What a unit is, which says how it is joined to the one before it in its block. */
    private enum Kind {
        HEADING,
        SENTENCE,
        LINE,
        ROW
    }

    /**
     * What stays whole: a sentence, a heading, a list item, a row.
     *
     * @param block  which block it is of
     * @param header the table's header, for a row; else ""
     */
    private record Unit(Kind kind, String text, int tokens, int page, int block, String header, int headerTokens) {
        Unit with(String part, int count) {
            return new Unit(kind, part, count, page, block, header, headerTokens);
        }
    }

    /** Chunks of at most so many tokens, each repeating so many of the one before it. */
    List<Chunk> fixed(Document document, int maximum, int overlap) {
        return pack(units(document), maximum, overlap, true).stream()
                .map(units -> chunk(units, -1, ""))
                .toList();
    }

    /** Children with their parents. */
    List<Chunk> hierarchical(Document document, int parentTokens, int childTokens, int overlap) {
        List<List<Unit>> parents = pack(units(document), parentTokens, overlap, true);
        List<Chunk> chunks = new ArrayList<>();
        for (int parent = 0; parent < parents.size(); parent++) {
            String text = render(parents.get(parent));
            for (List<Unit> child : pack(parents.get(parent), childTokens, overlap, false)) {
                chunks.add(chunk(child, parent, text));
            }
        }
        return chunks;
    }

    /** Chunks that end where the meaning turns most. */
    List<Chunk> semantic(Document document, Chunking.Semantic settings) {
        List<List<Unit>> sentences = withHeadings(units(document));
        List<Chunk> chunks = new ArrayList<>();
        List<Unit> group = new ArrayList<>();
        boolean[] cut = cuts(sentences, settings);
        for (int i = 0; i < sentences.size(); i++) {
            group.addAll(sentences.get(i));
            if (i == sentences.size() - 1 || cut[i]) {
                pack(group, settings.maximumTokens(), 0, false).forEach(units -> chunks.add(chunk(units, -1, "")));
                group = new ArrayList<>();
            }
        }
        return chunks;
    }

    /** Each unit with the headings that stand directly before it. */
    private static List<List<Unit>> withHeadings(List<Unit> units) {
        List<List<Unit>> sentences = new ArrayList<>();
        List<Unit> sentence = new ArrayList<>();
        for (Unit unit : units) {
            sentence.add(unit);
            if (unit.kind() != Kind.HEADING) {
                sentences.add(sentence);
                sentence = new ArrayList<>();
            }
        }
        if (!sentence.isEmpty()) {
            sentences.add(sentence);
        }
        return sentences;
    }

    /** Behind which sentences to cut: those least like the next. */
    private static boolean[] cuts(List<List<Unit>> sentences, Chunking.Semantic settings) {
        int pairs = sentences.size() - 1;
        boolean[] cut = new boolean[sentences.size()];
        int breaks = (int) ((long) pairs * (100 - settings.breakpointPercentile()) / 100);
        if (breaks <= 0) {
            return cut;
        }
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < sentences.size(); i++) {
            List<Unit> window = new ArrayList<>();
            int last = Math.min(sentences.size() - 1, i + settings.bufferSize());
            for (int j = Math.max(0, i - settings.bufferSize()); j <= last; j++) {
                window.addAll(sentences.get(j));
            }
            texts.add(render(window));
        }
        List<float[]> vectors = new ArrayList<>();
        for (int from = 0; from < texts.size(); from += SENTENCES_AT_ONCE) {
            vectors.addAll(
                    settings.vectors().of(texts.subList(from, Math.min(texts.size(), from + SENTENCES_AT_ONCE))));
        }
        double[] likeness = new double[pairs];
        for (int i = 0; i < pairs; i++) {
            likeness[i] = cosine(vectors.get(i), vectors.get(i + 1));
        }
        IntStream.range(0, pairs)
                .boxed()
                .sorted(Comparator.comparingDouble(pair -> likeness[pair]))
                .limit(breaks)
                .forEach(pair -> cut[pair] = true);
        return cut;
    }

    private static double cosine(float[] one, float[] other) {
        double product = 0;
        double first = 0;
        double second = 0;
        for (int i = 0; i < one.length; i++) {
            product += one[i] * (double) other[i];
            first += one[i] * (double) one[i];
            second += other[i] * (double) other[i];
        }
        return product / Math.sqrt(first * second);
    }

    private List<Unit> units(Document document) {
        List<Unit> units = new ArrayList<>();
        List<Block> blocks = document.blocks();
        for (int block = 0; block < blocks.size(); block++) {
            int page = blocks.get(block).page();
            switch (blocks.get(block)) {
                case Block.Heading heading -> add(units, Kind.HEADING, heading.markdown(), page, block);
                case Block.Paragraph paragraph -> {
                    for (String sentence : Sentences.split(paragraph.text())) {
                        add(units, Kind.SENTENCE, sentence, page, block);
                    }
                }
                case Block.Preformatted code -> {
                    for (String line : code.text().split("\\R")) {
                        add(units, Kind.LINE, line.stripTrailing(), page, block);
                    }
                }
                case Block.Listing list -> {
                    for (Block.Item item : list.items()) {
                        add(units, Kind.LINE, item.markdown(), page, block);
                    }
                }
                case Block.Table table -> addRows(units, table, block);
            }
        }
        return units;
    }

    private void add(List<Unit> units, Kind kind, String text, int page, int block) {
        if (!text.isBlank()) {
            units.add(new Unit(kind, text, counter.count(text), page, block, "", 0));
        }
    }

    private void addRows(List<Unit> units, Block.Table table, int block) {
        String header = table.markdownHeader();
        if (table.rows().size() == 1) {
            add(units, Kind.LINE, header, table.page(), block);
            return;
        }
        int headerTokens = counter.count(header);
        for (int row = 1; row < table.rows().size(); row++) {
            String text = table.markdownRow(row);
            units.add(new Unit(Kind.ROW, text, counter.count(text), table.page(), block, header, headerTokens));
        }
    }

    /** Units together in chunks of at most {@code maximum} tokens, each beginning with what overlaps the one before. */
    private List<List<Unit>> pack(List<Unit> units, int maximum, int overlap, boolean sections) {
        List<List<Unit>> chunks = new ArrayList<>();
        List<Unit> current = new ArrayList<>();
        // How many of the first units of the current chunk are only repeated.
        int repeated = 0;
        int tokens = 0;
        Deque<Unit> waiting = new ArrayDeque<>();
        for (int i = 0; i < units.size() || !waiting.isEmpty(); ) {
            if (waiting.isEmpty()) {
                waiting.addAll(pieces(units.get(i++), maximum));
            }
            Unit unit = waiting.removeFirst();
            List<Unit> headings = trailingHeadings(current, repeated);
            boolean begun = current.size() - headings.size() > repeated;
            boolean section = sections && unit.kind() == Kind.HEADING && headings.isEmpty() && tokens >= maximum / 2;
            if (begun && (section || tokens + cost(current, unit) > maximum)) {
                current.subList(current.size() - headings.size(), current.size())
                        .clear();
                chunks.add(current);
                current = tail(current, overlap);
                repeated = current.size();
                current.addAll(headings);
                tokens = tokens(current);
            }
            // What is repeated makes way for what is new.
            while (repeated > 0 && tokens + cost(current, unit) > maximum) {
                current.removeFirst();
                repeated--;
                tokens = tokens(current);
            }
            int room = maximum - tokens;
            if (!current.isEmpty() && cost(current, unit) > room) {
                if (room >= maximum / 2 && unit.kind() != Kind.ROW) {
                    // A part of it stays with its heading.
                    List<Unit> parts = pieces(unit, room);
                    unit = parts.getFirst();
                    parts.subList(1, parts.size()).reversed().forEach(waiting::addFirst);
                } else {
                    chunks.add(current);
                    current = new ArrayList<>();
                    tokens = 0;
                }
            }
            tokens += cost(current, unit);
            current.add(unit);
        }
        if (current.size() > repeated) {
            chunks.add(current);
        }
        return chunks;
    }

    private static List<Unit> trailingHeadings(List<Unit> units, int after) {
        int from = units.size();
        while (from > after && units.get(from - 1).kind() == Kind.HEADING) {
            from--;
        }
        return List.copyOf(units.subList(from, units.size()));
    }

    /** What {@code unit} adds to a chunk: itself, and its table's header where the table begins or goes on. */
    private static int cost(List<Unit> chunk, Unit unit) {
        boolean begins = chunk.isEmpty() || chunk.getLast().block() != unit.block();
        return unit.tokens() + (begins ? unit.headerTokens() : 0);
    }

    private static int tokens(List<Unit> units) {
        int tokens = 0;
        for (int i = 0; i < units.size(); i++) {
            tokens += cost(units.subList(0, i), units.get(i));
        }
        return tokens;
    }

    /** The last sentences of at most {@code overlap} tokens, or the last words of a longer one; rows are not repeated. */
    private List<Unit> tail(List<Unit> units, int overlap) {
        List<Unit> tail = new ArrayList<>();
        int tokens = 0;
        for (int i = units.size() - 1; i >= 0 && units.get(i).kind() != Kind.ROW; i--) {
            Unit unit = units.get(i);
            if (tokens + unit.tokens() > overlap) {
                if (tail.isEmpty() && overlap > 0 && unit.kind() == Kind.SENTENCE) {
                    lastWords(unit, overlap, tail);
                }
                break;
            }
            tail.addFirst(unit);
            tokens += unit.tokens();
        }
        return tail;
    }

    private void lastWords(Unit unit, int maximum, List<Unit> tail) {
        int from = unit.text().length();
        int tokens = 0;
        while (from > 0) {
            int begin = Math.max(0, unit.text().lastIndexOf(' ', from - 2) + 1);
            int more = counter.count(unit.text().substring(begin, from));
            if (tokens + more > maximum || begin == 0) {
                break;
            }
            tokens += more;
            from = begin;
        }
        if (tokens > 0) {
            tail.add(unit.with(unit.text().substring(from), tokens));
        }
    }

    /** A unit cut between words where it alone is longer than {@code maximum}. */
    private List<Unit> pieces(Unit unit, int maximum) {
        if (unit.tokens() + unit.headerTokens() <= maximum) {
            return List.of(unit);
        }
        if (unit.headerTokens() > 0) {
            // Too long for its header.
            return pieces(new Unit(unit.kind(), unit.text(), unit.tokens(), unit.page(), unit.block(), "", 0), maximum);
        }
        List<Unit> pieces = new ArrayList<>();
        StringBuilder piece = new StringBuilder();
        int tokens = 0;
        for (String word : words(unit.text(), maximum)) {
            int more = counter.count(word);
            if (tokens + more > maximum && !piece.isEmpty()) {
                pieces.add(unit.with(piece.toString().strip(), tokens));
                piece.setLength(0);
                tokens = 0;
            }
            piece.append(word);
            tokens += more;
        }
        if (!piece.toString().isBlank()) {
            pieces.add(unit.with(piece.toString().strip(), tokens));
        }
        return pieces;
    }

    /** Words with the spaces behind them; one of more than {@code maximum} tokens is cut between letters. */
    private List<String> words(String text, int maximum) {
        List<String> words = new ArrayList<>();
        for (String word : text.split("(?<=\\s)(?=\\S)")) {
            int tokens = word.length() <= maximum ? 0 : counter.count(word);
            if (tokens <= maximum) {
                words.add(word);
            } else {
                int length = Math.max(1, (int) ((long) word.length() * maximum / tokens));
                for (int from = 0; from < word.length(); ) {
                    int to = Math.min(word.length(), from + length);
                    if (to < word.length() && Character.isLowSurrogate(word.charAt(to))) {
                        to++;
                    }
                    words.add(word.substring(from, to));
                    from = to;
                }
            }
        }
        return words;
    }

    private static Chunk chunk(List<Unit> units, int parent, String parentText) {
        return new Chunk(render(units), units.getFirst().page(), units.getLast().page(), parent, parentText);
    }

    private static String render(List<Unit> units) {
        StringBuilder text = new StringBuilder();
        int block = -1;
        for (Unit unit : units) {
            if (unit.block() != block) {
                text.append(text.isEmpty() ? "" : "\n\n").append(unit.header());
                text.append(unit.header().isEmpty() ? "" : "\n");
            } else {
                text.append(unit.kind() == Kind.SENTENCE || unit.kind() == Kind.HEADING ? " " : "\n");
            }
            text.append(unit.text());
            block = unit.block();
        }
        return text.toString();
    }
}
