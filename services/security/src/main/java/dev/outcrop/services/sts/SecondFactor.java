package dev.outcrop.services.sts;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Principal;
import dev.outcrop.services.iam.MfaDevices;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;

/** Codes of second factors in requests for credentials. */
final class SecondFactor {
    private final MfaDevices devices;
    private final InstantSource clock;

    SecondFactor(MfaDevices devices, InstantSource clock) {
        this.devices = devices;
        this.clock = clock;
    }

    /**
     * When the caller gave a code with this request, which is not used up by that.
     *
     * @throws AwsError {@code AccessDenied} if it is no good
     */
    Optional<Instant> given(SdkRequest request) {
        if (!(request instanceof AssumeRoleRequest assumed) || assumed.tokenCode() == null) {
            return Optional.empty();
        }
        Principal caller = CallContext.current().principal();
        devices.check(caller.account(), userId(caller), serial(assumed.serialNumber()), assumed.tokenCode());
        return Optional.of(CallContext.current().startedAt());
    }

    /**
     * Uses a code up.
     *
     * @param serial null where the request names no device
     * @param code   null where the request has none
     * @return when it was given, if one was
     * @throws AwsError {@code AccessDenied} if it is no good, or comes without a device
     */
    Optional<Instant> use(Principal caller, String serial, String code) {
        if (serial == null && code == null) {
            return Optional.empty();
        }
        if (code == null) {
            throw incomplete();
        }
        devices.use(caller.account(), userId(caller), serial(serial), code);
        return Optional.of(clock.instant());
    }

    private static String serial(String given) {
        if (given == null) {
            throw incomplete();
        }
        return given;
    }

    private static AwsError incomplete() {
        return new AwsError(
                "AccessDenied",
                403,
                "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.");
    }

    /** Only users have devices; the sessions of a user are the user's. */
    private static String userId(Principal caller) {
        if (caller.kind() != Principal.Kind.USER) {
            throw new AwsError("AccessDenied", 403, "MultiFactorAuthentication failed, unable to validate MFA code.");
        }
        return caller.id();
    }
}
