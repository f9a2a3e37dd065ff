package dev.outcrop.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.shapes.ServiceTables;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.AddRoleToInstanceProfileRequest;
import software.amazon.awssdk.services.iam.model.AddRoleToInstanceProfileResponse;
import software.amazon.awssdk.services.iam.model.CreateRoleRequest;
import software.amazon.awssdk.services.iam.model.CreateRoleResponse;
import software.amazon.awssdk.services.iam.model.GetUserRequest;
import software.amazon.awssdk.services.iam.model.GetUserResponse;
import software.amazon.awssdk.services.iam.model.IamException;
import software.amazon.awssdk.services.iam.model.Tag;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityRequest;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;

/** What an implementation of {@link Authorization} gets to see, and what becomes of its decisions. */
class AuthorizationStepTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00.250Z");
    private static final String ROLE = "arn:aws:iam::123456789012:role/team/reader";

    private final List<AuthorizationRequest> asked = new ArrayList<>();
    private final List<CallRecord> records = new ArrayList<>();
    private String deniedAction = "";
    private final Authorization authorization = request -> {
        asked.add(request);
        for (Access access : request.accesses()) {
            if (access.action().equals(deniedAction)) {
                return new AuthorizationDecision.Denied(access, "with an explicit deny in an identity-based policy");
            }
        }
        return AuthorizationDecision.ALLOWED;
    };
    private final ServedServices services = new ServedServices(new ServiceTables())
            .serve("iam", IamClient.class, Users::new)
            .serve("sts", StsClient.class, Caller::new);
    private final Corridor corridor = new Corridor(authorization, Throttle.unlimited(), records::add);
    private final Clients clients = new Clients(services, corridor);

    @Test
    void aDenialIsToldInTheWordsAndTheCodeOfTheService() {
        deniedAction = "iam:TagRole";

        Answer.Failure refused = (Answer.Failure) createRole(user().build());

        assertThat(refused.code()).isEqualTo("AccessDenied");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.message())
                .isEqualTo("User: arn:aws:iam::123456789012:user/team/bob is not authorized to perform: iam:TagRole on "
                        + "resource: arn:aws:iam::123456789012:role/team/writer with an explicit deny in an identity-based "
                        + "policy");
    }

    @Test
    void whatNeedsNoPermissionAsksNobody() {
        ServedService sts = services.find("sts").orElseThrow();

        corridor.call(
                user().build(),
                sts,
                sts.operation("GetCallerIdentity").orElseThrow(),
                GetCallerIdentityRequest.builder().build(),
                Streams.NONE);

        assertThat(asked).isEmpty();
    }

    @Test
    void aServiceMayAskForMoreWhileItAnswers() {
        deniedAction = "iam:ListSecretNames";

        Answer.Failure refused = (Answer.Failure) getUser("nosy");

        assertThat(refused.code()).isEqualTo("AccessDenied");
        assertThat(asked).last().satisfies(request -> {
            assertThat(request.accesses()).containsExactly(new Access("iam:ListSecretNames", "*"));
            assertThat(request.conditions(request.accesses().getFirst()).values("aws:username"))
                    .contains(List.of("bob"));
        });
    }

    @Test
    void aServiceNamesItsResourcesAndTheirTags() {
        getUser("eve");

        AuthorizationRequest request = asked.getFirst();
        Access access = request.accesses().getFirst();
        assertThat(access).isEqualTo(new Access("iam:GetUser", "arn:aws:iam::123456789012:user/hidden/eve"));
        assertThat(request.conditions(access).values("aws:ResourceTag/Team")).contains(List.of("blue"));
        assertThat(request.conditions(access).values("iam:ResourceTag/team")).contains(List.of("blue"));
        assertThat(request.conditions(access).values("aws:ResourceTag/other")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "aws:SourceIp,                192.0.2.7",
        "aws:SecureTransport,         true",
        "aws:CurrentTime,             2026-01-01T12:00:00Z",
        "aws:EpochTime,               1767268800",
        "aws:RequestedRegion,         eu-west-1",
        "aws:UserAgent,               aws-cli/2",
        "aws:Referer,                 https://page",
        "aws:PrincipalArn,            arn:aws:iam::123456789012:user/team/bob",
        "AWS:PRINCIPALACCOUNT,        123456789012",
        "aws:PrincipalType,           User",
        "aws:PrincipalIsAWSService,   false",
        "aws:userid,                  AIDAEXAMPLE",
        "aws:username,                bob",
        "aws:ViaAWSService,           false",
        "aws:ResourceAccount,         123456789012",
        "aws:RequestTag/cost,         7",
        "aws:TagKeys,                 cost",
        "iam:PermissionsBoundary,     arn:aws:iam::123456789012:policy/boundary"
    })
    void conditionKeysHaveTheirValues(String key, String value) {
        createRole(user().build());

        AuthorizationRequest request = asked.getFirst();
        assertThat(request.conditions(request.accesses().getFirst()).values(key))
                .contains(List.of(value));
    }

    @ParameterizedTest
    @CsvSource({
        "aws:MultiFactorAuthPresent",
        "aws:TokenIssueTime",
        "aws:CalledVia",
        "aws:PrincipalTag/team",
        "aws:RequestTag/other",
        "aws:NoSuchKey",
        "kms:ViaService"
    })
    void keysThatTheRequestDoesNotHaveAreAbsent(String key) {
        createRole(user().build());

        AuthorizationRequest request = asked.getFirst();
        assertThat(request.conditions(request.accesses().getFirst()).values(key))
                .isEmpty();
    }

    @Test
    void aSessionTellsItsRoleItsTagsAndItsAge() {
        Session session = new Session(
                NOON.minusSeconds(60),
                ROLE,
                List.of("{}"),
                List.of(),
                Map.of("team", "red"),
                Set.of("team"),
                Optional.of("alice"),
                Optional.empty(),
                Optional.of(NOON.minusSeconds(30)));
        Principal principal = new Principal(
                Principal.Kind.ASSUMED_ROLE,
                "arn:aws:sts::123456789012:assumed-role/reader/s",
                "123456789012",
                "AROAEXAMPLE:s",
                Optional.empty(),
                Optional.of(session));

        createRole(user().principal(principal).build());

        ConditionContext conditions =
                asked.getFirst().conditions(asked.getFirst().accesses().getFirst());
        assertThat(conditions.values("aws:PrincipalArn")).contains(List.of(ROLE));
        assertThat(conditions.values("aws:PrincipalType")).contains(List.of("AssumedRole"));
        assertThat(conditions.values("aws:PrincipalTag/Team")).contains(List.of("red"));
        assertThat(conditions.values("aws:TokenIssueTime")).contains(List.of("2026-01-01T11:59:00Z"));
        assertThat(conditions.values("aws:MultiFactorAuthPresent")).contains(List.of("true"));
        assertThat(conditions.values("aws:MultiFactorAuthAge")).contains(List.of("30"));
        assertThat(conditions.values("aws:SourceIdentity")).contains(List.of("alice"));
        assertThat(conditions.values("aws:username")).isEmpty();
    }

    @Test
    void aCallOnBehalfOfTheCallerSaysThroughWhichServicesItCame() {
        getUser("curious");

        AuthorizationRequest inner = asked.getLast();
        ConditionContext conditions = inner.conditions(inner.accesses().getFirst());
        assertThat(inner.principal().arn()).isEqualTo("arn:aws:iam::123456789012:user/team/bob");
        assertThat(conditions.values("aws:ViaAWSService")).contains(List.of("true"));
        assertThat(conditions.values("aws:CalledVia")).contains(List.of("iam.amazonaws.com"));
        assertThat(conditions.values("aws:CalledViaLast")).contains(List.of("iam.amazonaws.com"));
        assertThat(conditions.values("aws:SourceIp")).isEmpty();
        assertThat(records.getFirst().context().sourceAddress()).isEqualTo("iam.amazonaws.com");
        assertThat(records.getFirst().context().trace().parentId())
                .contains(records.getLast().context().trace().spanId());
    }

    @Test
    void aCallAsARoleIsTheRolesOwn() {
        getUser("roleplay");

        AuthorizationRequest inner = asked.getLast();
        ConditionContext conditions = inner.conditions(inner.accesses().getFirst());
        assertThat(inner.principal().arn()).isEqualTo("arn:aws:sts::123456789012:assumed-role/reader/outcrop");
        assertThat(inner.principal().session().orElseThrow().issuer()).isEqualTo(ROLE);
        assertThat(conditions.values("aws:ViaAWSService")).contains(List.of("false"));
        assertThat(conditions.values("aws:CalledVia")).isEmpty();
        assertThat(records.getFirst().context().callingService()).contains("iam");
    }

    @Test
    void aRoleThatDoesNotTrustTheServiceIsRefused() {
        RoleSessions untrusted = (role, service) -> {
            throw AwsError.accessDenied(role + " does not trust " + service);
        };
        Clients distrusted = new Clients(services, corridor, untrusted, RemoteServices.NONE);

        assertThatThrownBy(() -> user().build()
                        .call(() -> distrusted.as(ROLE).of(IamClient.class).getUser(request -> request.userName("x"))))
                .hasMessageContaining("does not trust outcrop");
        assertThatThrownBy(() -> clients.as("arn:aws:iam::123456789012:user/bob"))
                .hasMessageContaining("is not the ARN of a role");
    }

    @Test
    void whoeverPassesARoleIsToldToWhichService() {
        call(
                user().build(),
                "AddRoleToInstanceProfile",
                AddRoleToInstanceProfileRequest.builder()
                        .instanceProfileName("profile")
                        .roleName("reader")
                        .build());

        AuthorizationRequest request = asked.getFirst();
        Access passing = request.accesses().getLast();
        assertThat(passing).isEqualTo(new Access("iam:PassRole", "arn:aws:iam::123456789012:role/reader"));
        assertThat(request.conditions(passing).values("iam:PassedToService")).contains(List.of("ec2.amazonaws.com"));
        assertThat(request.conditions(request.accesses().getFirst()).values("iam:PassedToService"))
                .isEmpty();
    }

    @Test
    void outsideOfACallNobodyDecides() {
        assertThatThrownBy(() -> user().build().require("iam:GetUser")).isInstanceOf(IllegalStateException.class);
    }

    private Answer createRole(CallContext context) {
        return call(
                context,
                "CreateRole",
                CreateRoleRequest.builder()
                        .path("/team/")
                        .roleName("writer")
                        .assumeRolePolicyDocument("{}")
                        .permissionsBoundary("arn:aws:iam::123456789012:policy/boundary")
                        .tags(Tag.builder().key("cost").value("7").build())
                        .build());
    }

    private Answer getUser(String name) {
        return call(
                user().build(),
                "GetUser",
                GetUserRequest.builder().userName(name).build());
    }

    private Answer call(CallContext context, String operation, SdkRequest request) {
        ServedService iam = services.find("iam").orElseThrow();
        return corridor.call(context, iam, iam.operation(operation).orElseThrow(), request, Streams.NONE);
    }

    private static CallContext.Builder user() {
        return CallContext.builder()
                .principal(new Principal(
                        Principal.Kind.USER,
                        "arn:aws:iam::123456789012:user/team/bob",
                        "123456789012",
                        "AIDAEXAMPLE",
                        Optional.empty()))
                .region("eu-west-1")
                .sourceAddress("192.0.2.7")
                .userAgent("aws-cli/2")
                .referer(Optional.of("https://page"))
                .secureTransport(true)
                .startedAt(NOON)
                .requestId("1");
    }

    /** A service of its own resources, some of whose users make it ask or call further. */
    private final class Users implements IamClient, ProtectedResources {
        @Override
        public GetUserResponse getUser(GetUserRequest request) {
            switch (request.userName()) {
                case "nosy" -> CallContext.current().require("iam:ListSecretNames");
                case "curious" -> clients.of(IamClient.class).getUser(inner -> inner.userName("inner"));
                case "roleplay" -> clients.as(ROLE).of(IamClient.class).getUser(inner -> inner.userName("inner"));
                default -> {}
            }
            return GetUserResponse.builder().build();
        }

        @Override
        public CreateRoleResponse createRole(CreateRoleRequest request) throws IamException {
            return CreateRoleResponse.builder().build();
        }

        @Override
        public List<String> resources(String operation, SdkRequest request, List<String> named) {
            return named.stream()
                    .map(arn -> arn.replace("user/eve", "user/hidden/eve"))
                    .toList();
        }

        @Override
        public Map<String, String> tags(String arn) {
            return Map.of("team", "blue");
        }

        @Override
        public AddRoleToInstanceProfileResponse addRoleToInstanceProfile(AddRoleToInstanceProfileRequest request) {
            return AddRoleToInstanceProfileResponse.builder().build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }

    private static final class Caller implements StsClient {
        @Override
        public GetCallerIdentityResponse getCallerIdentity(GetCallerIdentityRequest request) {
            return GetCallerIdentityResponse.builder().build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }
}
