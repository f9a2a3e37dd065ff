package dev.outcrop.services.iam;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Resources;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.core.SdkPojo;

/** One kind of IAM's entities, found by names that differ in more than case. */
final class Entities<T extends SdkPojo> {
    private final String kind;
    private final Resources<T> resources;
    private final Function<T, String> id;
    private final Function<T, String> name;
    private final String quota;
    private final int most;

    /**
     * @param kind  such as {@code user}
     * @param quota what AWS calls the quota, such as {@code UsersPerAccount}
     * @param most  how many an account may have
     */
    Entities(
            String kind,
            Resources<T> resources,
            Function<T, String> id,
            Function<T, String> name,
            String quota,
            int most) {
        this.kind = kind;
        this.resources = resources.global().named(entity -> lower(name.apply(entity)));
        this.id = id;
        this.name = name;
        this.quota = quota;
        this.most = most;
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /**
     * The entity called {@code wanted}.
     *
     * @throws AwsError {@code NoSuchEntity} if there is none
     */
    T get(String wanted) {
        return resources.findNamed("", lower(wanted)).orElseThrow(() -> missing(wanted));
    }

    /** @throws AwsError {@code EntityAlreadyExists} or {@code LimitExceeded} */
    T insert(T entity) {
        if (resources.list().all().size() >= most) {
            throw IamErrors.limit(quota, most);
        }
        try {
            resources.insert(id.apply(entity), entity);
            return entity;
        } catch (AwsError failure) {
            if (failure.code().equals("ConflictException")) {
                throw IamErrors.taken(capital(kind), name.apply(entity));
            }
            throw failure;
        }
    }

    /** @throws AwsError {@code NoSuchEntity}, or {@code EntityAlreadyExists} if the new name is taken */
    T change(String wanted, UnaryOperator<T> change) {
        T present = get(wanted);
        try {
            return resources.update(id.apply(present), change);
        } catch (AwsError failure) {
            throw switch (failure.code()) {
                case "ResourceNotFoundException" -> missing(wanted);
                case "ConflictException" ->
                    IamErrors.exists("The new name of the " + kind + " " + wanted + " is taken.");
                default -> failure;
            };
        }
    }

    void delete(T entity) {
        resources.delete(id.apply(entity));
    }

    /** All of the account. */
    List<T> all() {
        return resources.list().all();
    }

    /** Those whose path begins with {@code prefix}, null for all. */
    List<T> all(Function<T, String> path, String prefix) {
        return prefix == null
                ? all()
                : resources
                        .list()
                        .where(entity -> path.apply(entity).startsWith(prefix))
                        .all();
    }

    private AwsError missing(String wanted) {
        return IamErrors.missing(kind, wanted);
    }

    private static String capital(String word) {
        return Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }

    /** The ARN of an entity of the call's account. */
    static String arn(String type, String path, String name) {
        return "arn:aws:iam::" + CallContext.current().account() + ":" + type + path + name;
    }

    /** The path that a request gives, or the root. */
    static String path(String given) {
        return given == null || given.isEmpty() ? "/" : given;
    }
}
