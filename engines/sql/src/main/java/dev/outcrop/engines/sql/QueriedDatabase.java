package dev.outcrop.engines.sql;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * A database that is asked by queries which strangers, or models, wrote: one SELECT each, of tables that may be read, and
 * nothing is ever changed. Safe for concurrent use.
 */
public interface QueriedDatabase extends AutoCloseable {
    /** A column and its type, as the database calls it. */
    record Column(String name, String type) {}

    /** A table. */
    record Table(String name, List<Column> columns) {
        /** Shared, and never changed. */
        public Table {
            columns = List.copyOf(columns);
        }
    }

    /** What a value is. */
    enum Kind {
        NULL,
        BOOLEAN,
        LONG,
        DOUBLE,
        STRING,
        BLOB
    }

    /** A value as text; bytes in hexadecimal, and nothing for NULL. */
    record Cell(Kind kind, String text) {}

    /** Rows, each with a cell for every column. */
    record Rows(List<String> columns, List<List<Cell>> rows) {
        /** Shared, and never changed. */
        public Rows {
            columns = List.copyOf(columns);
            rows = List.copyOf(rows);
        }
    }

    /** The tables, in the order of their names. */
    List<Table> tables() throws SQLException;

    /**
     * Makes sure that a query is one SELECT that reads nothing but {@code readable}, and that the database understands it.
     *
     * @param readable names of tables, in lower case
     * @throws RefusedSqlException if it is not, saying what is wrong with it
     * @throws SQLException        if the database cannot be asked
     */
    void check(String sql, Set<String> readable) throws RefusedSqlException, SQLException;

    /**
     * What a query gives that {@link #check} has let pass.
     *
     * @param most    how many rows are read at most
     * @param longest how long that may take
     * @throws SQLException if it takes too long, or the database says so
     */
    Rows run(String sql, int most, Duration longest) throws SQLException;

    @Override
    void close() throws SQLException;
}
