package dev.outcrop.services.s3control;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.services.s3.AccountPublicAccess;
import java.util.Map;
import software.amazon.awssdk.services.s3control.S3ControlClient;
import software.amazon.awssdk.services.s3control.model.DeletePublicAccessBlockRequest;
import software.amazon.awssdk.services.s3control.model.DeletePublicAccessBlockResponse;
import software.amazon.awssdk.services.s3control.model.GetPublicAccessBlockRequest;
import software.amazon.awssdk.services.s3control.model.GetPublicAccessBlockResponse;
import software.amazon.awssdk.services.s3control.model.PublicAccessBlockConfiguration;
import software.amazon.awssdk.services.s3control.model.PutPublicAccessBlockRequest;
import software.amazon.awssdk.services.s3control.model.PutPublicAccessBlockResponse;

/** Settings of S3 that hold for accounts. */
public final class S3ControlService implements S3ControlClient {
    private final AccountPublicAccess publicAccess;

    public S3ControlService(AccountPublicAccess publicAccess) {
        this.publicAccess = publicAccess;
    }

    @Override
    public GetPublicAccessBlockResponse getPublicAccessBlock(GetPublicAccessBlockRequest request) {
        String account = own(request.accountId());
        var found = publicAccess
                .find(account)
                .orElseThrow(() -> new AwsError(
                        "NoSuchPublicAccessBlockConfiguration",
                        404,
                        "The public access block configuration was not found",
                        Map.of("AccountId", account)));
        return GetPublicAccessBlockResponse.builder()
                .publicAccessBlockConfiguration(PublicAccessBlockConfiguration.builder()
                        .blockPublicAcls(found.blockPublicAcls())
                        .ignorePublicAcls(found.ignorePublicAcls())
                        .blockPublicPolicy(found.blockPublicPolicy())
                        .restrictPublicBuckets(found.restrictPublicBuckets())
                        .build())
                .build();
    }

    @Override
    public PutPublicAccessBlockResponse putPublicAccessBlock(PutPublicAccessBlockRequest request) {
        PublicAccessBlockConfiguration given = request.publicAccessBlockConfiguration();
        publicAccess.put(
                own(request.accountId()),
                software.amazon.awssdk.services.s3.model.PublicAccessBlockConfiguration.builder()
                        .blockPublicAcls(Boolean.TRUE.equals(given.blockPublicAcls()))
                        .ignorePublicAcls(Boolean.TRUE.equals(given.ignorePublicAcls()))
                        .blockPublicPolicy(Boolean.TRUE.equals(given.blockPublicPolicy()))
                        .restrictPublicBuckets(Boolean.TRUE.equals(given.restrictPublicBuckets()))
                        .build());
        return PutPublicAccessBlockResponse.builder().build();
    }

    @Override
    public DeletePublicAccessBlockResponse deletePublicAccessBlock(DeletePublicAccessBlockRequest request) {
        publicAccess.delete(own(request.accountId()));
        return DeletePublicAccessBlockResponse.builder().build();
    }

    /** Nobody sets anything for another account. */
    private static String own(String account) {
        if (!CallContext.current().account().equals(account)) {
            throw new AwsError("AccessDenied", 403, "Access Denied");
        }
        return account;
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // Holds nothing of its own.
    }
}
