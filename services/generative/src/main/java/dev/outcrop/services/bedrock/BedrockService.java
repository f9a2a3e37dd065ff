package dev.outcrop.services.bedrock;

import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.ProtectedResources;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.services.foundationmodels.FoundationModel;
import dev.outcrop.services.foundationmodels.FoundationModels;
import dev.outcrop.services.foundationmodels.InstalledModels;
import dev.outcrop.services.foundationmodels.InstalledModels.InstalledModel.Kind;
import dev.outcrop.services.guardrails.Guardrails;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.bedrock.BedrockClient;
import software.amazon.awssdk.services.bedrock.model.AuthorizationStatus;
import software.amazon.awssdk.services.bedrock.model.CreateFoundationModelAgreementRequest;
import software.amazon.awssdk.services.bedrock.model.CreateFoundationModelAgreementResponse;
import software.amazon.awssdk.services.bedrock.model.CreateGuardrailRequest;
import software.amazon.awssdk.services.bedrock.model.CreateGuardrailResponse;
import software.amazon.awssdk.services.bedrock.model.CreateGuardrailVersionRequest;
import software.amazon.awssdk.services.bedrock.model.CreateGuardrailVersionResponse;
import software.amazon.awssdk.services.bedrock.model.CreateInferenceProfileRequest;
import software.amazon.awssdk.services.bedrock.model.CreateInferenceProfileResponse;
import software.amazon.awssdk.services.bedrock.model.DeleteFoundationModelAgreementRequest;
import software.amazon.awssdk.services.bedrock.model.DeleteFoundationModelAgreementResponse;
import software.amazon.awssdk.services.bedrock.model.DeleteGuardrailRequest;
import software.amazon.awssdk.services.bedrock.model.DeleteGuardrailResponse;
import software.amazon.awssdk.services.bedrock.model.DeleteInferenceProfileRequest;
import software.amazon.awssdk.services.bedrock.model.DeleteInferenceProfileResponse;
import software.amazon.awssdk.services.bedrock.model.EntitlementAvailability;
import software.amazon.awssdk.services.bedrock.model.GetFoundationModelAvailabilityRequest;
import software.amazon.awssdk.services.bedrock.model.GetFoundationModelAvailabilityResponse;
import software.amazon.awssdk.services.bedrock.model.GetFoundationModelRequest;
import software.amazon.awssdk.services.bedrock.model.GetFoundationModelResponse;
import software.amazon.awssdk.services.bedrock.model.GetGuardrailRequest;
import software.amazon.awssdk.services.bedrock.model.GetGuardrailResponse;
import software.amazon.awssdk.services.bedrock.model.GetInferenceProfileRequest;
import software.amazon.awssdk.services.bedrock.model.GetInferenceProfileResponse;
import software.amazon.awssdk.services.bedrock.model.GetUseCaseForModelAccessRequest;
import software.amazon.awssdk.services.bedrock.model.GetUseCaseForModelAccessResponse;
import software.amazon.awssdk.services.bedrock.model.ListFoundationModelAgreementOffersRequest;
import software.amazon.awssdk.services.bedrock.model.ListFoundationModelAgreementOffersResponse;
import software.amazon.awssdk.services.bedrock.model.ListFoundationModelsRequest;
import software.amazon.awssdk.services.bedrock.model.ListFoundationModelsResponse;
import software.amazon.awssdk.services.bedrock.model.ListGuardrailsRequest;
import software.amazon.awssdk.services.bedrock.model.ListGuardrailsResponse;
import software.amazon.awssdk.services.bedrock.model.ListInferenceProfilesRequest;
import software.amazon.awssdk.services.bedrock.model.ListInferenceProfilesResponse;
import software.amazon.awssdk.services.bedrock.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.bedrock.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.bedrock.model.PutUseCaseForModelAccessRequest;
import software.amazon.awssdk.services.bedrock.model.PutUseCaseForModelAccessResponse;
import software.amazon.awssdk.services.bedrock.model.RegionAvailability;
import software.amazon.awssdk.services.bedrock.model.TagResourceRequest;
import software.amazon.awssdk.services.bedrock.model.TagResourceResponse;
import software.amazon.awssdk.services.bedrock.model.UntagResourceRequest;
import software.amazon.awssdk.services.bedrock.model.UntagResourceResponse;
import software.amazon.awssdk.services.bedrock.model.UpdateGuardrailRequest;
import software.amazon.awssdk.services.bedrock.model.UpdateGuardrailResponse;

/** Amazon Bedrock's control plane: which foundation models there are, agreements to use them, inference profiles, and guardrails. */
public final class BedrockService implements BedrockClient, ProtectedResources {
    private final FoundationModelCatalog models;
    private final InferenceProfiles profiles;
    private final ModelAgreements agreements;
    private final Guardrails guardrails;
    private final BedrockTags tags;

    /** The control plane over what AWS published and what is installed, its own things kept in {@code store}. */
    public BedrockService(
            FoundationModels published,
            InstalledModels installed,
            Routing routing,
            Guardrails guardrails,
            ResourceStore store,
            Ids ids,
            InstantSource clock) {
        this.models = new FoundationModelCatalog(published, installed, routing);
        this.agreements = new ModelAgreements(models, store);
        this.profiles = new InferenceProfiles(new SystemProfiles(published), models, store, ids, clock);
        this.guardrails = guardrails;
        this.tags = new BedrockTags(store.tags(), List.of(profiles::taggable, guardrails::taggable));
    }

    /** Which installed model answers for an id of AWS's. */
    @FunctionalInterface
    public interface Routing {
        /** Id of the installed model that answers for {@code modelId}. */
        Optional<String> answering(String modelId, Kind kind);
    }

    @Override
    public CreateFoundationModelAgreementResponse createFoundationModelAgreement(
            CreateFoundationModelAgreementRequest request) {
        return agreements.accept(request);
    }

    @Override
    public CreateGuardrailResponse createGuardrail(CreateGuardrailRequest request) {
        return guardrails.create(request, BedrockTags.byKey(request.tags()));
    }

    @Override
    public CreateGuardrailVersionResponse createGuardrailVersion(CreateGuardrailVersionRequest request) {
        return guardrails.createVersion(request);
    }

    @Override
    public CreateInferenceProfileResponse createInferenceProfile(CreateInferenceProfileRequest request) {
        return profiles.create(request);
    }

    @Override
    public DeleteFoundationModelAgreementResponse deleteFoundationModelAgreement(
            DeleteFoundationModelAgreementRequest request) {
        agreements.revoke(request.modelId());
        return DeleteFoundationModelAgreementResponse.builder().build();
    }

    @Override
    public DeleteGuardrailResponse deleteGuardrail(DeleteGuardrailRequest request) {
        guardrails.delete(request);
        return DeleteGuardrailResponse.builder().build();
    }

    @Override
    public DeleteInferenceProfileResponse deleteInferenceProfile(DeleteInferenceProfileRequest request) {
        profiles.delete(request.inferenceProfileIdentifier());
        return DeleteInferenceProfileResponse.builder().build();
    }

    @Override
    public GetFoundationModelResponse getFoundationModel(GetFoundationModelRequest request) {
        return GetFoundationModelResponse.builder()
                .modelDetails(models.details(request.modelIdentifier()))
                .build();
    }

    /** Nobody has to be authorized here; a model is to be had once one is installed that answers for it. */
    @Override
    public GetFoundationModelAvailabilityResponse getFoundationModelAvailability(
            GetFoundationModelAvailabilityRequest request) {
        FoundationModel model = models.find(request.modelId());
        boolean answered = models.answering(model).isPresent();
        return GetFoundationModelAvailabilityResponse.builder()
                .modelId(model.id())
                .agreementAvailability(agreement -> agreement.status(agreements.status(model)))
                .authorizationStatus(AuthorizationStatus.AUTHORIZED)
                .entitlementAvailability(
                        answered ? EntitlementAvailability.AVAILABLE : EntitlementAvailability.NOT_AVAILABLE)
                .regionAvailability(answered ? RegionAvailability.AVAILABLE : RegionAvailability.NOT_AVAILABLE)
                .build();
    }

    @Override
    public GetGuardrailResponse getGuardrail(GetGuardrailRequest request) {
        return guardrails.get(request);
    }

    @Override
    public GetInferenceProfileResponse getInferenceProfile(GetInferenceProfileRequest request) {
        return profiles.get(request.inferenceProfileIdentifier());
    }

    @Override
    public GetUseCaseForModelAccessResponse getUseCaseForModelAccess(GetUseCaseForModelAccessRequest request) {
        return agreements.useCase();
    }

    @Override
    public ListFoundationModelAgreementOffersResponse listFoundationModelAgreementOffers(
            ListFoundationModelAgreementOffersRequest request) {
        FoundationModel model = models.find(request.modelId());
        return ListFoundationModelAgreementOffersResponse.builder()
                .modelId(model.id())
                .offers(agreements.offers(model))
                .build();
    }

    @Override
    public ListFoundationModelsResponse listFoundationModels(ListFoundationModelsRequest request) {
        return ListFoundationModelsResponse.builder()
                .modelSummaries(models.list(request))
                .build();
    }

    @Override
    public ListGuardrailsResponse listGuardrails(ListGuardrailsRequest request) {
        return guardrails.list(request);
    }

    @Override
    public ListInferenceProfilesResponse listInferenceProfiles(ListInferenceProfilesRequest request) {
        return profiles.list(request);
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest request) {
        return ListTagsForResourceResponse.builder()
                .tags(tags.of(request.resourceARN()))
                .build();
    }

    @Override
    public PutUseCaseForModelAccessResponse putUseCaseForModelAccess(PutUseCaseForModelAccessRequest request) {
        agreements.putUseCase(request.formData());
        return PutUseCaseForModelAccessResponse.builder().build();
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest request) {
        tags.add(request.resourceARN(), request.tags());
        return TagResourceResponse.builder().build();
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest request) {
        tags.remove(request.resourceARN(), request.tagKeys());
        return UntagResourceResponse.builder().build();
    }

    @Override
    public UpdateGuardrailResponse updateGuardrail(UpdateGuardrailRequest request) {
        return guardrails.update(request);
    }

    @Override
    public Map<String, String> tags(String arn) {
        return tags.ofResource(arn);
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // Holds nothing of its own.
    }
}
