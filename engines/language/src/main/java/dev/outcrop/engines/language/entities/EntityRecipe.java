package dev.outcrop.engines.language.entities;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.engines.language.tagging.SequenceTraining;
import dev.outcrop.engines.language.training.HeldOut;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Trains {@link EntityTagger} on sentences with named entities (Universal NER on English EWT, WNUT 2017, WikiGold, Broad
 * Twitter Corpus) and on sentences made up with names and addresses (presidio-research). Every fifth sentence by its hash
 * is held out; the figures printed are theirs. A part of the sentences is lowered while training, since people do not
 * always write capitals. So that common nouns are not taken for the names that they then resemble, everyday sentences
 * without any capital but their first are learned, too, as having no names.
 *
 * <p>{@code EntityRecipe ENTITIES_JSONL PERSONAL_JSONL OUTPUT EVERYDAY...}, the last being text files with a sentence a line,
 * behind a label and a tab where there is one
 */
public final class EntityRecipe {
    private static final int EPOCHS = 8;
    private static final double LOWERED = 0.04;

    private EntityRecipe() {}

    /** A text with its entities. */
    private record Labelled(String text, List<EntityTagger.Entity> entities) {}

    /** Runs the recipe. */
    public static void main(String[] arguments) throws IOException {
        List<Labelled> train = new ArrayList<>();
        List<Labelled> test = new ArrayList<>();
        List<Labelled> calibration = new ArrayList<>();
        ObjectMapper json = new ObjectMapper();
        for (String line : Files.readAllLines(Path.of(arguments[0]))) {
            Labelled labelled = ofTags(json.readTree(line));
            (HeldOut.contains(labelled.text()) ? test : isForCalibration(labelled.text()) ? calibration : train)
                    .add(labelled);
        }
        for (String line : Files.readAllLines(Path.of(arguments[1]))) {
            Labelled labelled = ofSpans(json.readTree(line));
            if (!HeldOut.contains(labelled.text())) {
                train.add(labelled);
                train.add(labelled);
            }
        }
        List<Labelled> everyday = new ArrayList<>();
        for (Labelled nameless : everyday(List.of(arguments).subList(3, arguments.length), train)) {
            (HeldOut.contains(nameless.text()) ? everyday : train).add(nameless);
        }
        EntityTagger tagger = train(train, calibration);
        try (OutputStream out = Files.newOutputStream(Path.of(arguments[2]))) {
            tagger.write(out);
        }
        System.out.println(train.size() + " sentences, " + Files.size(Path.of(arguments[2])) + " bytes");
        report(tagger, test);
        long disturbed = everyday.stream()
                .filter(nameless -> !tagger.find(nameless.text()).isEmpty())
                .count();
        System.out.println("names found in " + disturbed + " of " + everyday.size() + " sentences that have none");
    }

    /** Sentences whose only capital begins a word that other sentences have without it. */
    private static List<Labelled> everyday(List<String> files, List<Labelled> named) throws IOException {
        List<String> sentences = new ArrayList<>();
        for (String file : files) {
            for (String line : Files.readAllLines(Path.of(file))) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    sentences.add(line.substring(line.indexOf('\t') + 1).strip());
                }
            }
        }
        Set<String> common = new HashSet<>(Set.of("I"));
        sentences.forEach(sentence -> common.addAll(Tokens.of(sentence).texts()));
        named.forEach(sentence -> common.addAll(Tokens.of(sentence.text()).texts()));
        return sentences.stream()
                .filter(sentence -> {
                    List<String> tokens = Tokens.of(sentence).texts();
                    return common.contains(tokens.getFirst().toLowerCase(Locale.ROOT))
                            && tokens.stream()
                                    .skip(1)
                                    .filter(token -> !token.equals("I") && !token.startsWith("I'"))
                                    .allMatch(token -> token.equals(token.toLowerCase(Locale.ROOT)));
                })
                .map(sentence -> new Labelled(sentence, List.of()))
                .toList();
    }

    /** A thirtieth of what is not held out shows how scores become probabilities. */
    private static boolean isForCalibration(String text) {
        return Integer.parseInt(HeldOut.digest(text).substring(4, 8), 16) % 30 == 0;
    }

    /** A tweet's handle is one name, however its sign is tagged. */
    private static Labelled ofTags(JsonNode node) {
        StringBuilder text = new StringBuilder();
        List<EntityTagger.Entity> entities = new ArrayList<>();
        EntityKind kind = null;
        int start = 0;
        int end = 0;
        for (int i = 0; i < node.path("tokens").size(); i++) {
            String tag = node.path("tags").get(i).asText();
            String token = node.path("tokens").get(i).asText();
            boolean handle = i > 0 && node.path("tokens").get(i - 1).asText().equals("@") && kind != null;
            boolean goesOn =
                    (tag.startsWith("I-") || (handle && tag.startsWith("B-"))) && kind == kind(tag.substring(2));
            if (handle && goesOn) {
                text.setLength(text.length() - 1);
            }
            if (!goesOn && kind != null) {
                entities.add(new EntityTagger.Entity(kind, start, end, 1));
                kind = null;
            }
            // Some sets mark no beginnings.
            if (!goesOn && !tag.equals("O")) {
                kind = kind(tag.substring(2));
                start = text.length();
            }
            text.append(token);
            end = text.length();
            text.append(' ');
        }
        if (kind != null) {
            entities.add(new EntityTagger.Entity(kind, start, end, 1));
        }
        return new Labelled(text.toString().strip(), entities);
    }

    private static Labelled ofSpans(JsonNode node) {
        List<EntityTagger.Entity> entities = new ArrayList<>();
        String text = node.path("text").asText();
        for (JsonNode span : node.path("spans")) {
            Optional<EntityKind> kind = switch (span.path("type").asText()) {
                case "PERSON" -> Optional.of(EntityKind.PERSON);
                case "STREET_ADDRESS", "ZIP_CODE" -> Optional.of(EntityKind.ADDRESS);
                case "GPE" -> Optional.of(EntityKind.LOCATION);
                case "ORGANIZATION" -> Optional.of(EntityKind.ORGANIZATION);
                case "NRP" -> Optional.of(EntityKind.OTHER);
                default -> Optional.empty();
            };
            int start = text.offsetByCodePoints(0, span.path("start").asInt());
            int end = text.offsetByCodePoints(0, span.path("end").asInt());
            kind.ifPresent(found -> entities.add(new EntityTagger.Entity(found, start, end, 1)));
        }
        return new Labelled(text, entities);
    }

    private static EntityKind kind(String tag) {
        return switch (tag.toLowerCase(Locale.ROOT)) {
            case "per", "person" -> EntityKind.PERSON;
            case "loc", "location" -> EntityKind.LOCATION;
            case "org", "corporation", "group", "organization" -> EntityKind.ORGANIZATION;
            default -> EntityKind.OTHER;
        };
    }

    private static int[] tags(Labelled labelled, Tokens tokens) {
        int[] tags = new int[tokens.size()];
        for (EntityTagger.Entity entity : labelled.entities()) {
            boolean begun = false;
            for (int token = 0; token < tags.length; token++) {
                if (tokens.starts()[token] >= entity.start()
                        && tokens.starts()[token] < entity.end()
                        && tags[token] == 0) {
                    tags[token] = tag(entity.kind(), begun);
                    begun = true;
                }
            }
        }
        return tags;
    }

    private static int tag(EntityKind kind, boolean begun) {
        int index = List.of(EntityKind.values()).indexOf(kind);
        return 1 + 2 * index + (begun ? 1 : 0);
    }

    private static SequenceTraining.Example example(Labelled labelled) {
        Tokens tokens = Tokens.of(labelled.text());
        return new SequenceTraining.Example(tokens.texts(), tags(labelled, tokens));
    }

    private static EntityTagger train(List<Labelled> train, List<Labelled> calibration) {
        Random random = new Random(5);
        return new EntityTagger(new SequenceTraining(EntityTagger.TAGS)
                .train(
                        train.stream().map(EntityRecipe::example).toList(),
                        calibration.stream().map(EntityRecipe::example).toList(),
                        EPOCHS,
                        example -> random.nextDouble() < LOWERED ? lowered(example) : example));
    }

    private static SequenceTraining.Example lowered(SequenceTraining.Example example) {
        return new SequenceTraining.Example(
                example.tokens().stream()
                        .map(token -> token.toLowerCase(Locale.ROOT))
                        .toList(),
                example.tags());
    }

    private static void report(EntityTagger tagger, List<Labelled> test) {
        Map<EntityKind, int[]> counts = new EnumMap<>(EntityKind.class);
        for (EntityKind kind : EntityKind.values()) {
            counts.put(kind, new int[3]);
        }
        for (Labelled labelled : test) {
            Set<List<Object>> wanted = new HashSet<>();
            labelled.entities().forEach(entity -> wanted.add(List.of(entity.kind(), entity.start(), entity.end())));
            for (EntityTagger.Entity entity : tagger.find(labelled.text())) {
                boolean right = wanted.contains(List.of(entity.kind(), entity.start(), entity.end()));
                counts.get(entity.kind())[0] += right ? 1 : 0;
                counts.get(entity.kind())[1]++;
            }
            labelled.entities().forEach(entity -> counts.get(entity.kind())[2]++);
        }
        counts.forEach((kind, count) -> System.out.printf(
                "%s: precision %.3f recall %.3f of %d%n",
                kind, (double) count[0] / Math.max(1, count[1]), (double) count[0] / Math.max(1, count[2]), count[2]));
    }
}
