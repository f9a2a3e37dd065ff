package dev.outcrop.services.sts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.Session;
import dev.outcrop.services.SecurityHouse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.EntityAlreadyExistsException;
import software.amazon.awssdk.services.iam.model.IamException;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import software.amazon.awssdk.services.iam.model.Tag;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithWebIdentityResponse;
import software.amazon.awssdk.services.sts.model.ExpiredTokenException;
import software.amazon.awssdk.services.sts.model.IdpCommunicationErrorException;
import software.amazon.awssdk.services.sts.model.InvalidIdentityTokenException;
import software.amazon.awssdk.services.sts.model.StsException;

class WebIdentitiesTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final String ROLE = "arn:aws:iam::123456789012:role/web";

    @TempDir
    static Path shared;

    private static PlayedIdentityProvider provider;

    @TempDir
    Path path;

    private SecurityHouse house;
    private IamClient iam;
    private String arn;

    @BeforeAll
    static void open() throws Exception {
        provider = new PlayedIdentityProvider(shared);
    }

    @AfterAll
    static void shut() {
        provider.close();
    }

    @BeforeEach
    void setUp() throws Exception {
        setUpAnew();
        provider.publishKeys();
        String thumbprint = provider.thumbprint();
        arn = iam.createOpenIDConnectProvider(request ->
                        request.url(provider.url()).clientIDList("app").thumbprintList(thumbprint))
                .openIDConnectProviderArn();
        trust("\"" + provider.url().substring(8) + ":sub\": \"alice\"", "\"sts:AssumeRoleWithWebIdentity\"");
    }

    @AfterEach
    void tearDown() {
        house.close();
    }

    private void trust(String equals, String actions) {
        String document = "{\"Version\": \"2012-10-17\", \"Statement\": {\"Effect\": \"Allow\", \"Action\": [" + actions
                + "], \"Principal\": {\"Federated\": \"" + arn + "\"}, \"Condition\": {\"StringEquals\": {" + equals
                + "}}}}";
        iam.createRole(request ->
                request.roleName("web" + iam.listRoles().roles().size()).assumeRolePolicyDocument(document));
    }

    private AssumeRoleWithWebIdentityResponse assume(String token) {
        return assume(ROLE + "0", token);
    }

    private AssumeRoleWithWebIdentityResponse assume(String role, String token) {
        return house.as(
                Principal.ANONYMOUS,
                () -> house.sts.assumeRoleWithWebIdentity(request ->
                        request.roleArn(role).roleSessionName("session").webIdentityToken(token)));
    }

    private static String claims(String more) {
        return "{'iss':'" + provider.url() + "','aud':'app','sub':'alice','exp':"
                + NOW.plusSeconds(60).getEpochSecond() + ",'iat':" + NOW.getEpochSecond() + more + "}";
    }

    @Test
    void aTokenOfAProviderOpensASessionOfARoleThatTrustsIt() throws Exception {
        AssumeRoleWithWebIdentityResponse assumed = assume(provider.token(claims("")));

        assertThat(assumed.subjectFromWebIdentityToken()).isEqualTo("alice");
        assertThat(assumed.audience()).isEqualTo("app");
        assertThat(assumed.provider()).isEqualTo(arn);
        Principal session =
                house.key(assumed.credentials().accessKeyId()).orElseThrow().principal();
        assertThat(session.arn()).isEqualTo("arn:aws:sts::123456789012:assumed-role/web0/session");
        assertThat(session.session().orElseThrow().federatedProvider()).contains(arn);
    }

    @Test
    void keysAreFetchedOnceForManyTokens() throws Exception {
        int before = provider.asked();

        assume(provider.token(claims("")));
        assume(provider.token(claims(",'jti':'2'")));
        for (int attempt = 0; attempt < 3; attempt++) {
            String unknown = provider.token("{'alg':'RS256','kid':'another'}", claims(""));
            assertThatThrownBy(() -> assume(unknown)).isInstanceOf(InvalidIdentityTokenException.class);
        }

        assertThat(provider.asked() - before)
                .as("also while strangers name keys that there are not")
                .isEqualTo(1);
    }

    @Test
    void tokensThatAreNotTheProvidersAreRefused() throws Exception {
        String good = provider.token(claims(""));
        String[] parts = good.split("\\.");
        String others = PlayedIdentityProvider.base64(
                claims("").replace("alice", "admin").replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        // A signature with the public key as a shared secret, which naive verifiers fall for.
        String header =
                PlayedIdentityProvider.base64("{\"alg\":\"HS256\",\"kid\":\"one\"}".getBytes(StandardCharsets.UTF_8));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(provider.publicKey().getEncoded(), "RAW"));
        String confused = header + "." + parts[1] + "."
                + PlayedIdentityProvider.base64(
                        mac.doFinal((header + "." + parts[1]).getBytes(StandardCharsets.US_ASCII)));
        String none = PlayedIdentityProvider.base64("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8)) + "."
                + parts[1] + ".";

        for (String bad : List.of(
                parts[0] + "." + others + "." + parts[2],
                confused,
                none,
                parts[0] + "." + parts[1] + ".AAAA",
                "nothing",
                "a.b.c",
                "....",
                provider.token("{'alg':'RS256','kid':'one','crit':['x'],'x':1}", claims("")),
                PlayedIdentityProvider.base64("[".repeat(2000).getBytes(StandardCharsets.UTF_8)) + "." + parts[1] + "."
                        + parts[2])) {
            assertThatThrownBy(() -> assume(bad)).as(bad).isInstanceOf(InvalidIdentityTokenException.class);
        }
    }

    @Test
    void tokensForOthersOrOutOfTimeAreRefused() throws Exception {
        String foreign = provider.token(claims("").replace("'app'", "'another'"));
        String late = provider.token(claims("").replace("'exp':", "'exp':1,'was':"));
        String early = provider.token(claims(",'nbf':" + NOW.plusSeconds(3600).getEpochSecond()));
        String elsewhere = provider.token(claims("").replace(provider.url(), "https://elsewhere.example.com"));

        assertThatThrownBy(() -> assume(foreign))
                .isInstanceOf(InvalidIdentityTokenException.class)
                .hasMessageContaining("Incorrect token audience");
        assertThatThrownBy(() -> assume(late)).isInstanceOf(ExpiredTokenException.class);
        assertThatThrownBy(() -> assume(early)).isInstanceOf(InvalidIdentityTokenException.class);
        assertThatThrownBy(() -> assume(elsewhere))
                .isInstanceOf(InvalidIdentityTokenException.class)
                .hasMessageContaining(
                        "No OpenIDConnect provider found in your account for https://elsewhere.example.com");
    }

    @Test
    void whomTheRoleDoesNotTrustItRefuses() throws Exception {
        String mallory = provider.token(claims("").replace("alice", "mallory"));
        String alice = provider.token(claims(""));

        assertThatThrownBy(() -> assume(mallory))
                .isInstanceOf(StsException.class)
                .hasMessageContaining("Not authorized to perform sts:AssumeRoleWithWebIdentity");
        assertThatThrownBy(() -> assume(ROLE + "-absent", alice))
                .isInstanceOf(StsException.class)
                .hasMessageContaining("Not authorized to perform sts:AssumeRoleWithWebIdentity");
        assertThatThrownBy(() -> assume("arn:aws:iam::999999999999:role/web0", alice))
                .as("the provider of one account says nothing in another")
                .isInstanceOf(InvalidIdentityTokenException.class);
    }

    @Test
    void tagsOfATokenNeedARightOfTheirOwn() throws Exception {
        String tags =
                ",'https://aws.amazon.com/tags':{'principal_tags':{'team':['red']},'transitive_tag_keys':['team']}";
        String tagged = provider.token(claims(tags));
        String sub = "\"" + provider.url().substring(8) + ":sub\": \"alice\"";

        assertThatThrownBy(() -> assume(tagged)).hasMessageContaining("Not authorized to perform sts:TagSession");

        trust(sub + ", \"aws:RequestTag/team\": \"red\"", "\"sts:AssumeRoleWithWebIdentity\", \"sts:TagSession\"");
        String id = assume(ROLE + "1", tagged).credentials().accessKeyId();
        Session session = house.key(id).orElseThrow().principal().session().orElseThrow();
        assertThat(session.tags()).containsEntry("team", "red");
        assertThat(session.transitiveTags()).containsExactly("team");
    }

    @Test
    void aProviderThatDoesNotShowItsCertificateIsNotBelieved() throws Exception {
        iam.updateOpenIDConnectProviderThumbprint(
                request -> request.openIDConnectProviderArn(arn).thumbprintList("0".repeat(40)));
        String token = provider.token(claims(""));

        assertThatThrownBy(() -> assume(token)).isInstanceOf(IdpCommunicationErrorException.class);
    }

    @Test
    void aKnownCertificateOfAnotherHostIsNotBelieved() throws Exception {
        String address = provider.url().replace("localhost", "127.0.0.1");
        String thumbprint = provider.thumbprint();
        iam.createOpenIDConnectProvider(
                request -> request.url(address).clientIDList("app").thumbprintList(thumbprint));
        String token = provider.token(claims("").replace(provider.url(), address));

        assertThatThrownBy(() -> assume(token)).isInstanceOf(IdpCommunicationErrorException.class);
    }

    @Test
    void whatAProviderAnswersHasItsLimits() throws Exception {
        String token = provider.token(claims(""));
        for (String bad : List.of("{\"keys\":[]}", "nothing", "{\"keys\":[" + "1,".repeat(200_000) + "1]}")) {
            house.close();
            setUpAnew();
            provider.publish(bad);

            assertThatThrownBy(() -> assume(token)).isInstanceOf(StsException.class);
        }
    }

    private void setUpAnew() {
        house = new SecurityHouse(path, () -> NOW);
        iam = house.asRoot(IamClient.class, house.iam);
    }

    @Test
    void providersAreChangedListedAndDeleted() {
        iam.addClientIDToOpenIDConnectProvider(
                request -> request.openIDConnectProviderArn(arn).clientID("another"));
        iam.removeClientIDFromOpenIDConnectProvider(
                request -> request.openIDConnectProviderArn(arn).clientID("app"));
        iam.tagOpenIDConnectProvider(request -> request.openIDConnectProviderArn(arn)
                .tags(Tag.builder().key("team").value("red").build()));

        assertThat(iam.getOpenIDConnectProvider(request -> request.openIDConnectProviderArn(arn))
                        .clientIDList())
                .containsExactly("another");
        assertThat(iam.listOpenIDConnectProviderTags(request -> request.openIDConnectProviderArn(arn))
                        .tags())
                .hasSize(1);
        assertThat(iam.listOpenIDConnectProviders().openIDConnectProviderList()).hasSize(1);
        assertThatThrownBy(() -> iam.createOpenIDConnectProvider(request -> request.url(provider.url())))
                .isInstanceOf(EntityAlreadyExistsException.class);
        assertThatThrownBy(() -> iam.createOpenIDConnectProvider(request -> request.url("http://example.com")))
                .isInstanceOf(IamException.class)
                .hasMessageContaining("Invalid Open ID Connect Provider URL");
        iam.deleteOpenIDConnectProvider(request -> request.openIDConnectProviderArn(arn));
        assertThatThrownBy(() -> iam.getOpenIDConnectProvider(request -> request.openIDConnectProviderArn(arn)))
                .isInstanceOf(NoSuchEntityException.class);
    }
}
