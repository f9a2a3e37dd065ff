package dev.outcrop.server;

import dev.outcrop.kernel.EncodedDenials;
import dev.outcrop.kernel.ServedServices;
import dev.outcrop.kernel.jobs.Background;
import dev.outcrop.services.iam.IamService;
import dev.outcrop.services.kms.KmsService;
import dev.outcrop.services.secretsmanager.SecretsManagerService;
import dev.outcrop.services.sts.StsService;
import java.util.List;
import java.util.function.Supplier;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sts.StsClient;

/** Who may, and what is secret: IAM, STS, KMS and Secrets Manager. */
final class SecurityFamily implements Family {
    private final House house;
    private final Identity identity;
    private final EncodedDenials encodedDenials;
    private final Supplier<KmsService> kms;
    private final Supplier<SecretsManagerService> secretsManager;

    SecurityFamily(House house, Identity identity, EncodedDenials encodedDenials) {
        this.house = house;
        this.identity = identity;
        this.encodedDenials = encodedDenials;
        kms = house.parts()
                .lazily(() -> new KmsService(
                        house.records(),
                        house.secrets(),
                        house.tags(),
                        house.ids(),
                        house.clock(),
                        house.configuration().hsm()));
        secretsManager = house.parts()
                .lazily(() -> new SecretsManagerService(
                        house.records(),
                        house.secrets(),
                        house.tags(),
                        house.clients(),
                        house.jobs(),
                        house.ids(),
                        house.clock()));
    }

    @Override
    public void serve(ServedServices services) {
        services.serve(
                "iam",
                IamClient.class,
                () -> new IamService(
                        identity.directory(),
                        house.secrets(),
                        identity.lastUses(),
                        identity.mfaDevices(),
                        identity.openIdProviders(),
                        identity.samlProviders(),
                        identity.apiKeys(),
                        house.tables(),
                        house.ids(),
                        house.clock()));
        services.serve(
                "sts",
                StsClient.class,
                () -> new StsService(
                        identity.directory(),
                        identity.temporaryKeys(),
                        identity.mfaDevices(),
                        identity.openIdProviders(),
                        identity.samlProviders(),
                        encodedDenials,
                        house.clock()));
        services.serve("kms", KmsClient.class, kms);
        services.serve("secretsmanager", SecretsManagerClient.class, secretsManager);
    }

    @Override
    public Background background() {
        return new Background(
                secretsManager.get().work(),
                List.of(
                        kms.get().chore(),
                        kms.get().metrics(house.metrics()),
                        secretsManager.get().chore(),
                        secretsManager.get().metrics(house.metrics())));
    }
}
