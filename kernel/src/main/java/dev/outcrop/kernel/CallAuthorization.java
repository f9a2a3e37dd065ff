package dev.outcrop.kernel;

import dev.outcrop.kernel.authorization.OperationAccess;
import dev.outcrop.kernel.authorization.RequestTags;
import dev.outcrop.kernel.policy.ResourcePolicy;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.SdkRequest;

/** The authorization request of a call, worked out piece by piece as a decision asks for it. */
final class CallAuthorization implements AuthorizationRequest {
    private static final Pattern ADDRESS = Pattern.compile("[0-9]+(\\.[0-9]+){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.%]*");
    private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");
    private static final String PRINCIPAL_TAG = "aws:principaltag/";
    private static final String REQUEST_TAG = "aws:requesttag/";
    private static final String RESOURCE_TAG = "aws:resourcetag/";
    private static final String PASSED_TO = "iam:passedtoservice";
    private static final String SECOND_FACTOR = "aws:multifactorauth";

    private final CallContext context;
    private final ServedService service;
    private final ServedOperation operation;
    private final SdkRequest request;
    private List<Access> accesses;

    CallAuthorization(CallContext context, ServedService service, ServedOperation operation, SdkRequest request) {
        this.context = context;
        this.service = service;
        this.operation = operation;
        this.request = request;
    }

    @Override
    public Principal principal() {
        return context.principal();
    }

    @Override
    public String account() {
        return context.account();
    }

    @Override
    public List<Access> accesses() {
        if (accesses == null) {
            accesses = operation.access().of(context, request, service.resources());
        }
        return accesses;
    }

    @Override
    public ConditionContext conditions(Access access) {
        return key -> values(key.toLowerCase(Locale.ROOT), key, access);
    }

    @Override
    public Optional<ResourcePolicy> resourcePolicy(Access access) {
        return resourcesOf(access).flatMap(resources -> resources.resourcePolicy(access, context.principal(), request));
    }

    @Override
    public boolean isGranted(Access access) {
        return resourcesOf(access)
                .filter(resources -> resources.grants(context.principal(), access, request))
                .isPresent();
    }

    @Override
    public String owner(Access access) {
        return resourcesOf(access)
                .flatMap(resources -> resources.owner(access, request))
                .orElseGet(() -> accountOf(access.resource(), context.account()));
    }

    @Override
    public boolean isMissing(Access access) {
        return resourcesOf(access)
                .filter(resources -> resources.isMissing(access, request))
                .isPresent();
    }

    ServedService service() {
        return service;
    }

    private Optional<List<String>> values(String key, String asWritten, Access access) {
        if (!key.startsWith("aws:")) {
            return own(key, asWritten, access);
        }
        if (key.startsWith(REQUEST_TAG)) {
            return tag(RequestTags.of(request), asWritten.substring(REQUEST_TAG.length()));
        }
        if (key.startsWith(RESOURCE_TAG)) {
            return resourceTag(access, asWritten.substring(RESOURCE_TAG.length()));
        }
        if (key.equals("aws:tagkeys")) {
            return Optional.of(RequestTags.keys(request)).filter(keys -> !keys.isEmpty());
        }
        if (key.equals("aws:resourceaccount")) {
            return one(owner(access));
        }
        if (key.startsWith(SECOND_FACTOR)) {
            Optional<Instant> given = resourcesOf(access).flatMap(resources -> resources.secondFactor(request));
            if (given.isPresent()) {
                return one(key.equals(SECOND_FACTOR + "present") ? "true" : seconds(given.get(), context.startedAt()));
            }
        }
        return ofCall(context, key, asWritten, access);
    }

    private Optional<List<String>> resourceTag(Access access, String name) {
        return resourcesOf(access).flatMap(resources -> tag(resources.tags(access.resource()), name));
    }

    private Optional<List<String>> own(String key, String asWritten, Access access) {
        OperationAccess own = operation.access();
        if (key.equals(PASSED_TO) && access.action().equals("iam:PassRole")) {
            // IAM itself passes roles to instances only, by their profiles.
            return one(service.id().equals("iam") ? "ec2.amazonaws.com" : service.principalName());
        }
        if (!key.startsWith(own.prefix() + ":")) {
            return Optional.empty();
        }
        String resourceTag = own.prefix() + ":resourcetag/";
        return own.condition(key, request)
                .or(() -> resourcesOf(access).flatMap(resources -> resources.condition(key, access, request)))
                .or(() -> key.startsWith(resourceTag)
                        ? resourceTag(access, asWritten.substring(resourceTag.length()))
                        : Optional.empty());
    }

    /** The called service speaks for its own resources, not for the roles that are passed to it. */
    private Optional<ProtectedResources> resourcesOf(Access access) {
        return access.action().startsWith(operation.access().prefix() + ":") ? service.resources() : Optional.empty();
    }

    /** The keys that any call has, whatever its operation. */
    static Optional<List<String>> ofCall(CallContext context, String key, String asWritten, Access access) {
        Principal principal = context.principal();
        Optional<Session> session = principal.session();
        if (key.startsWith(PRINCIPAL_TAG)) {
            return session.flatMap(known -> tag(known.tags(), asWritten.substring(PRINCIPAL_TAG.length())));
        }
        return switch (key) {
            case "aws:sourceip" ->
                one(context.sourceAddress())
                        .filter(_ -> ADDRESS.matcher(context.sourceAddress()).matches());
            case "aws:securetransport" -> one(Boolean.toString(context.secureTransport()));
            case "aws:currenttime" ->
                one(context.startedAt().truncatedTo(ChronoUnit.SECONDS).toString());
            case "aws:epochtime" -> one(Long.toString(context.startedAt().getEpochSecond()));
            case "aws:requestedregion" -> one(context.region());
            case "aws:useragent" ->
                one(context.userAgent()).filter(_ -> !context.userAgent().isEmpty());
            case "aws:referer" -> context.referer().map(List::of);
            case "aws:viaawsservice" ->
                one(Boolean.toString(!context.calledVia().isEmpty()));
            case "aws:calledvia" -> Optional.of(context.calledVia()).filter(chain -> !chain.isEmpty());
            case "aws:calledviafirst" ->
                context.calledVia().stream().findFirst().map(List::of);
            case "aws:calledvialast" ->
                context.calledVia().isEmpty()
                        ? Optional.empty()
                        : one(context.calledVia().getLast());
            case "aws:principalarn" -> known(session.map(Session::issuer).orElse(principal.arn()));
            case "aws:principalaccount" -> known(principal.account());
            case "aws:principaltype" -> type(principal.kind());
            case "aws:principalisawsservice" -> one(Boolean.toString(principal.kind() == Principal.Kind.SERVICE));
            case "aws:principalservicename" ->
                one(principal.arn()).filter(_ -> principal.kind() == Principal.Kind.SERVICE);
            case "aws:userid" -> known(principal.id()).filter(_ -> principal.kind() != Principal.Kind.ANONYMOUS);
            case "aws:username" ->
                one(principal.arn().substring(principal.arn().lastIndexOf('/') + 1))
                        .filter(_ -> principal.kind() == Principal.Kind.USER);
            case "aws:tokenissuetime" ->
                session.flatMap(known ->
                        one(known.issuedAt().truncatedTo(ChronoUnit.SECONDS).toString()));
            case "aws:multifactorauthpresent" ->
                session.flatMap(
                        known -> one(Boolean.toString(known.authenticatedAt().isPresent())));
            case "aws:multifactorauthage" ->
                session.flatMap(Session::authenticatedAt).flatMap(at -> one(seconds(at, context.startedAt())));
            case "aws:sourcearn" -> context.sourceArn().map(List::of);
            case "aws:sourceaccount" -> context.sourceArn().flatMap(arn -> known(accountOf(arn, context.account())));
            case "aws:sourceidentity" ->
                session.flatMap(Session::sourceIdentity).map(List::of);
            case "aws:federatedprovider" ->
                session.flatMap(Session::federatedProvider).map(List::of);
            case "aws:resourceaccount" -> one(accountOf(access.resource(), context.account()));
            default -> Optional.empty();
        };
    }

    private static String seconds(Instant from, Instant to) {
        return Long.toString(Math.max(0, Duration.between(from, to).toSeconds()));
    }

    /** The account in an ARN, or {@code otherwise}. */
    static String accountOf(String arn, String otherwise) {
        String[] parts = arn.split(":", 6);
        return parts.length == 6 && ACCOUNT.matcher(parts[4]).matches() ? parts[4] : otherwise;
    }

    private static Optional<List<String>> type(Principal.Kind kind) {
        return switch (kind) {
            case ROOT -> one("Account");
            case USER -> one("User");
            case ASSUMED_ROLE -> one("AssumedRole");
            case FEDERATED -> one("FederatedUser");
            case ANONYMOUS -> one("Anonymous");
            case SERVICE -> Optional.empty();
        };
    }

    /** The tag with {@code name}; the names of tags are told apart by case, but not as parts of condition keys. */
    private static Optional<List<String>> tag(Map<String, String> tags, String name) {
        for (Map.Entry<String, String> tag : tags.entrySet()) {
            if (tag.getKey().equalsIgnoreCase(name)) {
                return one(tag.getValue());
            }
        }
        return Optional.empty();
    }

    private static Optional<List<String>> known(String value) {
        return value.isEmpty() ? Optional.empty() : one(value);
    }

    private static Optional<List<String>> one(String value) {
        return Optional.of(List.of(value));
    }
}
