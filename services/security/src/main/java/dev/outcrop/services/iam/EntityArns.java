package dev.outcrop.services.iam;

import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.iam.model.GetAccessKeyLastUsedRequest;

/** What IAM knows of its own resources when it decides about calls of its own: their paths, owners and tags. */
final class EntityArns {
    private final IamStore store;

    EntityArns(IamStore store) {
        this.store = store;
    }

    /** The ARNs of what a request is about, with the paths of entities, which requests about those that exist do not say. */
    List<String> resources(String operation, SdkRequest request, List<String> named) {
        if (request instanceof GetAccessKeyLastUsedRequest key) {
            return store.accessKeys
                    .find(key.accessKeyId())
                    .flatMap(found -> IamDirectory.found(
                            () -> store.users.get(found.userName()).arn()))
                    .map(List::of)
                    .orElse(named);
        }
        return operation.startsWith("Create") || operation.equals("UploadServerCertificate")
                ? named
                : named.stream().map(this::withPath).toList();
    }

    private String withPath(String arn) {
        String[] parts = arn.split("[:/]");
        String name = IamDirectory.nameOf(arn);
        return switch (parts.length > 6 && !name.equals("*") ? parts[5] : "") {
            case "user" -> IamDirectory.found(() -> store.users.get(name).arn()).orElse(arn);
            case "group" ->
                IamDirectory.found(() -> store.groups.get(name).arn()).orElse(arn);
            case "role" -> IamDirectory.found(() -> store.roles.get(name).arn()).orElse(arn);
            case "instance-profile" ->
                IamDirectory.found(() -> store.profiles.get(name).arn()).orElse(arn);
            case "server-certificate" ->
                IamDirectory.found(() -> store.serverCertificates
                                .get(name)
                                .serverCertificateMetadata()
                                .arn())
                        .orElse(arn);
            default -> arn;
        };
    }

    /** The tags of the resource with {@code arn}. */
    Map<String, String> tags(String arn) {
        String name = IamDirectory.nameOf(arn);
        return IamDirectory.found(() -> {
                    if (arn.contains(":user/")) {
                        return EntityTags.map(store.users.get(name).tags());
                    }
                    if (arn.contains(":role/")) {
                        return EntityTags.map(store.roles.get(name).tags());
                    }
                    if (arn.contains(":instance-profile/")) {
                        return EntityTags.map(store.profiles.get(name).tags());
                    }
                    if (arn.contains(":server-certificate/")) {
                        return EntityTags.map(store.serverCertificates.get(name).tags());
                    }
                    return EntityTags.map(store.tags.of(arn));
                })
                .orElse(Map.of());
    }
}
