package dev.outcrop.services.transcribe;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import software.amazon.awssdk.services.transcribe.model.SubtitleFormat;

/**
 * Subtitles of a transcript: a sentence, or as much of one as can be read at once.
 *
 * <p>Source: "Creating video subtitles" of the Amazon Transcribe developer guide; W3C, "WebVTT".
 */
final class Subtitles {
    private static final int LONGEST = 84;
    private static final double LONGEST_SECONDS = 7;
    private static final double PAUSE = 1.5;

    private record Cue(double start, double end, String text) {}

    private Subtitles() {}

    static String write(List<Passage> passages, SubtitleFormat format, int startIndex) {
        boolean web = format == SubtitleFormat.VTT;
        StringBuilder file = new StringBuilder(web ? "WEBVTT\n\n" : "");
        int number = startIndex;
        for (Cue cue : cues(passages)) {
            file.append(number++)
                    .append('\n')
                    .append(time(cue.start(), web))
                    .append(" --> ")
                    .append(time(cue.end(), web))
                    .append('\n')
                    .append(web ? escaped(cue.text()) : cue.text())
                    .append("\n\n");
        }
        return file.toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static List<Cue> cues(List<Passage> passages) {
        List<Cue> cues = new ArrayList<>();
        for (Passage passage : passages) {
            List<Item> line = new ArrayList<>();
            int length = 0;
            for (Item item : passage.items()) {
                boolean full = !line.isEmpty()
                        && !item.punctuation()
                        && (length + item.content().length() + 1 > LONGEST
                                || item.end() - line.getFirst().start() > LONGEST_SECONDS
                                || item.start() - line.getLast().end() > PAUSE
                                || endsSentence(line.getLast()));
                if (full) {
                    cues.add(cue(line));
                    line = new ArrayList<>();
                    length = 0;
                }
                line.add(item);
                length += item.content().length() + 1;
            }
            if (!line.isEmpty()) {
                cues.add(cue(line));
            }
        }
        return cues;
    }

    private static boolean endsSentence(Item item) {
        return item.punctuation() && ".?!。？！।؟".contains(item.content());
    }

    private static Cue cue(List<Item> line) {
        return new Cue(line.getFirst().start(), line.getLast().end(), Item.text(line));
    }

    private static String time(double seconds, boolean web) {
        long millis = Math.round(seconds * 1000);
        return String.format(
                Locale.ROOT,
                "%02d:%02d:%02d%s%03d",
                millis / 3_600_000,
                millis / 60_000 % 60,
                millis / 1000 % 60,
                web ? "." : ",",
                millis % 1000);
    }
}
