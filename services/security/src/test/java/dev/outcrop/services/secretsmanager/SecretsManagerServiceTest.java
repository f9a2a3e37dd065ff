package dev.outcrop.services.secretsmanager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import dev.outcrop.kernel.record.ServiceMetrics;
import dev.outcrop.services.ServedSecurity;
import dev.outcrop.storage.JournalEntry;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.StoredRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.APIErrorType;
import software.amazon.awssdk.services.secretsmanager.model.BatchGetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.CreateSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.DecryptionFailureException;
import software.amazon.awssdk.services.secretsmanager.model.EncryptionFailureException;
import software.amazon.awssdk.services.secretsmanager.model.Filter;
import software.amazon.awssdk.services.secretsmanager.model.FilterNameStringType;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.InvalidNextTokenException;
import software.amazon.awssdk.services.secretsmanager.model.InvalidParameterException;
import software.amazon.awssdk.services.secretsmanager.model.InvalidRequestException;
import software.amazon.awssdk.services.secretsmanager.model.LimitExceededException;
import software.amazon.awssdk.services.secretsmanager.model.ListSecretsResponse;
import software.amazon.awssdk.services.secretsmanager.model.MalformedPolicyDocumentException;
import software.amazon.awssdk.services.secretsmanager.model.PublicPolicyException;
import software.amazon.awssdk.services.secretsmanager.model.PutSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.ResourceExistsException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;
import software.amazon.awssdk.services.secretsmanager.model.SecretListEntry;
import software.amazon.awssdk.services.secretsmanager.model.SecretValueEntry;
import software.amazon.awssdk.services.secretsmanager.model.SecretVersionsListEntry;
import software.amazon.awssdk.services.secretsmanager.model.Tag;

class SecretsManagerServiceTest {
    private static final String ONE = "00000000-0000-0000-0000-000000000001";
    private static final String TWO = "00000000-0000-0000-0000-000000000002";

    @TempDir
    Path folder;

    private ServedSecrets served;
    private ServedSecurity house;
    private SecretsManagerService service;

    @BeforeEach
    void open() {
        served = new ServedSecrets(folder);
        house = served.house;
        service = served.service;
    }

    @AfterEach
    void close() {
        served.close();
    }

    private <T> T call(Function<SecretsManagerClient, T> call) {
        return served.call(call);
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
    void cloudWatchIsToldHowManySecretsThereAre() {
        secret("one", "1");
        secret("two", "2");
        served.in("eu-west-1", client -> client.createSecret(request -> request.name("three")));
        call(client -> client.deleteSecret(request -> request.secretId("two").recoveryWindowInDays(7L)));
        List<JournalEntry> journal = new ArrayList<>();
        ServiceMetrics metrics = new ServiceMetrics(journal::addAll, house.clock());

        service.metrics(metrics).body().run(() -> false);
        metrics.flush();

        assertThat(journal)
                .extracting(entry -> new String(entry.body(), StandardCharsets.UTF_8))
                .hasSize(2)
                .allMatch(entry ->
                        entry.contains("\"AWS/SecretsManager\"") && entry.contains("\"Resource\":\"SecretCount\""))
                .anyMatch(entry -> entry.contains("\"us-east-1\"") && entry.contains("\"value\":2.0"))
                .anyMatch(entry -> entry.contains("\"eu-west-1\"") && entry.contains("\"value\":1.0"));
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
    void aValueIsLookedAtOnADay() {
        secret("s", "one");
        put("s", "two", TWO);
        house.pass(Duration.ofDays(3));

        value("s");

        assertThat(call(client -> client.describeSecret(request -> request.secretId("s")))
                        .lastAccessedDate())
                .isEqualTo("2026-11-25T00:00:00Z");
        assertThat(call(client -> client.listSecretVersionIds(request -> request.secretId("s")))
                        .versions())
                .extracting(SecretVersionsListEntry::versionId, SecretVersionsListEntry::lastAccessedDate)
                .containsExactly(tuple(ONE, null), tuple(TWO, Instant.parse("2026-11-25T00:00:00Z")));
    }

    @Test
    void filtersTakeOneOfTheirValuesAndNoneThatIsNegated() {
        for (String name : List.of("prod/db", "prod/web", "test/db")) {
            call(client -> client.createSecret(request -> request.name(name).description("The Secret of " + name)));
        }

        assertThat(found(FilterNameStringType.NAME, "prod/d", "test/")).containsExactly("prod/db", "test/db");
        assertThat(found(FilterNameStringType.NAME, "!prod/d", "!test/")).containsExactly("prod/web");
        assertThat(found(FilterNameStringType.NAME, "prod", "!prod/db")).containsExactly("prod/web");
        assertThat(found(FilterNameStringType.NAME, "PROD")).isEmpty();
        assertThat(found(FilterNameStringType.DESCRIPTION, "the secret")).hasSize(3);
        assertThat(found(FilterNameStringType.ALL, "DB secret")).containsExactly("prod/db", "test/db");
        assertThat(found(FilterNameStringType.PRIMARY_REGION, "us-")).hasSize(3);
        assertThat(found(FilterNameStringType.OWNING_SERVICE, "rds")).isEmpty();
    }

    private List<String> found(FilterNameStringType key, String... values) {
        return call(client -> client.listSecrets(request ->
                        request.filters(Filter.builder().key(key).values(values).build())))
                .secretList()
                .stream()
                .map(SecretListEntry::name)
                .toList();
    }

    @Test
    void aBatchByFilterComesInPages() {
        for (String name : List.of("a", "b", "c")) {
            call(client -> client.createSecret(request -> request.name(name).secretString(name)));
        }
        Filter all = Filter.builder()
                .key(FilterNameStringType.NAME)
                .values("a", "b", "c")
                .build();

        BatchGetSecretValueResponse first = call(client ->
                client.batchGetSecretValue(request -> request.filters(all).maxResults(2)));
        BatchGetSecretValueResponse second = call(client ->
                client.batchGetSecretValue(request -> request.filters(all).nextToken(first.nextToken())));

        assertThat(first.secretValues())
                .extracting(SecretValueEntry::secretString)
                .containsExactly("a", "b");
        assertThat(second.secretValues())
                .extracting(SecretValueEntry::secretString)
                .containsExactly("c");
        assertThat(second.nextToken()).isNull();
        assertThatThrownBy(() -> call(client -> client.batchGetSecretValue(
                        request -> request.secretIdList("a").filters(all))))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("Either 'SecretIdList' or 'Filters' must be provided, but not both.");
    }

    @Test
    void versionsWithoutALabelGoWhenThereAreTooManyAndADayOld() {
        secret("s", "0");
        for (int i = 1; i < 100; i++) {
            put("s", String.valueOf(i), "00000000-0000-0000-0000-0000000001" + String.format("%02d", i));
        }
        assertThatThrownBy(() -> put("s", "100", TWO)).isInstanceOf(LimitExceededException.class);

        house.pass(Duration.ofHours(25));
        put("s", "100", TWO);

        assertThat(value("s").secretString()).isEqualTo("100");
        assertThat(house.records().list(RecordQuery.all(StoredSecrets.VALUE, 1000)))
                .hasSize(100);
        assertThatThrownBy(() -> call(client ->
                        client.getSecretValue(request -> request.secretId("s").versionId(ONE))))
                .isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void aSecretHasTwentyLabelsAtMost() {
        secret("s", "one");
        String[] labels = new String[20];
        Arrays.setAll(labels, i -> "label" + i);

        assertThatThrownBy(() -> call(client -> client.putSecretValue(
                        request -> request.secretId("s").secretString("two").versionStages(labels))))
                .isInstanceOf(LimitExceededException.class);
    }

    @Test
    void anotherKeyEncryptsWhatIsInUseAnew() {
        secret("s", "one");
        put("s", "two", TWO);
        String key =
                house.as(KmsClient.class, KmsClient::createKey).keyMetadata().keyId();

        call(client -> client.updateSecret(request -> request.secretId("s").kmsKeyId(key)));

        assertThat(value("s").secretString()).isEqualTo("two");
        assertThat(call(client -> client.listSecretVersionIds(request -> request.secretId("s")))
                        .versions())
                .extracting(SecretVersionsListEntry::kmsKeyIds)
                .containsOnly(List.of(key));
        house.as(KmsClient.class, client -> client.disableKey(request -> request.keyId(key)));
        assertThatThrownBy(() -> value("s")).isInstanceOf(DecryptionFailureException.class);
    }

    @Test
    void aTokenSaidByManyAtOnceMakesOneVersion() throws Exception {
        secret("s", "one");
        List<Callable<String>> calls =
                Collections.nCopies(8, () -> put("s", "two", TWO).versionId());

        List<Future<String>> answers;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            answers = threads.invokeAll(calls, 20, TimeUnit.SECONDS);
        }

        for (Future<String> answer : answers) {
            assertThat(answer.get()).isEqualTo(TWO);
        }
        assertThat(value("s").secretString()).isEqualTo("two");
        assertThat(house.records().list(RecordQuery.all(StoredSecrets.VALUE, 10)))
                .hasSize(2);
    }
}
