package dev.outcrop.services.cloudtrail;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.cloudtrail.model.AddTagsRequest;
import software.amazon.awssdk.services.cloudtrail.model.CloudTrailArnInvalidException;
import software.amazon.awssdk.services.cloudtrail.model.ListTagsRequest;
import software.amazon.awssdk.services.cloudtrail.model.RemoveTagsRequest;
import software.amazon.awssdk.services.cloudtrail.model.ResourceTag;
import software.amazon.awssdk.services.cloudtrail.model.ResourceTypeNotSupportedException;

/**
 * The operations on tags, which take trails and event data stores alike, by ARN.
 *
 * <p>Source: AddTags, RemoveTags and ListTags of the AWS CloudTrail API reference.
 */
final class TaggedResources {
    private final Trails trails;
    private final EventDataStores stores;
    private final ResourceTags tags;

    TaggedResources(Trails trails, EventDataStores stores, ResourceTags tags) {
        this.trails = trails;
        this.stores = stores;
        this.tags = tags;
    }

    void add(AddTagsRequest request) {
        String arn = existing(request.resourceId());
        tags.set(arn, ResourceTags.checked(request.tagsList()));
    }

    void remove(RemoveTagsRequest request) {
        tags.remove(existing(request.resourceId()), request.tagsList());
    }

    List<ResourceTag> list(ListTagsRequest request) {
        List<ResourceTag> listed = new ArrayList<>();
        for (String arn : request.resourceIdList()) {
            listed.add(ResourceTag.builder()
                    .resourceId(arn)
                    .tagsList(tags.list(existing(arn)))
                    .build());
        }
        return listed;
    }

    Map<String, String> of(String arn) {
        return tags.of(arn);
    }

    /** {@code arn} itself, if there is such a resource. */
    private String existing(String arn) {
        if (!arn.startsWith("arn:")) {
            throw CloudTrailArnInvalidException.builder()
                    .message("Invalid ARN: " + arn)
                    .build();
        }
        String[] parts = arn.split(":", 6);
        String kind = parts.length == 6 ? parts[5].split("/", 2)[0] : "";
        return switch (kind) {
            case "trail" -> trails.seen(arn).place().arn();
            case "eventdatastore" -> stores.active(arn).place().arn();
            default ->
                throw ResourceTypeNotSupportedException.builder()
                        .message("Resource type " + kind + " is not supported.")
                        .build();
        };
    }
}
