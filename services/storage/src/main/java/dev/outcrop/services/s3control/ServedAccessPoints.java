package dev.outcrop.services.s3control;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.services.s3.AccessPointPolicies;
import dev.outcrop.services.s3.AccessPoints;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.buckets.Bucket;
import dev.outcrop.storage.buckets.Buckets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.s3control.model.AccessPoint;
import software.amazon.awssdk.services.s3control.model.CreateAccessPointRequest;
import software.amazon.awssdk.services.s3control.model.CreateAccessPointResponse;
import software.amazon.awssdk.services.s3control.model.GetAccessPointResponse;
import software.amazon.awssdk.services.s3control.model.ListAccessPointsRequest;
import software.amazon.awssdk.services.s3control.model.ListAccessPointsResponse;
import software.amazon.awssdk.services.s3control.model.NetworkOrigin;
import software.amazon.awssdk.services.s3control.model.PublicAccessBlockConfiguration;

/**
 * The operations on access points.
 *
 * <p>Source: AWS S3 Control API reference, and "Access points naming rules, restrictions, and limitations" of the Amazon
 * S3 user guide.
 */
final class ServedAccessPoints {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{1,48}[a-z0-9]");
    private static final int PAGE = 1000;

    private final AccessPoints points;
    private final AccessPointPolicies policies;
    private final Buckets buckets;
    private final PageTokens tokens;
    private final InstantSource clock;

    ServedAccessPoints(
            AccessPoints points,
            AccessPointPolicies policies,
            Buckets buckets,
            PageTokens tokens,
            InstantSource clock) {
        this.points = points;
        this.policies = policies;
        this.buckets = buckets;
        this.tokens = tokens;
        this.clock = clock;
    }

    private static AccessPoints.Place place(String account, String name) {
        return new AccessPoints.Place(account, CallContext.current().region(), name);
    }

    CreateAccessPointResponse create(String account, CreateAccessPointRequest request) {
        if (request.vpcConfiguration() != null) {
            throw AwsError.notImplemented("s3control", "CreateAccessPoint for a VPC");
        }
        if (!NAME.matcher(request.name()).matches() || request.name().endsWith("-s3alias")) {
            throw new AwsError("InvalidAccessPoint", 400, "The specified access point name or account is not valid.");
        }
        Bucket bucket = buckets.find(request.bucket())
                .orElseThrow(() -> new AwsError(
                        "NoSuchBucket",
                        404,
                        "The specified bucket does not exist",
                        Map.of("BucketName", request.bucket())));
        String owner = request.bucketAccountId() == null ? account : request.bucketAccountId();
        if (!bucket.owner().equals(owner)) {
            throw new AwsError("AccessDenied", 403, "Access Denied");
        }
        AccessPoints.Place place = place(account, request.name());
        if (!bucket.region().equals(place.region())) {
            throw new AwsError(
                    "InvalidRequest", 400, "The bucket is not in the Region that the access point is created in.");
        }
        PublicAccessBlockConfiguration given = request.publicAccessBlockConfiguration();
        GetAccessPointResponse shape = GetAccessPointResponse.builder()
                .name(request.name())
                .bucket(bucket.name())
                .networkOrigin(NetworkOrigin.INTERNET)
                .publicAccessBlockConfiguration(given == null ? EVERYTHING : complete(given))
                .creationDate(clock.instant())
                .accessPointArn(place.arn())
                .bucketAccountId(bucket.owner())
                .build();
        AccessPoints.Point made = points.create(place, shape, ServedTags.stored(request.tags()));
        return CreateAccessPointResponse.builder()
                .accessPointArn(place.arn())
                .alias(made.shape().alias())
                .build();
    }

    private static final PublicAccessBlockConfiguration EVERYTHING = PublicAccessBlockConfiguration.builder()
            .blockPublicAcls(true)
            .ignorePublicAcls(true)
            .blockPublicPolicy(true)
            .restrictPublicBuckets(true)
            .build();

    private static PublicAccessBlockConfiguration complete(PublicAccessBlockConfiguration given) {
        return PublicAccessBlockConfiguration.builder()
                .blockPublicAcls(Boolean.TRUE.equals(given.blockPublicAcls()))
                .ignorePublicAcls(Boolean.TRUE.equals(given.ignorePublicAcls()))
                .blockPublicPolicy(Boolean.TRUE.equals(given.blockPublicPolicy()))
                .restrictPublicBuckets(Boolean.TRUE.equals(given.restrictPublicBuckets()))
                .build();
    }

    GetAccessPointResponse get(String account, String name) {
        return point(account, name).shape();
    }

    private AccessPoints.Point point(String account, String name) {
        return points.find(place(account, name)).orElseThrow(() -> AccessPoints.missing(name));
    }

    void delete(String account, String name) {
        if (!points.delete(place(account, name))) {
            throw AccessPoints.missing(name);
        }
    }

    ListAccessPointsResponse list(String account, ListAccessPointsRequest request) {
        String list = "s3control:access-points " + account + " " + request.bucket();
        String after = request.nextToken() == null
                ? ""
                : tokens.place(list, request.nextToken()).id();
        int limit =
                request.maxResults() == null || request.maxResults() == 0 ? PAGE : Math.min(PAGE, request.maxResults());
        List<AccessPoints.Point> behind = points
                .all(account, CallContext.current().region())
                .stream()
                .filter(point ->
                        request.bucket() == null || point.shape().bucket().equals(request.bucket()))
                .filter(point -> point.place().name().compareTo(after) > 0)
                .toList();
        List<AccessPoints.Point> page = behind.subList(0, Math.min(limit, behind.size()));
        return ListAccessPointsResponse.builder()
                .accessPointList(page.stream().map(ServedAccessPoints::listed).toList())
                .nextToken(
                        behind.size() > page.size()
                                ? tokens.token(
                                        list,
                                        new RecordQuery.Cursor(
                                                Instant.EPOCH,
                                                "",
                                                "",
                                                page.getLast().place().name()))
                                : null)
                .build();
    }

    private static AccessPoint listed(AccessPoints.Point point) {
        GetAccessPointResponse shape = point.shape();
        return AccessPoint.builder()
                .name(shape.name())
                .networkOrigin(shape.networkOrigin())
                .bucket(shape.bucket())
                .accessPointArn(shape.accessPointArn())
                .alias(shape.alias())
                .bucketAccountId(shape.bucketAccountId())
                .build();
    }

    String policy(String account, String name) {
        return point(account, name).policy().orElseThrow(ServedAccessPoints::noPolicy);
    }

    boolean isPublic(String account, String name) {
        AccessPoints.Point point = point(account, name);
        return policies.isPublic(point.policy().orElseThrow(ServedAccessPoints::noPolicy));
    }

    private static AwsError noPolicy() {
        return new AwsError("NoSuchAccessPointPolicy", 404, "The specified accesspoint policy does not exist");
    }

    void put(String account, String name, String document) {
        AccessPoints.Point point = point(account, name);
        policies.check(point, document);
        points.setPolicy(point.place(), Optional.of(document));
    }

    void deletePolicy(String account, String name) {
        points.setPolicy(point(account, name).place(), Optional.empty());
    }
}
