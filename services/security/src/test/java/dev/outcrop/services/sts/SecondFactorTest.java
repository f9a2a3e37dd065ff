package dev.outcrop.services.sts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.kernel.Principal;
import dev.outcrop.services.SecurityHouse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.VirtualMFADevice;
import software.amazon.awssdk.services.sts.model.StsException;

class SecondFactorTest {
    @TempDir
    Path path;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-22T10:00:00Z"));
    private SecurityHouse house;
    private Principal alice;
    private String serial;
    private TotpDevice device;

    @BeforeEach
    void setUp() {
        house = new SecurityHouse(path, now::get);
        IamClient iam = house.asRoot(IamClient.class, house.iam);
        iam.createUser(request -> request.userName("alice"));
        iam.putUserPolicy(request -> request.userName("alice").policyName("may").policyDocument("""
                {"Version": "2012-10-17", "Statement": [
                  {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"},
                  {"Effect": "Allow", "Action": "iam:ListUsers", "Resource": "*",
                   "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}]}"""));
        iam.createRole(request -> request.roleName("guarded").assumeRolePolicyDocument("""
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
                 "Principal": {"AWS": "123456789012"}, "Condition": {
                   "Bool": {"aws:MultiFactorAuthPresent": "true"},
                   "NumericLessThan": {"aws:MultiFactorAuthAge": "60"}}}}"""));
        alice = house.key(iam.createAccessKey(request -> request.userName("alice"))
                        .accessKey()
                        .accessKeyId())
                .orElseThrow()
                .principal();
        VirtualMFADevice created = iam.createVirtualMFADevice(request -> request.virtualMFADeviceName("phone"))
                .virtualMFADevice();
        serial = created.serialNumber();
        device = new TotpDevice(created.base32StringSeed().asUtf8String());
        iam.enableMFADevice(request -> request.userName("alice")
                .serialNumber(serial)
                .authenticationCode1(device.shows(now.get().minusSeconds(30)))
                .authenticationCode2(device.shows(now.get())));
        now.set(now.get().plusSeconds(60));
    }

    @AfterEach
    void tearDown() {
        house.close();
    }

    private Principal sessionOf(String code) {
        String id = house.as(
                        alice,
                        () -> house.sts.getSessionToken(
                                request -> request.serialNumber(serial).tokenCode(code)))
                .credentials()
                .accessKeyId();
        return house.key(id).orElseThrow().principal();
    }

    @Test
    void aSessionWithACodeMayWhatNeedsOne() {
        Principal session = sessionOf(device.shows(now.get()));

        assertThat(house.as(session, () -> house.iam.listUsers()).users()).hasSize(1);
        assertThatThrownBy(() -> house.as(alice, () -> house.iam.listUsers()))
                .hasMessageContaining("not authorized to perform: iam:ListUsers");
    }

    @Test
    void noCodeIsGoodTwice() {
        String code = device.shows(now.get());
        sessionOf(code);

        assertThatThrownBy(() -> sessionOf(code))
                .isInstanceOf(StsException.class)
                .hasMessageContaining("MultiFactorAuthentication failed with invalid MFA one time pass code.");
    }

    @Test
    void codesCannotBeTriedOut() {
        String right = device.shows(now.get());
        String wrong = right.equals("000000") ? "000001" : "000000";
        for (int attempt = 0; attempt < 5; attempt++) {
            assertThatThrownBy(() -> sessionOf(wrong)).isInstanceOf(StsException.class);
        }

        assertThatThrownBy(() -> sessionOf(right)).isInstanceOf(StsException.class);
        now.set(now.get().plusSeconds(30));
        assertThat(sessionOf(device.shows(now.get()))).isNotNull();
    }

    @Test
    void aRoleThatWantsACodeIsAssumedWithOneOnly() {
        assertThatThrownBy(() -> assume(null))
                .hasMessageContaining("because no resource-based policy allows the sts:AssumeRole action");
        assertThatThrownBy(() -> assume("123456"))
                .hasMessageContaining("MultiFactorAuthentication failed with invalid MFA one time pass code.");

        Principal session = assume(device.shows(now.get()));

        assertThat(session.session().orElseThrow().authenticatedAt())
                .as("the code speaks to the trust policy, not for the session")
                .isEmpty();
    }

    private Principal assume(String code) {
        String id = house.as(
                        alice,
                        () -> house.sts.assumeRole(request -> request.roleArn("arn:aws:iam::123456789012:role/guarded")
                                .roleSessionName("session")
                                .serialNumber(code == null ? null : serial)
                                .tokenCode(code)))
                .credentials()
                .accessKeyId();
        return house.key(id).orElseThrow().principal();
    }

    @Test
    void theDeviceOfAnotherIsNoGood() {
        house.asRoot(IamClient.class, house.iam).createUser(request -> request.userName("eve"));
        Principal eve = house.asRoot(() -> house.key(house.iam
                        .createAccessKey(request -> request.userName("eve"))
                        .accessKey()
                        .accessKeyId())
                .orElseThrow()
                .principal());

        assertThatThrownBy(() -> house.as(
                        eve,
                        () -> house.sts.getSessionToken(
                                request -> request.serialNumber(serial).tokenCode(device.shows(now.get())))))
                .isInstanceOf(StsException.class)
                .hasMessageContaining("unable to validate MFA code");
    }
}
