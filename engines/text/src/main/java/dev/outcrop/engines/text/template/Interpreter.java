package dev.outcrop.engines.text.template;

import dev.outcrop.engines.text.template.Expression.ComparisonOperator;
import dev.outcrop.engines.text.template.PythonValues.Namespace;
import dev.outcrop.engines.text.template.PythonValues.Tuple;
import dev.outcrop.engines.text.template.PythonValues.Undefined;
import dev.outcrop.engines.text.template.Statement.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Runs one rendering of a template. */
final class Interpreter {
    static final int MAXIMUM_STEPS = 5_000_000;
    static final int MAXIMUM_CHARACTERS = 50_000_000;
    static final int MAXIMUM_CALLS = 100;

    private int steps;
    private long characters;
    private int calls;

    private enum Flow {
        ON,
        BREAK,
        CONTINUE
    }

    void run(List<Statement> statements, Scope scope, Text.Builder output) {
        execute(statements, scope, output);
    }

    private Flow execute(List<Statement> statements, Scope scope, Text.Builder output) {
        for (Statement statement : statements) {
            Flow flow = execute(statement, scope, output);
            if (flow != Flow.ON) {
                return flow;
            }
        }
        return Flow.ON;
    }

    private Flow execute(Statement statement, Scope scope, Text.Builder output) {
        step();
        switch (statement) {
            case Statement.Data(Text text) -> write(text, output);
            case Statement.Output(Expression expression) -> write(printed(evaluate(expression, scope)), output);
            case Statement.If branches -> {
                return branch(branches, scope, output);
            }
            case Statement.For loop -> loop(loop, evaluate(loop.over(), scope), scope, output, 0);
            case Statement.Set(Target target, Expression value) -> assign(target, evaluate(value, scope), scope);
            case Statement.SetBlock block -> {
                Text content = captured(block.body(), scope);
                Object value =
                        block.filter().isPresent() ? filtered(block.filter().get(), content, scope) : content;
                assign(block.target(), value, scope);
            }
            case Statement.Macro macro -> scope.set(macro.name(), macro(macro, scope));
            case Statement.CallBlock(Expression.Call call, Statement.Macro caller) ->
                write(printed(call(call, scope, Optional.of(macro(caller, scope)))), output);
            case Statement.FilterBlock(Expression filter, List<Statement> body) ->
                write(PythonValues.str(filtered(filter, captured(body, scope), scope)), output);
            case Statement.With(List<Statement.Set> assignments, List<Statement> body) -> {
                Scope inner = new Scope(scope);
                assignments.forEach(set -> assign(set.target(), evaluate(set.value(), scope), inner));
                return execute(body, inner, output);
            }
            case Statement.Block(List<Statement> body) -> {
                return execute(body, scope, output);
            }
            case Statement.Evaluate(Expression expression) -> evaluate(expression, scope);
            case Statement.Break _ -> {
                return Flow.BREAK;
            }
            case Statement.Continue _ -> {
                return Flow.CONTINUE;
            }
        }
        return Flow.ON;
    }

    private Flow branch(Statement.If branches, Scope scope, Text.Builder output) {
        for (Statement.Branch branch : branches.branches()) {
            if (PythonValues.isTrue(evaluate(branch.condition(), scope))) {
                return execute(branch.body(), scope, output);
            }
        }
        return execute(branches.otherwise(), scope, output);
    }

    private void loop(Statement.For loop, Object over, Scope scope, Text.Builder output, int depth) {
        List<Object> items = PythonValues.items(over);
        if (loop.condition().isPresent()) {
            List<Object> chosen = new ArrayList<>();
            for (Object item : items) {
                Scope inner = new Scope(scope);
                assign(loop.target(), item, inner);
                if (PythonValues.isTrue(evaluate(loop.condition().get(), inner))) {
                    chosen.add(item);
                }
            }
            items = chosen;
        }
        if (items.isEmpty()) {
            execute(loop.otherwise(), new Scope(scope), output);
            return;
        }
        Optional<Callable> again = loop.recursive()
                ? Optional.of(arguments -> called(() -> {
                    Text.Builder inner = new Text.Builder();
                    loop(loop, arguments.require(0, "iterable"), scope, inner, depth + 1);
                    return inner.build();
                }))
                : Optional.empty();
        Loop state = new Loop(items, depth, again);
        for (Object item : items) {
            state.advance();
            Scope inner = new Scope(scope);
            inner.set("loop", state);
            assign(loop.target(), item, inner);
            if (execute(loop.body(), inner, output) == Flow.BREAK) {
                return;
            }
        }
    }

    private void assign(Target target, Object value, Scope scope) {
        switch (target) {
            case Target.Name(String name) -> scope.set(name, value);
            case Target.Attribute(String object, String name) -> {
                if (!(scope.get(object) instanceof Namespace(Map<String, Object> values))) {
                    throw new TemplateException("cannot assign attribute on non-namespace object");
                }
                values.put(name, value);
            }
            case Target.Unpacked(List<Target> targets) -> {
                List<Object> items = PythonValues.items(value);
                if (items.size() != targets.size()) {
                    throw new TemplateException(
                            "expected " + targets.size() + " values to unpack, got " + items.size());
                }
                for (int item = 0; item < items.size(); item++) {
                    assign(targets.get(item), items.get(item), scope);
                }
            }
        }
    }

    private Text captured(List<Statement> body, Scope scope) {
        Text.Builder content = new Text.Builder();
        execute(body, new Scope(scope), content);
        return content.build();
    }

    private Callable macro(Statement.Macro macro, Scope scope) {
        return arguments -> called(() -> {
            Scope inner = new Scope(scope);
            List<Statement.Parameter> parameters = macro.parameters();
            List<Object> positional = arguments.positional();
            Map<String, Object> extra = new LinkedHashMap<>();
            arguments.named().forEach((name, value) -> extra.put(name, value));
            for (int index = 0; index < parameters.size(); index++) {
                Statement.Parameter parameter = parameters.get(index);
                Object value;
                if (index < positional.size()) {
                    value = positional.get(index);
                } else if (extra.containsKey(parameter.name())) {
                    value = extra.get(parameter.name());
                } else if (parameter.defaultValue().isPresent()) {
                    value = evaluate(parameter.defaultValue().get(), inner);
                } else {
                    value = new Undefined("parameter '" + parameter.name() + "' was not provided");
                }
                extra.remove(parameter.name());
                inner.set(parameter.name(), value);
            }
            inner.set("caller", extra.getOrDefault("caller", new Undefined("'caller' is undefined")));
            extra.remove("caller");
            inner.set("kwargs", new LinkedHashMap<Object, Object>(textKeys(extra)));
            inner.set(
                    "varargs",
                    new Tuple(List.copyOf(
                            positional.subList(Math.min(parameters.size(), positional.size()), positional.size()))));
            Text.Builder content = new Text.Builder();
            execute(macro.body(), inner, content);
            return content.build();
        });
    }

    private static Map<Text, Object> textKeys(Map<String, Object> named) {
        Map<Text, Object> keyed = new LinkedHashMap<>();
        named.forEach((name, value) -> keyed.put(Text.of(name), value));
        return keyed;
    }

    private Object called(Supplier<Object> body) {
        if (++calls > MAXIMUM_CALLS) {
            throw new TemplateException("calls nested more than " + MAXIMUM_CALLS + " deep");
        }
        Object result = body.get();
        calls--;
        return result;
    }

    private Text printed(Object value) {
        return PythonValues.str(value);
    }

    private void write(Text text, Text.Builder output) {
        charge(text.length());
        output.append(text);
    }

    private void step() {
        if (++steps > MAXIMUM_STEPS) {
            throw new TemplateException("the template takes more than " + MAXIMUM_STEPS + " steps");
        }
    }

    private void charge(long made) {
        characters += made;
        if (characters > MAXIMUM_CHARACTERS) {
            throw new TemplateException("the template makes more than " + MAXIMUM_CHARACTERS + " characters");
        }
    }

    private Object made(Object value) {
        switch (value) {
            case Text text -> charge(text.length());
            case List<?> list -> charge(list.size());
            case null, default -> {
                // Takes no more room than what it was made from.
            }
        }
        return value;
    }

    private Object evaluate(Expression expression, Scope scope) {
        step();
        return switch (expression) {
            case Expression.Constant(Object value) -> value;
            case Expression.Name(String name) -> scope.get(name);
            case Expression.ListLiteral(List<Expression> items, boolean tuple) -> {
                List<Object> values = new ArrayList<>(items.size());
                items.forEach(item -> values.add(evaluate(item, scope)));
                yield tuple ? new Tuple(values) : values;
            }
            case Expression.DictionaryLiteral(List<Expression.Entry> entries) -> {
                Map<Object, Object> map = new LinkedHashMap<>();
                entries.forEach(entry -> map.put(evaluate(entry.key(), scope), evaluate(entry.value(), scope)));
                yield map;
            }
            case Expression.Attribute(Expression of, String name) -> Members.attribute(evaluate(of, scope), name);
            case Expression.Item(Expression of, Expression key) ->
                Members.item(evaluate(of, scope), evaluate(key, scope));
            case Expression.Slice slice ->
                made(Members.slice(
                        evaluate(slice.of(), scope),
                        slice.start().map(bound -> whole(bound, scope)),
                        slice.stop().map(bound -> whole(bound, scope)),
                        slice.step().map(bound -> whole(bound, scope))));
            case Expression.Call call -> made(call(call, scope, Optional.empty()));
            case Expression.Filter filter -> {
                Expression of = filter.of().orElseThrow(() -> new TemplateException("a filter has nothing to filter"));
                yield made(filter(filter, evaluate(of, scope), scope));
            }
            case Expression.Test(Expression of, String name, Expression.Arguments arguments, boolean negated) ->
                ValueTests.passes(name, evaluate(of, scope), arguments(arguments, scope)) != negated;
            case Expression.Binary(Expression.BinaryOperator operator, Expression left, Expression right) ->
                made(binary(operator, evaluate(left, scope), evaluate(right, scope)));
            case Expression.Concatenation(List<Expression> parts) -> {
                Text.Builder result = new Text.Builder();
                parts.forEach(part -> result.append(PythonValues.str(evaluate(part, scope))));
                yield made(result.build());
            }
            case Expression.Comparison comparison -> comparison(comparison, scope);
            case Expression.And(Expression left, Expression right) -> {
                Object value = evaluate(left, scope);
                yield PythonValues.isTrue(value) ? evaluate(right, scope) : value;
            }
            case Expression.Or(Expression left, Expression right) -> {
                Object value = evaluate(left, scope);
                yield PythonValues.isTrue(value) ? value : evaluate(right, scope);
            }
            case Expression.Not(Expression of) -> !PythonValues.isTrue(evaluate(of, scope));
            case Expression.Negative(Expression of) -> Arithmetic.negative(evaluate(of, scope));
            case Expression.Positive(Expression of) -> Arithmetic.positive(evaluate(of, scope));
            case Expression.Conditional(Expression condition, Expression yes, Optional<Expression> no) -> {
                if (PythonValues.isTrue(evaluate(condition, scope))) {
                    yield evaluate(yes, scope);
                }
                yield no.isPresent()
                        ? evaluate(no.get(), scope)
                        : new Undefined("the inline if-expression evaluated to false and no else section was defined.");
            }
        };
    }

    private long whole(Expression bound, Scope scope) {
        Object value = evaluate(bound, scope);
        return value == null ? Members.NO_BOUND : PythonValues.whole(value);
    }

    private Object binary(Expression.BinaryOperator operator, Object left, Object right) {
        if (operator == Expression.BinaryOperator.MULTIPLY) {
            charge(Arithmetic.repetition(left, right));
        }
        return Arithmetic.apply(operator, left, right);
    }

    private boolean comparison(Expression.Comparison comparison, Scope scope) {
        Object left = evaluate(comparison.first(), scope);
        for (int index = 0; index < comparison.operators().size(); index++) {
            Object right = evaluate(comparison.others().get(index), scope);
            if (!holds(comparison.operators().get(index), left, right)) {
                return false;
            }
            left = right;
        }
        return true;
    }

    private static boolean holds(ComparisonOperator operator, Object left, Object right) {
        return switch (operator) {
            case EQUAL -> PythonValues.equal(left, right);
            case NOT_EQUAL -> !PythonValues.equal(left, right);
            case LESS -> PythonValues.compare(left, right) < 0;
            case LESS_OR_EQUAL -> PythonValues.compare(left, right) <= 0;
            case GREATER -> PythonValues.compare(left, right) > 0;
            case GREATER_OR_EQUAL -> PythonValues.compare(left, right) >= 0;
            case IN -> PythonValues.contains(right, left);
            case NOT_IN -> !PythonValues.contains(right, left);
        };
    }

    private Object call(Expression.Call call, Scope scope, Optional<Callable> caller) {
        Object function = evaluate(call.function(), scope);
        Callable.Arguments arguments = arguments(call.arguments(), scope);
        if (caller.isPresent()) {
            Map<String, Object> named = new LinkedHashMap<>(arguments.named());
            named.put("caller", caller.get());
            arguments = new Callable.Arguments(arguments.positional(), named);
        }
        return switch (function) {
            case Callable callable -> callable.call(arguments);
            case Undefined undefined -> throw undefined.failure();
            case null, default ->
                throw new TemplateException("'" + PythonValues.typeName(function) + "' object is not callable");
        };
    }

    private Callable.Arguments arguments(Expression.Arguments arguments, Scope scope) {
        if (arguments.equals(Expression.Arguments.NONE)) {
            return Callable.Arguments.NONE;
        }
        List<Object> positional = new ArrayList<>();
        arguments.positional().forEach(argument -> positional.add(evaluate(argument, scope)));
        arguments.unpacked().forEach(argument -> positional.addAll(PythonValues.items(evaluate(argument, scope))));
        Map<String, Object> named = new HashMap<>();
        arguments.named().forEach(argument -> named.put(argument.name(), evaluate(argument.value(), scope)));
        for (Expression argument : arguments.unpackedNamed()) {
            if (!(evaluate(argument, scope) instanceof Map<?, ?> map)) {
                throw new TemplateException("argument after ** must be a mapping");
            }
            map.forEach((key, value) -> named.put(PythonValues.str(key).value(), value));
        }
        return new Callable.Arguments(positional, named);
    }

    private Object filtered(Expression filter, Object value, Scope scope) {
        if (!(filter instanceof Expression.Filter step)) {
            throw new TemplateException("a block can only be filtered");
        }
        Object input = step.of().isPresent() ? filtered(step.of().get(), value, scope) : value;
        return filter(step, input, scope);
    }

    private Object filter(Expression.Filter filter, Object value, Scope scope) {
        return Filters.apply(filter.name(), value, arguments(filter.arguments(), scope));
    }
}
