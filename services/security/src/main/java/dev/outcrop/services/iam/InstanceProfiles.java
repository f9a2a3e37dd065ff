package dev.outcrop.services.iam;

import dev.outcrop.kernel.Ids;
import java.time.InstantSource;
import java.util.List;
import software.amazon.awssdk.services.iam.model.AddRoleToInstanceProfileRequest;
import software.amazon.awssdk.services.iam.model.AddRoleToInstanceProfileResponse;
import software.amazon.awssdk.services.iam.model.CreateInstanceProfileRequest;
import software.amazon.awssdk.services.iam.model.CreateInstanceProfileResponse;
import software.amazon.awssdk.services.iam.model.DeleteInstanceProfileRequest;
import software.amazon.awssdk.services.iam.model.DeleteInstanceProfileResponse;
import software.amazon.awssdk.services.iam.model.GetInstanceProfileRequest;
import software.amazon.awssdk.services.iam.model.GetInstanceProfileResponse;
import software.amazon.awssdk.services.iam.model.InstanceProfile;
import software.amazon.awssdk.services.iam.model.ListInstanceProfileTagsRequest;
import software.amazon.awssdk.services.iam.model.ListInstanceProfileTagsResponse;
import software.amazon.awssdk.services.iam.model.ListInstanceProfilesForRoleRequest;
import software.amazon.awssdk.services.iam.model.ListInstanceProfilesForRoleResponse;
import software.amazon.awssdk.services.iam.model.ListInstanceProfilesRequest;
import software.amazon.awssdk.services.iam.model.ListInstanceProfilesResponse;
import software.amazon.awssdk.services.iam.model.RemoveRoleFromInstanceProfileRequest;
import software.amazon.awssdk.services.iam.model.RemoveRoleFromInstanceProfileResponse;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.iam.model.Tag;
import software.amazon.awssdk.services.iam.model.TagInstanceProfileRequest;
import software.amazon.awssdk.services.iam.model.TagInstanceProfileResponse;
import software.amazon.awssdk.services.iam.model.UntagInstanceProfileRequest;
import software.amazon.awssdk.services.iam.model.UntagInstanceProfileResponse;

/** Instance profiles, each of which holds one role at most. */
final class InstanceProfiles {
    private final IamStore store;
    private final Ids ids;
    private final InstantSource clock;

    InstanceProfiles(IamStore store, Ids ids, InstantSource clock) {
        this.store = store;
        this.ids = ids;
        this.clock = clock;
    }

    CreateInstanceProfileResponse createInstanceProfile(CreateInstanceProfileRequest request) {
        String path = Entities.path(request.path());
        InstanceProfile profile = store.profiles.insert(InstanceProfile.builder()
                .instanceProfileName(request.instanceProfileName())
                .path(path)
                .instanceProfileId("AIPA" + ids.uppercase(17))
                .arn(Entities.arn("instance-profile", path, request.instanceProfileName()))
                .createDate(clock.instant())
                .roles(List.of())
                .tags(EntityTags.of(request.tags()))
                .build());
        return CreateInstanceProfileResponse.builder().instanceProfile(profile).build();
    }

    GetInstanceProfileResponse getInstanceProfile(GetInstanceProfileRequest request) {
        return GetInstanceProfileResponse.builder()
                .instanceProfile(shown(store.profiles.get(request.instanceProfileName())))
                .build();
    }

    ListInstanceProfilesResponse listInstanceProfiles(ListInstanceProfilesRequest request) {
        Listed<InstanceProfile> page = Listed.page(
                store.profiles.all(InstanceProfile::path, request.pathPrefix()),
                InstanceProfile::instanceProfileName,
                request.marker(),
                request.maxItems());
        return ListInstanceProfilesResponse.builder()
                .instanceProfiles(page.items().stream().map(this::shown).toList())
                .isTruncated(page.isTruncated())
                .marker(page.marker())
                .build();
    }

    ListInstanceProfilesForRoleResponse listInstanceProfilesForRole(ListInstanceProfilesForRoleRequest request) {
        Role role = store.roles.get(request.roleName());
        Listed<InstanceProfile> page = Listed.page(
                store.profilesOf(role.roleName()),
                InstanceProfile::instanceProfileName,
                request.marker(),
                request.maxItems());
        return ListInstanceProfilesForRoleResponse.builder()
                .instanceProfiles(page.items().stream().map(this::shown).toList())
                .isTruncated(page.isTruncated())
                .marker(page.marker())
                .build();
    }

    AddRoleToInstanceProfileResponse addRoleToInstanceProfile(AddRoleToInstanceProfileRequest request) {
        Role role = store.roles.get(request.roleName());
        store.profiles.change(request.instanceProfileName(), profile -> {
            if (!profile.roles().isEmpty()) {
                throw IamErrors.limit("InstanceSessionsPerInstanceProfile", 1);
            }
            return profile.toBuilder()
                    .roles(Role.builder().roleName(role.roleName()).build())
                    .build();
        });
        return AddRoleToInstanceProfileResponse.builder().build();
    }

    RemoveRoleFromInstanceProfileResponse removeRoleFromInstanceProfile(RemoveRoleFromInstanceProfileRequest request) {
        store.profiles.change(request.instanceProfileName(), profile -> {
            if (profile.roles().stream().noneMatch(role -> role.roleName().equals(request.roleName()))) {
                throw IamErrors.missing("role", request.roleName());
            }
            return profile.toBuilder().roles(List.<Role>of()).build();
        });
        return RemoveRoleFromInstanceProfileResponse.builder().build();
    }

    DeleteInstanceProfileResponse deleteInstanceProfile(DeleteInstanceProfileRequest request) {
        InstanceProfile profile = store.profiles.get(request.instanceProfileName());
        if (!profile.roles().isEmpty()) {
            throw IamErrors.conflict("Cannot delete entity, must remove roles from instance profile first.");
        }
        store.profiles.delete(profile);
        return DeleteInstanceProfileResponse.builder().build();
    }

    TagInstanceProfileResponse tagInstanceProfile(TagInstanceProfileRequest request) {
        store.profiles.change(
                request.instanceProfileName(),
                profile -> profile.toBuilder()
                        .tags(EntityTags.with(profile.tags(), request.tags()))
                        .build());
        return TagInstanceProfileResponse.builder().build();
    }

    UntagInstanceProfileResponse untagInstanceProfile(UntagInstanceProfileRequest request) {
        store.profiles.change(
                request.instanceProfileName(),
                profile -> profile.toBuilder()
                        .tags(EntityTags.without(profile.tags(), request.tagKeys()))
                        .build());
        return UntagInstanceProfileResponse.builder().build();
    }

    ListInstanceProfileTagsResponse listInstanceProfileTags(ListInstanceProfileTagsRequest request) {
        Listed<Tag> page = Listed.page(
                store.profiles.get(request.instanceProfileName()).tags(),
                Tag::key,
                request.marker(),
                request.maxItems());
        return ListInstanceProfileTagsResponse.builder()
                .tags(page.items())
                .isTruncated(page.isTruncated())
                .marker(page.marker())
                .build();
    }

    /** The profile with its role as it is now. */
    private InstanceProfile shown(InstanceProfile profile) {
        return profile.toBuilder()
                .roles(profile.roles().stream()
                        .map(role -> Roles.shown(store.roles.get(role.roleName())))
                        .toList())
                .build();
    }
}
