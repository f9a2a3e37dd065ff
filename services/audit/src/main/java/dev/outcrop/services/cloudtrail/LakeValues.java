package dev.outcrop.services.cloudtrail;

import java.sql.Array;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.StringJoiner;
import org.duckdb.DuckDBStruct;

/** Values as CloudTrail Lake writes them in results: lists in brackets, structures and maps in braces with equals signs. */
final class LakeValues {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");

    private LakeValues() {}

    /** The text of a value that DuckDB gave, which may be null. */
    static String text(Object value) throws SQLException {
        return switch (value) {
            case null -> "null";
            case Timestamp time -> TIME.format(time.toLocalDateTime());
            case LocalDateTime time -> TIME.format(time);
            case OffsetDateTime time -> TIME.format(time.withOffsetSameInstant(ZoneOffset.UTC)) + " UTC";
            case DuckDBStruct struct -> fields(struct.getMap());
            case Map<?, ?> map -> fields(map);
            case Array array -> {
                StringJoiner joined = new StringJoiner(", ", "[", "]");
                for (Object element : (Object[]) array.getArray()) {
                    joined.add(text(element));
                }
                yield joined.toString();
            }
            default -> value.toString();
        };
    }

    private static String fields(Map<?, ?> map) throws SQLException {
        StringJoiner joined = new StringJoiner(", ", "{", "}");
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            joined.add(entry.getKey() + "=" + text(entry.getValue()));
        }
        return joined.toString();
    }
}
