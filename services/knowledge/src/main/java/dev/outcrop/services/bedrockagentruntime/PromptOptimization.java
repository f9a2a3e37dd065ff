package dev.outcrop.services.bedrockagentruntime;

import dev.outcrop.kernel.EventSink;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.bedrockagentruntime.model.OptimizedPromptStream;

/**
 * Has the model that a prompt is for say what the prompt is about and where it is weak, and write a better one. The places
 * that are filled in later ({@code {{name}}}) must all be there still, else it writes once more, and then the call fails.
 *
 * <p>Source: "Optimize a prompt" of the Amazon Bedrock user guide.
 */
final class PromptOptimization {
    private static final Pattern PLACE = Pattern.compile("\\{\\{\\s*([^{}]{1,100}?)\\s*}}");
    private static final int ANALYSIS_TOKENS = 300;
    private static final int PROMPT_TOKENS = 2_048;

    private final Writer writer;

    PromptOptimization(Writer writer) {
        this.writer = writer;
    }

    /** What is wrong with a prompt; what is refused is thrown before anything is sent. */
    String analysis(String modelId, String prompt) {
        return writer.write(Writer.Prompt.brief(modelId, analyzing(prompt), ANALYSIS_TOKENS))
                .strip();
    }

    /** Sends an analysis, and then the better prompt. */
    void send(String modelId, String prompt, String analysis, EventSink<OptimizedPromptStream> sink) {
        sink.send(OptimizedPromptStream.analyzePromptEventBuilder()
                .message(analysis)
                .build());
        String better = better(modelId, prompt, analysis);
        sink.send(OptimizedPromptStream.optimizedPromptEventBuilder()
                .optimizedPrompt(optimized -> optimized.textPrompt(text -> text.text(better)))
                .build());
    }

    private String better(String modelId, String prompt, String analysis) {
        String request = rewriting(prompt, analysis);
        String written = cleaned(writer.write(Writer.Prompt.brief(modelId, request, PROMPT_TOKENS)));
        if (keeps(prompt, written)) {
            return written;
        }
        String again = request + "\n\nThe prompt must contain " + String.join(", ", places(prompt)) + ".";
        written = cleaned(writer.write(Writer.Prompt.brief(modelId, again, PROMPT_TOKENS)));
        if (keeps(prompt, written)) {
            return written;
        }
        throw Errors.failed(
                modelId,
                "The model " + modelId + " wrote no prompt with " + String.join(", ", places(prompt)) + " in it.",
                new IllegalStateException("placeholders were lost"));
    }

    private static String analyzing(String prompt) {
        return """
                Here is a prompt that somebody wrote for a language model. Say in three sentences at most what task it sets, \
                and what a model would need to be told to do it better. Do not do the task.

                <prompt>
                %s
                </prompt>""".formatted(prompt);
    }

    private static String rewriting(String prompt, String analysis) {
        return """
                Here is a prompt that somebody wrote for a language model, and what was found about it. Write a better prompt \
                for the same task: clear about the task, the steps, and the form of the answer. Keep everything between \
                double braces, such as {{name}}, exactly as it is. Do not do the task. Write the prompt and nothing else.

                <prompt>
                %s
                </prompt>

                <analysis>
                %s
                </analysis>""".formatted(prompt, analysis);
    }

    private static boolean keeps(String prompt, String written) {
        return !written.isBlank() && places(written).containsAll(places(prompt));
    }

    private static Set<String> places(String text) {
        Set<String> places = new TreeSet<>();
        Matcher matcher = PLACE.matcher(text);
        while (matcher.find()) {
            places.add("{{" + matcher.group(1) + "}}");
        }
        return places;
    }

    /** Without the tags that a model repeats. */
    private static String cleaned(String written) {
        return written.replace("<prompt>", "").replace("</prompt>", "").strip();
    }
}
