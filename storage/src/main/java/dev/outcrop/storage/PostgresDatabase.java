package dev.outcrop.storage;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

/** A PostgreSQL database, 15 or newer, with its pool of connections. */
public final class PostgresDatabase implements AutoCloseable {
    private static final int NEWEST_MIGRATION = 2;

    private final HikariDataSource pool;

    private PostgresDatabase(HikariDataSource pool) {
        this.pool = pool;
    }

    /**
     * Connects, bringing the database to this version's schema.
     *
     * @param url         such as {@code jdbc:postgresql://localhost/outcrop}
     * @param connections how many at most, at least 4
     */
    public static PostgresDatabase open(String url, String user, String password, int connections) {
        HikariConfig configuration = new HikariConfig();
        configuration.setJdbcUrl(url);
        configuration.setUsername(user);
        configuration.setPassword(password);
        configuration.setMaximumPoolSize(Math.max(4, connections));
        configuration.setConnectionTimeout(30_000);
        configuration.setPoolName("outcrop-postgresql");
        HikariDataSource pool = new HikariDataSource(configuration);
        try {
            Migrations.apply(pool, "postgresql", NEWEST_MIGRATION);
        } catch (RuntimeException failure) {
            pool.close();
            throw failure;
        }
        return new PostgresDatabase(pool);
    }

    /** The records in it. */
    public Records records() {
        return new PostgresRecords(this);
    }

    /** The journal in it. */
    public Journal journal() {
        return new PostgresJournal(pool);
    }

    /** For libraries that bring their own tables, such as the job scheduler. */
    public HikariDataSource pool() {
        return pool;
    }

    @Override
    public void close() {
        pool.close();
    }
}
