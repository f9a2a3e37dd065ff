package dev.outcrop.services.sts;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Principal;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityRequest;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;

/** Says who a caller is. */
public final class StsService implements StsClient {
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
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // Holds nothing.
    }
}
