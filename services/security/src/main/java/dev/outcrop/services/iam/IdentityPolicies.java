package dev.outcrop.services.iam;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.policy.CompiledPolicies;
import dev.outcrop.kernel.policy.MalformedPolicyException;
import dev.outcrop.kernel.policy.PolicyUse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.iam.model.AttachedPolicy;
import software.amazon.awssdk.services.iam.model.ManagedPolicyDetail;
import software.amazon.awssdk.services.iam.model.PolicyDetail;

/** The policies in and on users, groups and roles, which are the same for all three. */
final class IdentityPolicies {
    static final int MOST_ATTACHED = 10;

    private final IamStore store;
    private final CompiledPolicies compiled;

    IdentityPolicies(IamStore store, CompiledPolicies compiled) {
        this.store = store;
        this.compiled = compiled;
    }

    /** The policies in an entity and those attached to it. */
    record Rights(List<PolicyDetail> inline, List<AttachedPolicy> attached) {
        Rights {
            inline = List.copyOf(inline);
            attached = List.copyOf(attached);
        }
    }

    /**
     * A user, group or role as far as its policies go.
     *
     * @param kind          such as {@code user}
     * @param largestInline how many characters its inline policies may have together, white space not counted
     * @param read          what it has now
     * @param write         changes what it has
     */
    record Owner(
            String kind, String name, int largestInline, Supplier<Rights> read, Consumer<UnaryOperator<Rights>> write) {
        Rights rights() {
            return read.get();
        }

        void change(UnaryOperator<Rights> change) {
            write.accept(change);
        }
    }

    void attach(Owner owner, String arn) {
        ManagedPolicyDetail policy = store.policy(arn);
        owner.change(rights -> {
            if (rights.attached.stream()
                    .anyMatch(attached -> attached.policyArn().equals(arn))) {
                return rights;
            }
            if (rights.attached.size() >= MOST_ATTACHED) {
                throw IamErrors.limit("PoliciesPer" + capital(owner.kind()), MOST_ATTACHED);
            }
            List<AttachedPolicy> attached = new ArrayList<>(rights.attached);
            attached.add(AttachedPolicy.builder()
                    .policyArn(arn)
                    .policyName(policy.policyName())
                    .build());
            return new Rights(rights.inline, attached);
        });
    }

    void detach(Owner owner, String arn) {
        owner.change(rights -> {
            List<AttachedPolicy> left = rights.attached.stream()
                    .filter(attached -> !attached.policyArn().equals(arn))
                    .toList();
            if (left.size() == rights.attached.size()) {
                throw IamErrors.noSuchEntity("Policy " + arn + " was not found.");
            }
            return new Rights(rights.inline, left);
        });
    }

    Listed<AttachedPolicy> attached(Owner owner, String pathPrefix, String marker, Integer most) {
        List<AttachedPolicy> fitting = owner.rights().attached.stream()
                .filter(attached -> pathPrefix == null
                        || attached.policyArn().replaceFirst("^[^/]*", "").startsWith(pathPrefix))
                .toList();
        return Listed.page(fitting, AttachedPolicy::policyName, marker, most);
    }

    void put(Owner owner, String name, String document) {
        check(document, PolicyUse.IDENTITY);
        owner.change(rights -> {
            List<PolicyDetail> inline = new ArrayList<>(rights.inline);
            inline.removeIf(policy -> policy.policyName().equals(name));
            inline.add(PolicyDetail.builder()
                    .policyName(name)
                    .policyDocument(document)
                    .build());
            int size = inline.stream()
                    .mapToInt(policy -> size(policy.policyDocument()))
                    .sum();
            if (size > owner.largestInline()) {
                throw IamErrors.limit("Maximum policy size of " + owner.largestInline() + " bytes exceeded for "
                        + owner.kind() + " " + owner.name());
            }
            return new Rights(inline, rights.attached);
        });
    }

    /** An inline policy as responses have it. */
    PolicyDetail shown(Owner owner, String name) {
        PolicyDetail found = owner.rights().inline.stream()
                .filter(policy -> policy.policyName().equals(name))
                .findFirst()
                .orElseThrow(() -> missing(owner, name));
        return found.toBuilder().policyDocument(encoded(found.policyDocument())).build();
    }

    void delete(Owner owner, String name) {
        owner.change(rights -> {
            List<PolicyDetail> left = rights.inline.stream()
                    .filter(policy -> !policy.policyName().equals(name))
                    .toList();
            if (left.size() == rights.inline.size()) {
                throw missing(owner, name);
            }
            return new Rights(left, rights.attached);
        });
    }

    Listed<String> names(Owner owner, String marker, Integer most) {
        return Listed.page(
                owner.rights().inline.stream().map(PolicyDetail::policyName).toList(), name -> name, marker, most);
    }

    /** Refuses to delete an entity that has policies still. */
    static void checkEmpty(Owner owner) {
        Rights rights = owner.rights();
        if (!rights.attached.isEmpty()) {
            throw IamErrors.conflict("Cannot delete entity, must detach all policies first.");
        }
        if (!rights.inline.isEmpty()) {
            throw IamErrors.conflict("Cannot delete entity, must delete policies first.");
        }
    }

    /** @throws AwsError {@code MalformedPolicyDocument} if AWS's grammar refuses {@code document} */
    void check(String document, PolicyUse use) {
        try {
            compiled.get(document, use);
        } catch (MalformedPolicyException malformed) {
            throw IamErrors.malformed(malformed.getMessage());
        }
    }

    /** What quotas count of a document: its characters without white space. */
    static int size(String document) {
        return (int) document.chars()
                .filter(character -> !Character.isWhitespace(character))
                .count();
    }

    /** A document as IAM's responses have it, encoded by RFC 3986. */
    static String encoded(String document) {
        return URLEncoder.encode(document, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    private static AwsError missing(Owner owner, String name) {
        return IamErrors.noSuchEntity("The " + owner.kind() + " policy with name " + name + " cannot be found.");
    }

    private static String capital(String word) {
        return Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }
}
