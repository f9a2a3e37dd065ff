package dev.outcrop.engines.text.template;

import dev.outcrop.engines.text.template.Statement.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads tokens into statements. */
final class StatementParser extends Parser {
    private int loops;

    private StatementParser(List<Token> tokens) {
        super(tokens);
    }

    static List<Statement> parse(String template) {
        StatementParser parser = new StatementParser(Lexer.tokens(template));
        List<Statement> statements = parser.body(Set.of());
        if (!parser.at(Token.Kind.END)) {
            throw parser.failure("unexpected '" + parser.peek().text() + "'");
        }
        return statements;
    }

    /** Statements up to a block that begins with one of {@code ends}, whose name is the next token then. */
    private List<Statement> body(Set<String> ends) {
        List<Statement> statements = new ArrayList<>();
        while (true) {
            Token token = peek();
            switch (token.kind()) {
                case END -> {
                    if (!ends.isEmpty()) {
                        throw failure("unexpected end of template, expected one of " + ends);
                    }
                    return List.copyOf(statements);
                }
                case DATA -> statements.add(new Statement.Data(Text.of(take().text())));
                case VARIABLE_BEGIN -> {
                    take();
                    statements.add(new Statement.Output(tuple()));
                    expect(Token.Kind.VARIABLE_END);
                }
                default -> {
                    expect(Token.Kind.BLOCK_BEGIN);
                    if (ends.contains(peek().text())) {
                        return List.copyOf(statements);
                    }
                    statements.add(nested(this::statement));
                }
            }
        }
    }

    private void endBlock() {
        expect(Token.Kind.BLOCK_END);
    }

    /** The body up to {@code end}, with the tags around it. */
    private List<Statement> bodyTo(String end) {
        endBlock();
        List<Statement> body = body(Set.of(end));
        take();
        endBlock();
        return body;
    }

    private Statement statement() {
        String keyword = name();
        return switch (keyword) {
            case "if" -> branches();
            case "for" -> loop();
            case "set" -> assignment();
            case "macro" -> macro(name());
            case "call" -> callBlock();
            case "filter" -> filterBlock();
            case "with" -> with();
            case "generation" -> new Statement.Block(bodyTo("endgeneration"));
            case "autoescape" -> {
                expression();
                yield new Statement.Block(bodyTo("endautoescape"));
            }
            case "do" -> {
                Expression expression = tuple();
                endBlock();
                yield new Statement.Evaluate(expression);
            }
            case "break", "continue" -> {
                if (loops == 0) {
                    throw failure("'" + keyword + "' outside loop");
                }
                endBlock();
                yield keyword.equals("break") ? new Statement.Break() : new Statement.Continue();
            }
            default -> throw failure("Encountered unknown tag '" + keyword + "'.");
        };
    }

    private Statement branches() {
        List<Statement.Branch> branches = new ArrayList<>();
        List<Statement> otherwise = List.of();
        String keyword = "if";
        while (!keyword.equals("endif")) {
            if (keyword.equals("else")) {
                endBlock();
                otherwise = body(Set.of("endif"));
            } else {
                Expression condition = tuple();
                endBlock();
                branches.add(new Statement.Branch(condition, body(Set.of("elif", "else", "endif"))));
            }
            keyword = name();
        }
        endBlock();
        return new Statement.If(List.copyOf(branches), otherwise);
    }

    private Statement loop() {
        Target target = targets();
        if (!takeName("in")) {
            throw failure("expected 'in'");
        }
        Expression over = loopSource();
        Optional<Expression> condition = takeName("if") ? Optional.of(expression()) : Optional.empty();
        boolean recursive = takeName("recursive");
        endBlock();
        loops++;
        List<Statement> body = body(Set.of("endfor", "else"));
        loops--;
        List<Statement> otherwise = List.of();
        if (name().equals("else")) {
            endBlock();
            otherwise = body(Set.of("endfor"));
            take();
        }
        endBlock();
        return new Statement.For(target, over, condition, recursive, body, otherwise);
    }

    private Expression loopSource() {
        Expression first = or();
        if (!atOperator(",")) {
            return first;
        }
        List<Expression> items = new ArrayList<>(List.of(first));
        while (takeOperator(",")) {
            if (at(Token.Kind.BLOCK_END) || atName("if") || atName("recursive")) {
                break;
            }
            items.add(or());
        }
        return new Expression.ListLiteral(List.copyOf(items), true);
    }

    private Target targets() {
        Target first = target();
        if (!atOperator(",")) {
            return first;
        }
        List<Target> targets = new ArrayList<>(List.of(first));
        while (takeOperator(",")) {
            if (atOperator("=") || atName("in")) {
                break;
            }
            targets.add(target());
        }
        return new Target.Unpacked(List.copyOf(targets));
    }

    private Target target() {
        if (takeOperator("(")) {
            Target inner = nested(this::targets);
            expectOperator(")");
            return inner;
        }
        String name = name();
        return takeOperator(".") ? new Target.Attribute(name, name()) : new Target.Name(name);
    }

    private Statement assignment() {
        Target target = targets();
        if (takeOperator("=")) {
            Expression value = tuple();
            endBlock();
            return new Statement.Set(target, value);
        }
        Optional<Expression> filter = Optional.empty();
        while (takeOperator("|")) {
            filter = Optional.of(filter(filter));
        }
        return new Statement.SetBlock(target, filter, bodyTo("endset"));
    }

    private Statement.Macro macro(String name) {
        List<Statement.Parameter> parameters = parameters();
        int outerLoops = loops;
        loops = 0;
        List<Statement> body = bodyTo("endmacro");
        loops = outerLoops;
        return new Statement.Macro(name, parameters, body);
    }

    private List<Statement.Parameter> parameters() {
        List<Statement.Parameter> parameters = new ArrayList<>();
        expectOperator("(");
        while (!takeOperator(")")) {
            if (!parameters.isEmpty()) {
                expectOperator(",");
                if (takeOperator(")")) {
                    break;
                }
            }
            String name = name();
            Optional<Expression> defaultValue = takeOperator("=") ? Optional.of(expression()) : Optional.empty();
            parameters.add(new Statement.Parameter(name, defaultValue));
        }
        return List.copyOf(parameters);
    }

    private Statement callBlock() {
        List<Statement.Parameter> parameters = atOperator("(") ? parameters() : List.of();
        if (!(expression() instanceof Expression.Call call)) {
            throw failure("expected call");
        }
        return new Statement.CallBlock(call, new Statement.Macro("caller", parameters, bodyTo("endcall")));
    }

    private Statement filterBlock() {
        Expression filter = filter(Optional.empty());
        while (takeOperator("|")) {
            filter = filter(Optional.of(filter));
        }
        return new Statement.FilterBlock(filter, bodyTo("endfilter"));
    }

    private Statement with() {
        List<Statement.Set> assignments = new ArrayList<>();
        while (!at(Token.Kind.BLOCK_END)) {
            if (!assignments.isEmpty()) {
                expectOperator(",");
            }
            Target target = target();
            expectOperator("=");
            assignments.add(new Statement.Set(target, expression()));
        }
        return new Statement.With(List.copyOf(assignments), bodyTo("endwith"));
    }
}
