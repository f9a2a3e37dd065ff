package dev.outcrop.engines.language.training;

import dev.outcrop.engines.language.EntityFinder;
import dev.outcrop.engines.language.EntityType;
import dev.outcrop.engines.language.KeyPhraseFinder;
import dev.outcrop.engines.language.SentimentScores;
import dev.outcrop.engines.language.SyntaxTagger;
import dev.outcrop.engines.language.TargetedSentiment;
import dev.outcrop.engines.language.TargetedSentiment.Mention;
import dev.outcrop.engines.language.european.EuropeanEntityFinder;
import dev.outcrop.engines.language.european.EuropeanPhrases;
import dev.outcrop.engines.language.european.EuropeanSentiment;
import dev.outcrop.engines.language.european.EuropeanTagger;
import dev.outcrop.engines.language.european.Language;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What the engines make of the texts in {@code data/heldout}, which people marked and nothing was trained on. */
public final class LanguageFigures {
    private final Path folder;

    /** @param folder the module's {@code data} */
    public LanguageFigures(Path folder) {
        this.folder = folder.resolve("heldout");
    }

    /** Findings that are right, findings, and what was to be found. */
    public static final class Counts {
        private int right;
        private int found;
        private int wanted;

        /** Counts what was found in a text beside what is in it. */
        public <T> void add(Collection<T> these, Collection<T> those) {
            right += (int) these.stream().filter(those::contains).count();
            found += these.size();
            wanted += those.size();
        }

        /** Counts what others have counted. */
        public void add(Counts others) {
            right += others.right;
            found += others.found;
            wanted += others.wanted;
        }

        /** The harmonic mean of precision and recall. */
        public double f1() {
            return 2.0 * right / Math.max(1, found + wanted);
        }

        /** Which part of the findings is right, as if one right and one wrong had been found before (Laplace). */
        public double precision() {
            return (right + 1.0) / (found + 2.0);
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%d of %d found right, %d wanted, F1 %.3f", right, found, wanted, f1());
        }
    }

    /** Entities of each type, the same words. */
    public Map<EntityType, Counts> entities() throws IOException {
        EntityFinder finder = new EntityFinder();
        Map<EntityType, Counts> counts = new EnumMap<>(EntityType.class);
        for (EntityType type : EntityType.values()) {
            counts.put(type, new Counts());
        }
        for (MarkedText marked : phrased()) {
            List<EntityFinder.Entity> found = finder.find(marked.text());
            counts.forEach((type, count) -> count(type, found, marked, count));
        }
        return counts;
    }

    /** The sentences whose phrases are marked. */
    public List<MarkedText> phrased() throws IOException {
        return MarkedText.read(folder.resolve("marked.txt"));
    }

    /** Key phrases, the same words. */
    public Counts phrases() throws IOException {
        KeyPhraseFinder finder = new KeyPhraseFinder(SyntaxTagger.shipped());
        Counts counts = new Counts();
        for (MarkedText marked : phrased()) {
            counts.add(
                    finder.find(marked.text()).stream()
                            .map(phrase -> List.of(phrase.start(), phrase.end()))
                            .toList(),
                    marked.phrases().stream()
                            .map(mark -> List.of(mark.start(), mark.end()))
                            .toList());
        }
        return counts;
    }

    /** The sentences in which what is felt about things is marked. */
    public List<MarkedText> opinions() throws IOException {
        return MarkedText.read(folder.resolve("opinions.txt"));
    }

    /** Things with what is felt about them: what is found are only things that are marked, so that F1 is accuracy. */
    public Counts opinions(TargetedSentiment targeted) throws IOException {
        Counts counts = new Counts();
        for (MarkedText marked : opinions()) {
            Set<Integer> places = new HashSet<>();
            marked.labels().forEach(mark -> places.add(mark.start()));
            List<List<Object>> found = new ArrayList<>();
            targeted.find(marked.text()).stream()
                    .flatMap(target -> target.mentions().stream())
                    .filter(mention -> places.contains(mention.start()))
                    .forEach(mention -> found.add(List.of(mention.start(), prevailing(mention.sentiment()))));
            counts.add(
                    found,
                    marked.labels().stream()
                            .map(mark -> List.<Object>of(mark.start(), mark.label()))
                            .toList());
        }
        return counts;
    }

    /** Things without a name that are spoken of: the last words of phrases that name nothing. */
    public Counts attributes(TargetedSentiment targeted) throws IOException {
        Counts counts = new Counts();
        for (MarkedText marked : phrased()) {
            Set<Integer> named = new HashSet<>();
            marked.labels().forEach(mark -> named.add(mark.end()));
            counts.add(
                    targeted.find(marked.text()).stream()
                            .flatMap(target -> target.mentions().stream())
                            .filter(mention -> mention.type() == TargetedSentiment.Type.ATTRIBUTE)
                            .map(Mention::end)
                            .toList(),
                    marked.phrases().stream()
                            .map(MarkedText.Mark::end)
                            .filter(end -> !named.contains(end))
                            .toList());
        }
        return counts;
    }

    /** Mentions that are said to be the same thing as the one before them: pronouns, and then parts of names. */
    public List<Counts> references(TargetedSentiment targeted) throws IOException {
        List<Counts> counts = List.of(new Counts(), new Counts());
        for (MarkedText marked : MarkedText.read(folder.resolve("references.txt"))) {
            Map<Integer, String> things = new HashMap<>();
            marked.labels().forEach(mark -> things.put(mark.end(), mark.label()));
            for (TargetedSentiment.Target target : targeted.find(marked.text())) {
                List<Mention> mentions = target.mentions().stream()
                        .filter(mention -> things.containsKey(mention.end()))
                        .toList();
                for (int i = 1; i < mentions.size(); i++) {
                    Mention mention = mentions.get(i);
                    String first = things.get(mentions.getFirst().end());
                    boolean pronoun =
                            TargetedSentiment.isPronoun(marked.text().substring(mention.start(), mention.end()));
                    counts.get(pronoun ? 0 : 1).add(List.of(things.get(mention.end())), List.of(first));
                }
            }
        }
        return counts;
    }

    /**
     * What is found in marked sentences of another language.
     *
     * @param entities by type, the same words
     * @param phrases  the same words; none where there is no tagger
     * @param felt     how many sentences feel as they were marked
     */
    public record EuropeanFigures(Map<EntityType, Counts> entities, Counts phrases, int felt, int sentences) {
        /** Entities of all types. */
        public Counts allEntities() {
            Counts all = new Counts();
            entities.values().forEach(all::add);
            return all;
        }
    }

    /** A marked sentence of another language, and what is felt in it. */
    public record European(Language language, String felt, MarkedText marked) {}

    /**
     * The marked sentences of the other languages.
     *
     * @param unseen whether those that the rules were not written for, or those that were looked at
     */
    public List<European> european(boolean unseen) throws IOException {
        List<European> sentences = new ArrayList<>();
        boolean behind = false;
        for (String line : Files.readAllLines(folder.resolve("european.txt"))) {
            behind = behind || line.equals("# unseen");
            if (!line.startsWith("#") && behind == unseen) {
                String[] parts = line.split(" ", 3);
                sentences.add(new European(Language.of(parts[0]).orElseThrow(), parts[1], MarkedText.of(parts[2])));
            }
        }
        return sentences;
    }

    /** What is found in the marked sentences of a language. */
    public EuropeanFigures european(Language language, boolean unseen) throws IOException {
        EuropeanEntityFinder finder = new EuropeanEntityFinder(language);
        Map<EntityType, Counts> entities = new EnumMap<>(EntityType.class);
        for (EntityType type : EntityType.values()) {
            entities.put(type, new Counts());
        }
        Counts phrases = new Counts();
        int felt = 0;
        int sentences = 0;
        for (European sentence : european(unseen)) {
            if (sentence.language() == language) {
                MarkedText marked = sentence.marked();
                List<EntityFinder.Entity> found = finder.find(marked.text());
                entities.forEach((type, counts) -> count(type, found, marked, counts));
                if (EuropeanTagger.languages().contains(language)) {
                    phrases.add(
                            new EuropeanPhrases(language)
                                    .find(marked.text()).stream()
                                            .map(phrase -> List.of(phrase.start(), phrase.end()))
                                            .toList(),
                            marked.phrases().stream()
                                    .map(mark -> List.of(mark.start(), mark.end()))
                                    .toList());
                }
                SentimentScores scores = EuropeanSentiment.of(language).classify(marked.text());
                felt += prevailing(scores).equals(sentence.felt()) ? 1 : 0;
                sentences++;
            }
        }
        return new EuropeanFigures(entities, phrases, felt, sentences);
    }

    private static void count(EntityType type, List<EntityFinder.Entity> found, MarkedText marked, Counts counts) {
        counts.add(
                found.stream()
                        .filter(entity -> entity.type() == type)
                        .map(entity -> List.of(entity.start(), entity.end()))
                        .toList(),
                marked.labels().stream()
                        .filter(mark -> mark.label().equals(type.name()))
                        .map(mark -> List.of(mark.start(), mark.end()))
                        .toList());
    }

    private static String prevailing(SentimentScores scores) {
        double most = Math.max(scores.positive(), Math.max(scores.negative(), scores.neutral()));
        if (most == scores.positive()) {
            return "POSITIVE";
        }
        return most == scores.negative() ? "NEGATIVE" : "NEUTRAL";
    }
}
