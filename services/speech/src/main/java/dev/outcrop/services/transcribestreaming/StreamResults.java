package dev.outcrop.services.transcribestreaming;

import dev.outcrop.engines.guard.PersonalDataFinder;
import dev.outcrop.engines.speech.StreamingResult;
import dev.outcrop.engines.speech.Transcript.RecognizedWord;
import dev.outcrop.services.transcribe.FilterWords;
import dev.outcrop.services.transcribe.Item;
import dev.outcrop.services.transcribe.Languages;
import dev.outcrop.services.transcribe.Redaction;
import dev.outcrop.services.transcribe.VocabularyEntries;
import dev.outcrop.services.transcribestreaming.StreamRules.Wanted;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import software.amazon.awssdk.services.transcribe.model.VocabularyFilterMethod;
import software.amazon.awssdk.services.transcribestreaming.model.Alternative;
import software.amazon.awssdk.services.transcribestreaming.model.Entity;
import software.amazon.awssdk.services.transcribestreaming.model.ItemType;
import software.amazon.awssdk.services.transcribestreaming.model.LanguageWithScore;
import software.amazon.awssdk.services.transcribestreaming.model.Result;
import software.amazon.awssdk.services.transcribestreaming.model.TranscriptResultStream;

/**
 * Results as Transcribe's streams have them. Personal data is looked for in final results only, as at AWS.
 *
 * <p>Source: "Streaming transcriptions", "Partial-result stabilization" and "Redacting or identifying PII in a real-time
 * stream" of the Amazon Transcribe developer guide.
 */
final class StreamResults {
    private final Wanted wanted;
    private final Supplier<PersonalDataFinder> personalData;
    private final Map<Integer, String> resultIds = new HashMap<>();
    private final VocabularyFilterMethod method;

    StreamResults(Wanted wanted, Supplier<PersonalDataFinder> personalData) {
        this.wanted = wanted;
        this.personalData = personalData;
        method = wanted.request().vocabularyFilterMethod() == null
                ? VocabularyFilterMethod.MASK
                : VocabularyFilterMethod.fromValue(wanted.request().vocabularyFilterMethodAsString());
    }

    /** The event that tells a result; nothing where nothing was said. */
    Optional<TranscriptResultStream> event(int channel, StreamingResult result, List<LanguageWithScore> scores) {
        String code = wanted.language()
                .or(() -> Languages.code(result.language(), wanted.options()))
                .orElse("");
        List<Item> items = new ArrayList<>();
        int stable = 0;
        List<RecognizedWord> words = result.segment().words();
        for (int i = 0; i < words.size(); i++) {
            RecognizedWord word = words.get(i);
            items.addAll(Item.of(word.text(), word.spaced(), word.start(), word.end(), word.confidence()));
            if (i < result.stable()) {
                stable = items.size();
            }
        }
        double stableUntil = stable == 0 ? -1 : items.get(stable - 1).end();
        VocabularyEntries vocabulary = wanted.vocabularies().getOrDefault(code, VocabularyEntries.NONE);
        items = vocabulary.applied(items);
        FilterWords filter = wanted.filters().get(code);
        if (filter != null) {
            items = filter.applied(items, method);
        }
        List<Entity> entities = List.of();
        if (!result.partial() && (wanted.redacts() || wanted.identifiesPersonalData())) {
            Redaction redaction = new Redaction(personalData.get(), wanted.personalData());
            List<Redaction.Finding> findings = redaction.find(items);
            entities = entities(items, findings, wanted.redacts());
            if (wanted.redacts()) {
                items = redacted(items, findings);
            }
        }
        if (items.isEmpty()) {
            return Optional.empty();
        }
        Alternative.Builder alternative = Alternative.builder()
                .transcript(Item.text(items))
                .items(items.stream()
                        .map(item -> shape(item, result.partial(), stableUntil))
                        .toList());
        if (!entities.isEmpty()) {
            alternative.entities(entities);
        }
        Result.Builder shape = Result.builder()
                .resultId(id(channel, result))
                .startTime(round(result.segment().start()))
                .endTime(round(result.segment().end()))
                .isPartial(result.partial())
                .alternatives(alternative.build())
                // AWS names the one channel that is not told apart, too.
                .channelId("ch_" + channel);
        if (wanted.language().isEmpty() && !code.isEmpty()) {
            shape.languageCode(code);
            if (!scores.isEmpty()) {
                shape.languageIdentification(scores);
            }
        }
        return Optional.of(TranscriptResultStream.transcriptEventBuilder()
                .transcript(transcript -> transcript.results(shape.build()))
                .build());
    }

    private String id(int channel, StreamingResult result) {
        int key = 2 * result.number() + channel;
        String id = resultIds.computeIfAbsent(key, _ -> UUID.randomUUID().toString());
        if (!result.partial()) {
            resultIds.remove(key);
        }
        return id;
    }

    private software.amazon.awssdk.services.transcribestreaming.model.Item shape(
            Item item, boolean partial, double stableUntil) {
        var shape = software.amazon.awssdk.services.transcribestreaming.model.Item.builder()
                .startTime(round(item.start()))
                .endTime(round(item.end()))
                .type(item.punctuation() ? ItemType.PUNCTUATION : ItemType.PRONUNCIATION)
                .content(item.content())
                .vocabularyFilterMatch(item.filtered());
        if (!item.punctuation()) {
            shape.confidence(item.confidence());
        }
        if (wanted.stabilizes()) {
            shape.stable(!partial || item.end() <= stableUntil);
        }
        return shape.build();
    }

    private static List<Entity> entities(List<Item> items, List<Redaction.Finding> findings, boolean redacts) {
        return findings.stream()
                .map(finding -> Entity.builder()
                        .startTime(round(items.get(finding.from()).start()))
                        .endTime(round(items.get(finding.to() - 1).end()))
                        .category("PII")
                        .type(finding.type())
                        .content(redacts ? "[" + finding.type() + "]" : finding.content())
                        .confidence(finding.score())
                        .build())
                .toList();
    }

    private static List<Item> redacted(List<Item> items, List<Redaction.Finding> findings) {
        List<Item> redacted = new ArrayList<>();
        int at = 0;
        for (Redaction.Finding finding : findings) {
            redacted.addAll(items.subList(at, finding.from()));
            Item first = items.get(finding.from());
            Item last = items.get(finding.to() - 1);
            redacted.add(new Item(
                    false,
                    "[" + finding.type() + "]",
                    first.spaced(),
                    first.start(),
                    last.end(),
                    finding.score(),
                    false,
                    finding.score()));
            at = finding.to();
        }
        redacted.addAll(items.subList(at, items.size()));
        return redacted;
    }

    private static double round(double seconds) {
        return Math.round(seconds * 1000) / 1000.0;
    }
}
