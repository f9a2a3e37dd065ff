package dev.outcrop.services.sts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.kernel.Answer;
import dev.outcrop.kernel.Authorization;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.CallRecord;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.Corridor;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.ServedService;
import dev.outcrop.kernel.ServedServices;
import dev.outcrop.kernel.Streams;
import dev.outcrop.kernel.Throttle;
import dev.outcrop.shapes.ServiceModel;
import dev.outcrop.shapes.ServiceTables;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityRequest;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;

class StsServiceTest {
    private static final ServiceTables TABLES = new ServiceTables();

    private final ServiceModel model = TABLES.find("sts").orElseThrow();
    private final List<CallRecord> records = new ArrayList<>();
    private final Corridor corridor = new Corridor(Authorization.ROOT_ONLY, Throttle.unlimited(), records::add);
    private final CallContext context = CallContext.builder()
            .principal(Principal.root("123456789012", Optional.of("AKIAEXAMPLE")))
            .requestId("11111111-2222-3333-4444-555555555555")
            .build();

    @Test
    void tellsTheCallerWhoItIs() {
        ServedService service = ServedService.of(model, new StsService(), Optional.empty());

        Answer answer = corridor.call(
                context,
                service,
                service.operation("GetCallerIdentity").orElseThrow(),
                GetCallerIdentityRequest.builder().build(),
                Streams.NONE);

        assertThat(answer)
                .isEqualTo(new Answer.Success(Optional.of(GetCallerIdentityResponse.builder()
                        .account("123456789012")
                        .arn("arn:aws:iam::123456789012:root")
                        .userId("123456789012")
                        .build())));
        assertThat(records).extracting(CallRecord::operation).containsExactly("GetCallerIdentity");
    }

    @Test
    void anotherServiceReachesItByTheSdkInterface() {
        ServedServices services = new ServedServices(TABLES).serve("sts", StsClient.class, StsService::new);
        Clients clients = new Clients(services, corridor);

        GetCallerIdentityResponse response =
                context.call(() -> clients.of(StsClient.class).getCallerIdentity());

        assertThat(response.account()).isEqualTo("123456789012");
    }

    @Test
    void servesOnlyWhatItImplements() {
        ServedService service = ServedService.of(model, new StsService(), Optional.empty());

        assertThat(service.operations())
                .extracting(operation -> operation.name())
                .containsExactly("GetCallerIdentity");
        assertThat(service.operation("AssumeRole")).isEmpty();
    }
}
