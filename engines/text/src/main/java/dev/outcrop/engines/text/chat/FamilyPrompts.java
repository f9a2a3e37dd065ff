package dev.outcrop.engines.text.chat;

import dev.outcrop.engines.text.Prompt;
import dev.outcrop.engines.text.Prompt.Message;
import dev.outcrop.engines.text.Prompt.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads prompts that were written in a family's own template back into turns, so that any model can answer them.
 *
 * <p>The beginning of the assistant's last turn, where the prompt has one, is kept as a last message of the assistant's,
 * to be continued. A prompt without the family's markers is one turn of the user.
 *
 * <p>Sources: the AWS pages "Meta Llama models", "Mistral AI text completion", "Anthropic Claude Text Completions API",
 * "Amazon Titan Text models", "DeepSeek models" of the Amazon Bedrock User Guide, and the model cards they point to.
 */
public final class FamilyPrompts {
    /** Templates, each named for those that use it. */
    public enum Family {
        /** {@code <s>[INST] <<SYS>>…<</SYS>> … [/INST] … </s>}; Mistral's without the system part. */
        LLAMA_2,
        MISTRAL,
        /** {@code <|start_header_id|>user<|end_header_id|>…<|eot_id|>}. */
        LLAMA_3,
        /** {@code \n\nHuman: … \n\nAssistant:}. */
        CLAUDE,
        /** {@code User: … \nBot:}. */
        TITAN,
        /** {@code <|im_start|>user … <|im_end|>}, as Qwen and many others use it. */
        CHAT_ML,
        /** {@code <｜User｜>…<｜Assistant｜>}. */
        DEEPSEEK,
        /** {@code <|START_OF_TURN_TOKEN|><|USER_TOKEN|>…<|END_OF_TURN_TOKEN|>}. */
        COMMAND_R
    }

    private static final Pattern INST = Pattern.compile("\\[INST\\](.*?)(?:\\[/INST\\]|\\z)", Pattern.DOTALL);
    private static final Pattern LLAMA_2_SYSTEM = Pattern.compile("\\A\\s*<<SYS>>(.*?)<</SYS>>(.*)\\z", Pattern.DOTALL);
    private static final Pattern LLAMA_3_HEADER =
            Pattern.compile("<\\|start_header_id\\|>\\s*(\\w+)\\s*<\\|end_header_id\\|>");
    private static final Pattern CLAUDE_TURN = Pattern.compile("(?:\\A\\s*|\\n[ \\t]*\\n\\s*)(Human|Assistant):");
    private static final Pattern TITAN_TURN = Pattern.compile("(?:\\A\\s*|\\n\\s*)(User|Bot):");
    private static final Pattern CHAT_ML_TURN =
            Pattern.compile("<\\|im_start\\|>\\s*(system|user|assistant)\\s*?(?:\\n|\\z)");
    private static final Pattern DEEPSEEK_TURN = Pattern.compile("<｜(User|Assistant)｜>");
    private static final Pattern COMMAND_R_TURN =
            Pattern.compile("<\\|START_OF_TURN_TOKEN\\|>\\s*<\\|(SYSTEM|USER|CHATBOT)_TOKEN\\|>");

    private FamilyPrompts() {}

    /** The template that {@code prompt} is written in, if it is written in one. */
    public static Optional<Family> detect(String prompt) {
        if (LLAMA_3_HEADER.matcher(prompt).find()) {
            return Optional.of(Family.LLAMA_3);
        }
        if (CHAT_ML_TURN.matcher(prompt).find()) {
            return Optional.of(Family.CHAT_ML);
        }
        if (COMMAND_R_TURN.matcher(prompt).find()) {
            return Optional.of(Family.COMMAND_R);
        }
        if (DEEPSEEK_TURN.matcher(prompt).find()) {
            return Optional.of(Family.DEEPSEEK);
        }
        if (prompt.contains("[INST]") && prompt.contains("[/INST]")) {
            return Optional.of(prompt.contains("<<SYS>>") ? Family.LLAMA_2 : Family.MISTRAL);
        }
        if (prompt.contains("\n\nHuman:") && prompt.contains("\n\nAssistant:")) {
            return Optional.of(Family.CLAUDE);
        }
        if (prompt.stripLeading().startsWith("User:") && prompt.contains("\nBot:")) {
            return Optional.of(Family.TITAN);
        }
        return Optional.empty();
    }

    /** The turns of a prompt in the template that it is written in; one turn of the user if it is in none. */
    public static Prompt.Chat read(String prompt) {
        return detect(prompt).map(family -> read(family, prompt)).orElseGet(() -> oneTurn(prompt));
    }

    /** The turns of a prompt in {@code family}'s template; one turn of the user if it has none of its markers. */
    public static Prompt.Chat read(Family family, String prompt) {
        List<Message> messages = switch (family) {
            case LLAMA_2, MISTRAL -> instructions(prompt);
            case LLAMA_3 -> turns(prompt, LLAMA_3_HEADER, List.of("<|eot_id|>", "<|eom_id|>", "<|end_of_text|>"));
            case CLAUDE -> turns(prompt, CLAUDE_TURN, List.of());
            case TITAN -> turns(prompt, TITAN_TURN, List.of());
            case CHAT_ML -> turns(prompt, CHAT_ML_TURN, List.of("<|im_end|>"));
            case DEEPSEEK -> turns(prompt, DEEPSEEK_TURN, List.of("<｜end▁of▁sentence｜>"));
            case COMMAND_R -> turns(prompt, COMMAND_R_TURN, List.of("<|END_OF_TURN_TOKEN|>"));
        };
        return messages.stream().anyMatch(message -> message.role() == Role.USER)
                ? Prompt.Chat.of(messages)
                : oneTurn(prompt);
    }

    private static Prompt.Chat oneTurn(String prompt) {
        return Prompt.Chat.of(List.of(Message.of(Role.USER, prompt)));
    }

    /** {@code [INST] user [/INST] assistant </s>[INST] …}. */
    private static List<Message> instructions(String prompt) {
        List<Message> messages = new ArrayList<>();
        Matcher matcher = INST.matcher(prompt);
        int answered = 0;
        while (matcher.find()) {
            if (answered > 0) {
                answer(prompt.substring(answered, matcher.start()), messages);
            }
            String said = matcher.group(1);
            Matcher system = LLAMA_2_SYSTEM.matcher(said);
            if (system.matches()) {
                add(Role.SYSTEM, system.group(1), messages);
                said = system.group(2);
            }
            add(Role.USER, said, messages);
            answered = matcher.end();
        }
        if (answered > 0) {
            answer(prompt.substring(answered), messages);
        }
        return messages;
    }

    private static void answer(String said, List<Message> messages) {
        int end = said.indexOf("</s>");
        add(Role.ASSISTANT, (end < 0 ? said : said.substring(0, end)).replace("<s>", ""), messages);
    }

    /** Turns that each begin with what {@code header} matches; its first group says whose. */
    private static List<Message> turns(String prompt, Pattern header, List<String> ends) {
        List<Message> messages = new ArrayList<>();
        Matcher matcher = header.matcher(prompt);
        Role role = Role.SYSTEM;
        int start = 0;
        while (matcher.find()) {
            add(role, said(prompt.substring(start, matcher.start()), ends), messages);
            role = role(matcher.group(1));
            start = matcher.end();
        }
        add(role, said(prompt.substring(start), ends), messages);
        return messages;
    }

    private static Role role(String name) {
        return switch (name) {
            case "Assistant", "assistant", "Bot", "CHATBOT" -> Role.ASSISTANT;
            case "system", "SYSTEM" -> Role.SYSTEM;
            default -> Role.USER;
        };
    }

    /** What is said up to a marker that ends the turn, without the tokens that begin a text. */
    private static String said(String text, List<String> ends) {
        String said = text;
        for (String end : ends) {
            int at = said.indexOf(end);
            said = at < 0 ? said : said.substring(0, at);
        }
        for (String begin : List.of("<|begin_of_text|>", "<｜begin▁of▁sentence｜>", "<BOS_TOKEN>")) {
            said = said.replace(begin, "");
        }
        return said;
    }

    /** Adds a turn that says something, to the one before where that is of the same role. */
    private static void add(Role role, String text, List<Message> messages) {
        String said = text.strip();
        // DeepSeek's template begins every answer with the marker of reasoning; ours begins its own.
        if (said.isEmpty() || (role == Role.ASSISTANT && said.equals("<think>"))) {
            return;
        }
        if (!messages.isEmpty() && messages.getLast().role() == role) {
            Message before = messages.removeLast();
            String joined = ((Prompt.Content.Text) before.content().getFirst()).text() + "\n\n" + said;
            messages.add(Message.of(role, joined));
        } else {
            messages.add(Message.of(role, said));
        }
    }
}
