package dev.outcrop.engines.voice.markup;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads small XML documents and remembers where everything stood. There are no document types, hence no entities but the
 * five of XML and characters by number; names are taken with their prefixes. Depth is limited, and so is the length.
 *
 * <p>Source: "Extensible Markup Language (XML) 1.0", fifth edition.
 */
final class Xml {
    private static final int DEEPEST = 64;
    private static final int MOST_ATTRIBUTES = 32;

    private final String source;
    private int at;

    private Xml(String source) {
        this.source = source;
    }

    /** What an element holds. */
    sealed interface Node {}

    /** Characters. */
    record Characters(SourceText text) implements Node {}

    /**
     * An element.
     *
     * @param start    where its first tag begins
     * @param end      where its first tag ends
     * @param children what is in it, to be read only
     */
    record Element(String name, Map<String, String> attributes, List<Node> children, int start, int end)
            implements Node {
        /** Its characters, without those of its elements. */
        String characters() {
            StringBuilder all = new StringBuilder();
            for (Node child : children) {
                if (child instanceof Characters characters) {
                    all.append(characters.text.text());
                }
            }
            return all.toString();
        }

        List<Element> elements() {
            return children.stream()
                    .filter(Element.class::isInstance)
                    .map(Element.class::cast)
                    .toList();
        }
    }

    /**
     * The root of a document.
     *
     * @throws MarkupException {@code INVALID} if it is not well-formed, or deeper than 64 elements
     */
    static Element read(String source) {
        return new Xml(source).document();
    }

    private Element document() {
        if (source.startsWith("\uFEFF")) {
            at++;
        }
        Element root = null;
        Deque<Element> open = new ArrayDeque<>();
        while (at < source.length()) {
            if (source.startsWith("<!--", at)) {
                at = after("-->", at + 4);
            } else if (source.startsWith("<?", at)) {
                at = after("?>", at + 2);
            } else if (source.startsWith("<![CDATA[", at) && !open.isEmpty()) {
                int begin = at + 9;
                int end = after("]]>", begin) - 3;
                open.peek().children.add(new Characters(SourceText.of(source).part(begin, end)));
                at = end + 3;
            } else if (source.startsWith("</", at)) {
                close(open);
            } else if (source.charAt(at) == '<') {
                Element element = tag(open.size());
                if (open.isEmpty()) {
                    if (root != null) {
                        throw invalid("there is more than one root element");
                    }
                    root = element;
                } else {
                    open.peek().children.add(element);
                }
                if (source.charAt(at - 2) != '/') {
                    open.push(element);
                }
            } else {
                text(open);
            }
        }
        if (root == null || !open.isEmpty()) {
            throw invalid(root == null ? "there is no element" : "an element is not closed");
        }
        return root;
    }

    private int after(String wanted, int from) {
        int found = source.indexOf(wanted, from);
        if (found < 0) {
            throw invalid("\"" + wanted + "\" is missing");
        }
        return found + wanted.length();
    }

    private void close(Deque<Element> open) {
        at += 2;
        String name = name();
        blanks();
        if (open.isEmpty() || !open.pop().name.equals(name) || at >= source.length() || source.charAt(at) != '>') {
            throw invalid("the tag </" + name + "> closes nothing");
        }
        at++;
    }

    private Element tag(int depth) {
        if (depth >= DEEPEST) {
            throw invalid("elements are nested deeper than " + DEEPEST);
        }
        int start = at++;
        String name = name();
        Map<String, String> attributes = new LinkedHashMap<>();
        while (true) {
            int before = at;
            blanks();
            if (source.startsWith(">", at) || source.startsWith("/>", at)) {
                at += source.charAt(at) == '>' ? 1 : 2;
                return new Element(name, attributes, new ArrayList<>(), start, at);
            }
            if (before == at || attributes.size() >= MOST_ATTRIBUTES) {
                throw invalid("the tag <" + name + "> is not well-formed");
            }
            String attribute = name();
            blanks();
            if (!source.startsWith("=", at)) {
                throw invalid("the attribute " + attribute + " has no value");
            }
            at++;
            blanks();
            if (at >= source.length() || (source.charAt(at) != '"' && source.charAt(at) != '\'')) {
                throw invalid("the value of " + attribute + " is not quoted");
            }
            char quote = source.charAt(at);
            int end = source.indexOf(quote, at + 1);
            if (end < 0 || source.substring(at + 1, end).indexOf('<') >= 0) {
                throw invalid("the value of " + attribute + " has no end");
            }
            String value = resolved(at + 1, end).text();
            if (attributes.put(attribute, value) != null) {
                throw invalid("the attribute " + attribute + " is there twice");
            }
            at = end + 1;
        }
    }

    private String name() {
        int begin = at;
        while (at < source.length() && isName(source.charAt(at), at == begin)) {
            at++;
        }
        if (begin == at) {
            throw invalid("a name is missing");
        }
        return source.substring(begin, at);
    }

    private static boolean isName(char here, boolean first) {
        return Character.isLetter(here)
                || here == '_'
                || here == ':'
                || (!first && (Character.isDigit(here) || here == '-' || here == '.'));
    }

    private void blanks() {
        while (at < source.length() && " \t\r\n".indexOf(source.charAt(at)) >= 0) {
            at++;
        }
    }

    private void text(Deque<Element> open) {
        int end = source.indexOf('<', at);
        end = end < 0 ? source.length() : end;
        if (open.isEmpty()) {
            if (!source.substring(at, end).isBlank()) {
                throw invalid("there is text outside of the root element");
            }
        } else {
            open.peek().children.add(new Characters(resolved(at, end)));
        }
        at = end;
    }

    /** The characters of a part of the source, references replaced. */
    private SourceText resolved(int begin, int end) {
        StringBuilder text = new StringBuilder(end - begin);
        int[] offsets = new int[end - begin + 1];
        int from = begin;
        while (from < end) {
            offsets[text.length()] = from;
            char here = source.charAt(from);
            if (here != '&') {
                if (here < ' ' && "\t\r\n".indexOf(here) < 0) {
                    throw invalid("there is a character that XML does not have");
                }
                text.append(here);
                from++;
                continue;
            }
            int semicolon = source.indexOf(';', from);
            if (semicolon < 0 || semicolon > end || semicolon - from > 12) {
                throw invalid("\"&\" begins no reference");
            }
            String character = reference(source.substring(from + 1, semicolon));
            for (int i = 0; i < character.length(); i++) {
                offsets[text.length() + i] = from;
            }
            text.append(character);
            from = semicolon + 1;
        }
        offsets[text.length()] = end;
        return new SourceText(text.toString(), Arrays.copyOf(offsets, text.length() + 1));
    }

    private static String reference(String name) {
        switch (name) {
            case "amp" -> {
                return "&";
            }
            case "lt" -> {
                return "<";
            }
            case "gt" -> {
                return ">";
            }
            case "quot" -> {
                return "\"";
            }
            case "apos" -> {
                return "'";
            }
            default -> {
                // A number, or nothing.
            }
        }
        try {
            if (name.startsWith("#")) {
                int point = name.startsWith("#x")
                        ? Integer.parseInt(name.substring(2), 16)
                        : Integer.parseInt(name.substring(1));
                boolean allowed = (point >= ' ' && (point < 0xD800 || point > 0xDFFF))
                        || point == '\t'
                        || point == '\n'
                        || point == '\r';
                if (allowed && Character.isValidCodePoint(point)) {
                    return Character.toString(point);
                }
            }
        } catch (NumberFormatException none) {
            throw invalid("&" + name + "; is no reference");
        }
        throw invalid("&" + name + "; is no reference");
    }

    private static MarkupException invalid(String message) {
        return new MarkupException(MarkupException.Category.INVALID, message);
    }
}
