package dev.outcrop.services.s3;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Clients;
import dev.outcrop.storage.buckets.Bucket;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.MFADeleteStatus;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * Buckets whose versions are deleted, and whose versioning is changed, only with a one-time password. It is the caller's
 * own: AWS asks the root of the account for it, which has no devices here, so that users with a right to the operation
 * are asked.
 *
 * <p>Source: "Configuring MFA delete", Amazon S3 user guide.
 */
final class MfaDelete {
    /** Under which name a bucket keeps whether it is on. */
    static final String SETTING = "mfaDelete";

    private final Supplier<Clients> clients;

    MfaDelete(Supplier<Clients> clients) {
        this.clients = clients;
    }

    static boolean isOn(Bucket bucket) {
        return MFADeleteStatus.ENABLED.toString().equals(bucket.settings().get(SETTING));
    }

    /**
     * Uses a one-time password up, of somebody in the account that owns the bucket. STS says whether it is good, as it does
     * to who asks it for a session.
     *
     * @param given what the header {@code x-amz-mfa} says: the serial number of the device, a space, and the password;
     *              null where there is none
     * @throws AwsError {@code AccessDenied} if it is no good
     */
    void require(Bucket bucket, String given) {
        String account = CallContext.current().principal().account();
        if (given == null || !account.equals(bucket.owner())) {
            throw denied("Mfa Authentication must be used for this request");
        }
        if (!CustomerKey.isConfidential()) {
            throw denied("Requests with a one-time password must be made over a secure connection.");
        }
        int space = given.lastIndexOf(' ');
        if (space < 0) {
            throw denied("The header x-amz-mfa must hold a serial number, a space, and a code.");
        }
        String serial = given.substring(0, space);
        String code = given.substring(space + 1);
        try {
            clients.get()
                    .of(StsClient.class)
                    .getSessionToken(request -> request.serialNumber(serial).tokenCode(code));
        } catch (SdkException refused) {
            throw denied("Mfa Authentication must be used for this request");
        }
    }

    private static AwsError denied(String message) {
        return new AwsError("AccessDenied", 403, message);
    }
}
