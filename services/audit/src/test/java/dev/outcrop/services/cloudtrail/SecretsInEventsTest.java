package dev.outcrop.services.cloudtrail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.CallRecord;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.record.AuditEvents;
import dev.outcrop.kernel.record.Prices;
import dev.outcrop.kernel.record.Recording;
import dev.outcrop.kernel.record.UsageEntries;
import dev.outcrop.shapes.OperationModel;
import dev.outcrop.shapes.ServiceModel;
import dev.outcrop.shapes.ServiceTables;
import dev.outcrop.shapes.ShapeModel;
import dev.outcrop.storage.DataFolder;
import dev.outcrop.storage.Journal;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/** Every operation's request and answer with something secret wherever its description or its name says that there is. */
class SecretsInEventsTest {
    private static final String SECRET = "this must never be told";
    private static final int DEEPEST = 6;
    private static final ServiceTables TABLES = new ServiceTables();
    private static final Pattern NAMED_AS_SECRETS = Pattern.compile(
            "(?i).*(password|secretaccesskey|secretstring|secretbinary|plaintext|privatekey|sessiontoken|clientsecret)");

    @TempDir
    private Path path;

    @ParameterizedTest
    @CsvSource({
        "iam, iam.IamClient",
        "sts, sts.StsClient",
        "kms, kms.KmsClient",
        "secretsmanager, secretsmanager.SecretsManagerClient",
        "s3, s3.S3Client",
        "cloudtrail, cloudtrail.CloudTrailClient",
    })
    void tellsNoneOfThem(String id, String clientName) throws Exception {
        ServiceModel service = TABLES.find(id).orElseThrow();
        Map<String, Class<?>> requests = requests(clientName);
        List<CallRecord> calls = new ArrayList<>();
        for (OperationModel operation : service.operations().values()) {
            Class<?> request = requests.get(operation.name().toLowerCase(Locale.ROOT) + "request");
            if (request != null) {
                String response = request.getName().replaceFirst("Request$", "Response");
                calls.add(new CallRecord(
                        CallContext.builder()
                                .principal(Principal.root("123456789012", Optional.empty()))
                                .requestId("1")
                                .build(),
                        id,
                        operation.name(),
                        Optional.of((SdkRequest) filled(service, request, operation.input())),
                        Optional.of((SdkResponse) filled(service, Class.forName(response), operation.output())),
                        Optional.empty(),
                        1));
            }
        }

        List<String> events = recorded(calls);

        // A few of S3's are the async client's, or are called otherwise.
        assertThat(calls.size()).isGreaterThanOrEqualTo(service.operations().size() - 5);
        assertThat(events.size()).isGreaterThanOrEqualTo(calls.size());
        assertThat(events)
                .allSatisfy(event -> assertThat(event)
                        .doesNotContain(SECRET)
                        .doesNotContain(Base64.getEncoder().encodeToString(SECRET.getBytes(UTF_8))));
    }

    private List<String> recorded(List<CallRecord> calls) {
        try (DataFolder folder = DataFolder.open(path);
                Journal journal = folder.journal()) {
            try (Recording recording =
                    new Recording(journal, new AuditEvents(TABLES), new UsageEntries(Prices.free()))) {
                calls.forEach(recording::record);
            }
            return journal.arrivals(AuditEvents.KIND, 0, 10_000).stream()
                    .map(place -> new String(place.entry().body(), UTF_8))
                    .toList();
        }
    }

    /** The classes of a client's requests by their names in lower case, which tell acronyms apart by case only. */
    private static Map<String, Class<?>> requests(String clientName) throws ClassNotFoundException {
        Map<String, Class<?>> requests = new HashMap<>();
        for (Method method :
                Class.forName("software.amazon.awssdk.services." + clientName).getMethods()) {
            for (Class<?> parameter : method.getParameterTypes()) {
                if (SdkRequest.class.isAssignableFrom(parameter)) {
                    requests.put(parameter.getSimpleName().toLowerCase(Locale.ROOT), parameter);
                }
            }
        }
        return requests;
    }

    private static Object filled(ServiceModel service, Class<?> type, Optional<String> shape)
            throws ReflectiveOperationException {
        SdkPojo builder = (SdkPojo) type.getMethod("builder").invoke(null);
        shape.ifPresent(name -> fill(service, builder, service.shape(name), false, 0));
        return ((SdkBuilder<?, ?>) builder).build();
    }

    private static void fill(ServiceModel service, SdkPojo builder, ShapeModel shape, boolean secret, int depth) {
        if (!(shape instanceof ShapeModel.Structure structure) || depth > DEEPEST) {
            return;
        }
        for (SdkField<?> field : builder.sdkFields()) {
            ShapeModel.Member member = structure.members().get(field.memberName());
            if (member == null) {
                member = structure.members().get(field.locationName());
            }
            if (member != null) {
                boolean named = NAMED_AS_SECRETS.matcher(field.memberName()).matches();
                value(service, field, service.shape(member.shape()), secret || named, depth)
                        .ifPresent(value -> field.set(builder, value));
            }
        }
    }

    private static Optional<Object> value(
            ServiceModel service, SdkField<?> field, ShapeModel shape, boolean above, int depth) {
        boolean secret = above || shape.sensitive();
        return switch (field.marshallingType().getKnownType()) {
            case STRING -> Optional.of(secret ? SECRET : "told");
            case INTEGER -> Optional.of(1);
            case LONG -> Optional.of(1L);
            case SHORT -> Optional.of((short) 1);
            case DOUBLE -> Optional.of(1.0);
            case FLOAT -> Optional.of(1.0f);
            case BOOLEAN -> Optional.of(true);
            case INSTANT -> Optional.of(Instant.EPOCH);
            case SDK_BYTES -> Optional.of(SdkBytes.fromUtf8String(SECRET));
            case SDK_POJO -> {
                SdkPojo nested = field.constructor().get();
                fill(service, nested, shape, secret, depth + 1);
                yield Optional.of(((SdkBuilder<?, ?>) nested).build());
            }
            case LIST ->
                shape instanceof ShapeModel.ListOf list
                        ? value(
                                        service,
                                        field.getTrait(ListTrait.class).memberFieldInfo(),
                                        service.shape(list.member().shape()),
                                        secret,
                                        depth + 1)
                                .map(List::of)
                        : Optional.empty();
            case MAP ->
                shape instanceof ShapeModel.MapOf map
                        ? value(
                                        service,
                                        field.getTrait(MapTrait.class).valueFieldInfo(),
                                        service.shape(map.value().shape()),
                                        secret,
                                        depth + 1)
                                .map(entry -> Map.of("key", entry))
                        : Optional.empty();
            default -> Optional.empty();
        };
    }
}
