package dev.outcrop.services.iam;

/**
 * A virtual device that shows one-time passwords.
 *
 * @param serialNumber its ARN
 * @param secret       under the master key, in Base64
 * @param userId       whose it is; empty while it is nobody's
 * @param createdAt    in milliseconds
 * @param enabledAt    when it became a user's, in milliseconds; 0 while it is nobody's
 * @param drift        by how many steps its clock runs ahead of ours
 * @param usedStep     the step of its clock whose password was used last; none is good twice
 */
record MfaDevice(
        String serialNumber, String secret, String userId, long createdAt, long enabledAt, long drift, long usedStep) {
    /** The device as a user's, whose clock showed {@code step} when ours did {@code now}. */
    MfaDevice of(String newUserId, long enabled, long step, long now) {
        return new MfaDevice(serialNumber, secret, newUserId, createdAt, enabled, step - now, step);
    }

    /** The device after the password of {@code step} was used. */
    MfaDevice used(long step) {
        return new MfaDevice(serialNumber, secret, userId, createdAt, enabledAt, drift, step);
    }

    /** The device when it is nobody's. */
    MfaDevice deactivated() {
        return new MfaDevice(serialNumber, secret, "", createdAt, 0, 0, 0);
    }
}
