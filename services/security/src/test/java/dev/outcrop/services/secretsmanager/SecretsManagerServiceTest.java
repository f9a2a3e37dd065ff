package dev.outcrop.services.secretsmanager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.jobs.Jobs;
import dev.outcrop.services.ServedSecurity;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.StoredRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.APIErrorType;
import software.amazon.awssdk.services.secretsmanager.model.BatchGetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.CreateSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.DecryptionFailureException;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.EncryptionFailureException;
import software.amazon.awssdk.services.secretsmanager.model.Filter;
import software.amazon.awssdk.services.secretsmanager.model.FilterNameStringType;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.InvalidNextTokenException;
import software.amazon.awssdk.services.secretsmanager.model.InvalidParameterException;
import software.amazon.awssdk.services.secretsmanager.model.InvalidRequestException;
import software.amazon.awssdk.services.secretsmanager.model.ListSecretsResponse;
import software.amazon.awssdk.services.secretsmanager.model.MalformedPolicyDocumentException;
import software.amazon.awssdk.services.secretsmanager.model.PublicPolicyException;
import software.amazon.awssdk.services.secretsmanager.model.PutSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.ResourceExistsException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;
import software.amazon.awssdk.services.secretsmanager.model.RotateSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.SecretListEntry;
import software.amazon.awssdk.services.secretsmanager.model.SecretValueEntry;
import software.amazon.awssdk.services.secretsmanager.model.Tag;

class SecretsManagerServiceTest {
    private static final String ONE = "00000000-0000-0000-0000-000000000001";
    private static final String TWO = "00000000-0000-0000-0000-000000000002";

    @TempDir
    Path folder;

    private ServedSecurity house;
    private SecretsManagerService service;
    private Jobs jobs;

    @BeforeEach
    void open() {
        house = new ServedSecurity(folder);
        service = new SecretsManagerService(
                house.records(),
                house.folder().secrets(),
                house.store().tags(),
                house::clients,
                () -> jobs,
                new Ids(),
                house.clock());
        house.serve("secretsmanager", SecretsManagerClient.class, service);
        jobs = new Jobs(
                house.records(),
                house.folder().scheduler(),
                service.work(),
                List.of(),
                new Jobs.Settings(1, Duration.ofMillis(100)),
                InstantSource.system());
    }

    @AfterEach
    void close() {
        jobs.close();
        house.close();
    }

    private <T> T call(Function<SecretsManagerClient, T> call) {
        return house.as(SecretsManagerClient.class, call);
    }

    private CreateSecretResponse secret(String name, String text) {
        return call(client -> client.createSecret(
                request -> request.name(name).secretString(text).clientRequestToken(ONE)));
    }

    private GetSecretValueResponse value(String id) {
        return call(client -> client.getSecretValue(request -> request.secretId(id)));
    }

    private PutSecretValueResponse put(String id, String text, String token) {
        return call(client -> client.putSecretValue(
                request -> request.secretId(id).secretString(text).clientRequestToken(token)));
    }

    @Test
    void aSecretComesBackByNameArnAndPartOfTheArn() {
        String arn = secret("prod/db", "hunter2").arn();

        assertThat(arn).matches("arn:aws:secretsmanager:us-east-1:000000000000:secret:prod/db-[a-zA-Z0-9]{6}");
        for (String id : List.of("prod/db", arn, arn.substring(0, arn.length() - 7))) {
            assertThat(value(id).secretString()).isEqualTo("hunter2");
        }
        assertThat(value(arn).versionStages()).containsExactly("AWSCURRENT");
        assertThatThrownBy(() -> value("prod/other"))
                .isInstanceOf(ResourceNotFoundException.class)
                .hasMessageContaining("Secrets Manager can't find the specified secret.");
    }

    @Test
    void bytesComeBackAsBytesAfterARestart() {
        SdkBytes bytes = SdkBytes.fromByteArray(new byte[] {0, 1, -1});
        call(client -> client.createSecret(request -> request.name("bytes").secretBinary(bytes)));
        close();
        open();

        assertThat(value("bytes").secretBinary()).isEqualTo(bytes);
        assertThat(value("bytes").secretString()).isNull();
    }

    @Test
    void nothingOfAValueIsReadableOnDisk() {
        secret("prod/db", "hunter2-hunter2-hunter2");

        List<StoredRecord> stored = house.records().list(RecordQuery.all(StoredSecrets.VALUE, 10));

        assertThat(stored).hasSize(1);
        assertThat(new String(stored.getFirst().body(), StandardCharsets.ISO_8859_1))
                .doesNotContain("hunter2");
    }

    @Test
    void aValueNeedsTheKeyThatItIsUnder() {
        String key =
                house.as(KmsClient.class, KmsClient::createKey).keyMetadata().keyId();
        call(client -> client.createSecret(
                request -> request.name("mine").secretString("a").kmsKeyId(key)));
        house.as(KmsClient.class, client -> client.disableKey(request -> request.keyId(key)));

        assertThatThrownBy(() -> value("mine"))
                .isInstanceOf(DecryptionFailureException.class)
                .hasMessageContaining("is disabled.");
        assertThatThrownBy(() -> put("mine", "b", TWO)).isInstanceOf(EncryptionFailureException.class);
    }

    @Test
    void aNewValueMovesTheStages() {
        secret("s", "one");
        put("s", "two", TWO);

        assertThat(value("s").secretString()).isEqualTo("two");
        assertThat(call(client -> client.getSecretValue(
                                request -> request.secretId("s").versionStage("AWSPREVIOUS")))
                        .secretString())
                .isEqualTo("one");
        assertThat(call(client -> client.describeSecret(request -> request.secretId("s")))
                        .versionIdsToStages())
                .isEqualTo(Map.of(ONE, List.of("AWSPREVIOUS"), TWO, List.of("AWSCURRENT")));
    }

    @Test
    void aTokenSaidTwiceWorksOnceUnlessTheValueDiffers() {
        String arn = secret("s", "one").arn();

        assertThat(secret("s", "one").arn()).isEqualTo(arn);
        assertThatThrownBy(() -> secret("s", "another")).isInstanceOf(ResourceExistsException.class);
        assertThat(put("s", "two", TWO).versionId())
                .isEqualTo(put("s", "two", TWO).versionId());
        assertThatThrownBy(() -> put("s", "three", TWO))
                .isInstanceOf(ResourceExistsException.class)
                .hasMessageContaining("You can't use ClientRequestToken " + TWO);
    }

    @Test
    void aStageMovesOnlyFromTheVersionThatIsNamed() {
        secret("s", "one");
        put("s", "two", TWO);

        assertThatThrownBy(() -> call(client -> client.updateSecretVersionStage(request ->
                        request.secretId("s").versionStage("AWSCURRENT").moveToVersionId(ONE))))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("Staging label AWSCURRENT is currently attached to version " + TWO);
        call(client -> client.updateSecretVersionStage(request -> request.secretId("s")
                .versionStage("AWSCURRENT")
                .moveToVersionId(ONE)
                .removeFromVersionId(TWO)));

        assertThat(value("s").secretString()).isEqualTo("one");
        assertThat(call(client -> client.describeSecret(request -> request.secretId("s")))
                        .versionIdsToStages())
                .isEqualTo(Map.of(ONE, List.of("AWSCURRENT"), TWO, List.of("AWSPREVIOUS")));
    }

    @Test
    void aDeletedSecretCanBeRestoredUntilItsWindowIsOver() {
        secret("s", "one");
        call(client -> client.deleteSecret(request -> request.secretId("s").recoveryWindowInDays(7L)));
        assertThatThrownBy(() -> value("s"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("because it was marked for deletion.");
        call(client -> client.restoreSecret(request -> request.secretId("s")));
        assertThat(value("s").secretString()).isEqualTo("one");

        call(client -> client.deleteSecret(request -> request.secretId("s").recoveryWindowInDays(7L)));
        house.pass(Duration.ofDays(8));
        service.chore().body().run(() -> false);

        assertThatThrownBy(() -> value("s")).isInstanceOf(ResourceNotFoundException.class);
        assertThat(house.records().list(RecordQuery.all(StoredSecrets.VALUE, 10)))
                .isEmpty();
    }

    @Test
    void aSecretDeletedByForceIsGoneAndItsNameFree() {
        String first = secret("s", "one").arn();
        call(client -> client.deleteSecret(request -> request.secretId("s").forceDeleteWithoutRecovery(true)));

        String second = secret("s", "two").arn();

        assertThat(second).isNotEqualTo(first);
        assertThatThrownBy(() -> value(first)).isInstanceOf(ResourceNotFoundException.class);
        assertThat(value(second).secretString()).isEqualTo("two");
        assertThatThrownBy(() -> call(client ->
                        client.deleteSecret(request -> request.secretId("s").recoveryWindowInDays(3L))))
                .isInstanceOf(InvalidParameterException.class);
    }

    @Test
    void listsAreFilteredAndComeInPages() {
        for (String name : List.of("a/one", "a/two", "b/three")) {
            call(client -> client.createSecret(request -> request.name(name)
                    .secretString(name)
                    .tags(Tag.builder().key("of").value(name).build())));
            house.pass(Duration.ofSeconds(1));
        }

        ListSecretsResponse first = call(client -> client.listSecrets(request -> request.maxResults(2)));
        ListSecretsResponse second =
                call(client -> client.listSecrets(request -> request.nextToken(first.nextToken())));
        List<String> named = call(client -> client.listSecrets(request -> request.filters(Filter.builder()
                        .key(FilterNameStringType.NAME)
                        .values("a/")
                        .build())))
                .secretList()
                .stream()
                .map(SecretListEntry::name)
                .toList();
        List<String> tagged = call(client -> client.listSecrets(request -> request.filters(Filter.builder()
                        .key(FilterNameStringType.TAG_VALUE)
                        .values("!a/")
                        .build())))
                .secretList()
                .stream()
                .map(SecretListEntry::name)
                .toList();

        assertThat(first.secretList()).extracting(SecretListEntry::name).containsExactly("a/one", "a/two");
        assertThat(second.secretList()).extracting(SecretListEntry::name).containsExactly("b/three");
        assertThat(named).containsExactly("a/one", "a/two");
        assertThat(tagged).containsExactly("b/three");
        assertThatThrownBy(() -> call(client -> client.listSecrets(request -> request.nextToken("forged"))))
                .isInstanceOf(InvalidNextTokenException.class);
    }

    @Test
    void aBatchTellsOfEachSecretWhetherItIsThere() {
        secret("s", "one");

        BatchGetSecretValueResponse batch =
                call(client -> client.batchGetSecretValue(request -> request.secretIdList("s", "missing")));

        assertThat(batch.secretValues())
                .extracting(SecretValueEntry::secretString)
                .containsExactly("one");
        assertThat(batch.errors()).extracting(APIErrorType::errorCode).containsExactly("ResourceNotFoundException");
    }

    @Test
    void passwordsHaveWhatIsAskedFor() {
        String password = call(client -> client.getRandomPassword(request ->
                        request.passwordLength(20L).excludePunctuation(true).excludeCharacters("abc")))
                .randomPassword();

        assertThat(password)
                .hasSize(20)
                .matches("[d-zA-Z0-9]+")
                .matches(".*[d-z].*")
                .matches(".*[A-Z].*")
                .matches(".*[0-9].*");
        assertThatThrownBy(() -> call(client -> client.getRandomPassword(request -> request.passwordLength(2L))))
                .isInstanceOf(InvalidParameterException.class);
    }

    @Test
    void resourcePoliciesAreCheckedAndTold() {
        String arn = secret("s", "one").arn();
        String policy = """
                {"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"111111111111"},
                "Action":"secretsmanager:GetSecretValue","Resource":"*"}}""";

        call(client -> client.putResourcePolicy(request -> request.secretId("s").resourcePolicy(policy)));

        assertThat(call(client -> client.getResourcePolicy(request -> request.secretId("s")))
                        .resourcePolicy())
                .isEqualTo(policy);
        Optional<String> told = call(client -> service.policy(arn));
        assertThat(told).contains(policy);
        assertThatThrownBy(() -> call(client -> client.putResourcePolicy(request -> request.secretId("s")
                        .blockPublicPolicy(true)
                        .resourcePolicy(policy.replace("111111111111", "*")))))
                .isInstanceOf(PublicPolicyException.class);
        assertThatThrownBy(() -> call(client -> client.putResourcePolicy(
                        request -> request.secretId("s").resourcePolicy("{"))))
                .isInstanceOf(MalformedPolicyDocumentException.class);
    }

    @Test
    void rotationNeedsAFunctionThatCanBeCalled() {
        secret("s", "one");

        assertThatThrownBy(() -> call(client -> client.rotateSecret(request -> request.secretId("s"))))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("No Lambda rotation function ARN is associated with this secret.");
        assertThatThrownBy(() -> call(client -> client.rotateSecret(request -> request.secretId("s")
                        .rotationLambdaARN("arn:aws:lambda:us-east-1:000000000000:function:rotate"))))
                .hasMessageContaining("cannot invoke the specified Lambda function");
    }

    @Test
    void aRotationFunctionMakesTheNewVersionTheCurrentOne() throws Exception {
        secret("s", "one");
        house.serve("lambda", LambdaClient.class, new RotatingFunction(house));
        jobs.start();

        RotateSecretResponse begun = call(client -> client.rotateSecret(request -> request.secretId("s")
                .clientRequestToken(TWO)
                .rotationLambdaARN("arn:aws:lambda:us-east-1:000000000000:function:rotate")
                .rotationRules(rules -> rules.automaticallyAfterDays(30L))));

        assertThat(begun.versionId()).isEqualTo(TWO);
        Instant limit = Instant.now().plusSeconds(20);
        while (!value("s").secretString().equals("rotated") && Instant.now().isBefore(limit)) {
            Thread.sleep(50);
        }
        DescribeSecretResponse rotated = call(client -> client.describeSecret(request -> request.secretId("s")));
        assertThat(rotated.versionIdsToStages().get(TWO)).contains("AWSCURRENT");
        assertThat(rotated.rotationEnabled()).isTrue();
        assertThat(rotated.nextRotationDate()).isEqualTo("2026-12-22T23:59:59Z");
    }
}
