package dev.outcrop.engines.text.chat;

import java.util.List;

/** A syntax in which a call's input stands as a JSON object: what comes before it, and what after. */
sealed interface JsonInputSyntax extends ToolSyntax permits JsonCalls, NamedCalls, MistralCalls {
    /**
     * Reads what comes before the input.
     *
     * @param text  what follows the start marker, or the call before
     * @param ended whether no more text comes
     */
    Header header(String text, boolean ended);

    /**
     * Reads what comes after the input.
     *
     * @param ended  whether no more text comes
     * @param header what came before it
     */
    Tail tail(String text, boolean ended, Header.Input header);

    @Override
    default CallReader reader(ToolInputs inputs, boolean bare) {
        return new JsonCallReader(this, inputs, bare);
    }

    /** A call as written. */
    record Call(String name, String input) {}

    /** What was found before an input. */
    sealed interface Header {
        /** It is not complete. */
        record Incomplete() implements Header {}

        /** No call, whatever follows. */
        record NoCall() implements Header {}

        /**
         * A call whose input follows.
         *
         * @param inputStart where it begins
         * @param openObjects how many JSON objects around it have to be closed after it
         */
        record Input(String name, int inputStart, int openObjects) implements Header {}

        /** Calls in the first {@code consumed} characters, written so that they could be read as a whole only. */
        record Whole(List<Call> calls, int consumed) implements Header {}
    }

    /** What was found after an input. */
    sealed interface Tail {
        /** How many characters belong to it. */
        int consumed();

        /** It is not complete. */
        record Incomplete() implements Tail {
            @Override
            public int consumed() {
                return 0;
            }
        }

        /** The last call has ended. */
        record End(int consumed) implements Tail {}

        /** Another call follows. */
        record Next(int consumed) implements Tail {}
    }
}
