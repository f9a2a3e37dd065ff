package dev.outcrop.engines.vectors.postgres;

import dev.outcrop.engines.vectors.remote.FieldMapping;
import dev.outcrop.engines.web.Reach;
import java.util.Optional;

/**
 * Where a table is, and what its columns are for.
 *
 * @param host     name or address
 * @param table    its name, behind that of its schema and a dot if it is in one
 * @param fields   all of them but {@code customMetadata} are needed
 * @param tls      whether the server must prove who it is by a certificate that the JVM trusts
 * @param reach    which hosts may be called
 */
public record PostgresSettings(
        String host,
        int port,
        String database,
        String user,
        String password,
        String table,
        FieldMapping fields,
        boolean tls,
        Reach reach) {
    Optional<String> schema() {
        int dot = table.lastIndexOf('.');
        return dot < 0 ? Optional.empty() : Optional.of(table.substring(0, dot));
    }

    String tableAlone() {
        return table.substring(table.lastIndexOf('.') + 1);
    }

    @Override
    public String toString() {
        return table + " of " + database + " at " + host + ":" + port;
    }
}
