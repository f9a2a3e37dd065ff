package dev.outcrop.services.cloudwatchlogs.insights;

import dev.outcrop.engines.sql.SqlDatabase;

/**
 * SQL that has a value, and what sort of value that is.
 *
 * @param code in parentheses where it needs some
 */
record Sql(String code, Type type) {
    /** The sorts of values. */
    enum Type {
        /** A DOUBLE. */
        NUMBER,
        /** A BIGINT, milliseconds since 1970. */
        TIME,
        BOOLEAN,
        /** A VARCHAR. */
        TEXT,
        /** A VARCHAR that may be a number as it was written. */
        ANY
    }

    static final Sql NULL = new Sql("CAST(NULL AS VARCHAR)", Type.ANY);

    static Sql number(String code) {
        return new Sql(code, Type.NUMBER);
    }

    static Sql time(String code) {
        return new Sql(code, Type.TIME);
    }

    static Sql truth(String code) {
        return new Sql(code, Type.BOOLEAN);
    }

    static Sql text(String code) {
        return new Sql(code, Type.TEXT);
    }

    static Sql any(String code) {
        return new Sql(code, Type.ANY);
    }

    /** A text of the user's. */
    static Sql literal(String text) {
        return text(quoted(text));
    }

    /** A text of the user's as SQL has it; no zeros, which DuckDB's parser ends at. */
    static String quoted(String text) {
        return SqlDatabase.text(text.replace("\0", ""));
    }

    String asNumber() {
        return switch (type) {
            case NUMBER -> code;
            case TIME, BOOLEAN -> "CAST(" + code + " AS DOUBLE)";
            case TEXT, ANY -> "TRY_CAST(" + code + " AS DOUBLE)";
        };
    }

    String asText() {
        return switch (type) {
            case NUMBER -> "number_text(" + code + ")";
            case TIME -> "CAST(" + code + " AS VARCHAR)";
            case BOOLEAN -> "(CASE WHEN " + code + " THEN '1' ELSE '0' END)";
            case TEXT, ANY -> code;
        };
    }

    String asTruth() {
        return switch (type) {
            case BOOLEAN -> code;
            case NUMBER, TIME -> "(" + code + " <> 0)";
            case TEXT, ANY -> "(coalesce(" + code + ", '') NOT IN ('', '0', 'false'))";
        };
    }

    boolean isNumeric() {
        return type == Type.NUMBER || type == Type.TIME || type == Type.BOOLEAN;
    }
}
