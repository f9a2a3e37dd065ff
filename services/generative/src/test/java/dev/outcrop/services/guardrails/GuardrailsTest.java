package dev.outcrop.services.guardrails;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.storage.RecordQuery;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.bedrock.model.AccessDeniedException;
import software.amazon.awssdk.services.bedrock.model.ConflictException;
import software.amazon.awssdk.services.bedrock.model.CreateGuardrailRequest;
import software.amazon.awssdk.services.bedrock.model.CreateGuardrailResponse;
import software.amazon.awssdk.services.bedrock.model.GetGuardrailResponse;
import software.amazon.awssdk.services.bedrock.model.GuardrailContentFilterConfig;
import software.amazon.awssdk.services.bedrock.model.GuardrailContentFilterType;
import software.amazon.awssdk.services.bedrock.model.GuardrailContentFiltersTierName;
import software.amazon.awssdk.services.bedrock.model.GuardrailContextualGroundingFilterConfig;
import software.amazon.awssdk.services.bedrock.model.GuardrailFilterStrength;
import software.amazon.awssdk.services.bedrock.model.GuardrailModality;
import software.amazon.awssdk.services.bedrock.model.GuardrailPiiEntityConfig;
import software.amazon.awssdk.services.bedrock.model.GuardrailPiiEntityType;
import software.amazon.awssdk.services.bedrock.model.GuardrailRegexConfig;
import software.amazon.awssdk.services.bedrock.model.GuardrailSensitiveInformationAction;
import software.amazon.awssdk.services.bedrock.model.GuardrailStatus;
import software.amazon.awssdk.services.bedrock.model.GuardrailSummary;
import software.amazon.awssdk.services.bedrock.model.GuardrailTopicConfig;
import software.amazon.awssdk.services.bedrock.model.GuardrailTopicType;
import software.amazon.awssdk.services.bedrock.model.GuardrailTopicsTierName;
import software.amazon.awssdk.services.bedrock.model.GuardrailWordConfig;
import software.amazon.awssdk.services.bedrock.model.ListGuardrailsResponse;
import software.amazon.awssdk.services.bedrock.model.ResourceNotFoundException;
import software.amazon.awssdk.services.bedrock.model.ServiceQuotaExceededException;
import software.amazon.awssdk.services.bedrock.model.Tag;
import software.amazon.awssdk.services.bedrock.model.ValidationException;

class GuardrailsTest {
    @TempDir
    Path folder;

    private GuardrailHouse house;

    @BeforeEach
    void open() {
        house = new GuardrailHouse(folder);
    }

    @AfterEach
    void close() {
        house.close();
    }

    private static void words(CreateGuardrailRequest.Builder request, String... words) {
        request.wordPolicyConfig(policy -> policy.wordsConfig(List.of(words).stream()
                .map(word -> GuardrailWordConfig.builder().text(word).build())
                .toList()));
    }

    private GetGuardrailResponse get(String id, String version) {
        return house.bedrock(client ->
                client.getGuardrail(request -> request.guardrailIdentifier(id).guardrailVersion(version)));
    }

    private String version(String id) {
        return house.bedrock(client -> client.createGuardrailVersion(request -> request.guardrailIdentifier(id)))
                .version();
    }

    @Test
    void showsADefinitionAsItWasGivenWithWhatItLeftOut() {
        String id = house.guardrail(request -> request.name("bank")
                .description("For a bank")
                .topicPolicyConfig(policy -> policy.topicsConfig(GuardrailTopicConfig.builder()
                        .name("Shares")
                        .definition("Advice about shares.")
                        .examples("Which share shall I buy?")
                        .type(GuardrailTopicType.DENY)
                        .build()))
                .contentPolicyConfig(policy -> policy.filtersConfig(GuardrailContentFilterConfig.builder()
                        .type(GuardrailContentFilterType.HATE)
                        .inputStrength(GuardrailFilterStrength.LOW)
                        .outputStrength(GuardrailFilterStrength.HIGH)
                        .build()))
                .sensitiveInformationPolicyConfig(policy -> policy.piiEntitiesConfig(GuardrailPiiEntityConfig.builder()
                                .type(GuardrailPiiEntityType.EMAIL)
                                .action(GuardrailSensitiveInformationAction.ANONYMIZE)
                                .build())
                        .regexesConfig(GuardrailRegexConfig.builder()
                                .name("ticket")
                                .pattern("T-\\d+")
                                .action(GuardrailSensitiveInformationAction.BLOCK)
                                .build())));

        GetGuardrailResponse shown = house.bedrock(client -> client.getGuardrail(
                request -> request.guardrailIdentifier("arn:aws:bedrock:us-east-1:000000000000:guardrail/" + id)));

        assertThat(shown.name()).isEqualTo("bank");
        assertThat(shown.version()).isEqualTo("DRAFT");
        assertThat(shown.status()).isEqualTo(GuardrailStatus.READY);
        assertThat(shown.guardrailArn()).endsWith(":guardrail/" + id);
        assertThat(shown.topicPolicy().tier().tierName()).isEqualTo(GuardrailTopicsTierName.CLASSIC);
        assertThat(shown.topicPolicy().topics().getFirst().examples()).containsExactly("Which share shall I buy?");
        assertThat(shown.contentPolicy().filters().getFirst().outputStrength()).isEqualTo(GuardrailFilterStrength.HIGH);
        assertThat(shown.sensitiveInformationPolicy().regexes().getFirst().pattern())
                .isEqualTo("T-\\d+");
        assertThat(shown.wordPolicy()).isNull();
        assertThat(shown.blockedOutputsMessaging()).isEqualTo("No answer.");
    }

    @Test
    void aVersionStaysWhatTheDraftWasAndItsNumberIsNeverGivenAgain() {
        String id = house.guardrail(request -> words(request, "first"));
        String one = version(id);
        house.bedrock(client -> client.updateGuardrail(request -> request.guardrailIdentifier(id)
                .name("changed")
                .blockedInputMessaging("No.")
                .blockedOutputsMessaging("No.")
                .wordPolicyConfig(policy -> policy.wordsConfig(
                        GuardrailWordConfig.builder().text("second").build()))));
        String two = version(id);
        house.bedrock(client -> client.deleteGuardrail(
                request -> request.guardrailIdentifier(id).guardrailVersion(two)));
        String three = version(id);

        assertThat(List.of(one, two, three)).containsExactly("1", "2", "3");
        assertThat(get(id, "1").wordPolicy().words().getFirst().text()).isEqualTo("first");
        assertThat(get(id, "3").wordPolicy().words().getFirst().text()).isEqualTo("second");
        assertThat(get(id, "DRAFT").name()).isEqualTo("changed");
        assertThatThrownBy(() -> get(id, "2")).isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void deletingAGuardrailDeletesItsVersions() {
        String id = house.guardrail(request -> words(request, "first"));
        version(id);

        house.bedrock(client -> client.deleteGuardrail(request -> request.guardrailIdentifier(id)));

        assertThatThrownBy(() -> get(id, "DRAFT")).isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> get(id, "1")).isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() ->
                        house.bedrock(client -> client.deleteGuardrail(request -> request.guardrailIdentifier(id))))
                .isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void listsDraftsOrTheVersionsOfOneInPagesWithTokensOfTheirOwn() {
        List<String> ids = IntStream.range(0, 3)
                .mapToObj(i -> {
                    house.pass(Duration.ofSeconds(1));
                    return house.guardrail(request -> words(request.name("g" + i), "x"));
                })
                .toList();
        version(ids.getFirst());

        ListGuardrailsResponse first = house.bedrock(client -> client.listGuardrails(request -> request.maxResults(2)));
        ListGuardrailsResponse second = house.bedrock(
                client -> client.listGuardrails(request -> request.maxResults(2).nextToken(first.nextToken())));
        ListGuardrailsResponse versions =
                house.bedrock(client -> client.listGuardrails(request -> request.guardrailIdentifier(ids.getFirst())));

        assertThat(first.guardrails()).extracting(GuardrailSummary::name).containsExactly("g2", "g1");
        assertThat(second.guardrails()).extracting(GuardrailSummary::name).containsExactly("g0");
        assertThat(second.nextToken()).isNull();
        assertThat(versions.guardrails()).extracting(GuardrailSummary::version).containsExactly("DRAFT", "1");
        assertThatThrownBy(() -> house.bedrock(client -> client.listGuardrails(
                        request -> request.guardrailIdentifier(ids.getFirst()).nextToken(first.nextToken()))))
                .isInstanceOf(ValidationException.class);
    }

    @Test
    void aTokenThatComesAgainMakesNothingAgain() {
        CreateGuardrailRequest request = CreateGuardrailRequest.builder()
                .name("once")
                .clientRequestToken("token-1")
                .blockedInputMessaging("No.")
                .blockedOutputsMessaging("No.")
                .applyMutation(more -> words(more, "x"))
                .build();

        CreateGuardrailResponse first = house.bedrock(client -> client.createGuardrail(request));
        CreateGuardrailResponse second = house.bedrock(client -> client.createGuardrail(request));

        assertThat(second.guardrailId()).isEqualTo(first.guardrailId());
        assertThatThrownBy(() -> house.bedrock(client -> client.createGuardrail(
                        request.toBuilder().description("another").build())))
                .isInstanceOf(ConflictException.class);
        assertThatThrownBy(() -> house.guardrail(other -> words(other.name("once"), "x")))
                .isInstanceOf(ConflictException.class);
    }

    @Test
    void hasTagsAsLongAsItIsThere() {
        String id = house.guardrail(request -> words(request, "x"));
        String arn = get(id, "DRAFT").guardrailArn();
        Tag team = Tag.builder().key("team").value("red").build();

        house.bedrock(
                client -> client.tagResource(request -> request.resourceARN(arn).tags(team)));

        assertThat(house.bedrock(client -> client.listTagsForResource(request -> request.resourceARN(arn)))
                        .tags())
                .containsExactly(team);
        house.bedrock(client -> client.deleteGuardrail(request -> request.guardrailIdentifier(id)));
        assertThatThrownBy(
                        () -> house.bedrock(client -> client.listTagsForResource(request -> request.resourceARN(arn))))
                .isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void anotherAccountDoesNotSeeIt() {
        String id = house.guardrail(request -> words(request, "x"));
        String arn = get(id, "DRAFT").guardrailArn();

        assertThatThrownBy(() -> house.as(
                        "111111111111", client -> client.getGuardrail(request -> request.guardrailIdentifier(id))))
                .isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> house.as(
                        "111111111111", client -> client.getGuardrail(request -> request.guardrailIdentifier(arn))))
                .isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void whatItSaysIsEncryptedUnderTheKeyThatItNames() {
        String id = house.guardrail(request -> words(request.kmsKeyId(GuardrailHouse.KEY), "confidential"));
        version(id);

        assertThat(get(id, "DRAFT").kmsKeyArn()).isEqualTo(GuardrailHouse.KEY);
        assertThat(get(id, "1").wordPolicy().words().getFirst().text()).isEqualTo("confidential");
        for (String type : List.of("bedrock:guardrail", "bedrock:guardrail-version")) {
            assertThat(house.records().list(RecordQuery.all(type, 10)))
                    .hasSize(1)
                    .allSatisfy(record -> assertThat(new String(record.body(), UTF_8))
                            .doesNotContain("confidential", "No question."));
        }
        house.deny("kms:Decrypt");
        assertThatThrownBy(() -> get(id, "DRAFT")).isInstanceOf(AccessDeniedException.class);
        assertThat(house.bedrock(client -> client.listGuardrails(request -> {})).guardrails())
                .extracting(GuardrailSummary::id)
                .containsExactly(id);
    }

    @Test
    void aKeyThatTheCallerMayNotUseMakesNoGuardrail() {
        house.deny("kms:GenerateDataKey");

        assertThatThrownBy(() -> house.guardrail(request -> words(request.kmsKeyId(GuardrailHouse.KEY), "x")))
                .isInstanceOf(AccessDeniedException.class);
        assertThat(house.bedrock(client -> client.listGuardrails(request -> {})).guardrails())
                .isEmpty();
    }

    private void refused(
            Class<? extends AwsServiceException> error, Consumer<CreateGuardrailRequest.Builder> definition) {
        assertThatThrownBy(() -> house.guardrail(definition)).isInstanceOf(error);
    }

    @Test
    void refusesMoreThanTheQuotasLet() {
        List<GuardrailTopicConfig> topics = IntStream.range(0, 31)
                .mapToObj(i -> GuardrailTopicConfig.builder()
                        .name("Topic " + i)
                        .definition("It is about " + i)
                        .type(GuardrailTopicType.DENY)
                        .build())
                .toList();
        List<GuardrailWordConfig> words = IntStream.range(0, 10_001)
                .mapToObj(i -> GuardrailWordConfig.builder().text("word" + i).build())
                .toList();

        refused(ValidationException.class, request -> request.topicPolicyConfig(policy -> policy.topicsConfig(topics)));
        refused(ValidationException.class, request -> request.wordPolicyConfig(policy -> policy.wordsConfig(words)));
        String id = house.guardrail(request -> words(request, "x"));
        for (int i = 0; i < 20; i++) {
            version(id);
        }
        assertThatThrownBy(() -> version(id)).isInstanceOf(ServiceQuotaExceededException.class);
    }

    @Test
    void refusesDefinitionsThatMeanNothing() {
        refused(ValidationException.class, request -> {});
        refused(ValidationException.class, request -> words(request, "twice", "Twice"));
        refused(ValidationException.class, request -> words(request, "a".repeat(101)));
        refused(
                ValidationException.class,
                request -> request.sensitiveInformationPolicyConfig(
                        policy -> policy.regexesConfig(GuardrailRegexConfig.builder()
                                .name("r")
                                .pattern("(?<=a)b")
                                .action(GuardrailSensitiveInformationAction.BLOCK)
                                .build())));
        refused(
                ValidationException.class,
                request -> request.contentPolicyConfig(
                        policy -> policy.filtersConfig(GuardrailContentFilterConfig.builder()
                                .type(GuardrailContentFilterType.PROMPT_ATTACK)
                                .inputStrength(GuardrailFilterStrength.HIGH)
                                .outputStrength(GuardrailFilterStrength.HIGH)
                                .build())));
        refused(
                ValidationException.class,
                request -> request.contentPolicyConfig(
                        policy -> policy.filtersConfig(GuardrailContentFilterConfig.builder()
                                .type(GuardrailContentFilterType.HATE)
                                .inputModalities(GuardrailModality.IMAGE)
                                .inputStrength(GuardrailFilterStrength.HIGH)
                                .outputStrength(GuardrailFilterStrength.HIGH)
                                .build())));
        refused(
                ValidationException.class,
                request -> request.contextualGroundingPolicyConfig(
                        policy -> policy.filtersConfig(GuardrailContextualGroundingFilterConfig.builder()
                                .type("GROUNDING")
                                .threshold(1.0)
                                .build())));
    }

    @Test
    void theStandardTierNeedsAProfileOfTheRegion() {
        Consumer<CreateGuardrailRequest.Builder> standard = request ->
                request.contentPolicyConfig(policy -> policy.filtersConfig(GuardrailContentFilterConfig.builder()
                                .type(GuardrailContentFilterType.HATE)
                                .inputStrength(GuardrailFilterStrength.HIGH)
                                .outputStrength(GuardrailFilterStrength.HIGH)
                                .build())
                        .tierConfig(tier -> tier.tierName(GuardrailContentFiltersTierName.STANDARD)));

        refused(ValidationException.class, standard);
        refused(
                ValidationException.class,
                standard.andThen(request ->
                        request.crossRegionConfig(config -> config.guardrailProfileIdentifier("eu.guardrail.v1:0"))));
        String id = house.guardrail(standard.andThen(request ->
                request.crossRegionConfig(config -> config.guardrailProfileIdentifier("us.guardrail.v1:0"))));

        assertThat(get(id, "DRAFT").crossRegionDetails().guardrailProfileArn())
                .isEqualTo("arn:aws:bedrock:us-east-1:000000000000:guardrail-profile/us.guardrail.v1:0");
    }

    @Test
    void automatedReasoningIsNotImplemented() {
        assertThatThrownBy(() ->
                        house.guardrail(request -> request.automatedReasoningPolicyConfig(policy -> policy.policies(
                                "arn:aws:bedrock:us-east-1:000000000000:automated-reasoning-policy/abcdefghijkl"))))
                .isInstanceOfSatisfying(
                        AwsServiceException.class,
                        failure -> assertThat(failure.statusCode()).isEqualTo(501));
    }
}
