package dev.outcrop.engines.text.chat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Calls whose every argument stands between tags of its own: Qwen3 Coder, Nemotron 3, Seed, GLM, MiniMax, DeepSeek V3.2.
 * Texts stand as they are, other values as JSON.
 *
 * @param open          what comes before the tool's name
 * @param nameEnd       what comes after it; empty: the next tag
 * @param argumentOpen  what comes before an argument's name
 * @param argumentNamed what comes after it
 * @param valueOpen     what comes before the value, after blanks
 * @param argumentClose what comes after the value
 * @param close         what comes after the last argument
 * @param brackets      what stands around several calls
 */
record TaggedCalls(
        String open,
        String nameEnd,
        String argumentOpen,
        String argumentNamed,
        String valueOpen,
        String argumentClose,
        String close,
        List<String> brackets)
        implements ToolSyntax {
    @Override
    public List<String> starts() {
        return List.of(open);
    }

    @Override
    public Reading read(String text, boolean ended, ToolInputs inputs) {
        int end = closing(text);
        if (end < 0) {
            return ended ? new Reading.NoCall() : new Reading.Incomplete();
        }
        String body = text.substring(0, end);
        int nameStop = nameEnd.isEmpty() ? body.indexOf(argumentOpen) : body.indexOf(nameEnd);
        String name = (nameStop < 0 ? body : body.substring(0, nameStop)).strip();
        if (name.isEmpty() || (nameStop < 0 && !nameEnd.isEmpty())) {
            return new Reading.NoCall();
        }
        Map<String, String> values = new LinkedHashMap<>();
        int position = nameStop < 0 ? body.length() : nameStop;
        while (true) {
            int open = body.indexOf(argumentOpen, position);
            if (open < 0) {
                return new Reading.Calls(List.of(new Call(name, inputs.object(name, values))), end + close.length());
            }
            int keyStart = open + argumentOpen.length();
            int keyEnd = body.indexOf(argumentNamed, keyStart);
            int valueStart = keyEnd < 0 ? -1 : valueStart(body, keyEnd + argumentNamed.length());
            int valueEnd = valueStart < 0 ? -1 : body.indexOf(argumentClose, valueStart);
            if (valueEnd < 0) {
                return new Reading.NoCall();
            }
            values.put(key(body.substring(keyStart, keyEnd)), unwrapped(body.substring(valueStart, valueEnd)));
            position = valueEnd + argumentClose.length();
        }
    }

    /** Where the tag that closes the call begins, or −1; one inside a value does not close it. */
    private int closing(String text) {
        int position = 0;
        while (true) {
            int end = text.indexOf(close, position);
            int argument = text.indexOf(argumentOpen, position);
            if (end < 0 || argument < 0 || end < argument) {
                return end;
            }
            int argumentEnd = text.indexOf(argumentClose, argument);
            if (argumentEnd < 0) {
                return -1;
            }
            position = argumentEnd + argumentClose.length();
        }
    }

    private int valueStart(String body, int from) {
        if (valueOpen.isEmpty()) {
            return from;
        }
        int start = JsonExtent.skipBlanks(body, from);
        return body.startsWith(valueOpen, start) ? start + valueOpen.length() : -1;
    }

    /** An argument's name, without attributes that follow it. */
    private static String key(String header) {
        int quote = header.indexOf('"');
        return (quote < 0 ? header : header.substring(0, quote)).strip();
    }

    /** Without the line ends that many models put around a value. */
    private static String unwrapped(String value) {
        String start = value.startsWith("\n") ? value.substring(1) : value;
        return start.endsWith("\n") ? start.substring(0, start.length() - 1) : start;
    }

    @Override
    public String grammar(CallGrammar grammar, boolean afterStart) {
        String section = brackets.isEmpty() || afterStart ? "" : brackets.getFirst() + "\n";
        String sectionEnd = brackets.isEmpty() || afterStart ? "" : "\n" + brackets.getLast();
        return grammar.oneOf(tool -> {
            StringBuilder body = new StringBuilder(
                    CallGrammar.literal(section + (afterStart ? "" : open) + tool.name() + nameEnd + "\n"));
            for (CallGrammar.Argument argument : grammar.arguments(tool, argumentClose)) {
                String one = CallGrammar.literal(argumentOpen + argument.name() + afterName(argument) + valueOpen) + " "
                        + argument.rule() + " " + CallGrammar.literal(argumentClose + "\n");
                body.append(' ').append(argument.required() ? one : "( " + one + " )?");
            }
            return body.append(' ')
                    .append(CallGrammar.literal(close + sectionEnd))
                    .toString();
        });
    }

    /** DeepSeek says in the tag whether the value is text. */
    private String afterName(CallGrammar.Argument argument) {
        return open.contains("DSML") ? "\" string=\"" + argument.text() + "\">" : argumentNamed;
    }
}
