package dev.outcrop.services.bedrockruntime;

import dev.outcrop.services.foundationmodels.InstalledModels.InstalledModel.Kind;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which installed model answers for which AWS model id.
 *
 * @param rules            tried in order before the defaults
 * @param defaultText      installed model that answers for text models that no rule names
 * @param defaultEmbedding installed model that answers for embedding models that no rule names
 * @param strict           whether an AWS model id that no rule names is refused
 */
public record RoutingTable(
        List<Rule> rules, Optional<String> defaultText, Optional<String> defaultEmbedding, boolean strict) {
    /** Ids of text models that AWS may have published after our table was made. */
    private static final List<Rule> TEXT_FAMILIES = families(
            "anthropic.claude-*",
            "amazon.nova-lite-*",
            "amazon.nova-micro-*",
            "amazon.nova-pro-*",
            "amazon.nova-premier-*",
            "amazon.nova-2-lite-*",
            "amazon.nova-2-pro-*",
            "amazon.titan-text-*",
            "amazon.titan-tg1-*",
            "meta.llama*",
            "mistral.*",
            "cohere.command-*",
            "ai21.*",
            "deepseek.*",
            "qwen.*",
            "google.gemma-*",
            "minimax.*",
            "moonshot.*",
            "moonshotai.*",
            "nvidia.nemotron-*",
            "openai.gpt-oss-*",
            "writer.palmyra-*",
            "zai.glm-*");

    private static final List<Rule> EMBEDDING_FAMILIES =
            families("amazon.titan-embed-*", "amazon.titan-e1t-*", "cohere.embed-*");

    public RoutingTable {
        rules = List.copyOf(rules);
    }

    /** The installed model that a rule names for {@code modelId}. */
    public Optional<String> named(String modelId) {
        return rules.stream()
                .filter(rule -> rule.matches(modelId))
                .map(Rule::installedId)
                .findFirst();
    }

    /** The installed model that answers for {@code modelId}, which is not installed itself. */
    public Optional<String> answering(String modelId, Kind kind) {
        return named(modelId).or(() -> strict ? Optional.empty() : kind == Kind.TEXT ? defaultText : defaultEmbedding);
    }

    /** Whether {@code modelId} is named like a text model that AWS publishes. */
    static boolean looksLikeText(String modelId) {
        return TEXT_FAMILIES.stream().anyMatch(rule -> rule.matches(modelId));
    }

    /** Whether {@code modelId} is named like an embedding model that AWS publishes. */
    static boolean looksLikeEmbedding(String modelId) {
        return EMBEDDING_FAMILIES.stream().anyMatch(rule -> rule.matches(modelId));
    }

    private static List<Rule> families(String... patterns) {
        return Stream.of(patterns).map(pattern -> new Rule(pattern, "")).toList();
    }

    /**
     * One line of the table.
     *
     * @param pattern     an AWS model id in which {@code *} stands for any characters
     * @param installedId the installed model that answers
     */
    public record Rule(String pattern, String installedId) {
        /** Whether this line speaks of {@code modelId}. */
        public boolean matches(String modelId) {
            return Pattern.matches(("\\Q" + pattern + "\\E").replace("*", "\\E.*\\Q"), modelId);
        }
    }
}
