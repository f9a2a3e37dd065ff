package dev.outcrop.engines.sql;

import dev.outcrop.engines.sql.QueriedDatabase.Cell;
import dev.outcrop.engines.sql.QueriedDatabase.Column;
import dev.outcrop.engines.sql.QueriedDatabase.Kind;
import dev.outcrop.engines.sql.QueriedDatabase.Rows;
import dev.outcrop.engines.sql.QueriedDatabase.Table;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** What JDBC gives, as plain values. */
final class ReadRows {
    private static final int LONGEST_VALUE = 20_000;

    private ReadRows() {}

    static Rows of(ResultSet result, int most) throws SQLException {
        ResultSetMetaData about = result.getMetaData();
        List<String> columns = new ArrayList<>();
        for (int column = 1; column <= about.getColumnCount(); column++) {
            columns.add(about.getColumnLabel(column));
        }
        List<List<Cell>> rows = new ArrayList<>();
        while (rows.size() < most && result.next()) {
            List<Cell> row = new ArrayList<>();
            for (int column = 1; column <= columns.size(); column++) {
                row.add(cell(result, column, about.getColumnType(column)));
            }
            rows.add(row);
        }
        return new Rows(columns, rows);
    }

    private static Cell cell(ResultSet result, int column, int type) throws SQLException {
        Kind kind = kind(type);
        String text = switch (kind) {
            case BLOB -> {
                byte[] bytes = result.getBytes(column);
                yield bytes == null ? null : HexFormat.of().formatHex(bytes);
            }
            case BOOLEAN -> {
                boolean value = result.getBoolean(column);
                yield result.wasNull() ? null : Boolean.toString(value);
            }
            default -> result.getString(column);
        };
        if (text == null) {
            return new Cell(Kind.NULL, "");
        }
        return new Cell(kind, text.substring(0, Math.min(text.length(), LONGEST_VALUE)));
    }

    private static Kind kind(int type) {
        return switch (type) {
            case Types.BOOLEAN, Types.BIT -> Kind.BOOLEAN;
            case Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT -> Kind.LONG;
            case Types.REAL, Types.FLOAT, Types.DOUBLE, Types.NUMERIC, Types.DECIMAL -> Kind.DOUBLE;
            case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB -> Kind.BLOB;
            default -> Kind.STRING;
        };
    }

    /** Tables, of rows with a table's name, a column's and its type, in the order of the tables. */
    static List<Table> tables(ResultSet result) throws SQLException {
        List<Table> tables = new ArrayList<>();
        List<Column> columns = new ArrayList<>();
        String table = "";
        while (result.next()) {
            if (!result.getString(1).equals(table) && !columns.isEmpty()) {
                tables.add(new Table(table, columns));
                columns = new ArrayList<>();
            }
            table = result.getString(1);
            columns.add(new Column(result.getString(2), result.getString(3)));
        }
        if (!columns.isEmpty()) {
            tables.add(new Table(table, columns));
        }
        return tables;
    }
}
