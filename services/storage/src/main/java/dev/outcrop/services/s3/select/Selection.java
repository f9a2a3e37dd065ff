package dev.outcrop.services.s3.select;

import dev.outcrop.services.s3.select.Expression.Step;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The result of a statement, made while the records are read. */
final class Selection {
    private final SelectQuery query;
    private final RecordReader reader;
    private final RecordWriter writer;
    private final Evaluation evaluation;
    private final Deque<Value> rows = new ArrayDeque<>();
    private final Totals totals;
    private long left;
    private boolean ended;

    Selection(SelectQuery query, RecordReader reader, RecordWriter writer, Evaluation evaluation) {
        this.query = query;
        this.reader = reader;
        this.writer = writer;
        this.evaluation = evaluation;
        totals = new Totals(query.aggregates());
        left = query.limit();
    }

    /** One step: at most one record is read, and the text of one of the result made. */
    Optional<String> step() throws IOException {
        if (left <= 0) {
            ended = true;
        }
        if (ended) {
            return Optional.empty();
        }
        if (rows.isEmpty()) {
            Optional<Value> record = reader.next();
            if (record.isEmpty()) {
                ended = true;
                return query.aggregates().isEmpty() ? Optional.empty() : Optional.of(total());
            }
            found(record.get(), query.from());
        }
        Value row = rows.removeFirst();
        if (query.where().isPresent() && !evaluation.isTrue(query.where().get(), row)) {
            return Optional.empty();
        }
        if (!query.aggregates().isEmpty()) {
            totals.add(evaluation, row);
            return Optional.empty();
        }
        left--;
        return Optional.of(written(query.items().isEmpty() ? row : projected(evaluation, row)));
    }

    boolean isEnded() {
        return ended;
    }

    private String total() {
        return written(projected(evaluation.with(totals.values()), Value.Absent.MISSING));
    }

    private Value projected(Evaluation with, Value row) {
        Map<String, Value> fields = new LinkedHashMap<>();
        query.items().forEach(item -> fields.put(item.name(), with.evaluate(item.expression(), row)));
        return new Value.Fields(fields);
    }

    private String written(Value record) {
        String text = writer.write(record);
        if (text.length() > RecordReader.LARGEST
                && text.getBytes(StandardCharsets.UTF_8).length > RecordReader.LARGEST) {
            throw SelectErrors.recordTooLarge();
        }
        return text;
    }

    /** Finds the rows in a record; there is always one, if only of nothing. */
    private void found(Value record, List<Step> steps) {
        List<Value> values = List.of(record);
        for (Step step : steps) {
            List<Value> next = new ArrayList<>();
            for (Value value : values) {
                if (!(step instanceof Step.All)) {
                    next.add(Evaluation.step(value, step));
                } else if (value instanceof Value.Items(List<Value> items)) {
                    next.addAll(items);
                } else if (value instanceof Value.Fields(Map<String, Value> fields)) {
                    next.addAll(fields.values());
                }
            }
            values = next;
        }
        rows.addAll(values.isEmpty() ? List.of(Value.Absent.MISSING) : values);
    }
}
