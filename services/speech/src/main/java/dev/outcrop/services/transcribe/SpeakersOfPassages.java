package dev.outcrop.services.transcribe;

import dev.outcrop.engines.speech.speakers.SpeakerPartition;
import dev.outcrop.engines.speech.speakers.SpokenSpan;
import dev.outcrop.engines.speech.speakers.VoicePrint;
import dev.outcrop.engines.speech.speakers.Voiceprints;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Says who speaks the words of passages, by the voices that are heard where the words stand. For one thread. */
final class SpeakersOfPassages {
    /** Words closer than this belong to one stretch, in seconds. */
    private static final double LARGEST_GAP = 0.3;

    private final List<Passage> passages;
    private final List<SpokenSpan> words;
    private final List<SpokenSpan> stretches = new ArrayList<>();
    private final List<VoicePrint> prints = new ArrayList<>();

    SpeakersOfPassages(List<Passage> passages) {
        this.passages = passages.stream()
                .sorted(Comparator.comparingDouble(Passage::start))
                .toList();
        words = this.passages.stream()
                .flatMap(passage -> passage.items().stream())
                .filter(item -> !item.punctuation())
                .map(item -> new SpokenSpan(item.start(), item.end()))
                .toList();
        for (SpokenSpan word : words) {
            SpokenSpan last = stretches.isEmpty() ? null : stretches.getLast();
            if (last != null && word.start() - last.end() < LARGEST_GAP) {
                stretches.set(stretches.size() - 1, new SpokenSpan(last.start(), Math.max(last.end(), word.end())));
            } else {
                stretches.add(word);
            }
        }
    }

    /** Hears what is spoken in a piece of the sound; how many voices that were. */
    int hear(SoundPieces.Piece piece, Voiceprints voices) {
        double begin = piece.seconds();
        double end = (double) piece.end() / SoundPieces.RATE;
        List<SpokenSpan> own = stretches.stream()
                .filter(stretch -> stretch.end() > begin && stretch.start() < end)
                .map(stretch ->
                        new SpokenSpan(Math.max(0, stretch.start() - begin), Math.min(end, stretch.end()) - begin))
                .toList();
        List<VoicePrint> heard = voices.of(piece.channels()[0], own);
        heard.forEach(print -> prints.add(new VoicePrint(print.start() + begin, print.end() + begin, print.vector())));
        return heard.size();
    }

    /** The passages of one speaker each, of whom there are at most so many. */
    List<Passage> apart(int mostSpeakers) {
        int[] spoken = SpeakerPartition.of(prints, mostSpeakers).of(words);
        List<Passage> apart = new ArrayList<>();
        int word = 0;
        for (Passage passage : passages) {
            List<Integer> speakers = new ArrayList<>();
            for (Item item : passage.items()) {
                if (!item.punctuation()) {
                    speakers.add(spoken[word++]);
                }
            }
            // A passage of nothing but marks goes on with who spoke before it.
            int before = apart.isEmpty() ? 0 : apart.getLast().speaker();
            apart.addAll(passage.of(speakers.isEmpty() ? List.of(before) : speakers));
        }
        return apart;
    }
}
