package dev.outcrop.services.iam;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.shapes.Shapes;
import dev.outcrop.storage.Secrets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.iam.model.AssignmentStatusType;
import software.amazon.awssdk.services.iam.model.CreateVirtualMfaDeviceRequest;
import software.amazon.awssdk.services.iam.model.CreateVirtualMfaDeviceResponse;
import software.amazon.awssdk.services.iam.model.DeactivateMfaDeviceRequest;
import software.amazon.awssdk.services.iam.model.DeactivateMfaDeviceResponse;
import software.amazon.awssdk.services.iam.model.DeleteVirtualMfaDeviceRequest;
import software.amazon.awssdk.services.iam.model.DeleteVirtualMfaDeviceResponse;
import software.amazon.awssdk.services.iam.model.EnableMfaDeviceRequest;
import software.amazon.awssdk.services.iam.model.EnableMfaDeviceResponse;
import software.amazon.awssdk.services.iam.model.GetMfaDeviceRequest;
import software.amazon.awssdk.services.iam.model.GetMfaDeviceResponse;
import software.amazon.awssdk.services.iam.model.ListMfaDeviceTagsRequest;
import software.amazon.awssdk.services.iam.model.ListMfaDeviceTagsResponse;
import software.amazon.awssdk.services.iam.model.ListMfaDevicesRequest;
import software.amazon.awssdk.services.iam.model.ListMfaDevicesResponse;
import software.amazon.awssdk.services.iam.model.ListVirtualMfaDevicesRequest;
import software.amazon.awssdk.services.iam.model.ListVirtualMfaDevicesResponse;
import software.amazon.awssdk.services.iam.model.MFADevice;
import software.amazon.awssdk.services.iam.model.ResyncMfaDeviceRequest;
import software.amazon.awssdk.services.iam.model.ResyncMfaDeviceResponse;
import software.amazon.awssdk.services.iam.model.Tag;
import software.amazon.awssdk.services.iam.model.TagMfaDeviceRequest;
import software.amazon.awssdk.services.iam.model.TagMfaDeviceResponse;
import software.amazon.awssdk.services.iam.model.UntagMfaDeviceRequest;
import software.amazon.awssdk.services.iam.model.UntagMfaDeviceResponse;
import software.amazon.awssdk.services.iam.model.UserDetail;
import software.amazon.awssdk.services.iam.model.VirtualMFADevice;

/**
 * Virtual devices of a second factor.
 *
 * <p>Source: "Assign a virtual MFA device" and "Resynchronize virtual and hardware MFA devices" of the IAM user guide.
 */
public final class MfaDevices {
    private static final int SECRET_BYTES = 40;
    private static final int MOST_OF_A_USER = 8;
    private static final int NEAR = 1;
    /** A million codes could be tried out in half a minute otherwise. */
    private static final int MOST_WRONG_A_STEP = 5;

    private static final int MOST_REMEMBERED = 10_000;
    private static final int WHEN_ENABLED = 4;
    /** A day in either direction. */
    private static final int WHEN_RESYNCHRONIZED = 24 * 60 * 60 / OneTimePasswords.STEP_SECONDS;

    private final IamStore store;
    private final Secrets secrets;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final ConcurrentMap<String, WrongCodes> wrong = new ConcurrentHashMap<>();

    /** How many wrong codes of a device were given while our clock showed {@code step}. */
    private record WrongCodes(long step, int count) {}

    public MfaDevices(IamDirectory directory, Secrets secrets, InstantSource clock) {
        this.store = directory.store();
        this.secrets = secrets;
        this.clock = clock;
    }

    CreateVirtualMfaDeviceResponse createVirtualMfaDevice(CreateVirtualMfaDeviceRequest request) {
        String serial = Entities.arn("mfa", Entities.path(request.path()), request.virtualMFADeviceName());
        List<Tag> tags = EntityTags.of(request.tags());
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        Instant now = clock.instant();
        MfaDevice device = new MfaDevice(
                serial,
                Base64.getEncoder().encodeToString(secrets.encrypt(secret, context(serial))),
                "",
                now.toEpochMilli(),
                0,
                0,
                0);
        if (!store.mfaDevices.insert(serial, device, now)) {
            throw IamErrors.exists("MFADevice entity at the same path and name already exists.");
        }
        store.tags.add(serial, tags);
        String seed = OneTimePasswords.base32(secret);
        String uri = "otpauth://totp/Amazon%20Web%20Services:" + request.virtualMFADeviceName() + "@"
                + CallContext.current().account() + "?secret=" + seed + "&issuer=Amazon%20Web%20Services";
        return CreateVirtualMfaDeviceResponse.builder()
                .virtualMFADevice(created -> created.serialNumber(serial)
                        .base32StringSeed(SdkBytes.fromUtf8String(seed))
                        .qrCodePNG(SdkBytes.fromByteArrayUnsafe(QrCode.png(uri)))
                        .tags(tags.isEmpty() ? null : tags))
                .build();
    }

    private static String context(String serial) {
        return "iam:mfa-device" + serial;
    }

    private byte[] secret(MfaDevice device) {
        try {
            return secrets.decrypt(Base64.getDecoder().decode(device.secret()), context(device.serialNumber()));
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException(
                    "the device " + device.serialNumber() + " was encrypted under another master key", failure);
        }
    }

    EnableMfaDeviceResponse enableMfaDevice(EnableMfaDeviceRequest request) {
        UserDetail user = store.users.get(request.userName());
        MfaDevice device = device(request.serialNumber());
        if (!device.userId().isEmpty()) {
            throw IamErrors.exists("MFA Device is already in use.");
        }
        if (of(user).size() >= MOST_OF_A_USER) {
            throw IamErrors.limit("MFADevicesPerUser", MOST_OF_A_USER);
        }
        Instant now = clock.instant();
        long here = OneTimePasswords.step(now);
        long there =
                twoInARow(device, request.authenticationCode1(), request.authenticationCode2(), here, WHEN_ENABLED);
        store.mfaDevices.change(request.serialNumber(), now, present -> {
            if (!present.userId().isEmpty()) {
                throw IamErrors.exists("MFA Device is already in use.");
            }
            return present.of(user.userId(), now.toEpochMilli(), there, here);
        });
        return EnableMfaDeviceResponse.builder().build();
    }

    /** The step of the device's clock at which it showed {@code second}, right after {@code first}. */
    private long twoInARow(MfaDevice device, String first, String second, long here, int window) {
        byte[] secret = secret(device);
        // The nearest fit is the likeliest.
        for (int away = 0; away <= window; away++) {
            for (long step : away == 0 ? List.of(here) : List.of(here - away, here + away)) {
                if (OneTimePasswords.fits(secret, step, second) && OneTimePasswords.fits(secret, step - 1, first)) {
                    return step;
                }
            }
        }
        throw new AwsError("InvalidAuthenticationCode", 403, "Authentication code for device is not valid.");
    }

    ResyncMfaDeviceResponse resyncMfaDevice(ResyncMfaDeviceRequest request) {
        MfaDevice device = deviceOf(store.users.get(request.userName()), request.serialNumber());
        Instant now = clock.instant();
        long here = OneTimePasswords.step(now);
        long there = twoInARow(
                device, request.authenticationCode1(), request.authenticationCode2(), here, WHEN_RESYNCHRONIZED);
        store.mfaDevices.change(
                request.serialNumber(), now, present -> present.of(present.userId(), present.enabledAt(), there, here));
        return ResyncMfaDeviceResponse.builder().build();
    }

    DeactivateMfaDeviceResponse deactivateMfaDevice(DeactivateMfaDeviceRequest request) {
        deviceOf(store.users.get(Users.nameOrCaller(request.userName())), request.serialNumber());
        store.mfaDevices.change(request.serialNumber(), clock.instant(), MfaDevice::deactivated);
        return DeactivateMfaDeviceResponse.builder().build();
    }

    DeleteVirtualMfaDeviceResponse deleteVirtualMfaDevice(DeleteVirtualMfaDeviceRequest request) {
        if (!device(request.serialNumber()).userId().isEmpty()) {
            throw IamErrors.conflict("MFA VirtualDevice in use. Must deactivate first.");
        }
        store.mfaDevices.delete(request.serialNumber());
        store.tags.removeAll(request.serialNumber());
        return DeleteVirtualMfaDeviceResponse.builder().build();
    }

    GetMfaDeviceResponse getMfaDevice(GetMfaDeviceRequest request) {
        UserDetail user = store.users.get(Users.nameOrCaller(request.userName()));
        MfaDevice device = deviceOf(user, request.serialNumber());
        return GetMfaDeviceResponse.builder()
                .userName(user.userName())
                .serialNumber(device.serialNumber())
                .enableDate(Instant.ofEpochMilli(device.enabledAt()))
                .build();
    }

    ListMfaDevicesResponse listMfaDevices(ListMfaDevicesRequest request) {
        UserDetail user = store.users.get(Users.nameOrCaller(request.userName()));
        Listed<MfaDevice> page = Listed.page(of(user), MfaDevice::serialNumber, request.marker(), request.maxItems());
        return ListMfaDevicesResponse.builder()
                .mfaDevices(page.items().stream()
                        .map(device -> MFADevice.builder()
                                .userName(user.userName())
                                .serialNumber(device.serialNumber())
                                .enableDate(Instant.ofEpochMilli(device.enabledAt()))
                                .build())
                        .toList())
                .isTruncated(page.isTruncated())
                .marker(page.marker())
                .build();
    }

    ListVirtualMfaDevicesResponse listVirtualMfaDevices(ListVirtualMfaDevicesRequest request) {
        AssignmentStatusType wanted =
                request.assignmentStatus() == null ? AssignmentStatusType.ANY : request.assignmentStatus();
        List<MfaDevice> fitting = store.mfaDevices.all().stream()
                .filter(device -> wanted == AssignmentStatusType.ANY
                        || device.userId().isEmpty() == (wanted == AssignmentStatusType.UNASSIGNED))
                .toList();
        Listed<MfaDevice> page = Listed.page(fitting, MfaDevice::serialNumber, request.marker(), request.maxItems());
        Map<String, UserDetail> users = new HashMap<>();
        store.users.all().forEach(user -> users.put(user.userId(), user));
        return ListVirtualMfaDevicesResponse.builder()
                .virtualMFADevices(page.items().stream()
                        .map(device -> shown(device, Optional.ofNullable(users.get(device.userId()))))
                        .toList())
                .isTruncated(page.isTruncated())
                .marker(page.marker())
                .build();
    }

    private static VirtualMFADevice shown(MfaDevice device, Optional<UserDetail> user) {
        VirtualMFADevice.Builder shown = VirtualMFADevice.builder().serialNumber(device.serialNumber());
        user.ifPresent(owner -> shown.user(Users.shown(owner)).enableDate(Instant.ofEpochMilli(device.enabledAt())));
        return shown.build();
    }

    TagMfaDeviceResponse tagMfaDevice(TagMfaDeviceRequest request) {
        store.tags.add(device(request.serialNumber()).serialNumber(), request.tags());
        return TagMfaDeviceResponse.builder().build();
    }

    UntagMfaDeviceResponse untagMfaDevice(UntagMfaDeviceRequest request) {
        store.tags.remove(device(request.serialNumber()).serialNumber(), request.tagKeys());
        return UntagMfaDeviceResponse.builder().build();
    }

    ListMfaDeviceTagsResponse listMfaDeviceTags(ListMfaDeviceTagsRequest request) {
        String serial = device(request.serialNumber()).serialNumber();
        return Shapes.copy(
                        store.tags.list(serial, request.marker(), request.maxItems()),
                        ListMfaDeviceTagsResponse.builder())
                .build();
    }

    /** The devices of a user. */
    List<MfaDevice> of(UserDetail user) {
        return store.mfaDevices.all().stream()
                .filter(device -> device.userId().equals(user.userId()))
                .toList();
    }

    private MfaDevice device(String serial) {
        return store.mfaDevices
                .find(serial)
                .orElseThrow(() ->
                        IamErrors.noSuchEntity("VirtualMFADevice with serial number " + serial + " doesn't exist."));
    }

    private MfaDevice deviceOf(UserDetail user, String serial) {
        return store.mfaDevices
                .find(serial)
                .filter(device -> device.userId().equals(user.userId()))
                .orElseThrow(() -> IamErrors.noSuchEntity("MFA Device with serial number " + serial
                        + " does not exist for user " + user.userName() + "."));
    }

    /**
     * Checks a code of a user's device without using it up.
     *
     * @param userId whose it must be
     * @throws AwsError {@code AccessDenied} if the code is not good now, was used already, or the device is another's
     */
    public void check(String account, String userId, String serial, String code) {
        IamStore.in(account, () -> fitting(userId, serial, code, clock.instant()));
    }

    /** Uses a code of a user's device up; refuses as {@link #check} does. */
    public void use(String account, String userId, String serial, String code) {
        IamStore.in(account, () -> {
            Instant now = clock.instant();
            long step = fitting(userId, serial, code, now);
            return store.mfaDevices
                    .change(serial, now, present -> {
                        if (present.usedStep() >= step) {
                            throw refusal();
                        }
                        return present.used(step);
                    })
                    .orElseThrow(MfaDevices::refusal);
        });
    }

    private long fitting(String userId, String serial, String code, Instant now) {
        MfaDevice device = store.mfaDevices
                .find(serial)
                .filter(present -> present.userId().equals(userId))
                .orElseThrow(() -> new AwsError(
                        "AccessDenied", 403, "MultiFactorAuthentication failed, unable to validate MFA code."));
        long here = OneTimePasswords.step(now);
        WrongCodes before = wrong.get(serial);
        if (before != null && before.step == here && before.count >= MOST_WRONG_A_STEP) {
            throw refusal();
        }
        byte[] secret = secret(device);
        long there = here + device.drift();
        for (long step = there - NEAR; step <= there + NEAR; step++) {
            if (step > device.usedStep() && OneTimePasswords.fits(secret, step, code)) {
                return step;
            }
        }
        if (wrong.size() >= MOST_REMEMBERED) {
            wrong.values().removeIf(codes -> codes.step < here);
        }
        wrong.merge(
                serial,
                new WrongCodes(here, 1),
                (known, one) -> known.step == here ? new WrongCodes(here, known.count + 1) : one);
        throw refusal();
    }

    private static AwsError refusal() {
        return new AwsError(
                "AccessDenied", 403, "MultiFactorAuthentication failed with invalid MFA one time pass code.");
    }
}
