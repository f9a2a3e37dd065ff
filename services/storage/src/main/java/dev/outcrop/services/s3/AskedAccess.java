package dev.outcrop.services.s3;

import dev.outcrop.kernel.AwsError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.s3.model.AccessControlPolicy;
import software.amazon.awssdk.services.s3.model.Grant;
import software.amazon.awssdk.services.s3.model.Grantee;
import software.amazon.awssdk.services.s3.model.Permission;
import software.amazon.awssdk.services.s3.model.Type;

/**
 * What the headers of a request say of an access control list.
 *
 * @param canned the name of a canned list, if one is asked for
 * @param grants the grants that are asked for
 */
record AskedAccess(Optional<String> canned, List<Grant> grants) {
    private static final Map<String, Permission> MEMBERS = Map.of(
            "GrantFullControl", Permission.FULL_CONTROL,
            "GrantRead", Permission.READ,
            "GrantReadACP", Permission.READ_ACP,
            "GrantWrite", Permission.WRITE,
            "GrantWriteACP", Permission.WRITE_ACP);
    private static final Pattern GRANTEE = Pattern.compile("\\s*([A-Za-z]+)\\s*=\\s*(\"([^\"]*)\"|[^,\"\\s]+)\\s*");

    static AskedAccess of(SdkPojo request) {
        Optional<String> canned = Members.text(request, "ACL");
        List<Grant> grants = new ArrayList<>();
        MEMBERS.forEach((member, permission) -> Members.text(request, member)
                .ifPresent(header ->
                        parse(header).forEach(grantee -> grants.add(AccessControl.grant(grantee, permission)))));
        if (canned.isPresent() && !grants.isEmpty()) {
            throw Errors.invalidRequest("Specifying both Canned ACLs and Header Grants is not allowed");
        }
        AccessControl.check(grants);
        return new AskedAccess(canned, List.copyOf(grants));
    }

    /** The grantees of a header such as {@code id="…", uri="…"}. */
    private static List<Grantee> parse(String header) {
        List<Grantee> grantees = new ArrayList<>();
        for (String part : header.split(",")) {
            Matcher matcher = GRANTEE.matcher(part);
            if (!matcher.matches()) {
                throw malformed(header);
            }
            String value = matcher.group(3) == null ? matcher.group(2) : matcher.group(3);
            grantees.add(
                    switch (matcher.group(1)) {
                        case "id" -> AccessControl.user(value);
                        case "uri" ->
                            Grantee.builder().type(Type.GROUP).uri(value).build();
                        case "emailAddress" ->
                            Grantee.builder()
                                    .type(Type.AMAZON_CUSTOMER_BY_EMAIL)
                                    .emailAddress(value)
                                    .build();
                        default -> throw malformed(header);
                    });
        }
        return grantees;
    }

    private static AwsError malformed(String header) {
        return Errors.invalidArgument("Argument format not recognized", "x-amz-grant", header);
    }

    boolean isEmpty() {
        return canned.isEmpty() && grants.isEmpty();
    }

    /** The list that is asked for, if one is. */
    Optional<AccessControlPolicy> list(String owner, String bucketOwner) {
        if (isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                canned.isPresent()
                        ? AccessControl.canned(canned.get(), owner, bucketOwner)
                        : AccessControlPolicy.builder()
                                .owner(Access.owner(owner))
                                .grants(grants)
                                .build());
    }
}
