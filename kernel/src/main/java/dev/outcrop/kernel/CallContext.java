package dev.outcrop.kernel;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * What is known of the call being answered. Bound to the thread that answers it while it walks the corridor; work handed
 * to another thread takes it along with {@code CallContext.current().call(…)}.
 */
public final class CallContext {
    private static final ScopedValue<CallContext> CURRENT = ScopedValue.newInstance();

    private final String account;
    private final String region;
    private final Principal principal;
    private final String requestId;
    private final String sourceAddress;
    private final String userAgent;
    private final Optional<String> endpoint;
    private final Optional<String> referer;
    private final Optional<String> traceParent;
    private final Optional<String> callingService;
    private final List<String> calledVia;
    private final Optional<String> sourceArn;
    private final boolean secureTransport;
    private final Optional<RequestSignature> signature;
    private final boolean contentVerified;
    private final ClientPresence client;
    private final Instant startedAt;
    private final long startedNanos = System.nanoTime();
    private final Metering metering = new Metering();
    private List<Map.Entry<String, String>> responseHeaders = List.of();
    private OptionalInt successStatus = OptionalInt.empty();
    private volatile String service;
    private volatile Trace trace;
    private Authority authority = (_, access) -> {
        throw new IllegalStateException("nobody decides about " + access + ": no call is being answered");
    };
    private Optional<CallAuthorization> authorization = Optional.empty();
    private Optional<AwsError> failure = Optional.empty();

    private CallContext(Builder builder) {
        account = builder.account == null ? builder.principal.account() : builder.account;
        region = builder.region;
        principal = builder.principal;
        requestId = Objects.requireNonNull(builder.requestId, "requestId");
        sourceAddress = builder.sourceAddress;
        userAgent = builder.userAgent;
        endpoint = builder.endpoint;
        referer = builder.referer;
        traceParent = builder.traceParent;
        callingService = builder.callingService;
        calledVia = List.copyOf(builder.calledVia);
        sourceArn = builder.sourceArn;
        secureTransport = builder.secureTransport;
        signature = builder.signature;
        contentVerified = builder.contentVerified;
        client = builder.client;
        startedAt = builder.startedAt == null ? Instant.now() : builder.startedAt;
    }

    /**
     * The context of the call that this thread answers.
     *
     * @throws IllegalStateException if the thread answers none
     */
    public static CallContext current() {
        if (!CURRENT.isBound()) {
            throw new IllegalStateException("no call is being answered on this thread");
        }
        return CURRENT.get();
    }

    /** Whether this thread answers a call. */
    public static boolean isBound() {
        return CURRENT.isBound();
    }

    /**
     * What a service calls others with in its own name, while nobody waits for it.
     *
     * @param name      its name as a principal, such as {@code cloudtrail.amazonaws.com}
     * @param service   its id
     * @param account   the account that it works for
     * @param sourceArn the resource that it does so for
     */
    public static CallContext ofService(String name, String service, String account, String region, String sourceArn) {
        return builder()
                .account(account)
                .region(region)
                .principal(Principal.service(name, account))
                .requestId(UUID.randomUUID().toString())
                .sourceAddress(name)
                .userAgent(name)
                .callingService(Optional.of(service))
                .sourceArn(Optional.of(sourceArn))
                .secureTransport(true)
                .build();
    }

    /** A context in the making: by default anonymous, in {@code us-east-1}, from the loopback address, now. */
    public static Builder builder() {
        return new Builder();
    }

    /** Runs {@code body} on this thread with this context bound, and gives what it returns. */
    public <T, X extends Throwable> T call(ScopedValue.CallableOp<? extends T, X> body) throws X {
        return ScopedValue.where(CURRENT, this).call(body);
    }

    /** Runs {@code body} on this thread with this context bound. */
    public void run(Runnable body) {
        ScopedValue.where(CURRENT, this).run(body);
    }

    /** The account that the call is made in, twelve digits; empty if the caller is anonymous. */
    public String account() {
        return account;
    }

    /** Such as {@code us-east-1}. */
    public String region() {
        return region;
    }

    /** Who calls. */
    public Principal principal() {
        return principal;
    }

    /** The id that the caller gets and that all records of the call carry. */
    public String requestId() {
        return requestId;
    }

    /** The IP address that the call came from; of calls between services the service's name. */
    public String sourceAddress() {
        return sourceAddress;
    }

    /** What the client calls itself, possibly empty. */
    public String userAgent() {
        return userAgent;
    }

    /** The service that makes the call on the principal's behalf, such as {@code bedrock-agent}. */
    public Optional<String> callingService() {
        return callingService;
    }

    /** The service that answers the call, once one does. */
    public Optional<String> service() {
        return Optional.ofNullable(service);
    }

    /**
     * The services through which the principal's own call came here, the first one first, by names such as
     * {@code bedrock.amazonaws.com}; empty where the principal calls itself, or a service calls with a role of its own.
     */
    public List<String> calledVia() {
        return calledVia;
    }

    /** The resource on whose behalf a service calls in its own name, such as the ARN of a trail. */
    public Optional<String> sourceArn() {
        return sourceArn;
    }

    /**
     * Where the client reached this server, such as {@code http://localhost:4566}; of calls between services, where the
     * client of the first of them did. Empty for work that no client waits for.
     */
    public Optional<String> endpoint() {
        return endpoint;
    }

    /** The page that a browser says it called from. */
    public Optional<String> referer() {
        return referer;
    }

    /** Where the call stands in a trace. */
    public Trace trace() {
        Trace present = trace;
        if (present == null) {
            synchronized (this) {
                present = trace;
                if (present == null) {
                    present = Trace.of(traceParent);
                    trace = present;
                }
            }
        }
        return present;
    }

    /** Says that {@code answering} answers the call, and who decides what else it asks to be allowed. */
    void enter(ServedService answering, Authority newAuthority, CallAuthorization newAuthorization) {
        service = answering.id();
        authority = newAuthority;
        authorization = Optional.of(newAuthorization);
    }

    /** Says who decides what {@link #require} asks. */
    void authority(Authority newAuthority) {
        authority = newAuthority;
    }

    /** What the operation being answered asked to be allowed, where one is. */
    Optional<CallAuthorization> authorization() {
        return authorization;
    }

    /**
     * Makes sure that the caller may do {@code action}, too, where that shows only while the call is being answered.
     *
     * @param action   such as {@code s3:DeleteObject}
     * @param resource an ARN, or {@code *}
     * @throws AwsError if it may not
     * @throws IllegalStateException if no call is being answered
     */
    public void require(String action, String resource) {
        Optional<AwsError> refusal = authority.refusal(this, new Access(action, resource));
        if (refusal.isPresent()) {
            throw refusal.get();
        }
    }

    /** Makes sure that the caller may do {@code action}, which is about no resource. */
    public void require(String action) {
        require(action, "*");
    }

    /** Whether the caller may do {@code action} on {@code resource}, for answers that tell item by item. */
    public boolean isAllowed(String action, String resource) {
        return authority.refusal(this, new Access(action, resource)).isEmpty();
    }

    /** Decides about what is asked while a call is being answered. */
    @FunctionalInterface
    interface Authority {
        /** Why the caller may not, as the error that it gets; empty if it may. */
        Optional<AwsError> refusal(CallContext context, Access access);
    }

    /** Has the record say that the call failed, where an endpoint has told the caller so itself. */
    public void failed(AwsError error) {
        failure = Optional.of(error);
    }

    /** The failure that the caller has been told. */
    Optional<AwsError> failure() {
        return failure;
    }

    /** Whether the call came over TLS. */
    public boolean secureTransport() {
        return secureTransport;
    }

    /** How the call was signed, where it came over the network and was. */
    public Optional<RequestSignature> signature() {
        return signature;
    }

    /** Whether a checksum or a digest came with the body and fits it; what does not come over the network needs none. */
    public boolean contentVerified() {
        return contentVerified;
    }

    /** Whoever waits for the answer; for calls between services, whoever waits for the first of them. */
    public ClientPresence client() {
        return client;
    }

    /** When the call came in. */
    public Instant startedAt() {
        return startedAt;
    }

    /** How long ago the call came in, in nanoseconds of the monotonic clock. */
    public long elapsedNanos() {
        return System.nanoTime() - startedNanos;
    }

    /** When something happened that the monotonic clock told as {@code nanos}. */
    public Instant at(long nanos) {
        return startedAt.plusNanos(nanos - startedNanos);
    }

    /** What the call has used so far. */
    public Metering metering() {
        return metering;
    }

    /** Has the response carry a header, in addition to those that its shape says. */
    public synchronized void addResponseHeader(String name, String value) {
        if (responseHeaders.isEmpty()) {
            responseHeaders = new ArrayList<>(4);
        }
        responseHeaders.add(Map.entry(name, value));
    }

    /** Has the response say this success instead of its operation's, of which some have two. */
    public synchronized void answerWith(int status) {
        successStatus = OptionalInt.of(status);
    }

    /** What {@link #answerWith} said. */
    public synchronized OptionalInt successStatus() {
        return successStatus;
    }

    /** The headers that were added, in their order. */
    public synchronized List<Map.Entry<String, String>> responseHeaders() {
        return List.copyOf(responseHeaders);
    }

    /** A context with the values of this one that can be changed; it meters and answers for itself. */
    public Builder toBuilder() {
        return new Builder()
                .account(account)
                .region(region)
                .principal(principal)
                .requestId(requestId)
                .sourceAddress(sourceAddress)
                .userAgent(userAgent)
                .endpoint(endpoint)
                .referer(referer)
                .traceParent(traceParent)
                .callingService(callingService)
                .calledVia(calledVia)
                .sourceArn(sourceArn)
                .secureTransport(secureTransport)
                .client(client)
                .startedAt(startedAt);
    }

    /** Collects the values of a context. */
    public static final class Builder {
        private String account;
        private String region = "us-east-1";
        private Principal principal = Principal.ANONYMOUS;
        private String requestId;
        private String sourceAddress = "127.0.0.1";
        private String userAgent = "";
        private Optional<String> endpoint = Optional.empty();
        private Optional<String> referer = Optional.empty();
        private Optional<String> traceParent = Optional.empty();
        private Optional<String> callingService = Optional.empty();
        private List<String> calledVia = List.of();
        private Optional<String> sourceArn = Optional.empty();
        private boolean secureTransport;
        private Optional<RequestSignature> signature = Optional.empty();
        private boolean contentVerified = true;
        private ClientPresence client = ClientPresence.ALWAYS;
        private Instant startedAt;

        private Builder() {}

        /** The account that the call is made in, if not the principal's own. */
        public Builder account(String account) {
            this.account = account;
            return this;
        }

        public Builder region(String region) {
            this.region = region;
            return this;
        }

        public Builder principal(Principal principal) {
            this.principal = principal;
            return this;
        }

        /** Required. */
        public Builder requestId(String requestId) {
            this.requestId = requestId;
            return this;
        }

        public Builder sourceAddress(String sourceAddress) {
            this.sourceAddress = sourceAddress;
            return this;
        }

        public Builder userAgent(String userAgent) {
            this.userAgent = userAgent;
            return this;
        }

        /** Scheme, host and port by which the client reached this server. */
        public Builder endpoint(Optional<String> endpoint) {
            this.endpoint = endpoint;
            return this;
        }

        /** The header of that name. */
        public Builder referer(Optional<String> referer) {
            this.referer = referer;
            return this;
        }

        /** The header of that name, well-formed or not. */
        public Builder traceParent(Optional<String> traceParent) {
            this.traceParent = traceParent;
            return this;
        }

        public Builder callingService(Optional<String> callingService) {
            this.callingService = callingService;
            return this;
        }

        public Builder calledVia(List<String> calledVia) {
            this.calledVia = calledVia;
            return this;
        }

        /** The resource on whose behalf a service calls in its own name. */
        public Builder sourceArn(Optional<String> sourceArn) {
            this.sourceArn = sourceArn;
            return this;
        }

        public Builder secureTransport(boolean secureTransport) {
            this.secureTransport = secureTransport;
            return this;
        }

        /** How the request was signed. */
        public Builder signature(Optional<RequestSignature> signature) {
            this.signature = signature;
            return this;
        }

        /** Whether the body was compared with a checksum or a digest that came with it. */
        public Builder contentVerified(boolean contentVerified) {
            this.contentVerified = contentVerified;
            return this;
        }

        /** Whoever waits for the answer; by default nobody who could go. */
        public Builder client(ClientPresence client) {
            this.client = client;
            return this;
        }

        public Builder startedAt(Instant startedAt) {
            this.startedAt = startedAt;
            return this;
        }

        public CallContext build() {
            return new CallContext(this);
        }
    }
}
