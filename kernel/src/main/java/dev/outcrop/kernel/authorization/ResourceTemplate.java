package dev.outcrop.kernel.authorization;

import dev.outcrop.kernel.CallContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.SdkPojo;

/**
 * A text with places for a request's members, such as {@code arn:aws:s3:::{Bucket}/{Key}}. A place names the members that
 * it may take, the first that is set counts: {@code {TrailName|Name}}; and what stands for none: {@code {Path:/}}, or
 * {@code *}. {@code {region}}, {@code {account}} and {@code {caller}} are the call's. A member with many values makes many
 * texts. Where the first place takes an ARN, what stands before it is dropped: AWS takes names and ARNs alike.
 */
public final class ResourceTemplate {
    private static final String ARN = "arn:";

    private final List<Part> parts;

    private ResourceTemplate(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    /**
     * Reads a template.
     *
     * @throws IllegalArgumentException if a brace is not closed
     */
    public static ResourceTemplate parse(String text) {
        List<Part> parts = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int open = text.indexOf('{', at);
            if (open != at) {
                int end = open < 0 ? text.length() : open;
                parts.add(new Literal(text.substring(at, end)));
                at = end;
            } else {
                int close = text.indexOf('}', open);
                if (close < 0) {
                    throw new IllegalArgumentException("\"" + text + "\" lacks a closing brace");
                }
                parts.add(place(text.substring(open + 1, close)));
                at = close + 1;
            }
        }
        return new ResourceTemplate(parts);
    }

    private static Part place(String text) {
        return switch (text) {
            case "region" -> Call.REGION;
            case "account" -> Call.ACCOUNT;
            case "caller" -> Call.CALLER;
            default -> {
                String[] halves = text.split(":", 2);
                yield new Member(
                        Arrays.stream(halves[0].split("\\|"))
                                .map(MemberPath::parse)
                                .toList(),
                        halves.length == 1 ? Optional.empty() : Optional.of(halves[1]));
            }
        };
    }

    /** The members that the template may take, place by place. */
    List<List<MemberPath>> members() {
        List<List<MemberPath>> members = new ArrayList<>();
        for (Part part : parts) {
            if (part instanceof Member member) {
                members.add(member.paths);
            }
        }
        return members;
    }

    /** The texts for a request, at least one. */
    List<String> expand(CallContext context, SdkPojo request) {
        List<String> texts = List.of("");
        boolean first = true;
        for (Part part : parts) {
            List<String> values = values(part, context, request);
            boolean mayBeArn = first && part instanceof Member;
            first &= !(part instanceof Member);
            List<String> longer = new ArrayList<>(texts.size() * values.size());
            for (String text : texts) {
                for (String value : values) {
                    longer.add(mayBeArn && value.startsWith(ARN) ? value : text + value);
                }
            }
            texts = longer;
        }
        return texts;
    }

    /** The texts for a shape, where it has a member for every place that nothing else stands for. */
    public Optional<List<String>> complete(CallContext context, SdkPojo shape) {
        for (Part part : parts) {
            if (part instanceof Member member
                    && member.otherwise.isEmpty()
                    && member.texts(shape).isEmpty()) {
                return Optional.empty();
            }
        }
        return Optional.of(expand(context, shape));
    }

    /** The values of the members alone; empty if the request has none of them. */
    Optional<List<String>> present(SdkPojo request) {
        for (Part part : parts) {
            switch (part) {
                case Member member -> {
                    return member.texts(request);
                }
                case Literal literal -> {
                    return Optional.of(List.of(literal.text));
                }
                case Call _ -> {} // Stands in no request.
            }
        }
        return Optional.empty();
    }

    private static List<String> values(Part part, CallContext context, SdkPojo request) {
        return switch (part) {
            case Literal literal -> List.of(literal.text);
            case Call call ->
                List.of(
                        switch (call) {
                            case REGION -> context.region();
                            case ACCOUNT -> context.account();
                            case CALLER -> context.principal().arn();
                        });
            case Member member -> member.texts(request).orElseGet(() -> List.of(member.otherwise.orElse("*")));
        };
    }

    private sealed interface Part {}

    private record Literal(String text) implements Part {}

    private enum Call implements Part {
        REGION,
        ACCOUNT,
        CALLER
    }

    private record Member(List<MemberPath> paths, Optional<String> otherwise) implements Part {
        Optional<List<String>> texts(SdkPojo request) {
            for (MemberPath path : paths) {
                List<String> texts = path.texts(request);
                if (!texts.isEmpty()) {
                    return Optional.of(texts);
                }
            }
            return Optional.empty();
        }
    }
}
