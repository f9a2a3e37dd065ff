package dev.outcrop.services.bedrockagentruntime;

import dev.outcrop.engines.retrieval.MarkedText;
import dev.outcrop.engines.retrieval.Sentences;
import dev.outcrop.kernel.EventSink;
import java.util.List;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.bedrockagentruntime.model.Citation;
import software.amazon.awssdk.services.bedrockagentruntime.model.RetrieveAndGenerateStreamResponseOutput;

/**
 * Sends an answer sentence by sentence while it is written. A sentence goes once the next one has begun, since its markers
 * stand behind it; together the texts are the answer, and the spans of citations tell places in that.
 */
final class SentenceStream {
    /** A marker whose end is not there yet. */
    private static final Pattern UNFINISHED = Pattern.compile("\\s{0,8}(?:%|%?\\[[^\\]\\n]{0,100})$");

    private final Generation generation;
    private final Generation.Prepared prepared;
    private final EventSink<RetrieveAndGenerateStreamResponseOutput> sink;
    private final StringBuilder written = new StringBuilder();
    private int sent;

    SentenceStream(
            Generation generation,
            Generation.Prepared prepared,
            EventSink<RetrieveAndGenerateStreamResponseOutput> sink) {
        this.generation = generation;
        this.prepared = prepared;
        this.sink = sink;
    }

    /** Takes what was written next. */
    void add(String text) {
        written.append(text);
        String whole = UNFINISHED.matcher(written).replaceFirst("");
        MarkedText answer = Generation.marked(prepared, whole);
        List<Sentences.Span> sentences = Sentences.of(answer.text());
        send(answer, sentences.subList(0, Math.max(0, sentences.size() - 1)));
    }

    /** Sends the rest; the whole answer. */
    String end() {
        MarkedText answer = Generation.marked(prepared, written.toString());
        send(answer, Sentences.of(answer.text()));
        return answer.text();
    }

    private void send(MarkedText answer, List<Sentences.Span> sentences) {
        for (Sentences.Span sentence : sentences) {
            if (sentence.end() > sent) {
                sink.send(RetrieveAndGenerateStreamResponseOutput.outputBuilder()
                        .text(answer.text().substring(sent, sentence.end()))
                        .build());
                sent = sentence.end();
                generation.citation(prepared, answer, sentence).ifPresent(citation -> sink.send(event(citation)));
            }
        }
    }

    @SuppressWarnings(
            "deprecation") // Older clients read the citation from this member, so that Bedrock still sends it.
    static RetrieveAndGenerateStreamResponseOutput event(Citation citation) {
        return RetrieveAndGenerateStreamResponseOutput.citationBuilder()
                .citation(citation)
                .generatedResponsePart(citation.generatedResponsePart())
                .retrievedReferences(citation.retrievedReferences())
                .build();
    }
}
