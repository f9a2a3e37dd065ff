package dev.outcrop.services.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import dev.outcrop.kernel.Principal;
import dev.outcrop.services.SecurityHouse;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.DeleteConflictException;
import software.amazon.awssdk.services.iam.model.DuplicateCertificateException;
import software.amazon.awssdk.services.iam.model.DuplicateSshPublicKeyException;
import software.amazon.awssdk.services.iam.model.EncodingType;
import software.amazon.awssdk.services.iam.model.IamException;
import software.amazon.awssdk.services.iam.model.InvalidAuthenticationCodeException;
import software.amazon.awssdk.services.iam.model.InvalidPublicKeyException;
import software.amazon.awssdk.services.iam.model.KeyPairMismatchException;
import software.amazon.awssdk.services.iam.model.LimitExceededException;
import software.amazon.awssdk.services.iam.model.MFADevice;
import software.amazon.awssdk.services.iam.model.MalformedCertificateException;
import software.amazon.awssdk.services.iam.model.SSHPublicKey;
import software.amazon.awssdk.services.iam.model.SSHPublicKeyMetadata;
import software.amazon.awssdk.services.iam.model.ServerCertificate;
import software.amazon.awssdk.services.iam.model.ServiceNotSupportedException;
import software.amazon.awssdk.services.iam.model.ServiceSpecificCredential;
import software.amazon.awssdk.services.iam.model.SigningCertificate;
import software.amazon.awssdk.services.iam.model.StatusType;
import software.amazon.awssdk.services.iam.model.Tag;
import software.amazon.awssdk.services.iam.model.VirtualMFADevice;

/** Keys, certificates, devices and credentials of users that are no access keys or passwords. */
class UserCredentialsTest {
    @TempDir
    Path path;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-22T10:00:00Z"));
    private SecurityHouse house;
    private IamClient iam;

    @BeforeEach
    void setUp() {
        house = new SecurityHouse(path, now::get);
        iam = house.asRoot(IamClient.class, house.iam);
        iam.createUser(request -> request.userName("alice"));
    }

    @AfterEach
    void tearDown() {
        house.close();
    }

    /** The published vectors of RFC 6238, appendix B, of which ours has the last six digits. */
    @ParameterizedTest
    @CsvSource({
        "59, 287082",
        "1111111109, 081804",
        "1111111111, 050471",
        "1234567890, 005924",
        "2000000000, 279037",
        "20000000000, 353130"
    })
    void oneTimePasswordsAreThoseOfTheRfc(long seconds, String password) {
        byte[] secret = "12345678901234567890".getBytes(StandardCharsets.US_ASCII);

        long step = OneTimePasswords.step(Instant.ofEpochSecond(seconds));

        assertThat(OneTimePasswords.at(secret, step)).isEqualTo(password);
    }

    @Test
    void secretsAreWrittenInBase32() {
        assertThat(OneTimePasswords.base32("foobar".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo("MZXW6YTBOI");
    }

    @Test
    void aDeviceIsDrawnEnabledResynchronizedAndTakenAway() throws Exception {
        VirtualMFADevice device = iam.createVirtualMFADevice(
                        request -> request.virtualMFADeviceName("phone").path("/own/"))
                .virtualMFADevice();
        byte[] secret = decoded(device.base32StringSeed().asUtf8String());
        assertThat(device.serialNumber()).isEqualTo("arn:aws:iam::123456789012:mfa/own/phone");
        assertThat(read(device.qrCodePNG().asByteArray()))
                .startsWith("otpauth://totp/")
                .contains("phone@123456789012")
                .contains("secret=" + device.base32StringSeed().asUtf8String());

        assertThatThrownBy(() -> enable(device.serialNumber(), "000000", "000000"))
                .isInstanceOf(InvalidAuthenticationCodeException.class)
                .hasMessageContaining("Authentication code for device is not valid.");
        long step = OneTimePasswords.step(now.get());
        enable(device.serialNumber(), OneTimePasswords.at(secret, step - 1), OneTimePasswords.at(secret, step));

        assertThat(iam.listMFADevices(request -> request.userName("alice")).mfaDevices())
                .extracting(MFADevice::serialNumber)
                .containsExactly(device.serialNumber());
        assertThat(iam.listVirtualMFADevices(request -> request.assignmentStatus("Unassigned"))
                        .virtualMFADevices())
                .isEmpty();
        assertThat(iam.listVirtualMFADevices().virtualMFADevices())
                .extracting(virtual -> virtual.user().userName())
                .containsExactly("alice");
        assertThat(iam.getMFADevice(request ->
                                request.serialNumber(device.serialNumber()).userName("alice"))
                        .enableDate())
                .isEqualTo(now.get());
        assertThatThrownBy(() -> iam.deleteVirtualMFADevice(request -> request.serialNumber(device.serialNumber())))
                .isInstanceOf(DeleteConflictException.class);
        assertThatThrownBy(() -> iam.deleteUser(request -> request.userName("alice")))
                .isInstanceOf(DeleteConflictException.class)
                .hasMessageContaining("must delete MFA device first");
        // An hour off: found again by two codes in a row.
        iam.resyncMFADevice(request -> request.userName("alice")
                .serialNumber(device.serialNumber())
                .authenticationCode1(OneTimePasswords.at(secret, step + 120))
                .authenticationCode2(OneTimePasswords.at(secret, step + 121)));
        iam.deactivateMFADevice(request -> request.userName("alice").serialNumber(device.serialNumber()));
        iam.deleteVirtualMFADevice(request -> request.serialNumber(device.serialNumber()));
        assertThat(iam.listVirtualMFADevices().virtualMFADevices()).isEmpty();
    }

    private void enable(String serial, String first, String second) {
        iam.enableMFADevice(request -> request.userName("alice")
                .serialNumber(serial)
                .authenticationCode1(first)
                .authenticationCode2(second));
    }

    /** What a reader of QR codes sees in a PNG. */
    private static String read(byte[] png) throws Exception {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
        int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        RGBLuminanceSource source = new RGBLuminanceSource(image.getWidth(), image.getHeight(), pixels);
        return new QRCodeReader()
                .decode(new BinaryBitmap(new HybridBinarizer(source)))
                .getText();
    }

    static byte[] decoded(String base32) {
        BigInteger bits = BigInteger.ZERO;
        for (int at = 0; at < base32.length(); at++) {
            bits = bits.shiftLeft(5)
                    .or(BigInteger.valueOf("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(base32.charAt(at))));
        }
        byte[] bytes = new byte[base32.length() * 5 / 8];
        byte[] all = bits.toByteArray();
        for (int index = 1; index <= Math.min(bytes.length, all.length); index++) {
            bytes[bytes.length - index] = all[all.length - index];
        }
        return bytes;
    }

    @Test
    void sshKeysAreTakenInBothEncodingsAndGivenInBoth() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        String pem = pem("PUBLIC KEY", generator.generateKeyPair().getPublic().getEncoded());
        SSHPublicKey key = iam.uploadSSHPublicKey(
                        request -> request.userName("alice").sshPublicKeyBody(pem))
                .sshPublicKey();

        String ssh = iam.getSSHPublicKey(request -> request.userName("alice")
                        .sshPublicKeyId(key.sshPublicKeyId())
                        .encoding(EncodingType.SSH))
                .sshPublicKey()
                .sshPublicKeyBody();

        assertThat(ssh).startsWith("ssh-rsa AAAAB3NzaC1yc2E");
        assertThat(key.fingerprint()).matches("([0-9a-f]{2}:){15}[0-9a-f]{2}");
        assertThatThrownBy(() -> iam.uploadSSHPublicKey(
                        request -> request.userName("alice").sshPublicKeyBody(ssh + " alice@home")))
                .isInstanceOf(DuplicateSshPublicKeyException.class);
        for (String bad : List.of("ssh-rsa AAAA", "ssh-dss AAAAB3NzaC1yc2E", "ssh-rsa " + "A".repeat(400), "nothing")) {
            assertThatThrownBy(() -> iam.uploadSSHPublicKey(
                            request -> request.userName("alice").sshPublicKeyBody(bad)))
                    .as(bad)
                    .isInstanceOf(InvalidPublicKeyException.class);
        }
        iam.updateSSHPublicKey(request ->
                request.userName("alice").sshPublicKeyId(key.sshPublicKeyId()).status(StatusType.INACTIVE));
        assertThat(iam.listSSHPublicKeys(request -> request.userName("alice")).sshPublicKeys())
                .extracting(SSHPublicKeyMetadata::status)
                .containsExactly(StatusType.INACTIVE);
        iam.deleteSSHPublicKey(request -> request.userName("alice").sshPublicKeyId(key.sshPublicKeyId()));
        iam.deleteUser(request -> request.userName("alice"));
    }

    private static String pem(String kind, byte[] encoded) {
        return "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded) + "\n-----END " + kind
                + "-----";
    }

    @Test
    void certificatesOfServersKeepTheirKeysToThemselves() throws Exception {
        SelfSigned mine = SelfSigned.of(path, "mine.example.com");
        String certificate = pem("CERTIFICATE", mine.certificate().getEncoded());
        SelfSigned other = SelfSigned.of(path, "other.example.com");

        assertThatThrownBy(() -> iam.uploadServerCertificate(request -> request.serverCertificateName("site")
                        .certificateBody(certificate)
                        .privateKey(pem("PRIVATE KEY", other.privateKey().getEncoded()))))
                .isInstanceOf(KeyPairMismatchException.class);
        assertThatThrownBy(() -> iam.uploadServerCertificate(request -> request.serverCertificateName("site")
                        .certificateBody("no certificate")
                        .privateKey(pem("PRIVATE KEY", mine.privateKey().getEncoded()))))
                .isInstanceOf(MalformedCertificateException.class);
        iam.uploadServerCertificate(request -> request.serverCertificateName("site")
                .path("/cloudfront/")
                .certificateBody(certificate)
                .privateKey(pem("PRIVATE KEY", mine.privateKey().getEncoded())));

        iam.updateServerCertificate(
                request -> request.serverCertificateName("site").newServerCertificateName("www"));
        iam.tagServerCertificate(request -> request.serverCertificateName("www")
                .tags(Tag.builder().key("team").value("red").build()));
        ServerCertificate kept = iam.getServerCertificate(request -> request.serverCertificateName("www"))
                .serverCertificate();
        assertThat(kept.serverCertificateMetadata().arn())
                .isEqualTo("arn:aws:iam::123456789012:server-certificate/cloudfront/www");
        assertThat(kept.toString()).doesNotContain("PRIVATE KEY");
        assertThat(iam.listServerCertificates(request -> request.pathPrefix("/cloudfront/"))
                        .serverCertificateMetadataList())
                .hasSize(1);
        iam.deleteServerCertificate(request -> request.serverCertificateName("www"));
        assertThat(iam.listServerCertificates().serverCertificateMetadataList()).isEmpty();
    }

    @Test
    void certificatesForSigningAreTwoAUserAtMost() throws Exception {
        String first = pem(
                "CERTIFICATE",
                SelfSigned.of(path, "one.example.com").certificate().getEncoded());
        String second = pem(
                "CERTIFICATE",
                SelfSigned.of(path, "two.example.com").certificate().getEncoded());
        String third = pem(
                "CERTIFICATE",
                SelfSigned.of(path, "three.example.com").certificate().getEncoded());
        String id = iam.uploadSigningCertificate(
                        request -> request.userName("alice").certificateBody(first))
                .certificate()
                .certificateId();
        iam.uploadSigningCertificate(request -> request.userName("alice").certificateBody(second));

        assertThatThrownBy(() -> iam.uploadSigningCertificate(
                        request -> request.userName("alice").certificateBody(second)))
                .isInstanceOf(DuplicateCertificateException.class);
        assertThatThrownBy(() -> iam.uploadSigningCertificate(
                        request -> request.userName("alice").certificateBody(third)))
                .isInstanceOf(LimitExceededException.class);
        iam.updateSigningCertificate(
                request -> request.userName("alice").certificateId(id).status(StatusType.INACTIVE));
        iam.deleteSigningCertificate(request -> request.userName("alice").certificateId(id));
        assertThat(iam.listSigningCertificates(request -> request.userName("alice"))
                        .certificates())
                .extracting(SigningCertificate::status)
                .containsExactly(StatusType.ACTIVE);
    }

    @Test
    void aBedrockApiKeySpeaksForItsUserUntilItEnds() {
        ServiceSpecificCredential credential = iam.createServiceSpecificCredential(request -> request.userName("alice")
                        .serviceName("bedrock.amazonaws.com")
                        .credentialAgeDays(1))
                .serviceSpecificCredential();
        String token = credential.serviceCredentialSecret();

        assertThat(token).startsWith("ABSK");
        assertThat(credential.servicePassword()).isNull();
        assertThat(house.apiKeys().find(token).orElseThrow().arn()).isEqualTo("arn:aws:iam::123456789012:user/alice");
        assertThat(house.apiKeys().find(token.substring(0, token.length() - 4) + "AAAA"))
                .isEmpty();
        assertThat(house.apiKeys().find("ABSK")).isEmpty();
        now.set(now.get().plus(Duration.ofDays(1)));
        assertThat(house.apiKeys().find(token)).isEmpty();
    }

    @Test
    void aBedrockApiKeyThatIsResetOrInactiveIsNoneAtOnce() {
        ServiceSpecificCredential credential = iam.createServiceSpecificCredential(
                        request -> request.userName("alice").serviceName("bedrock.amazonaws.com"))
                .serviceSpecificCredential();
        String before = credential.serviceCredentialSecret();
        assertThat(house.apiKeys().find(before)).isPresent();

        String after = iam.resetServiceSpecificCredential(request ->
                        request.userName("alice").serviceSpecificCredentialId(credential.serviceSpecificCredentialId()))
                .serviceSpecificCredential()
                .serviceCredentialSecret();

        assertThat(house.apiKeys().find(before)).isEmpty();
        assertThat(house.apiKeys().find(after)).isPresent();
        iam.updateServiceSpecificCredential(request -> request.userName("alice")
                .serviceSpecificCredentialId(credential.serviceSpecificCredentialId())
                .status(StatusType.INACTIVE));
        assertThat(house.apiKeys().find(after)).isEmpty();
        assertThat(iam.listServiceSpecificCredentials(request -> request.userName("alice"))
                        .serviceSpecificCredentials())
                .hasSize(1);
        iam.deleteServiceSpecificCredential(request ->
                request.userName("alice").serviceSpecificCredentialId(credential.serviceSpecificCredentialId()));
        iam.deleteUser(request -> request.userName("alice"));
    }

    @Test
    void aBedrockApiKeyIsGoodForNothingButBedrock() {
        iam.putUserPolicy(request -> request.userName("alice").policyName("all").policyDocument("""
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"""));
        String token = iam.createServiceSpecificCredential(
                        request -> request.userName("alice").serviceName("bedrock.amazonaws.com"))
                .serviceSpecificCredential()
                .serviceCredentialSecret();
        Principal alice = house.apiKeys().find(token).orElseThrow();

        assertThatThrownBy(() -> house.as(alice, () -> house.iam.listUsers()))
                .isInstanceOf(IamException.class)
                .hasMessageContaining("not authorized to perform: iam:ListUsers");
    }

    @Test
    void otherServicesGetAUserNameAndAPassword() {
        ServiceSpecificCredential credential = iam.createServiceSpecificCredential(
                        request -> request.userName("alice").serviceName("codecommit.amazonaws.com"))
                .serviceSpecificCredential();

        assertThat(credential.serviceUserName()).isEqualTo("alice-at-123456789012");
        assertThat(credential.servicePassword()).hasSize(44);
        assertThatThrownBy(() -> iam.createServiceSpecificCredential(
                        request -> request.userName("alice").serviceName("s3.amazonaws.com")))
                .isInstanceOf(ServiceNotSupportedException.class);
    }
}
