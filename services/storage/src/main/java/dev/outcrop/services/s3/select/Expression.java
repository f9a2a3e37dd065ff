package dev.outcrop.services.s3.select;

import java.util.List;
import java.util.Optional;

/** What a statement computes of a record. */
sealed interface Expression {
    record Literal(Value value) implements Expression {}

    /** @param steps the first is a {@link Step.Name} */
    record Path(List<Step> steps) implements Expression {
        public Path {
            steps = List.copyOf(steps);
        }
    }

    record Not(Expression operand) implements Expression {}

    record Negative(Expression operand) implements Expression {}

    record Arithmetic(char operator, Expression left, Expression right) implements Expression {}

    /** @param operator one of = &lt; &lt;= &gt; &gt;= &lt;&gt; */
    record Comparison(String operator, Expression left, Expression right) implements Expression {}

    record And(Expression left, Expression right) implements Expression {}

    record Or(Expression left, Expression right) implements Expression {}

    record In(Expression operand, List<Expression> choices) implements Expression {
        public In {
            choices = List.copyOf(choices);
        }
    }

    record Like(Expression operand, Expression pattern, Optional<Expression> escape) implements Expression {}

    /** @param missing whether it must not even be there */
    record IsAbsent(Expression operand, boolean missing) implements Expression {}

    record Case(List<When> branches, Expression otherwise) implements Expression {
        public Case {
            branches = List.copyOf(branches);
        }
    }

    /** A branch of a {@link Case}. */
    record When(Expression condition, Expression result) {}

    record Cast(Expression operand, Type type) implements Expression {}

    /** What a value can be made. */
    enum Type {
        BOOL,
        INT,
        STRING,
        FLOAT,
        DECIMAL,
        TIMESTAMP
    }

    /** @param part what of a moment is meant, in the functions that ask for it */
    record Call(Function function, Optional<Timestamp.Part> part, List<Expression> arguments) implements Expression {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }

    /** The functions of one record. */
    enum Function {
        COALESCE(1, 1000),
        NULLIF(2, 2),
        CHAR_LENGTH(1, 1),
        CHARACTER_LENGTH(1, 1),
        LOWER(1, 1),
        UPPER(1, 1),
        SUBSTRING(2, 3),
        /** Arguments: the text, and the characters that go. */
        TRIM_BOTH(2, 2),
        TRIM_LEADING(2, 2),
        TRIM_TRAILING(2, 2),
        DATE_ADD(2, 2),
        DATE_DIFF(2, 2),
        EXTRACT(1, 1),
        TO_STRING(2, 2),
        TO_TIMESTAMP(1, 1),
        UTCNOW(0, 0);

        private final int fewest;
        private final int most;

        Function(int fewest, int most) {
            this.fewest = fewest;
            this.most = most;
        }

        boolean takes(int count) {
            return count >= fewest && count <= most;
        }
    }

    /**
     * A function of all records.
     *
     * @param argument empty for {@code COUNT(*)}
     * @param slot     which of the statement's it is
     */
    record Aggregate(Kind kind, Optional<Expression> argument, int slot) implements Expression {}

    /** The functions of all records. */
    enum Kind {
        AVG,
        COUNT,
        MAX,
        MIN,
        SUM
    }

    /** A step into a value. */
    sealed interface Step {
        /** @param exact whether it stood in quotation marks, so that its case counts */
        record Name(String name, boolean exact) implements Step {}

        record Index(int index) implements Step {}

        /** Every element, or every field. */
        record All() implements Step {}
    }
}
