package dev.outcrop.services.iam;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.iam.model.AccessKey;
import software.amazon.awssdk.services.iam.model.AccessKeyLastUsed;
import software.amazon.awssdk.services.iam.model.GenerateCredentialReportRequest;
import software.amazon.awssdk.services.iam.model.GenerateCredentialReportResponse;
import software.amazon.awssdk.services.iam.model.GetCredentialReportRequest;
import software.amazon.awssdk.services.iam.model.GetCredentialReportResponse;
import software.amazon.awssdk.services.iam.model.PasswordPolicy;
import software.amazon.awssdk.services.iam.model.ReportFormatType;
import software.amazon.awssdk.services.iam.model.ReportStateType;
import software.amazon.awssdk.services.iam.model.SigningCertificate;
import software.amazon.awssdk.services.iam.model.StatusType;
import software.amazon.awssdk.services.iam.model.UserDetail;

/**
 * The credential report: a line of CSV for the root and each user.
 *
 * <p>Source: "Generate credential reports for your AWS account" of the IAM user guide.
 */
final class CredentialReports {
    private static final Duration FRESH = Duration.ofHours(4);
    private static final String NOT_APPLICABLE = "N/A";
    private static final String NOT_SUPPORTED = "not_supported";
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssxxx", Locale.ROOT);
    private static final List<String> COLUMNS = List.of(
            "user",
            "arn",
            "user_creation_time",
            "password_enabled",
            "password_last_used",
            "password_last_changed",
            "password_next_rotation",
            "mfa_active",
            "access_key_1_active",
            "access_key_1_last_rotated",
            "access_key_1_last_used_date",
            "access_key_1_last_used_region",
            "access_key_1_last_used_service",
            "access_key_2_active",
            "access_key_2_last_rotated",
            "access_key_2_last_used_date",
            "access_key_2_last_used_region",
            "access_key_2_last_used_service",
            "cert_1_active",
            "cert_1_last_rotated",
            "cert_2_active",
            "cert_2_last_rotated");

    private final IamStore store;
    private final LastUses uses;
    private final InstantSource clock;

    CredentialReports(IamStore store, LastUses uses, InstantSource clock) {
        this.store = store;
        this.uses = uses;
        this.clock = clock;
    }

    /** @param generatedAt in milliseconds */
    record Report(String csv, long generatedAt) {
        boolean isFresh(Instant now) {
            return Instant.ofEpochMilli(generatedAt).plus(FRESH).isAfter(now);
        }
    }

    /** Makes one, unless there is one that is younger than four hours. */
    GenerateCredentialReportResponse generateCredentialReport(GenerateCredentialReportRequest request) {
        Instant now = clock.instant();
        if (store.reports
                .find(IamStore.ONLY)
                .filter(report -> report.isFresh(now))
                .isEmpty()) {
            store.reports.put(IamStore.ONLY, new Report(written(), now.toEpochMilli()), now);
        }
        return GenerateCredentialReportResponse.builder()
                .state(ReportStateType.COMPLETE)
                .build();
    }

    GetCredentialReportResponse getCredentialReport(GetCredentialReportRequest request) {
        Report report = store.reports
                .find(IamStore.ONLY)
                .orElseThrow(() -> new AwsError(
                        "ReportNotPresent", 410, "No report exists. Call GenerateCredentialReport to make one."));
        if (!report.isFresh(clock.instant())) {
            throw new AwsError(
                    "ReportExpired", 410, "The report is older than four hours. Call GenerateCredentialReport again.");
        }
        return GetCredentialReportResponse.builder()
                .content(SdkBytes.fromUtf8String(report.csv()))
                .reportFormat(ReportFormatType.TEXT_CSV)
                .generatedTime(Instant.ofEpochMilli(report.generatedAt()))
                .build();
    }

    private String written() {
        Map<String, List<AccessKey>> keys =
                store.accessKeys.list().all().stream().collect(Collectors.groupingBy(AccessKey::userName));
        Map<String, List<SigningCertificate>> certificates = store.signingCertificates.list().all().stream()
                .collect(Collectors.groupingBy(SigningCertificate::userName));
        Set<String> withDevice =
                store.mfaDevices.all().stream().map(MfaDevice::userId).collect(Collectors.toSet());
        StringBuilder csv = new StringBuilder(String.join(",", COLUMNS));
        line(csv, root());
        for (UserDetail user : store.users.all()) {
            List<String> fields = new ArrayList<>(List.of(user.userName(), user.arn(), time(user.createDate())));
            addPassword(fields, store.logins.find(user.userId()));
            fields.add(Boolean.toString(withDevice.contains(user.userId())));
            addKeys(fields, keys.getOrDefault(user.userName(), List.of()));
            addCertificates(fields, certificates.getOrDefault(user.userName(), List.of()));
            line(csv, fields);
        }
        return csv.toString();
    }

    /** What the house knows of an account's root: that it is there. */
    private static List<String> root() {
        List<String> fields = new ArrayList<>(List.of(
                "<root_account>",
                "arn:aws:iam::" + CallContext.current().account() + ":root",
                NOT_APPLICABLE,
                NOT_SUPPORTED,
                NOT_APPLICABLE,
                NOT_SUPPORTED,
                NOT_SUPPORTED,
                "false"));
        while (fields.size() < COLUMNS.size()) {
            String column = COLUMNS.get(fields.size());
            fields.add(column.endsWith("_active") ? "false" : NOT_APPLICABLE);
        }
        return fields;
    }

    private void addPassword(List<String> fields, Optional<Login> login) {
        if (login.isEmpty()) {
            fields.addAll(List.of("false", NOT_APPLICABLE, NOT_APPLICABLE, NOT_APPLICABLE));
            return;
        }
        Instant changed = Instant.ofEpochMilli(login.get().changedAt());
        Optional<Integer> age = store.passwordPolicies
                .find(IamStore.ONLY)
                .map(PasswordPolicy::maxPasswordAge)
                .filter(days -> days > 0);
        fields.addAll(List.of(
                "true",
                "no_information",
                time(changed),
                age.map(days -> time(changed.plus(Duration.ofDays(days)))).orElse(NOT_APPLICABLE)));
    }

    private void addKeys(List<String> fields, List<AccessKey> keys) {
        for (int index = 0; index < 2; index++) {
            if (index < keys.size()) {
                AccessKey key = keys.get(index);
                AccessKeyLastUsed use = uses.of(key.accessKeyId());
                fields.addAll(List.of(
                        Boolean.toString(key.status() == StatusType.ACTIVE),
                        time(key.createDate()),
                        use.lastUsedDate() == null ? NOT_APPLICABLE : time(use.lastUsedDate()),
                        use.region(),
                        use.serviceName()));
            } else {
                fields.addAll(List.of("false", NOT_APPLICABLE, NOT_APPLICABLE, NOT_APPLICABLE, NOT_APPLICABLE));
            }
        }
    }

    private static void addCertificates(List<String> fields, List<SigningCertificate> certificates) {
        for (int index = 0; index < 2; index++) {
            if (index < certificates.size()) {
                SigningCertificate certificate = certificates.get(index);
                fields.add(Boolean.toString(certificate.status() == StatusType.ACTIVE));
                fields.add(time(certificate.uploadDate()));
            } else {
                fields.addAll(List.of("false", NOT_APPLICABLE));
            }
        }
    }

    private static String time(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).atOffset(ZoneOffset.UTC).format(TIME);
    }

    /** Adds a line; names of users may have a comma, which is quoted (RFC 4180). */
    private static void line(StringBuilder csv, List<String> fields) {
        csv.append('\n');
        for (int index = 0; index < fields.size(); index++) {
            String field = fields.get(index);
            csv.append(index == 0 ? "" : ",").append(field.indexOf(',') < 0 ? field : '"' + field + '"');
        }
    }
}
