package dev.outcrop.services.sts;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.EncodedDenials;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.ProtectedResources;
import dev.outcrop.kernel.policy.Policy;
import dev.outcrop.kernel.policy.PolicyUse;
import dev.outcrop.kernel.policy.ResourcePolicy;
import dev.outcrop.services.iam.IamDirectory;
import dev.outcrop.services.iam.KeyIds;
import dev.outcrop.services.iam.MfaDevices;
import dev.outcrop.services.iam.OpenIdProviders;
import dev.outcrop.services.iam.SamlProviders;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleResponse;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithSamlRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithSamlResponse;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithWebIdentityRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithWebIdentityResponse;
import software.amazon.awssdk.services.sts.model.DecodeAuthorizationMessageRequest;
import software.amazon.awssdk.services.sts.model.DecodeAuthorizationMessageResponse;
import software.amazon.awssdk.services.sts.model.GetAccessKeyInfoRequest;
import software.amazon.awssdk.services.sts.model.GetAccessKeyInfoResponse;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityRequest;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;
import software.amazon.awssdk.services.sts.model.GetFederationTokenRequest;
import software.amazon.awssdk.services.sts.model.GetFederationTokenResponse;
import software.amazon.awssdk.services.sts.model.GetSessionTokenRequest;
import software.amazon.awssdk.services.sts.model.GetSessionTokenResponse;

/** Says who a caller is, and gives out temporary credentials: each operation is done by the class that owns the matter. */
public final class StsService implements StsClient, ProtectedResources {
    /** What a role that does not exist says: it trusts nobody who could call. */
    private static final ResourcePolicy NOBODY = new ResourcePolicy(Policy.parse("""
                    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
                     "Principal": {"Service": "nobody.amazonaws.com"}}}""", PolicyUse.TRUST), true);

    private final IamDirectory directory;
    private final EncodedDenials denials;
    private final SecondFactor secondFactor;
    private final AssumedRoles roles;
    private final UserSessions users;
    private final WebIdentities webIdentities;
    private final SamlIdentities samlIdentities;

    public StsService(
            IamDirectory directory,
            TemporaryKeys keys,
            MfaDevices mfaDevices,
            OpenIdProviders openIdProviders,
            SamlProviders samlProviders,
            EncodedDenials denials,
            InstantSource clock) {
        this.directory = directory;
        this.denials = denials;
        SessionPolicies policies = new SessionPolicies(directory);
        FederatedTrust trust = new FederatedTrust(directory);
        secondFactor = new SecondFactor(mfaDevices, clock);
        roles = new AssumedRoles(directory, policies, secondFactor, keys, clock);
        users = new UserSessions(directory, policies, secondFactor, keys, clock);
        webIdentities = new WebIdentities(openIdProviders, trust, roles, clock);
        samlIdentities = new SamlIdentities(samlProviders, trust, roles, clock);
    }

    @Override
    public AssumeRoleResponse assumeRole(AssumeRoleRequest request) {
        return roles.assumeRole(request);
    }

    @Override
    public AssumeRoleWithSamlResponse assumeRoleWithSAML(AssumeRoleWithSamlRequest request) {
        return samlIdentities.assumeRole(request);
    }

    @Override
    public AssumeRoleWithWebIdentityResponse assumeRoleWithWebIdentity(AssumeRoleWithWebIdentityRequest request) {
        return webIdentities.assumeRole(request);
    }

    @Override
    public DecodeAuthorizationMessageResponse decodeAuthorizationMessage(DecodeAuthorizationMessageRequest request) {
        return DecodeAuthorizationMessageResponse.builder()
                .decodedMessage(denials.decoded(request.encodedMessage()))
                .build();
    }

    @Override
    public GetAccessKeyInfoResponse getAccessKeyInfo(GetAccessKeyInfoRequest request) {
        return GetAccessKeyInfoResponse.builder()
                .account(KeyIds.account(request.accessKeyId())
                        .orElseThrow(() -> AwsError.validation(
                                "The access key " + request.accessKeyId() + " is not of any account")))
                .build();
    }

    @Override
    public GetCallerIdentityResponse getCallerIdentity(GetCallerIdentityRequest request) {
        Principal caller = CallContext.current().principal();
        return GetCallerIdentityResponse.builder()
                .userId(caller.id())
                .account(caller.account())
                .arn(caller.arn())
                .build();
    }

    @Override
    public GetFederationTokenResponse getFederationToken(GetFederationTokenRequest request) {
        return users.getFederationToken(request);
    }

    @Override
    public GetSessionTokenResponse getSessionToken(GetSessionTokenRequest request) {
        return users.getSessionToken(request);
    }

    /** Trust policies are the policies of roles; a role that is not there trusts nobody. */
    @Override
    public Optional<ResourcePolicy> resourcePolicy(String arn) {
        return arn.contains(":role/")
                ? Optional.of(directory
                        .findRole(arn)
                        .map(IamDirectory.KnownRole::trust)
                        .orElse(NOBODY))
                : Optional.empty();
    }

    @Override
    public Optional<Instant> secondFactor(SdkRequest request) {
        return secondFactor.given(request);
    }

    @Override
    public Map<String, String> tags(String arn) {
        return directory.findRole(arn).map(IamDirectory.KnownRole::tags).orElse(Map.of());
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // Holds nothing.
    }
}
