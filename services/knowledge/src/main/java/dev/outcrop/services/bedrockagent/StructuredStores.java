package dev.outcrop.services.bedrockagent;

import dev.outcrop.engines.sources.CredentialsSecret;
import dev.outcrop.engines.sources.SourceException;
import dev.outcrop.engines.sql.PostgresTables;
import dev.outcrop.engines.sql.QueriedDatabase;
import dev.outcrop.engines.web.Reach;
import dev.outcrop.kernel.Clients;
import java.sql.SQLException;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBase;
import software.amazon.awssdk.services.bedrockagent.model.RedshiftConfiguration;
import software.amazon.awssdk.services.bedrockagent.model.RedshiftProvisionedAuthType;
import software.amazon.awssdk.services.bedrockagent.model.RedshiftQueryEngineConfiguration;
import software.amazon.awssdk.services.bedrockagent.model.RedshiftQueryEngineStorageType;
import software.amazon.awssdk.services.bedrockagent.model.RedshiftQueryEngineType;
import software.amazon.awssdk.services.bedrockagent.model.RedshiftServerlessAuthType;

/**
 * The databases of knowledge bases of type SQL, as their role. There is no Redshift here. With a user name and a password
 * it is a PostgreSQL server, whose host and port stand in the secret beside them; with IAM the database's name is
 * {@code s3://bucket/prefix}, and its tables are the CSV, JSON and Parquet files there, named without their extension.
 */
final class StructuredStores {
    private static final int POSTGRES_PORT = 5432;
    private static final Pattern FILES = Pattern.compile("s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(.*))?");
    private static final String HERE =
            " There is no Amazon Redshift here. Give a usernamePasswordSecretArn whose secret"
                    + " also holds the host of a PostgreSQL server, or with authentication by IAM a databaseName of the form"
                    + " s3://bucket/prefix, whose CSV, JSON and Parquet files are tables.";

    private final Supplier<Clients> clients;
    private final Reach reach;

    /** @param reach which hosts may be called */
    StructuredStores(Supplier<Clients> clients, Reach reach) {
        this.clients = clients;
        this.reach = reach;
    }

    /** Refuses a configuration that names no database that can be reached from here. */
    static void check(RedshiftConfiguration redshift) {
        if (redshift.storageConfigurations().getFirst().type() == RedshiftQueryEngineStorageType.AWS_DATA_CATALOG) {
            throw Errors.invalid("The AWS Glue Data Catalog is not served here." + HERE);
        }
        RedshiftQueryEngineConfiguration engine = redshift.queryEngineConfiguration();
        if (engine.type() == RedshiftQueryEngineType.PROVISIONED
                && engine.provisionedConfiguration().authConfiguration().type()
                        == RedshiftProvisionedAuthType.USERNAME) {
            throw Errors.invalid("Temporary credentials of a database user are made by Amazon Redshift alone." + HERE);
        }
        boolean files = FILES.matcher(database(redshift)).matches();
        if (files == byPassword(engine)) {
            throw Errors.invalid("The databaseName " + database(redshift) + " does not fit the authentication." + HERE);
        }
    }

    /**
     * The database of a knowledge base, to be closed.
     *
     * @throws StructuredStoreException if it cannot be reached
     */
    QueriedDatabase open(KnowledgeBase base) {
        RedshiftConfiguration redshift = base.knowledgeBaseConfiguration()
                .sqlKnowledgeBaseConfiguration()
                .redshiftConfiguration();
        BaseRole role = new BaseRole(clients, base);
        Matcher files = FILES.matcher(database(redshift));
        try {
            if (files.matches()) {
                return StoredTables.open(role, files.group(1), files.group(2) == null ? "" : files.group(2));
            }
            return postgres(role, secretArn(redshift.queryEngineConfiguration()), database(redshift));
        } catch (SourceException | SQLException unreadable) {
            throw new StructuredStoreException(unreadable.getMessage(), unreadable);
        }
    }

    private QueriedDatabase postgres(BaseRole role, String secretArn, String database) throws SQLException {
        CredentialsSecret secret = new StoredCredentials(role, secretArn).read();
        int port;
        try {
            port = secret.optional("port").map(Integer::parseInt).orElse(POSTGRES_PORT);
        } catch (NumberFormatException none) {
            throw new SourceException("The port in the secret is no number");
        }
        return PostgresTables.open(new PostgresTables.Settings(
                secret.required("host"),
                port,
                database,
                secret.required("username"),
                secret.required("password"),
                secret.optional("sslmode").filter("verify-full"::equals).isPresent(),
                reach));
    }

    private static String database(RedshiftConfiguration redshift) {
        return redshift.storageConfigurations()
                .getFirst()
                .redshiftConfiguration()
                .databaseName();
    }

    private static boolean byPassword(RedshiftQueryEngineConfiguration engine) {
        return engine.type() == RedshiftQueryEngineType.SERVERLESS
                ? engine.serverlessConfiguration().authConfiguration().type()
                        == RedshiftServerlessAuthType.USERNAME_PASSWORD
                : engine.provisionedConfiguration().authConfiguration().type()
                        == RedshiftProvisionedAuthType.USERNAME_PASSWORD;
    }

    private static String secretArn(RedshiftQueryEngineConfiguration engine) {
        return engine.type() == RedshiftQueryEngineType.SERVERLESS
                ? engine.serverlessConfiguration().authConfiguration().usernamePasswordSecretArn()
                : engine.provisionedConfiguration().authConfiguration().usernamePasswordSecretArn();
    }
}
