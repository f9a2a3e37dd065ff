package dev.outcrop.kernel.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.kernel.Answer;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.CallRecord;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.Session;
import dev.outcrop.shapes.ServiceTables;
import dev.outcrop.storage.JournalEntry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleResponse;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithWebIdentityRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithWebIdentityResponse;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityRequest;

class AuditEventsTest {
    private static final String ACCOUNT = "111122223333";
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final AuditEvents EVENTS = new AuditEvents(new ServiceTables());
    private static final SdkRequest WHO = GetCallerIdentityRequest.builder().build();

    @Test
    void namesUsers() {
        Principal user = new Principal(
                Principal.Kind.USER,
                "arn:aws:iam::" + ACCOUNT + ":user/team/bob",
                ACCOUNT,
                "AIDA1",
                Optional.of("AKIA1"));

        assertThat(event(user, WHO))
                .contains("\"userIdentity\":{\"type\":\"IAMUser\",\"principalId\":\"AIDA1\","
                        + "\"arn\":\"arn:aws:iam::111122223333:user/team/bob\",\"accountId\":\"111122223333\","
                        + "\"accessKeyId\":\"AKIA1\",\"userName\":\"bob\"}");
    }

    @Test
    void tellsWhoIssuedASession() {
        Session session = new Session(
                NOON,
                "arn:aws:iam::" + ACCOUNT + ":role/reader",
                List.of(),
                List.of(),
                Map.of(),
                Set.of(),
                Optional.of("bob"),
                Optional.of("accounts.example.com"),
                Optional.empty());
        Principal role = new Principal(
                Principal.Kind.ASSUMED_ROLE,
                "arn:aws:sts::" + ACCOUNT + ":assumed-role/reader/one",
                ACCOUNT,
                "AROA1:one",
                Optional.of("ASIA1"),
                Optional.of(session));

        assertThat(event(role, WHO))
                .contains("\"sessionContext\":{\"sessionIssuer\":{\"type\":\"Role\",\"principalId\":\"AROA1\","
                        + "\"arn\":\"arn:aws:iam::111122223333:role/reader\",\"accountId\":\"111122223333\","
                        + "\"userName\":\"reader\"},"
                        + "\"webIdFederationData\":{\"federatedProvider\":\"accounts.example.com\",\"attributes\":{}},"
                        + "\"attributes\":{\"creationDate\":\"2026-01-01T12:00:00Z\",\"mfaAuthenticated\":\"false\"},"
                        + "\"sourceIdentity\":\"bob\"}}");
    }

    @Test
    void saysOfAServiceOnlyItsName() {
        assertThat(event(Principal.service("cloudtrail.amazonaws.com", ACCOUNT), WHO))
                .contains("\"userIdentity\":{\"type\":\"AWSService\",\"invokedBy\":\"cloudtrail.amazonaws.com\"}");
    }

    @Test
    void saysThatNobodyIsKnownBehindAnUnsignedCall() {
        assertThat(event(Principal.ANONYMOUS, WHO))
                .contains("\"userIdentity\":{\"type\":\"AWSAccount\",\"principalId\":\"\","
                        + "\"accountId\":\"ANONYMOUS_PRINCIPAL\"}");
    }

    @Test
    void namesWhomAnIdentityProviderVouchedFor() {
        String event = events(
                        Principal.ANONYMOUS,
                        "sts",
                        "AssumeRoleWithWebIdentity",
                        AssumeRoleWithWebIdentityRequest.builder().build(),
                        Optional.of(AssumeRoleWithWebIdentityResponse.builder()
                                .provider("accounts.example.com")
                                .audience("app")
                                .subjectFromWebIdentityToken("bob")
                                .build()))
                .getFirst();

        assertThat(event)
                .contains("\"type\":\"WebIdentityUser\",\"principalId\":\"accounts.example.com:app:bob\","
                        + "\"userName\":\"bob\",\"identityProvider\":\"accounts.example.com\"");
    }

    @Test
    void namesObjectAndBucket() {
        String event = event(
                "s3",
                "GetObject",
                GetObjectRequest.builder().bucket("b").key("a/k").build());

        assertThat(event)
                .contains("\"resources\":[{\"type\":\"AWS::S3::Object\",\"ARN\":\"arn:aws:s3:::b/a/k\"},"
                        + "{\"accountId\":\"111122223333\",\"type\":\"AWS::S3::Bucket\",\"ARN\":\"arn:aws:s3:::b\"}]")
                .contains("\"managementEvent\":false")
                .contains("\"eventCategory\":\"Data\"");
    }

    @Test
    void namesWhatAListBeginsWith() {
        String event = event(
                "s3",
                "ListObjectsV2",
                ListObjectsV2Request.builder().bucket("b").prefix("a/").build());

        assertThat(event).contains("{\"type\":\"AWS::S3::Object\",\"ARNPrefix\":\"arn:aws:s3:::b/a/\"}");
    }

    @Test
    void tellsTheOwnerOfARoleUnderASharedIdAndNoMoreThanWhoTheCallerIs() {
        AssumeRoleRequest request = AssumeRoleRequest.builder()
                .roleArn("arn:aws:iam::444455556666:role/guest")
                .roleSessionName("s")
                .build();
        AssumeRoleResponse response = AssumeRoleResponse.builder()
                .credentials(keys ->
                        keys.accessKeyId("ASIA2").sessionToken("the token").secretAccessKey("the secret"))
                .build();
        Principal user = new Principal(
                Principal.Kind.USER, "arn:aws:iam::" + ACCOUNT + ":user/bob", ACCOUNT, "AIDA1", Optional.of("AKIA1"));

        List<String> events = events(user, "sts", "AssumeRole", request, Optional.of(response));

        assertThat(events)
                .hasSize(2)
                .allSatisfy(event -> assertThat(event)
                        .contains("\"accessKeyId\":\"ASIA2\"")
                        .contains("\"sharedEventID\":")
                        .doesNotContain("the token")
                        .doesNotContain("the secret"));
        assertThat(events.get(0)).contains("\"userName\":\"bob\"").contains("\"recipientAccountId\":\"111122223333\"");
        assertThat(events.get(1))
                .contains(
                        "\"userIdentity\":{\"type\":\"AWSAccount\",\"principalId\":\"AIDA1\",\"accountId\":\"111122223333\"}")
                .contains("\"recipientAccountId\":\"444455556666\"");
    }

    @Test
    void tellsOtherAccountsNothingOfCallsThatFailedOrOfWhatIsNoAccount() {
        AwsServiceException refusal = AwsServiceException.builder().build();
        CallContext context = CallContext.builder()
                .principal(Principal.root(ACCOUNT, Optional.empty()))
                .requestId("1")
                .build();
        AssumeRoleRequest foreign = AssumeRoleRequest.builder()
                .roleArn("arn:aws:iam::444455556666:role/guest")
                .build();
        AssumeRoleRequest odd = AssumeRoleRequest.builder()
                .roleArn("arn:aws:iam::someoneelse1:role/guest")
                .build();

        List<JournalEntry> failed = EVENTS.entries(new CallRecord(
                context,
                "sts",
                "AssumeRole",
                Optional.of(foreign),
                Optional.empty(),
                Optional.of(new Answer.Failure("AccessDenied", 403, "no", false, refusal, false, Map.of())),
                1));

        assertThat(failed).extracting(JournalEntry::account).containsExactly(ACCOUNT);
        assertThat(events(Principal.root(ACCOUNT, Optional.empty()), "sts", "AssumeRole", odd, Optional.empty()))
                .hasSize(1);
    }

    private static String event(Principal principal, SdkRequest request) {
        return events(principal, "sts", "GetCallerIdentity", request, Optional.empty())
                .getFirst();
    }

    private static String event(String service, String operation, SdkRequest request) {
        return events(Principal.root(ACCOUNT, Optional.empty()), service, operation, request, Optional.empty())
                .getFirst();
    }

    private static List<String> events(
            Principal principal, String service, String operation, SdkRequest request, Optional<SdkResponse> response) {
        CallContext context = CallContext.builder()
                .principal(principal)
                .requestId("1")
                .startedAt(NOON)
                .build();
        return EVENTS
                .entries(new CallRecord(
                        context, service, operation, Optional.of(request), response, Optional.empty(), 1))
                .stream()
                .map(JournalEntry::body)
                .map(body -> new String(body, UTF_8))
                .toList();
    }
}
