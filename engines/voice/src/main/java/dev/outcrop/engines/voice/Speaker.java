package dev.outcrop.engines.voice;

import dev.outcrop.engines.voice.SpeechMark.Kind;
import dev.outcrop.engines.voice.Voice.Utterance;
import dev.outcrop.engines.voice.english.Pronouncer;
import dev.outcrop.engines.voice.english.SayAs;
import dev.outcrop.engines.voice.english.SpokenWord;
import dev.outcrop.engines.voice.english.TextNormalizer;
import dev.outcrop.engines.voice.english.Token;
import dev.outcrop.engines.voice.markup.Lexicon;
import dev.outcrop.engines.voice.markup.SourceText;
import dev.outcrop.engines.voice.markup.Speech;
import dev.outcrop.engines.voice.markup.Speech.Reading;
import dev.outcrop.engines.voice.markup.Style;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Reads speech aloud in English, sentence by sentence: each is spoken when it is asked for, so that a long text begins to
 * sound at once and never lies in memory as a whole. What is said in another manner than what stands before it, and what
 * follows a pause, is a breath of its own.
 *
 * <p>Times are those of the voice's own durations, to a frame of 12 ms.
 */
public final class Speaker {
    private static final double AFTER_SENTENCE = .3;
    private static final double AFTER_PARAGRAPH = .6;
    private static final int MOST_SYMBOLS = Voice.MOST_SYMBOLS - 8;
    /** From here on a breath ends where it can. */
    private static final int MANY_SYMBOLS = 300;

    private static final int LONGEST_WORD = 100;

    private final Voice voice;
    private final Pronouncer pronouncer;

    /** Speaks with a voice. */
    public Speaker(Voice voice, Pronouncer pronouncer) {
        this.voice = voice;
        this.pronouncer = pronouncer;
    }

    /**
     * A sentence that was spoken.
     *
     * @param samples one channel, from -1 to 1, with the silence behind it
     * @param marks   in the order of their times, which count from the begin of the whole speech
     */
    public record Spoken(float[] samples, List<SpeechMark> marks) {
        public Spoken {
            marks = List.copyOf(marks);
        }
    }

    /** What a text consists of, once it is known how it is read. */
    private sealed interface Item {
        int start();

        int end();
    }

    /**
     * Something that is said.
     *
     * @param phones its sounds, if those are given; else its words are pronounced
     */
    private record Say(
            int start, int end, List<SpokenWord> words, List<Phone> phones, String role, Style style, boolean beep)
            implements Item {}

    private record Stop(int start, int end, char mark, boolean ends) implements Item {}

    private record Pause(int start, int end, double seconds) implements Item {}

    private record Bookmark(int start, int end, String name) implements Item {}

    private record Boundary(boolean paragraph) implements Item {
        @Override
        public int start() {
            return 0;
        }

        @Override
        public int end() {
            return 0;
        }
    }

    /**
     * Speaks.
     *
     * @param lexicons what is said for words, the first that has a word decides
     */
    public Iterator<Spoken> speak(Speech speech, List<Lexicon> lexicons) {
        Iterator<List<Item>> sentences = sentences(items(speech, lexicons)).iterator();
        return new Iterator<>() {
            private long spoken;

            @Override
            public boolean hasNext() {
                return sentences.hasNext();
            }

            @Override
            public Spoken next() {
                if (!sentences.hasNext()) {
                    throw new NoSuchElementException();
                }
                Spoken sentence = new Sentence(speech.source(), sentences.next(), spoken).speak();
                spoken += sentence.samples.length;
                return sentence;
            }
        };
    }

    private List<Item> items(Speech speech, List<Lexicon> lexicons) {
        List<Item> items = new ArrayList<>();
        for (Speech.Part part : speech.parts()) {
            switch (part) {
                case Speech.Said said -> read(said, lexicons, items);
                case Speech.Pause pause ->
                    items.add(
                            new Pause(pause.start(), pause.end(), pause.length().toMillis() / 1000.0));
                case Speech.Bookmark mark -> items.add(new Bookmark(mark.start(), mark.end(), mark.name()));
                case Speech.Boundary boundary -> items.add(new Boundary(boundary.paragraph()));
            }
        }
        return items;
    }

    private void read(Speech.Said said, List<Lexicon> lexicons, List<Item> items) {
        String text = said.text().text();
        int begin = 0;
        int end = text.length();
        while (begin < end && Character.isWhitespace(text.charAt(begin))) {
            begin++;
        }
        while (end > begin && Character.isWhitespace(text.charAt(end - 1))) {
            end--;
        }
        int start = said.text().offsets()[begin];
        int stop = said.text().offsets()[end];
        Style style = said.style();
        if (said.reading() instanceof Reading.Plain) {
            plain(said.text(), style, lexicons, items);
        } else if (begin < end) {
            items.add(
                    switch (said.reading()) {
                        case Reading.Substitute substitute ->
                            new Say(
                                    start,
                                    stop,
                                    SayAs.asItStands(substitute.alias(), pronouncer::knows),
                                    List.of(),
                                    "",
                                    style,
                                    false);
                        case Reading.Sounds sounds ->
                            new Say(start, stop, List.of(), sounds.phones(), "", style, false);
                        case Reading.Role role ->
                            new Say(
                                    start,
                                    stop,
                                    SayAs.asItStands(text, pronouncer::knows),
                                    List.of(),
                                    role.role(),
                                    style,
                                    false);
                        case Reading.Kind kind ->
                            new Say(
                                    start,
                                    stop,
                                    kind.kind().equals("expletive")
                                            ? List.of()
                                            : SayAs.read(text, kind.kind(), kind.format(), pronouncer::knows),
                                    List.of(),
                                    "",
                                    style,
                                    kind.kind().equals("expletive"));
                        case Reading.Plain _ -> throw new IllegalStateException("read above");
                    });
        }
    }

    /** Words of lexicons are found first, as they are written; what is between is read as usual. */
    private void plain(SourceText text, Style style, List<Lexicon> lexicons, List<Item> items) {
        List<LexiconWords.Match> matches = LexiconWords.find(text.text(), lexicons);
        int from = 0;
        for (LexiconWords.Match match : matches) {
            normal(text.part(from, match.start()), style, items);
            int start = text.offsets()[match.start()];
            int end = text.offsets()[match.end()];
            items.add(
                    switch (match.entry()) {
                        case Lexicon.Alias alias ->
                            new Say(
                                    start,
                                    end,
                                    SayAs.asItStands(alias.words(), pronouncer::knows),
                                    List.of(),
                                    "",
                                    style,
                                    false);
                        case Lexicon.Sounds sounds -> new Say(start, end, List.of(), sounds.phones(), "", style, false);
                    });
            from = match.end();
        }
        normal(text.part(from, text.text().length()), style, items);
    }

    private void normal(SourceText text, Style style, List<Item> items) {
        for (Token token : TextNormalizer.tokens(text.text(), pronouncer::knows)) {
            int start = text.offsets()[token.start()];
            int end = text.offsets()[token.end()];
            items.add(
                    switch (token) {
                        case Token.Words words -> new Say(start, end, words.words(), List.of(), "", style, false);
                        case Token.Stop stop -> new Stop(start, end, stop.mark(), stop.ends());
                    });
        }
    }

    private static List<List<Item>> sentences(List<Item> items) {
        List<List<Item>> sentences = new ArrayList<>();
        List<Item> present = new ArrayList<>();
        for (Item item : items) {
            present.add(item);
            boolean ends = (item instanceof Stop stop && stop.ends) || item instanceof Boundary;
            boolean said = present.stream().anyMatch(one -> one instanceof Say);
            if (ends && said) {
                sentences.add(present);
                present = new ArrayList<>();
            }
        }
        if (present.stream().anyMatch(item -> !(item instanceof Boundary))) {
            sentences.add(present);
        }
        return sentences;
    }

    /** A piece of a breath: the sounds of a word, or of a part of it. */
    private record Unit(List<Phone> phones, int item, Style style) {}

    /** Speaks one sentence. */
    private final class Sentence {
        private final String source;
        private final List<Item> items;
        private final long before;
        private final List<float[]> sounds = new ArrayList<>();
        private final List<SpeechMark> marks = new ArrayList<>();
        private final List<List<List<Phone>>> pronounced = new ArrayList<>();
        private long length;

        Sentence(String source, List<Item> items, long before) {
            this.source = source;
            this.items = items;
            this.before = before;
        }

        Spoken speak() {
            pronounce();
            mark();
            List<Object> breath = new ArrayList<>();
            Style style = Style.USUAL;
            int symbols = 0;
            for (int i = 0; i < items.size(); i++) {
                switch (items.get(i)) {
                    case Say say -> {
                        if (say.beep || (!breath.isEmpty() && !style.flowsInto(say.style))) {
                            symbols = breathe(breath, style);
                        }
                        style = say.style;
                        if (say.beep) {
                            word(say, length);
                            beep(say);
                        }
                        for (List<Phone> phones : pronounced.get(i)) {
                            int own = phones.stream()
                                            .mapToInt(phone -> phone.symbols().length())
                                            .sum()
                                    + 1;
                            if (symbols + own > MOST_SYMBOLS) {
                                symbols = breathe(breath, style);
                            }
                            symbols += own;
                            breath.add(new Unit(phones, i, say.style));
                        }
                        if (!say.beep && pronounced.get(i).isEmpty()) {
                            breath.add(new Unit(List.of(), i, say.style));
                        }
                    }
                    case Stop stop -> {
                        breath.add(stop.mark);
                        symbols += 2;
                        if (symbols > MANY_SYMBOLS) {
                            symbols = breathe(breath, style);
                        }
                    }
                    case Pause pause -> {
                        symbols = breathe(breath, style);
                        marks.add(at(Kind.WORD, length, pause.start, pause.end));
                        silence(pause.seconds);
                    }
                    case Bookmark bookmark -> {
                        breath.add(bookmark);
                    }
                    case Boundary _ -> {
                        // What it says, the end of the sentence says.
                    }
                }
            }
            breathe(breath, style);
            if (items.stream().anyMatch(item -> item instanceof Say)) {
                marks.add(new SpeechMark(Kind.VISEME, millis(length), 0, 0, "sil"));
            }
            boolean paragraph =
                    items.stream().anyMatch(item -> item instanceof Boundary boundary && boundary.paragraph);
            silence(paragraph ? AFTER_PARAGRAPH : AFTER_SENTENCE);
            marks.sort(Comparator.comparingLong(SpeechMark::millis).thenComparing(SpeechMark::kind));
            return new Spoken(joined(), marks);
        }

        /** The sounds of all words, each with the words beside it in mind. */
        private void pronounce() {
            List<String> texts = new ArrayList<>();
            for (Item item : items) {
                if (item instanceof Say say) {
                    say.words.forEach(
                            word -> texts.add(word.spelled() || word.text().equals(",") ? "" : word.text()));
                }
            }
            int at = 0;
            for (Item item : items) {
                List<List<Phone>> units = new ArrayList<>();
                if (item instanceof Say say) {
                    for (SpokenWord word : say.words) {
                        String previous = at > 0 ? texts.get(at - 1) : "";
                        String next = at + 1 < texts.size() ? texts.get(at + 1) : "";
                        at++;
                        List<Phone> phones = word.text().equals(",")
                                ? List.of(new Phone(","))
                                : pronouncer.pronounce(word, new Pronouncer.Place(previous, next, say.role));
                        add(units, phones);
                    }
                    add(units, say.phones);
                }
                pronounced.add(units);
            }
        }

        private static void add(List<List<Phone>> units, List<Phone> phones) {
            for (int from = 0; from < phones.size(); from += LONGEST_WORD) {
                units.add(phones.subList(from, Math.min(phones.size(), from + LONGEST_WORD)));
            }
        }

        private void mark() {
            int start = Integer.MAX_VALUE;
            int end = 0;
            for (Item item : items) {
                if (item instanceof Say || (item instanceof Stop && start < Integer.MAX_VALUE)) {
                    start = Math.min(start, item.start());
                    end = Math.max(end, item.end());
                }
            }
            if (start < end) {
                marks.add(at(Kind.SENTENCE, 0, start, end));
            }
        }

        private SpeechMark at(Kind kind, long sample, int start, int end) {
            return new SpeechMark(kind, millis(sample), start, end, source.substring(start, end));
        }

        private void word(Say say, long sample) {
            marks.add(at(Kind.WORD, sample, say.start, say.end));
        }

        private long millis(long sample) {
            return (before + sample) * 1000 / voice.sampleRate();
        }

        private void silence(double seconds) {
            add(new float[(int) (seconds * voice.sampleRate())]);
        }

        private void add(float[] samples) {
            sounds.add(samples);
            length += samples.length;
        }

        private void beep(Say say) {
            float[] tone = new float[(int) (Math.clamp((say.end - say.start) * .08, .3, 3) * voice.sampleRate())];
            for (int i = 0; i < tone.length; i++) {
                tone[i] = (float) (.25 * Math.sin(2 * Math.PI * 1000 * i / voice.sampleRate()));
            }
            add(tone);
        }

        private float[] joined() {
            float[] all = new float[(int) length];
            int at = 0;
            for (float[] sound : sounds) {
                System.arraycopy(sound, 0, all, at, sound.length);
                at += sound.length;
            }
            return all;
        }

        /** Speaks what has come together, and begins anew. */
        private int breathe(List<Object> breath, Style style) {
            List<Integer> symbols = new ArrayList<>();
            // The first symbol of each unit, and of each sound.
            List<Integer> unitStarts = new ArrayList<>();
            List<Integer> phoneStarts = new ArrayList<>();
            List<String> visemes = new ArrayList<>();
            boolean spoken = false;
            for (Object one : breath) {
                switch (one) {
                    case Unit unit -> {
                        boolean comma = unit.phones.size() == 1
                                && unit.phones.getFirst().symbols().equals(",");
                        if (!symbols.isEmpty() && !comma) {
                            symbols.add((int) ' ');
                        }
                        unitStarts.add(symbols.size());
                        for (Phone phone : unit.phones) {
                            if (!comma) {
                                phoneStarts.add(symbols.size());
                                visemes.add(phone.viseme());
                                spoken = true;
                            }
                            phone.symbols().codePoints().forEach(symbols::add);
                        }
                    }
                    case Character mark -> symbols.add((int) mark);
                    // A place is where the next word begins, behind the blank before it.
                    default -> unitStarts.add(symbols.isEmpty() ? 0 : symbols.size() + 1);
                }
            }
            if (!spoken) {
                for (Object one : breath) {
                    if (one instanceof Unit unit) {
                        word((Say) items.get(unit.item), length);
                    } else if (one instanceof Bookmark bookmark) {
                        marks.add(new SpeechMark(
                                Kind.BOOKMARK, millis(length), bookmark.start, bookmark.end, bookmark.name));
                    }
                }
                breath.clear();
                return 0;
            }
            if (!(breath.getLast() instanceof Character)) {
                symbols.add((int) '.');
            }
            Utterance said =
                    voice.speak(symbols.stream().mapToInt(Integer::intValue).toArray(), style.rate() / style.pitch());
            float[] sound = Timbre.apply(said.samples(), voice.sampleRate(), style);
            int[] starts = said.starts().clone();
            for (int i = 0; i < starts.length; i++) {
                starts[i] = Math.min(sound.length, (int) (starts[i] / style.pitch()));
            }
            heard(breath, unitStarts, starts, sound);
            for (int i = 0; i < visemes.size(); i++) {
                marks.add(
                        new SpeechMark(Kind.VISEME, millis(length + starts[phoneStarts.get(i)]), 0, 0, visemes.get(i)));
            }
            add(sound);
            breath.clear();
            return 0;
        }

        /** Marks the words of a breath, and makes each as loud as it shall be. */
        private void heard(List<Object> breath, List<Integer> unitStarts, int[] starts, float[] sound) {
            int last = -1;
            int at = 0;
            double gain = 1;
            int from = 0;
            for (Object one : breath) {
                if (one instanceof Character) {
                    continue;
                }
                int start = starts[Math.min(unitStarts.get(at++), starts.length - 1)];
                switch (one) {
                    case Unit unit -> {
                        if (unit.item != last) {
                            word((Say) items.get(unit.item), length + start);
                            last = unit.item;
                        }
                        amplify(sound, from, start, gain);
                        from = start;
                        gain = Math.pow(10, unit.style.decibels() / 20);
                    }
                    case Bookmark bookmark ->
                        marks.add(new SpeechMark(
                                Kind.BOOKMARK, millis(length + start), bookmark.start, bookmark.end, bookmark.name));
                    default -> throw new IllegalStateException("a breath holds no " + one);
                }
            }
            amplify(sound, from, sound.length, gain);
        }

        private static void amplify(float[] sound, int from, int to, double gain) {
            if (gain != 1) {
                for (int i = from; i < to; i++) {
                    sound[i] = (float) Math.clamp(sound[i] * gain, -1, 1);
                }
            }
        }
    }
}
