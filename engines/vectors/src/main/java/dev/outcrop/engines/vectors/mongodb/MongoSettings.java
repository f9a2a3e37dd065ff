package dev.outcrop.engines.vectors.mongodb;

import dev.outcrop.engines.vectors.remote.FieldMapping;
import dev.outcrop.engines.web.Reach;
import java.util.Optional;

/**
 * Where a collection is, and what its fields are for.
 *
 * @param endpoint    a cluster's host name, under which its members are looked up (SRV) and reached by TLS; or a host, a colon
 *                    and a port, which is called as it is
 * @param user        empty where none is needed
 * @param vectorIndex the name of its index for vectors
 * @param textIndex   that of its index for texts, where keywords are to be found
 * @param tls         whether a host with a port is reached by TLS
 */
public record MongoSettings(
        String endpoint,
        String user,
        String password,
        String database,
        String collection,
        String vectorIndex,
        Optional<String> textIndex,
        FieldMapping fields,
        boolean tls,
        Reach reach) {
    @Override
    public String toString() {
        return collection + " of " + database + " at " + endpoint;
    }
}
