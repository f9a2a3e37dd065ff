package dev.outcrop.engines.text.chat;

import dev.outcrop.engines.text.Prompt;
import dev.outcrop.engines.text.TextModelDescription.Capability;
import dev.outcrop.engines.text.TextModelException;
import dev.outcrop.engines.text.TextRequest;
import dev.outcrop.engines.text.template.JsonText;
import dev.outcrop.engines.text.template.Template;
import dev.outcrop.engines.text.template.TemplateException;
import dev.outcrop.engines.text.template.Text;
import java.time.Clock;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a model wants conversations written and how it writes tool calls and reasoning: found from its chat template.
 *
 * <p>Where a template has no place for tools, or shows calls in a way that is not known here, the tools are described in
 * the system message and calls are asked for as {@code <tool_call>{"name":…,"arguments":…}</tool_call>}. Where it
 * refuses system messages, the first turn of the user begins with what the system message says. Safe for concurrent use.
 */
public final class ChatFormat {
    private static final DateTimeFormatter DATE_TIME =
            DateTimeFormatter.ofPattern("MMM dd uuuu HH:mm:ss 'GMT'", Locale.US);

    private final Template template;
    private final String bosToken;
    private final String eosToken;
    private final Clock clock;
    private final TemplateTraits traits;
    private final ToolSyntax toolSyntax;
    private final boolean severalCalls;
    private final Optional<ReasoningSyntax> reasoning;

    private ChatFormat(String source, String bosToken, String eosToken, Clock clock) {
        template = Template.parse(source);
        this.bosToken = bosToken;
        this.eosToken = eosToken;
        this.clock = clock;
        Optional<ToolSyntax> known = ToolSyntax.of(source);
        TemplateTraits found = TemplateTraits.of(template, bosToken, eosToken);
        // DeepSeek's templates show calls but no tools: those are described, and called as the template shows it.
        traits = known.isPresent() && (found.tools() || found.toolCalls()) ? found : found.withoutTools();
        toolSyntax = traits.tools() || traits.toolCalls() ? known.orElseThrow() : ToolSyntax.generic();
        // Models that do not know tools repeat their call until somebody stops them.
        severalCalls = traits.tools() || traits.toolCalls();
        reasoning = ReasoningSyntax.of(source);
    }

    /**
     * The format of a chat template.
     *
     * @param templateSource Jinja, as in a GGUF file's {@code tokenizer.chat_template}
     * @param bosToken       text of the token that begins a text, or empty
     * @param eosToken       text of the token that ends a text, or empty
     * @throws TextModelException of category INVALID if it is not a template
     */
    public static ChatFormat of(String templateSource, String bosToken, String eosToken) {
        return of(templateSource, bosToken, eosToken, Clock.systemUTC());
    }

    /** As {@link #of(String, String, String)}, for templates that tell the date by {@code clock}. */
    public static ChatFormat of(String templateSource, String bosToken, String eosToken, Clock clock) {
        try {
            return new ChatFormat(templateSource, bosToken, eosToken, clock);
        } catch (TemplateException e) {
            throw new TextModelException(
                    TextModelException.Category.INVALID,
                    "The model's chat template cannot be read: " + e.getMessage(),
                    e);
        }
    }

    /** CHAT always; TOOLS where the template has a place for them; REASONING where it has markers for it. */
    public Set<Capability> capabilities() {
        Set<Capability> capabilities = EnumSet.of(Capability.CHAT);
        if (traits.tools()) {
            capabilities.add(Capability.TOOLS);
        }
        if (reasoning.isPresent() || toolSyntax instanceof HarmonyCalls) {
            capabilities.add(Capability.REASONING);
        }
        return capabilities;
    }

    /**
     * The text for {@code chat}, with the beginning of the assistant's turn that the model is to write. A conversation
     * whose last message is the assistant's and makes no tool call is continued within that message.
     *
     * @throws TextModelException of category INVALID if the template refuses the conversation, UNSUPPORTED if it has
     *     images
     */
    public RenderedPrompt render(Prompt.Chat chat) {
        Optional<Prompt.Message> begun = begunAnswer(chat);
        Prompt.Chat before = begun.isEmpty()
                ? chat
                : new Prompt.Chat(
                        chat.messages().subList(0, chat.messages().size() - 1),
                        chat.tools(),
                        chat.toolChoice(),
                        chat.reasoning());
        TemplateMessages messages = TemplateMessages.of(before, traits, toolSyntax.example());
        Text prompt = rendered(messages, chat.reasoning());
        List<Integer> cachePoints = cachePoints(prompt, messages.cachePointOrigins());
        if (begun.isPresent()) {
            Text.Builder whole = new Text.Builder().append(prompt);
            appendBegun(whole, prompt, begun.get(), cachePoints);
            prompt = whole.build();
        }
        List<RenderedPrompt.Segment> segments = new ArrayList<>();
        for (Text.Run run : prompt.runs()) {
            boolean fromTemplate = run.origin() == Text.TEMPLATE;
            if (!segments.isEmpty() && segments.getLast().fromTemplate() == fromTemplate) {
                RenderedPrompt.Segment last = segments.removeLast();
                segments.add(new RenderedPrompt.Segment(last.text() + run.text(), fromTemplate));
            } else {
                segments.add(new RenderedPrompt.Segment(run.text(), fromTemplate));
            }
        }
        return new RenderedPrompt(prompt.value(), segments, cachePoints);
    }

    private static Optional<Prompt.Message> begunAnswer(Prompt.Chat chat) {
        if (chat.messages().isEmpty()) {
            return Optional.empty();
        }
        Prompt.Message last = chat.messages().getLast();
        boolean calls = last.content().stream().anyMatch(Prompt.Content.ToolCall.class::isInstance);
        return last.role() == Prompt.Role.ASSISTANT && !calls ? Optional.of(last) : Optional.empty();
    }

    private Text rendered(TemplateMessages messages, boolean reasons) {
        List<Object> tools = messages.tools();
        Map<String, Object> variables = new LinkedHashMap<>();
        variables.put("messages", messages.messages());
        variables.put("tools", tools.isEmpty() ? null : tools);
        // SmolLM3 reads this one instead.
        variables.put("xml_tools", tools.isEmpty() ? null : tools);
        variables.put("documents", null);
        variables.put("add_generation_prompt", true);
        variables.put("bos_token", bosToken);
        variables.put("eos_token", eosToken);
        variables.put("enable_thinking", reasons);
        variables.put("thinking", reasons);
        // Only firefunction reads these two.
        variables.put("functions", tools.isEmpty() ? "" : JsonText.write(JsonText.fromJava(tools)));
        variables.put("datetime", DATE_TIME.format(ZonedDateTime.now(clock)));
        try {
            return TemplateTraits.rendered(template, variables, clock);
        } catch (TemplateException e) {
            String message = e.raised()
                    ? e.getMessage()
                    : "The model's chat template cannot write this conversation: " + e.getMessage();
            throw new TextModelException(TextModelException.Category.INVALID, message, e);
        }
    }

    /** Where, for each cache point, what came before it ends and nothing that came after it has been said. */
    private static List<Integer> cachePoints(Text prompt, List<Integer> lastOrigins) {
        List<Integer> positions = new ArrayList<>();
        for (int lastOrigin : lastOrigins) {
            int position = 0;
            int end = 0;
            for (Text.Run run : prompt.runs()) {
                if (run.origin() > lastOrigin) {
                    break;
                }
                end += run.text().length();
                if (run.origin() != Text.TEMPLATE) {
                    position = end;
                }
            }
            positions.add(position);
        }
        return positions;
    }

    private void appendBegun(Text.Builder whole, Text prompt, Prompt.Message begun, List<Integer> cachePoints) {
        int supplied = Integer.MAX_VALUE;
        boolean reasoningBegun =
                reasoning.filter(syntax -> syntax.begunIn(prompt.value())).isPresent();
        for (Prompt.Content part : begun.content()) {
            switch (part) {
                case Prompt.Content.Text(String text) -> {
                    if (reasoningBegun) {
                        whole.append(reasoning.orElseThrow().close() + "\n\n");
                        reasoningBegun = false;
                    }
                    whole.append(text, supplied);
                }
                case Prompt.Content.Reasoning(String text) -> {
                    if (reasoning.isPresent()) {
                        whole.append(reasoningBegun ? "" : reasoning.get().open() + "\n")
                                .append(text, supplied);
                        reasoningBegun = true;
                    }
                }
                case Prompt.Content.CachePoint _ -> cachePoints.add(whole.length());
                case Prompt.Content.Image _, Prompt.Content.ToolCall _, Prompt.Content.ToolResult _ ->
                    throw new TextModelException(
                            TextModelException.Category.INVALID,
                            "An answer that is to be continued holds text only, but has "
                                    + part.getClass().getSimpleName() + ".");
            }
        }
    }

    /** A parser for the answer to {@code chat}. */
    public OutputParser parser(Prompt.Chat chat) {
        if (toolSyntax instanceof HarmonyCalls && begunAnswer(chat).isEmpty()) {
            return new HarmonyOutputParser();
        }
        if (toolSyntax instanceof RecipientCalls && begunAnswer(chat).isEmpty()) {
            return new RecipientOutputParser();
        }
        return new MarkedOutputParser(
                reasoning,
                reasoningBegun(chat),
                callable(chat).isEmpty() ? Optional.empty() : Optional.of(toolSyntax),
                new ToolInputs(chat.tools()));
    }

    /** Whether the model's first words are reasoning: the prompt ends with its marker, or within it. */
    private boolean reasoningBegun(Prompt.Chat chat) {
        if (reasoning.isEmpty()) {
            return false;
        }
        List<Prompt.Content> said = begunAnswer(chat).map(Prompt.Message::content).orElse(List.of()).stream()
                .filter(part -> !(part instanceof Prompt.Content.CachePoint))
                .toList();
        return said.isEmpty()
                ? reasoning.get().begunIn(render(chat).text())
                : said.getLast() instanceof Prompt.Content.Reasoning;
    }

    private static List<Prompt.Tool> callable(Prompt.Chat chat) {
        return switch (chat.toolChoice()) {
            case Prompt.ToolChoice.None _ -> List.of();
            case Prompt.ToolChoice.Auto _, Prompt.ToolChoice.Any _ -> chat.tools();
            case Prompt.ToolChoice.Named(String name) -> {
                List<Prompt.Tool> named = chat.tools().stream()
                        .filter(tool -> tool.name().equals(name))
                        .toList();
                if (named.isEmpty()) {
                    throw new TextModelException(
                            TextModelException.Category.INVALID, "The tool to be called, " + name + ", is not there.");
                }
                yield named;
            }
        };
    }

    /**
     * The grammar that forces rightly written tool calls with valid input, where {@code chat} asks for them: at least one
     * with toolChoice Any where the model knows tools, else just one; reasoning may come first where the prompt has begun it.
     *
     * @throws TextModelException of category INVALID if a tool's schema cannot be made a grammar, or the tool named is
     *     not there
     */
    public Optional<TextRequest.Constraint> constraint(Prompt.Chat chat) {
        boolean forced = switch (chat.toolChoice()) {
            case Prompt.ToolChoice.Auto _, Prompt.ToolChoice.None _ -> false;
            case Prompt.ToolChoice.Any _, Prompt.ToolChoice.Named _ -> true;
        };
        if (!forced || chat.tools().isEmpty()) {
            return Optional.empty();
        }
        CallGrammar grammar =
                new CallGrammar(callable(chat), severalCalls && chat.toolChoice() instanceof Prompt.ToolChoice.Any);
        String calls = toolSyntax.grammar(grammar, false);
        Optional<String> close = reasoningBegun(chat) ? reasoning.map(ReasoningSyntax::close) : Optional.empty();
        return Optional.of(new TextRequest.Constraint.Grammar(grammar.text(calls, close)));
    }

    /**
     * The grammar of tool calls once one begins, where {@code chat} leaves it to the model to call; empty where there
     * are no tools, or one has a schema that cannot be made a grammar.
     */
    public Optional<TriggeredGrammar> triggeredGrammar(Prompt.Chat chat) {
        boolean free = switch (chat.toolChoice()) {
            case Prompt.ToolChoice.Auto _ -> true;
            case Prompt.ToolChoice.None _, Prompt.ToolChoice.Any _, Prompt.ToolChoice.Named _ -> false;
        };
        if (!free || chat.tools().isEmpty()) {
            return Optional.empty();
        }
        try {
            CallGrammar grammar = new CallGrammar(chat.tools(), severalCalls);
            String calls = toolSyntax.grammar(grammar, true);
            return Optional.of(new TriggeredGrammar(
                    toolSyntax.starts(), new TextRequest.Constraint.Grammar(grammar.text(calls, Optional.empty()))));
        } catch (TextModelException e) {
            if (e.category() == TextModelException.Category.INVALID) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
