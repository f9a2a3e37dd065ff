package dev.outcrop.services.s3control;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.kernel.ProtectedResources;
import dev.outcrop.services.s3.AccessPointPolicies;
import dev.outcrop.services.s3.AccessPoints;
import dev.outcrop.services.s3.AccountPublicAccess;
import dev.outcrop.services.s3.TaggedResources;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.buckets.Buckets;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.s3control.S3ControlClient;
import software.amazon.awssdk.services.s3control.model.CreateAccessPointRequest;
import software.amazon.awssdk.services.s3control.model.CreateAccessPointResponse;
import software.amazon.awssdk.services.s3control.model.DeleteAccessPointPolicyRequest;
import software.amazon.awssdk.services.s3control.model.DeleteAccessPointPolicyResponse;
import software.amazon.awssdk.services.s3control.model.DeleteAccessPointRequest;
import software.amazon.awssdk.services.s3control.model.DeleteAccessPointResponse;
import software.amazon.awssdk.services.s3control.model.DeletePublicAccessBlockRequest;
import software.amazon.awssdk.services.s3control.model.DeletePublicAccessBlockResponse;
import software.amazon.awssdk.services.s3control.model.GetAccessPointPolicyRequest;
import software.amazon.awssdk.services.s3control.model.GetAccessPointPolicyResponse;
import software.amazon.awssdk.services.s3control.model.GetAccessPointPolicyStatusRequest;
import software.amazon.awssdk.services.s3control.model.GetAccessPointPolicyStatusResponse;
import software.amazon.awssdk.services.s3control.model.GetAccessPointRequest;
import software.amazon.awssdk.services.s3control.model.GetAccessPointResponse;
import software.amazon.awssdk.services.s3control.model.GetPublicAccessBlockRequest;
import software.amazon.awssdk.services.s3control.model.GetPublicAccessBlockResponse;
import software.amazon.awssdk.services.s3control.model.ListAccessPointsRequest;
import software.amazon.awssdk.services.s3control.model.ListAccessPointsResponse;
import software.amazon.awssdk.services.s3control.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.s3control.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.s3control.model.PublicAccessBlockConfiguration;
import software.amazon.awssdk.services.s3control.model.PutAccessPointPolicyRequest;
import software.amazon.awssdk.services.s3control.model.PutAccessPointPolicyResponse;
import software.amazon.awssdk.services.s3control.model.PutPublicAccessBlockRequest;
import software.amazon.awssdk.services.s3control.model.PutPublicAccessBlockResponse;
import software.amazon.awssdk.services.s3control.model.TagResourceRequest;
import software.amazon.awssdk.services.s3control.model.TagResourceResponse;
import software.amazon.awssdk.services.s3control.model.UntagResourceRequest;
import software.amazon.awssdk.services.s3control.model.UntagResourceResponse;

/** Settings of S3 that hold for accounts. */
public final class S3ControlService implements S3ControlClient, ProtectedResources {
    private final AccountPublicAccess publicAccess;
    private final ServedAccessPoints points;
    private final TaggedResources tagged;
    private final ServedTags tags;

    /** S3 Control over the records of S3. */
    public S3ControlService(Records records, PageTokens tokens, InstantSource clock) {
        publicAccess = new AccountPublicAccess(records, clock);
        points = new ServedAccessPoints(
                new AccessPoints(records, clock),
                new AccessPointPolicies(publicAccess),
                new Buckets(records),
                tokens,
                clock);
        tagged = new TaggedResources(records, clock);
        tags = new ServedTags(tagged);
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

    @Override
    public CreateAccessPointResponse createAccessPoint(CreateAccessPointRequest request) {
        return points.create(own(request.accountId()), request);
    }

    @Override
    public GetAccessPointResponse getAccessPoint(GetAccessPointRequest request) {
        return points.get(own(request.accountId()), request.name());
    }

    @Override
    public ListAccessPointsResponse listAccessPoints(ListAccessPointsRequest request) {
        return points.list(own(request.accountId()), request);
    }

    @Override
    public DeleteAccessPointResponse deleteAccessPoint(DeleteAccessPointRequest request) {
        points.delete(own(request.accountId()), request.name());
        return DeleteAccessPointResponse.builder().build();
    }

    @Override
    public GetAccessPointPolicyResponse getAccessPointPolicy(GetAccessPointPolicyRequest request) {
        return GetAccessPointPolicyResponse.builder()
                .policy(points.policy(own(request.accountId()), request.name()))
                .build();
    }

    @Override
    public PutAccessPointPolicyResponse putAccessPointPolicy(PutAccessPointPolicyRequest request) {
        points.put(own(request.accountId()), request.name(), request.policy());
        return PutAccessPointPolicyResponse.builder().build();
    }

    @Override
    public DeleteAccessPointPolicyResponse deleteAccessPointPolicy(DeleteAccessPointPolicyRequest request) {
        points.deletePolicy(own(request.accountId()), request.name());
        return DeleteAccessPointPolicyResponse.builder().build();
    }

    @Override
    public GetAccessPointPolicyStatusResponse getAccessPointPolicyStatus(GetAccessPointPolicyStatusRequest request) {
        boolean isPublic = points.isPublic(own(request.accountId()), request.name());
        return GetAccessPointPolicyStatusResponse.builder()
                .policyStatus(status -> status.isPublic(isPublic))
                .build();
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest request) {
        return tags.list(own(request.accountId()), request.resourceArn());
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest request) {
        tags.add(own(request.accountId()), request.resourceArn(), request.tags());
        return TagResourceResponse.builder().build();
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest request) {
        tags.remove(own(request.accountId()), request.resourceArn(), request.tagKeys());
        return UntagResourceResponse.builder().build();
    }

    @Override
    public Map<String, String> tags(String arn) {
        return tagged.deciding(arn);
    }

    @Override
    public Optional<String> policy(String arn) {
        return tagged.policy(arn);
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
