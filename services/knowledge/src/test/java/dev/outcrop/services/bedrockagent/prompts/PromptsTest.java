package dev.outcrop.services.bedrockagent.prompts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.Corridor;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.ServedServices;
import dev.outcrop.kernel.Throttle;
import dev.outcrop.kernel.policy.CompiledPolicies;
import dev.outcrop.kernel.policy.ServiceControlPolicies;
import dev.outcrop.services.iam.IamAuthorization;
import dev.outcrop.services.iam.IamDirectory;
import dev.outcrop.services.iam.LastUses;
import dev.outcrop.services.kms.KmsService;
import dev.outcrop.shapes.ServiceTables;
import dev.outcrop.storage.DataFolder;
import dev.outcrop.storage.Records;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.bedrockagent.model.AccessDeniedException;
import software.amazon.awssdk.services.bedrockagent.model.CreatePromptRequest;
import software.amazon.awssdk.services.bedrockagent.model.CreatePromptResponse;
import software.amazon.awssdk.services.bedrockagent.model.CreatePromptVersionRequest;
import software.amazon.awssdk.services.bedrockagent.model.DeletePromptRequest;
import software.amazon.awssdk.services.bedrockagent.model.GetPromptRequest;
import software.amazon.awssdk.services.bedrockagent.model.GetPromptResponse;
import software.amazon.awssdk.services.bedrockagent.model.ListPromptsRequest;
import software.amazon.awssdk.services.bedrockagent.model.ListPromptsResponse;
import software.amazon.awssdk.services.bedrockagent.model.PromptInputVariable;
import software.amazon.awssdk.services.bedrockagent.model.PromptSummary;
import software.amazon.awssdk.services.bedrockagent.model.PromptVariant;
import software.amazon.awssdk.services.bedrockagent.model.ResourceNotFoundException;
import software.amazon.awssdk.services.bedrockagent.model.ServiceQuotaExceededException;
import software.amazon.awssdk.services.bedrockagent.model.UpdatePromptRequest;
import software.amazon.awssdk.services.bedrockagent.model.ValidationException;
import software.amazon.awssdk.services.kms.KmsClient;

class PromptsTest {
    private static final String ACCOUNT = "123456789012";

    @TempDir
    private Path folder;

    private DataFolder data;
    private Records records;
    private Clients clients;
    private Prompts prompts;

    @BeforeEach
    void open() {
        InstantSource clock = InstantSource.system();
        data = DataFolder.open(folder);
        records = data.records();
        Ids ids = new Ids();
        ResourceStore store = new ResourceStore(records, new PageTokens(data.secrets()), clock);
        IamDirectory directory = new IamDirectory(store, records, new CompiledPolicies());
        ServedServices services = new ServedServices(new ServiceTables());
        clients = new Clients(
                services,
                new Corridor(
                        new IamAuthorization(
                                directory, ServiceControlPolicies.NONE, new LastUses(store, records, clock)),
                        Throttle.unlimited(),
                        _ -> {}));
        services.serve("kms", KmsClient.class, () -> new KmsService(records, data.secrets(), store.tags(), ids, clock));
        prompts = new Prompts(store, records, () -> clients, ids, clock);
    }

    @AfterEach
    void close() {
        records.close();
        data.close();
    }

    private static <T> T called(String account, Supplier<T> body) {
        return CallContext.builder()
                .requestId("1")
                .principal(Principal.root(account, Optional.empty()))
                .build()
                .call(body::get);
    }

    private static <T> T called(Supplier<T> body) {
        return called(ACCOUNT, body);
    }

    private CreatePromptResponse made(String name, Consumer<CreatePromptRequest.Builder> more) {
        return called(() -> prompts.create(CreatePromptRequest.builder()
                .name(name)
                .defaultVariant("one")
                .variants(text("Tell me of {{topic}}", "topic"))
                .applyMutation(more)
                .build()));
    }

    private static PromptVariant text(String template, String... variables) {
        return PromptVariant.builder()
                .name("one")
                .templateType("TEXT")
                .modelId("amazon.nova-lite-v1:0")
                .templateConfiguration(configuration -> configuration.text(text -> text.text(template)
                        .inputVariables(List.of(variables).stream()
                                .map(name ->
                                        PromptInputVariable.builder().name(name).build())
                                .toList())))
                .build();
    }

    private GetPromptResponse got(String identifier, String version) {
        return called(() -> prompts.get(GetPromptRequest.builder()
                .promptIdentifier(identifier)
                .promptVersion(version)
                .build()));
    }

    private String version(String id) {
        return called(() -> prompts.createVersion(CreatePromptVersionRequest.builder()
                        .promptIdentifier(id)
                        .build()))
                .version();
    }

    private ListPromptsResponse listed(String id, String token) {
        return called(() -> prompts.list(ListPromptsRequest.builder()
                .promptIdentifier(id)
                .nextToken(token)
                .maxResults(4)
                .build()));
    }

    private static String said(GetPromptResponse prompt) {
        return prompt.variants().getFirst().templateConfiguration().text().text();
    }

    @Test
    void versionsStayAsTheyAreWhenTheDraftIsChanged() {
        String id = made("stones", _ -> {}).id();
        assertThat(version(id)).isEqualTo("1");

        called(() -> prompts.update(UpdatePromptRequest.builder()
                .promptIdentifier(id)
                .name("rocks")
                .defaultVariant("one")
                .variants(text("Sing"))
                .build()));

        assertThat(said(got(id, null))).isEqualTo("Sing");
        assertThat(got(id, null).name()).isEqualTo("rocks");
        assertThat(said(got(id, "1"))).isEqualTo("Tell me of {{topic}}");
        assertThat(got(got(id, "1").arn(), null).version()).isEqualTo("1");
    }

    @Test
    void numbersAreNotGivenTwice() {
        String id = made("stones", _ -> {}).id();
        version(id);
        version(id);

        called(() -> prompts.delete(DeletePromptRequest.builder()
                .promptIdentifier(id)
                .promptVersion("2")
                .build()));

        assertThat(version(id)).isEqualTo("3");
        assertThatThrownBy(() -> got(id, "2")).isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void listsDraftsAndThePartsOfOnePrompt() {
        String id = made("stones", _ -> {}).id();
        for (int i = 0; i < 6; i++) {
            made("more-" + i, _ -> {});
            version(id);
        }

        ListPromptsResponse first = listed(null, null);
        ListPromptsResponse second = listed(null, first.nextToken());
        ListPromptsResponse versions = listed(id, null);
        ListPromptsResponse rest = listed(id, versions.nextToken());

        assertThat(first.promptSummaries()).hasSize(4);
        assertThat(second.promptSummaries()).hasSize(3);
        assertThat(second.nextToken()).isNull();
        assertThat(versions.promptSummaries())
                .extracting(PromptSummary::version)
                .containsExactly("DRAFT", "1", "2", "3");
        assertThat(rest.promptSummaries()).extracting(PromptSummary::version).containsExactly("4", "5", "6");
        assertThatThrownBy(() -> listed(id, first.nextToken())).isInstanceOf(AwsError.class);
    }

    @Test
    void aTokenMakesOnePrompt() {
        String token = "a".repeat(40);

        CreatePromptResponse first = made("stones", request -> request.clientToken(token));
        CreatePromptResponse again = made("stones", request -> request.clientToken(token));

        assertThat(again.id()).isEqualTo(first.id());
        assertThatThrownBy(() -> made("rocks", request -> request.clientToken(token)))
                .isInstanceOf(AwsError.class);
    }

    @Test
    void refusesWhatDoesNotFitTogether() {
        assertThatThrownBy(() -> made("a", request -> request.defaultVariant("two")))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("two");
        assertThatThrownBy(() -> made(
                        "b",
                        request -> request.variants(
                                text("x").toBuilder().templateType("CHAT").build())))
                .isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> made("c", request -> request.variants(text("x", "twice", "twice"))))
                .isInstanceOf(ValidationException.class);
        made("d", _ -> {});
        assertThatThrownBy(() -> made("d", _ -> {})).isInstanceOf(AwsError.class);
    }

    @Test
    void aPromptHasTenVersionsAtMost() {
        String id = made("stones", _ -> {}).id();
        for (int i = 0; i < 10; i++) {
            version(id);
        }

        assertThatThrownBy(() -> version(id)).isInstanceOf(ServiceQuotaExceededException.class);
    }

    @Test
    void belongsToItsAccount() {
        CreatePromptResponse prompt = made("stones", request -> request.tags(Map.of("team", "blue")));

        assertThatThrownBy(() -> called(
                        "999999999999",
                        () -> prompts.get(GetPromptRequest.builder()
                                .promptIdentifier(prompt.arn())
                                .build())))
                .isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> called("999999999999", () -> prompts.tags(prompt.arn())))
                .isInstanceOf(ResourceNotFoundException.class);
        assertThat(called(() -> prompts.tags(prompt.arn()))).containsEntry("team", "blue");
    }

    @Test
    void whatIsUnderAKeyIsReadByNobodyWithoutIt() {
        String key = called(() -> clients.of(KmsClient.class)
                .createKey(request -> {})
                .keyMetadata()
                .arn());
        String id = made(
                        "secret",
                        request -> request.customerEncryptionKeyArn(key).variants(text("quartzite", "topic")))
                .id();

        assertThat(said(got(id, null))).isEqualTo("quartzite");
        assertThat(version(id)).isEqualTo("1");
        assertThat(said(got(id, "1"))).isEqualTo("quartzite");
        records.all("bedrock-agent:prompt", Optional.empty())
                .forEach(record -> assertThat(new String(record.body(), StandardCharsets.UTF_8))
                        .doesNotContain("quartzite"));
        called(() -> clients.of(KmsClient.class).disableKey(request -> request.keyId(key)));
        assertThatThrownBy(() -> got(id, null)).isInstanceOf(AccessDeniedException.class);
    }

    @Test
    void deletesAPromptWithAllItsVersions() {
        String id = made("stones", _ -> {}).id();
        version(id);

        called(() -> prompts.delete(
                DeletePromptRequest.builder().promptIdentifier(id).build()));

        assertThatThrownBy(() -> got(id, null)).isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> got(id, "1")).isInstanceOf(ResourceNotFoundException.class);
        assertThat(listed(null, null).promptSummaries()).isEmpty();
    }
}
