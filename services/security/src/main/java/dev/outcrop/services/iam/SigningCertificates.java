package dev.outcrop.services.iam;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Ids;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import software.amazon.awssdk.services.iam.model.DeleteSigningCertificateRequest;
import software.amazon.awssdk.services.iam.model.DeleteSigningCertificateResponse;
import software.amazon.awssdk.services.iam.model.ListSigningCertificatesRequest;
import software.amazon.awssdk.services.iam.model.ListSigningCertificatesResponse;
import software.amazon.awssdk.services.iam.model.SigningCertificate;
import software.amazon.awssdk.services.iam.model.StatusType;
import software.amazon.awssdk.services.iam.model.UpdateSigningCertificateRequest;
import software.amazon.awssdk.services.iam.model.UpdateSigningCertificateResponse;
import software.amazon.awssdk.services.iam.model.UploadSigningCertificateRequest;
import software.amazon.awssdk.services.iam.model.UploadSigningCertificateResponse;

/** X.509 certificates that users sign with. */
final class SigningCertificates {
    static final int MOST_OF_A_USER = 2;

    private final IamStore store;
    private final Ids ids;
    private final InstantSource clock;

    SigningCertificates(IamStore store, Ids ids, InstantSource clock) {
        this.store = store;
        this.ids = ids;
        this.clock = clock;
    }

    UploadSigningCertificateResponse uploadSigningCertificate(UploadSigningCertificateRequest request) {
        String userName =
                store.users.get(Users.nameOrCaller(request.userName())).userName();
        X509Certificate certificate = PemCertificates.certificate(request.certificateBody());
        List<SigningCertificate> present = of(userName);
        if (present.stream()
                .anyMatch(known ->
                        PemCertificates.certificate(known.certificateBody()).equals(certificate))) {
            throw new AwsError(
                    "DuplicateCertificate",
                    409,
                    "The certificate is already associated with the user " + userName + ".");
        }
        if (present.size() >= MOST_OF_A_USER) {
            throw IamErrors.limit("CertificatesPerUser", MOST_OF_A_USER);
        }
        SigningCertificate uploaded = SigningCertificate.builder()
                .userName(userName)
                .certificateId(ids.uppercase(32))
                .certificateBody(request.certificateBody())
                .status(StatusType.ACTIVE)
                .uploadDate(clock.instant())
                .build();
        store.signingCertificates.insert(uploaded.certificateId(), uploaded);
        return UploadSigningCertificateResponse.builder().certificate(uploaded).build();
    }

    private List<SigningCertificate> of(String userName) {
        return store.signingCertificates
                .list()
                .where(certificate -> certificate.userName().equals(userName))
                .all();
    }

    ListSigningCertificatesResponse listSigningCertificates(ListSigningCertificatesRequest request) {
        String userName =
                store.users.get(Users.nameOrCaller(request.userName())).userName();
        Listed<SigningCertificate> page =
                Listed.page(of(userName), SigningCertificate::certificateId, request.marker(), request.maxItems());
        return ListSigningCertificatesResponse.builder()
                .certificates(page.items())
                .isTruncated(page.isTruncated())
                .marker(page.marker())
                .build();
    }

    UpdateSigningCertificateResponse updateSigningCertificate(UpdateSigningCertificateRequest request) {
        String id = certificate(request.userName(), request.certificateId()).certificateId();
        StatusType status = UserAccessKeys.settable(request.status(), request.statusAsString());
        store.signingCertificates.update(
                id, present -> present.toBuilder().status(status).build());
        return UpdateSigningCertificateResponse.builder().build();
    }

    DeleteSigningCertificateResponse deleteSigningCertificate(DeleteSigningCertificateRequest request) {
        store.signingCertificates.delete(
                certificate(request.userName(), request.certificateId()).certificateId());
        return DeleteSigningCertificateResponse.builder().build();
    }

    private SigningCertificate certificate(String userName, String id) {
        String name = store.users.get(Users.nameOrCaller(userName)).userName();
        return store.signingCertificates
                .find(id)
                .filter(certificate -> certificate.userName().equals(name))
                .orElseThrow(() -> IamErrors.noSuchEntity("The Certificate with id " + id + " cannot be found."));
    }
}
