package dev.outcrop.services.bedrock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.engines.embedding.EmbeddingModel;
import dev.outcrop.engines.text.TextModel;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.events.ServiceEvents;
import dev.outcrop.kernel.record.Prices;
import dev.outcrop.kernel.record.UsageEntries;
import dev.outcrop.services.batch.BatchJobs;
import dev.outcrop.services.bedrockruntime.BedrockProfiles;
import dev.outcrop.services.foundationmodels.FoundationModels;
import dev.outcrop.services.foundationmodels.InstalledModels;
import dev.outcrop.services.foundationmodels.InstalledModels.InstalledModel.Kind;
import dev.outcrop.services.foundationmodels.InstalledModels.InstalledModel.Licence;
import dev.outcrop.services.guardrails.Guardrails;
import dev.outcrop.services.invocationlogs.InvocationLogs;
import dev.outcrop.services.modelunits.ModelUnits;
import dev.outcrop.storage.DataFolder;
import dev.outcrop.storage.Journal;
import dev.outcrop.storage.Records;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.bedrock.BedrockClient;
import software.amazon.awssdk.services.bedrock.model.AgreementStatus;
import software.amazon.awssdk.services.bedrock.model.CreateInferenceProfileRequest;
import software.amazon.awssdk.services.bedrock.model.EntitlementAvailability;
import software.amazon.awssdk.services.bedrock.model.FoundationModelDetails;
import software.amazon.awssdk.services.bedrock.model.FoundationModelLifecycleStatus;
import software.amazon.awssdk.services.bedrock.model.FoundationModelSummary;
import software.amazon.awssdk.services.bedrock.model.GetInferenceProfileResponse;
import software.amazon.awssdk.services.bedrock.model.InferenceProfileModel;
import software.amazon.awssdk.services.bedrock.model.InferenceProfileSummary;
import software.amazon.awssdk.services.bedrock.model.InferenceProfileType;
import software.amazon.awssdk.services.bedrock.model.InferenceType;
import software.amazon.awssdk.services.bedrock.model.ModelCustomization;
import software.amazon.awssdk.services.bedrock.model.ModelModality;
import software.amazon.awssdk.services.bedrock.model.Offer;
import software.amazon.awssdk.services.bedrock.model.ResourceNotFoundException;
import software.amazon.awssdk.services.bedrock.model.Tag;
import software.amazon.awssdk.services.bedrock.model.ValidationException;

class BedrockServiceTest {
    private static final String HAIKU = "anthropic.claude-3-haiku-20240307-v1:0";
    private static final String HAIKU_ARN = "arn:aws:bedrock:us-east-1::foundation-model/" + HAIKU;
    private static final Instant NOW = Instant.parse("2026-11-22T00:00:00Z");

    @TempDir
    private Path folder;

    private final OneTextModel installed = new OneTextModel();
    private DataFolder data;
    private Records records;
    private Journal journal;
    private InvocationLogs logs;
    private BedrockService service;

    @BeforeEach
    void open() {
        InstantSource clock = InstantSource.fixed(NOW);
        data = DataFolder.open(folder);
        records = data.records();
        journal = data.journal();
        ResourceStore store = new ResourceStore(records, new PageTokens(data.secrets()), clock);
        Ids ids = new Ids(new Random(1));
        logs = new InvocationLogs(
                journal,
                records,
                data.objects(data.secrets()),
                data.secrets(),
                store,
                _ -> false,
                () -> {
                    throw new IllegalStateException("nobody else is needed");
                },
                ids,
                clock);
        service = new BedrockService(
                FoundationModels.load(),
                installed,
                (_, kind) -> kind == Kind.TEXT ? Optional.of("smollm2-135m-instruct") : Optional.empty(),
                new Guardrails(
                        records,
                        new PageTokens(data.secrets()),
                        store,
                        () -> {
                            throw new IllegalStateException("no guardrail here is under a key");
                        },
                        ids,
                        clock),
                ModelUnits.none(),
                logs,
                new BatchJobs(
                        store,
                        new ServiceEvents(records, clock),
                        () -> {
                            throw new IllegalStateException("nobody else is needed");
                        },
                        ids,
                        clock),
                new UsageEntries(Prices.free()),
                records,
                journal,
                store,
                ids,
                clock);
    }

    @AfterEach
    void close() {
        logs.close();
        journal.close();
        records.close();
        data.close();
    }

    private <T> T called(Function<BedrockClient, T> body) {
        return called("us-east-1", "000000000000", body);
    }

    private <T> T called(String region, String account, Function<BedrockClient, T> body) {
        return CallContext.builder()
                .requestId("1")
                .region(region)
                .principal(Principal.root(account, Optional.empty()))
                .build()
                .call(() -> body.apply(service));
    }

    private static CreateInferenceProfileRequest profile(String name, String source, Tag... tags) {
        CreateInferenceProfileRequest.Builder request = CreateInferenceProfileRequest.builder()
                .inferenceProfileName(name)
                .description("For tests")
                .modelSource(from -> from.copyFrom(source));
        return tags.length == 0 ? request.build() : request.tags(tags).build();
    }

    private String created(CreateInferenceProfileRequest request) {
        return called(bedrock -> bedrock.createInferenceProfile(request)).inferenceProfileArn();
    }

    @Test
    void listsWhatAwsPublishedAndWhatIsInstalled() {
        List<FoundationModelSummary> models =
                called(bedrock -> bedrock.listFoundationModels(all -> {})).modelSummaries();

        assertThat(models)
                .extracting(FoundationModelSummary::modelId)
                .doesNotHaveDuplicates()
                .contains(HAIKU, "amazon.titan-embed-text-v2:0", "smollm2-135m-instruct");
        assertThat(models)
                .filteredOn(model -> model.modelId().equals(HAIKU))
                .singleElement()
                .satisfies(model -> {
                    assertThat(model.modelArn()).isEqualTo(HAIKU_ARN);
                    assertThat(model.providerName()).isEqualTo("Anthropic");
                    assertThat(model.inputModalities()).containsExactly(ModelModality.TEXT, ModelModality.IMAGE);
                    assertThat(model.responseStreamingSupported()).isTrue();
                });
    }

    @Test
    void everyFilterNarrowsTheList() {
        assertThat(called(bedrock -> bedrock.listFoundationModels(request -> request.byProvider("cohere")))
                        .modelSummaries())
                .isNotEmpty()
                .allSatisfy(model -> assertThat(model.providerName()).isEqualTo("Cohere"));
        assertThat(called(bedrock -> bedrock.listFoundationModels(
                                request -> request.byOutputModality(ModelModality.EMBEDDING)))
                        .modelSummaries())
                .isNotEmpty()
                .allSatisfy(model -> assertThat(model.outputModalities()).contains(ModelModality.EMBEDDING));
        assertThat(called(bedrock -> bedrock.listFoundationModels(
                                request -> request.byInferenceType(InferenceType.PROVISIONED)
                                        .byCustomizationType(ModelCustomization.FINE_TUNING)
                                        .byProvider("Meta")))
                        .modelSummaries())
                .extracting(FoundationModelSummary::modelId)
                .contains("meta.llama3-1-8b-instruct-v1:0:128k", "meta.llama3-1-70b-instruct-v1:0:128k")
                .allMatch(id -> id.startsWith("meta.") && id.endsWith(":128k"));
    }

    @ParameterizedTest
    @ValueSource(strings = {HAIKU, HAIKU_ARN})
    void getsAModelByIdOrArn(String identifier) {
        FoundationModelDetails model = called(
                        bedrock -> bedrock.getFoundationModel(request -> request.modelIdentifier(identifier)))
                .modelDetails();

        assertThat(model.modelId()).isEqualTo(HAIKU);
        assertThat(model.modelName()).isEqualTo("Claude 3 Haiku");
        assertThat(model.inferenceTypesSupported()).containsExactly(InferenceType.ON_DEMAND);
        assertThat(model.modelLifecycle().status()).isEqualTo(FoundationModelLifecycleStatus.ACTIVE);
    }

    @Test
    void getsAnInstalledModel() {
        FoundationModelDetails model = called(bedrock ->
                        bedrock.getFoundationModel(request -> request.modelIdentifier("smollm2-135m-instruct")))
                .modelDetails();

        assertThat(model.modelName()).isEqualTo("SmolLM2 135M Instruct");
        assertThat(model.outputModalities()).containsExactly(ModelModality.TEXT);
    }

    @Test
    void refusesModelsThatAreNotThere() {
        assertThatThrownBy(() -> called(
                        bedrock -> bedrock.getFoundationModel(request -> request.modelIdentifier("acme.model-v1"))))
                .isInstanceOf(ResourceNotFoundException.class)
                .hasMessageContaining("Could not resolve the foundation model from the provided model identifier.");
        assertThatThrownBy(() -> called(
                        "eu-west-1",
                        "000000000000",
                        bedrock -> bedrock.getFoundationModel(request -> request.modelIdentifier(HAIKU_ARN))))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("The provided model identifier is invalid.");
    }

    @Test
    void saysWhetherAModelIsToBeHad() {
        assertThat(called(bedrock -> bedrock.getFoundationModelAvailability(request -> request.modelId(HAIKU)))
                        .entitlementAvailability())
                .isEqualTo(EntitlementAvailability.AVAILABLE);
        assertThat(called(bedrock -> bedrock.getFoundationModelAvailability(
                                request -> request.modelId("amazon.titan-embed-text-v2:0")))
                        .entitlementAvailability())
                .isEqualTo(EntitlementAvailability.NOT_AVAILABLE);
    }

    private List<Offer> offers(String modelId) {
        return called(bedrock -> bedrock.listFoundationModelAgreementOffers(request -> request.modelId(modelId)))
                .offers();
    }

    private AgreementStatus agreement(String account) {
        return called(
                        "us-east-1",
                        account,
                        bedrock -> bedrock.getFoundationModelAvailability(request -> request.modelId(HAIKU)))
                .agreementAvailability()
                .status();
    }

    @Test
    void offersTheLicenceOfTheModelThatAnswers() {
        assertThat(offers(HAIKU))
                .singleElement()
                .satisfies(offer -> assertThat(offer.termDetails().legalTerm().url())
                        .isEqualTo("https://spdx.org/licenses/Apache-2.0.html"));
        assertThat(offers("amazon.titan-embed-text-v2:0")).isEmpty();
        assertThat(agreement("000000000000")).isEqualTo(AgreementStatus.AVAILABLE);
    }

    @Test
    void keepsWhichAccountHasAcceptedALicenceWithConditionsOfItsOwn() {
        installed.licence = new Licence("Some Terms of Use", "https://example.org/terms", true);
        assertThat(agreement("000000000000")).isEqualTo(AgreementStatus.NOT_AVAILABLE);
        String token = offers(HAIKU).getFirst().offerToken();

        called(bedrock -> bedrock.createFoundationModelAgreement(
                request -> request.modelId(HAIKU).offerToken(token)));

        assertThat(agreement("000000000000")).isEqualTo(AgreementStatus.AVAILABLE);
        assertThat(agreement("111111111111")).isEqualTo(AgreementStatus.NOT_AVAILABLE);
        installed.licence = new Licence("Other Terms", "https://example.org/other", true);
        assertThat(agreement("000000000000")).isEqualTo(AgreementStatus.NOT_AVAILABLE);
    }

    @Test
    void takesAnAgreementBackOnce() {
        String token = offers(HAIKU).getFirst().offerToken();
        called(bedrock -> bedrock.createFoundationModelAgreement(
                request -> request.modelId(HAIKU).offerToken(token)));

        called(bedrock -> bedrock.deleteFoundationModelAgreement(request -> request.modelId(HAIKU)));

        assertThatThrownBy(() ->
                        called(bedrock -> bedrock.deleteFoundationModelAgreement(request -> request.modelId(HAIKU))))
                .isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> called(bedrock -> bedrock.createFoundationModelAgreement(
                        request -> request.modelId(HAIKU).offerToken("another"))))
                .isInstanceOf(ValidationException.class);
    }

    @Test
    void givesTheUseCaseBackThatTheAccountHasStated() {
        assertThatThrownBy(() -> called(bedrock -> bedrock.getUseCaseForModelAccess(request -> {})))
                .isInstanceOf(ResourceNotFoundException.class);

        for (String form : List.of("{\"useCases\":\"first\"}", "{\"useCases\":\"second\"}")) {
            called(bedrock ->
                    bedrock.putUseCaseForModelAccess(request -> request.formData(SdkBytes.fromUtf8String(form))));

            assertThat(called(bedrock -> bedrock.getUseCaseForModelAccess(request -> {}))
                            .formData()
                            .asUtf8String())
                    .isEqualTo(form);
        }
    }

    @Test
    void knowsTheProfilesThatAwsDefinesForTheRegion() {
        GetInferenceProfileResponse profile = called(
                bedrock -> bedrock.getInferenceProfile(request -> request.inferenceProfileIdentifier("us." + HAIKU)));

        assertThat(profile.inferenceProfileName()).isEqualTo("US Anthropic Claude 3 Haiku");
        assertThat(profile.inferenceProfileArn())
                .isEqualTo("arn:aws:bedrock:us-east-1:000000000000:inference-profile/us." + HAIKU);
        assertThat(profile.type()).isEqualTo(InferenceProfileType.SYSTEM_DEFINED);
        assertThat(profile.models()).extracting(InferenceProfileModel::modelArn).contains(HAIKU_ARN);
        assertThatThrownBy(() -> called(
                        "eu-west-1",
                        "000000000000",
                        bedrock -> bedrock.getInferenceProfile(
                                request -> request.inferenceProfileIdentifier("us." + HAIKU))))
                .isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void pagesThroughTheProfilesThatAwsDefines() {
        List<String> all = called(bedrock -> bedrock.listInferenceProfiles(request -> request.maxResults(1000)))
                .inferenceProfileSummaries()
                .stream()
                .map(InferenceProfileSummary::inferenceProfileId)
                .toList();
        List<String> paged = called(bedrock ->
                bedrock
                        .listInferenceProfilesPaginator(request -> request.maxResults(7))
                        .inferenceProfileSummaries()
                        .stream()
                        .map(InferenceProfileSummary::inferenceProfileId)
                        .toList());

        assertThat(all).hasSizeGreaterThan(20).contains("us." + HAIKU).doesNotContain("eu." + HAIKU);
        assertThat(paged).isEqualTo(all);
        assertThatThrownBy(
                        () -> called(bedrock -> bedrock.listInferenceProfiles(request -> request.nextToken("made-up"))))
                .isInstanceOf(AwsError.class);
    }

    @Test
    void makesAProfileOfAModelAndOfAnotherProfile() {
        String ofModel = created(profile("one", HAIKU_ARN));
        String ofProfile =
                created(profile("many", "arn:aws:bedrock:us-east-1:000000000000:inference-profile/us." + HAIKU));

        GetInferenceProfileResponse one =
                called(bedrock -> bedrock.getInferenceProfile(request -> request.inferenceProfileIdentifier(ofModel)));
        assertThat(ofModel)
                .matches("arn:aws:bedrock:us-east-1:000000000000:application-inference-profile/[a-z0-9]{12}");
        assertThat(one.inferenceProfileName()).isEqualTo("one");
        assertThat(one.description()).isEqualTo("For tests");
        assertThat(one.createdAt()).isEqualTo(NOW);
        assertThat(one.models()).extracting(InferenceProfileModel::modelArn).containsExactly(HAIKU_ARN);
        GetInferenceProfileResponse many = called(bedrock -> bedrock.getInferenceProfile(
                request -> request.inferenceProfileIdentifier(ofProfile.substring(ofProfile.lastIndexOf('/') + 1))));
        assertThat(many.models()).hasSize(3);
        assertThat(called(bedrock -> bedrock.listInferenceProfiles(
                                request -> request.typeEquals(InferenceProfileType.APPLICATION)))
                        .inferenceProfileSummaries())
                .extracting(InferenceProfileSummary::inferenceProfileName)
                .containsExactlyInAnyOrder("one", "many");
    }

    @Test
    void aProfileIsWhatTheRuntimeFindsItsModelBy() {
        String arn = created(profile("one", HAIKU_ARN));

        Optional<String> model = called(bedrock -> new BedrockProfiles(() -> bedrock).modelArn(arn));
        Optional<String> none = called(bedrock -> new BedrockProfiles(() -> bedrock).modelArn(arn + "0"));

        assertThat(model).contains(HAIKU_ARN);
        assertThat(none).isEmpty();
    }

    @Test
    void aProfileBelongsToItsAccountAndRegion() {
        String arn = created(profile("one", HAIKU_ARN));

        assertThatThrownBy(() -> called(
                        "us-east-1",
                        "111111111111",
                        bedrock -> bedrock.getInferenceProfile(request -> request.inferenceProfileIdentifier(arn))))
                .isInstanceOf(ValidationException.class);
        assertThat(called(
                                "us-west-2",
                                "000000000000",
                                bedrock -> bedrock.listInferenceProfiles(
                                        request -> request.typeEquals(InferenceProfileType.APPLICATION)))
                        .inferenceProfileSummaries())
                .isEmpty();
    }

    @Test
    void refusesSourcesThatCannotBeCopied() {
        assertThatThrownBy(() -> created(profile(
                        "one", "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-sonnet-4-20250514-v1:0")))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("on-demand");
        assertThatThrownBy(() -> created(profile("one", "arn:aws:bedrock:us-east-1::foundation-model/acme.model")))
                .isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void aTokenMakesOneProfile() {
        CreateInferenceProfileRequest request = profile("one", HAIKU_ARN).toBuilder()
                .clientRequestToken("token")
                .build();

        assertThat(created(request)).isEqualTo(created(request));
        assertThatThrownBy(() ->
                        created(request.toBuilder().inferenceProfileName("two").build()))
                .isInstanceOf(AwsError.class)
                .extracting(failure -> ((AwsError) failure).code())
                .isEqualTo("ConflictException");
    }

    @Test
    void deletesAnApplicationProfileAndNoOther() {
        String arn = created(profile("one", HAIKU_ARN));

        called(bedrock -> bedrock.deleteInferenceProfile(request -> request.inferenceProfileIdentifier(arn)));

        assertThatThrownBy(() -> called(
                        bedrock -> bedrock.getInferenceProfile(request -> request.inferenceProfileIdentifier(arn))))
                .isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> called(bedrock ->
                        bedrock.deleteInferenceProfile(request -> request.inferenceProfileIdentifier("us." + HAIKU))))
                .isInstanceOf(ValidationException.class);
    }

    @Test
    void tagsAProfile() {
        String arn = created(profile("one", HAIKU_ARN, tag("team", "slate")));

        called(bedrock -> bedrock.tagResource(
                request -> request.resourceARN(arn).tags(tag("team", "granite"), tag("stage", "test"))));
        called(bedrock ->
                bedrock.untagResource(request -> request.resourceARN(arn).tagKeys("stage")));

        assertThat(called(bedrock -> bedrock.listTagsForResource(request -> request.resourceARN(arn)))
                        .tags())
                .containsExactly(tag("team", "granite"));
    }

    @Test
    void refusesTagsPastTheLimitsAndOnWhatIsNotThere() {
        String arn = created(profile("one", HAIKU_ARN));
        List<Tag> many = new ArrayList<>();
        IntStream.range(0, 51).forEach(i -> many.add(tag("key" + i, "value")));

        assertThatThrownBy(() -> called(bedrock ->
                        bedrock.tagResource(request -> request.resourceARN(arn).tags(many))))
                .isInstanceOf(AwsError.class)
                .extracting(failure -> ((AwsError) failure).code())
                .isEqualTo("TooManyTagsException");
        assertThatThrownBy(() -> called(bedrock -> bedrock.listTagsForResource(
                        request -> request.resourceARN(arn.substring(0, arn.length() - 1) + "_"))))
                .isInstanceOf(ResourceNotFoundException.class);
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    /** Says that one text model is installed; nobody asks it anything here. */
    private static final class OneTextModel implements InstalledModels {
        private Licence licence = new Licence("Apache-2.0", "https://spdx.org/licenses/Apache-2.0.html", false);

        @Override
        public List<InstalledModel> all() {
            return List.of(new InstalledModel(
                    "smollm2-135m-instruct",
                    "SmolLM2 135M Instruct",
                    "HuggingFaceTB",
                    Kind.TEXT,
                    Set.of("TEXT"),
                    licence));
        }

        @Override
        public TextModel text(String id) {
            throw new AssertionError("the control plane asks no model");
        }

        @Override
        public EmbeddingModel embedding(String id) {
            throw new AssertionError("the control plane asks no model");
        }
    }
}
