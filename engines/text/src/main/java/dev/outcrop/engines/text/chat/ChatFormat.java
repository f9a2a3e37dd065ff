package dev.outcrop.engines.text.chat;

import dev.outcrop.engines.text.Prompt;
import dev.outcrop.engines.text.TextModelDescription.Capability;
import dev.outcrop.engines.text.TextRequest;
import java.util.Optional;
import java.util.Set;

/** How a model wants conversations written and how it writes tool calls and reasoning: found from its chat template. */
public final class ChatFormat {
    private ChatFormat() {}

    /**
     * The format of a chat template.
     *
     * @param templateSource Jinja, as in a GGUF file's {@code tokenizer.chat_template}
     * @param bosToken       text of the token that begins a text, or empty
     * @param eosToken       text of the token that ends a text, or empty
     * @throws dev.outcrop.engines.text.TextModelException of category INVALID if it is not a template
     */
    public static ChatFormat of(String templateSource, String bosToken, String eosToken) {
        throw new UnsupportedOperationException(templateSource + bosToken + eosToken);
    }

    /** CHAT always; TOOLS, REASONING as the template shows. */
    public Set<Capability> capabilities() {
        throw new UnsupportedOperationException();
    }

    /**
     * The text for {@code chat}, with the beginning of the assistant's turn that the model is to write. A conversation
     * whose last message is the assistant's is continued within that message.
     *
     * @throws dev.outcrop.engines.text.TextModelException of category INVALID if the template refuses the conversation
     */
    public RenderedPrompt render(Prompt.Chat chat) {
        throw new UnsupportedOperationException(chat.toString());
    }

    /** A parser for the answer to {@code chat}. */
    public OutputParser parser(Prompt.Chat chat) {
        throw new UnsupportedOperationException(chat.toString());
    }

    /**
     * The constraint that forces one rightly written tool call with valid input, where {@code chat} asks for one.
     *
     * @throws dev.outcrop.engines.text.TextModelException of category INVALID if a schema cannot be made a grammar
     */
    public Optional<TextRequest.Constraint> constraint(Prompt.Chat chat) {
        throw new UnsupportedOperationException(chat.toString());
    }

    /** The grammar of a tool call once one begins, where {@code chat} leaves it to the model to call. */
    public Optional<TriggeredGrammar> triggeredGrammar(Prompt.Chat chat) {
        throw new UnsupportedOperationException(chat.toString());
    }
}
