package dev.outcrop.services.iam;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Ids;
import dev.outcrop.storage.Secrets;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import software.amazon.awssdk.services.iam.model.DeleteServerCertificateRequest;
import software.amazon.awssdk.services.iam.model.DeleteServerCertificateResponse;
import software.amazon.awssdk.services.iam.model.GetServerCertificateRequest;
import software.amazon.awssdk.services.iam.model.GetServerCertificateResponse;
import software.amazon.awssdk.services.iam.model.ListServerCertificateTagsRequest;
import software.amazon.awssdk.services.iam.model.ListServerCertificateTagsResponse;
import software.amazon.awssdk.services.iam.model.ListServerCertificatesRequest;
import software.amazon.awssdk.services.iam.model.ListServerCertificatesResponse;
import software.amazon.awssdk.services.iam.model.ServerCertificate;
import software.amazon.awssdk.services.iam.model.ServerCertificateMetadata;
import software.amazon.awssdk.services.iam.model.Tag;
import software.amazon.awssdk.services.iam.model.TagServerCertificateRequest;
import software.amazon.awssdk.services.iam.model.TagServerCertificateResponse;
import software.amazon.awssdk.services.iam.model.UntagServerCertificateRequest;
import software.amazon.awssdk.services.iam.model.UntagServerCertificateResponse;
import software.amazon.awssdk.services.iam.model.UpdateServerCertificateRequest;
import software.amazon.awssdk.services.iam.model.UpdateServerCertificateResponse;
import software.amazon.awssdk.services.iam.model.UploadServerCertificateRequest;
import software.amazon.awssdk.services.iam.model.UploadServerCertificateResponse;

/** Certificates of servers with their private keys, which nobody gets back. */
final class ServerCertificates {
    private final IamStore store;
    private final Secrets secrets;
    private final Ids ids;
    private final InstantSource clock;

    ServerCertificates(IamStore store, Secrets secrets, Ids ids, InstantSource clock) {
        this.store = store;
        this.secrets = secrets;
        this.ids = ids;
        this.clock = clock;
    }

    UploadServerCertificateResponse uploadServerCertificate(UploadServerCertificateRequest request) {
        X509Certificate certificate = PemCertificates.certificate(request.certificateBody());
        PemCertificates.checkKey(request.privateKey(), certificate);
        if (request.certificateChain() != null) {
            PemCertificates.chain(request.certificateChain());
        }
        List<Tag> tags = EntityTags.of(request.tags());
        String path = Entities.path(request.path());
        String id = "ASCA" + ids.uppercase(17);
        Instant now = clock.instant();
        ServerCertificateMetadata metadata = ServerCertificateMetadata.builder()
                .path(path)
                .serverCertificateName(request.serverCertificateName())
                .serverCertificateId(id)
                .arn(Entities.arn("server-certificate", path, request.serverCertificateName()))
                .uploadDate(now)
                .expiration(certificate.getNotAfter().toInstant())
                .build();
        byte[] key = secrets.encrypt(request.privateKey().getBytes(StandardCharsets.UTF_8), "iam:server-key" + id);
        store.serverKeys.put(id, new IamStore.EncryptedKey(Base64.getEncoder().encodeToString(key)), now);
        try {
            store.serverCertificates.insert(ServerCertificate.builder()
                    .serverCertificateMetadata(metadata)
                    .certificateBody(request.certificateBody())
                    .certificateChain(request.certificateChain())
                    .tags(tags)
                    .build());
        } catch (AwsError refused) {
            store.serverKeys.delete(id);
            throw refused;
        }
        return UploadServerCertificateResponse.builder()
                .serverCertificateMetadata(metadata)
                .tags(tags.isEmpty() ? null : tags)
                .build();
    }

    GetServerCertificateResponse getServerCertificate(GetServerCertificateRequest request) {
        ServerCertificate certificate = store.serverCertificates.get(request.serverCertificateName());
        return GetServerCertificateResponse.builder()
                .serverCertificate(certificate.toBuilder()
                        .tags(certificate.tags().isEmpty() ? null : certificate.tags())
                        .build())
                .build();
    }

    ListServerCertificatesResponse listServerCertificates(ListServerCertificatesRequest request) {
        List<ServerCertificateMetadata> fitting = store.serverCertificates.all().stream()
                .map(ServerCertificate::serverCertificateMetadata)
                .filter(metadata ->
                        request.pathPrefix() == null || metadata.path().startsWith(request.pathPrefix()))
                .toList();
        Listed<ServerCertificateMetadata> page = Listed.page(
                fitting, ServerCertificateMetadata::serverCertificateName, request.marker(), request.maxItems());
        return ListServerCertificatesResponse.builder()
                .serverCertificateMetadataList(page.items())
                .isTruncated(page.isTruncated())
                .marker(page.marker())
                .build();
    }

    UpdateServerCertificateResponse updateServerCertificate(UpdateServerCertificateRequest request) {
        store.serverCertificates.change(request.serverCertificateName(), certificate -> {
            ServerCertificateMetadata before = certificate.serverCertificateMetadata();
            String path = request.newPath() == null ? before.path() : request.newPath();
            String name = request.newServerCertificateName() == null
                    ? before.serverCertificateName()
                    : request.newServerCertificateName();
            return certificate.toBuilder()
                    .serverCertificateMetadata(before.toBuilder()
                            .path(path)
                            .serverCertificateName(name)
                            .arn(Entities.arn("server-certificate", path, name))
                            .build())
                    .build();
        });
        return UpdateServerCertificateResponse.builder().build();
    }

    DeleteServerCertificateResponse deleteServerCertificate(DeleteServerCertificateRequest request) {
        ServerCertificate certificate = store.serverCertificates.get(request.serverCertificateName());
        store.serverCertificates.delete(certificate);
        store.serverKeys.delete(certificate.serverCertificateMetadata().serverCertificateId());
        return DeleteServerCertificateResponse.builder().build();
    }

    TagServerCertificateResponse tagServerCertificate(TagServerCertificateRequest request) {
        store.serverCertificates.change(
                request.serverCertificateName(),
                certificate -> certificate.toBuilder()
                        .tags(EntityTags.with(certificate.tags(), request.tags()))
                        .build());
        return TagServerCertificateResponse.builder().build();
    }

    UntagServerCertificateResponse untagServerCertificate(UntagServerCertificateRequest request) {
        store.serverCertificates.change(
                request.serverCertificateName(),
                certificate -> certificate.toBuilder()
                        .tags(EntityTags.without(certificate.tags(), request.tagKeys()))
                        .build());
        return UntagServerCertificateResponse.builder().build();
    }

    ListServerCertificateTagsResponse listServerCertificateTags(ListServerCertificateTagsRequest request) {
        Listed<Tag> page = Listed.page(
                store.serverCertificates.get(request.serverCertificateName()).tags(),
                Tag::key,
                request.marker(),
                request.maxItems());
        return ListServerCertificateTagsResponse.builder()
                .tags(page.items())
                .isTruncated(page.isTruncated())
                .marker(page.marker())
                .build();
    }
}
