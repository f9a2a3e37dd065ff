package dev.outcrop.engines.text;

import java.util.List;

/** What a text model is given. */
public sealed interface Prompt {
    /** Text to be continued as it stands, without a chat template. */
    record Raw(String text) implements Prompt {}

    /**
     * A conversation, which the model's chat template turns into text.
     *
     * @param messages   the turns, oldest first; a system message, if there is one, comes first
     * @param tools      the tools that the model may call
     * @param toolChoice whether it may, must not, or must call one
     * @param reasoning  whether a model that can reason should
     */
    record Chat(List<Message> messages, List<Tool> tools, ToolChoice toolChoice, boolean reasoning) implements Prompt {
        public Chat {
            messages = List.copyOf(messages);
            tools = List.copyOf(tools);
        }

        /** A conversation without tools. */
        public static Chat of(List<Message> messages) {
            return new Chat(messages, List.of(), new ToolChoice.Auto(), false);
        }
    }

    /**
     * A turn.
     *
     * @param role    who speaks
     * @param content what is said, in order
     */
    record Message(Role role, List<Content> content) {
        public Message {
            content = List.copyOf(content);
        }

        /** A turn of text alone. */
        public static Message of(Role role, String text) {
            return new Message(role, List.of(new Content.Text(text)));
        }
    }

    /** Who speaks. */
    enum Role {
        SYSTEM,
        USER,
        ASSISTANT
    }

    /** A part of a turn. */
    sealed interface Content {
        /** Text. */
        record Text(String text) implements Content {}

        /**
         * An image.
         *
         * @param mediaType such as {@code image/png}
         */
        record Image(String mediaType, byte[] bytes) implements Content {}

        /** What the model reasoned before an earlier answer. */
        record Reasoning(String text) implements Content {}

        /**
         * A call that the model made.
         *
         * @param id    tells the call from others of the conversation
         * @param input a JSON object
         */
        record ToolCall(String id, String name, String input) implements Content {}

        /**
         * What a tool answered; stands in a turn of the user.
         *
         * @param id     the call's id
         * @param output text, which may be JSON
         * @param error  whether the tool failed
         */
        record ToolResult(String id, String output, boolean error) implements Content {}

        /** Asks that everything up to here is kept, so that the next prompt that begins alike starts faster. */
        record CachePoint() implements Content {}
    }

    /**
     * A tool that a model may call.
     *
     * @param inputSchema JSON Schema of its input
     */
    record Tool(String name, String description, String inputSchema) {}

    /** Whether the model may call tools. */
    sealed interface ToolChoice {
        /** As the model thinks best. */
        record Auto() implements ToolChoice {}

        /** None. */
        record None() implements ToolChoice {}

        /** At least one. */
        record Any() implements ToolChoice {}

        /** This one. */
        record Named(String name) implements ToolChoice {}
    }
}
