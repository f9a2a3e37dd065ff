package dev.outcrop.server;

import dev.outcrop.kernel.AccessKeys;
import dev.outcrop.kernel.BearerKeys;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.identity.DevelopmentKeys;
import dev.outcrop.kernel.identity.StoredAccessKeys;
import dev.outcrop.kernel.policy.CompiledPolicies;
import dev.outcrop.services.iam.IamAccessKeys;
import dev.outcrop.services.iam.IamDirectory;
import dev.outcrop.services.iam.LastUses;
import dev.outcrop.services.iam.MfaDevices;
import dev.outcrop.services.iam.OpenIdProviders;
import dev.outcrop.services.iam.SamlProviders;
import dev.outcrop.services.iam.ServiceCredentials;
import dev.outcrop.services.sts.TemporaryKeys;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.Secrets;
import java.time.InstantSource;

/** Who there is: the keys of people, programs and services, and what IAM knows of them. */
record Identity(
        IamDirectory directory,
        LastUses lastUses,
        MfaDevices mfaDevices,
        OpenIdProviders openIdProviders,
        SamlProviders samlProviders,
        ServiceCredentials apiKeys,
        TemporaryKeys temporaryKeys,
        AccessKeys keys,
        BearerKeys bearerKeys) {
    /**
     * The identities of this house.
     *
     * @param stored the keys that the server itself has made
     * @param development whether the keys that everybody knows are accepted
     */
    static Identity of(
            ResourceStore resources,
            Records records,
            Secrets secrets,
            StoredAccessKeys stored,
            boolean development,
            Parts parts,
            Ids ids,
            InstantSource clock) {
        IamDirectory directory = new IamDirectory(resources, records, new CompiledPolicies());
        ServiceCredentials apiKeys = new ServiceCredentials(directory, ids, clock);
        IamAccessKeys userKeys = new IamAccessKeys(directory, secrets);
        TemporaryKeys temporaryKeys = new TemporaryKeys(records, secrets, ids, clock);
        DevelopmentKeys developmentKeys = new DevelopmentKeys();
        // Users' keys are remembered, and temporary ones known by their look: only stored ones need a look at the disk.
        AccessKeys kept =
                id -> userKeys.find(id).or(() -> temporaryKeys.find(id)).or(() -> stored.find(id));
        return new Identity(
                directory,
                parts.closedAtTheEnd(new LastUses(resources, records, clock)),
                new MfaDevices(directory, secrets, clock),
                new OpenIdProviders(directory, clock),
                new SamlProviders(directory, ids, clock),
                apiKeys,
                temporaryKeys,
                // No stored key looks like one for development, so that those need no look into the store.
                development ? id -> developmentKeys.find(id).or(() -> kept.find(id)) : kept,
                development
                        ? token -> developmentKeys.bearerKeys().find(token).or(() -> apiKeys.find(token))
                        : apiKeys);
    }
}
