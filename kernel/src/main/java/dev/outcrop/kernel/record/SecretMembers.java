package dev.outcrop.kernel.record;

import dev.outcrop.shapes.ServiceModel;
import dev.outcrop.shapes.ShapeModel;
import java.util.regex.Pattern;

/**
 * Members that are never told though their service's description does not call them sensitive: texts that are named as
 * passwords, secret keys, plain texts, credentials' tokens and codes are. Such as the session token of temporary
 * credentials, which AWS's description of STS leaves unmarked.
 */
final class SecretMembers {
    private static final Pattern NAME = Pattern.compile(
            ".*(password|passphrase|secretstring|secretkey|secretaccesskey|clientsecret|plaintext|privatekey"
                    + "|(session|access|refresh|id|auth|authorization|user|callback|hec|subject|grant|bearer|webidentity)"
                    + "tokens?|tokencode|tokenvalue|tokenstring|authenticationcode[12]?|apikey|apikeyvalue|assertion)",
            Pattern.CASE_INSENSITIVE);

    private SecretMembers() {}

    /** Whether the member called {@code name} of a structure of {@code service} holds a secret by its name. */
    static boolean isSecret(ServiceModel service, String name, ShapeModel.Member member) {
        return isText(service, service.shape(member.shape()))
                && NAME.matcher(name).matches();
    }

    private static boolean isText(ServiceModel service, ShapeModel shape) {
        return switch (shape) {
            case ShapeModel.Text text -> text.values().isEmpty();
            case ShapeModel.ListOf list ->
                service.shape(list.member().shape()) instanceof ShapeModel.Text text
                        && text.values().isEmpty();
            default -> false;
        };
    }
}
