package dev.outcrop.services.bedrock;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.ProtectedResources;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.jobs.Chore;
import dev.outcrop.kernel.record.UsageEntries;
import dev.outcrop.services.batch.BatchJobs;
import dev.outcrop.services.foundationmodels.FoundationModel;
import dev.outcrop.services.foundationmodels.FoundationModels;
import dev.outcrop.services.foundationmodels.InstalledModels;
import dev.outcrop.services.foundationmodels.InstalledModels.InstalledModel.Kind;
import dev.outcrop.services.guardrails.Guardrails;
import dev.outcrop.services.invocationlogs.InvocationLogs;
import dev.outcrop.services.modelunits.ModelUnits;
import dev.outcrop.storage.Journal;
import dev.outcrop.storage.Records;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
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
import software.amazon.awssdk.services.bedrock.model.CreateModelInvocationJobRequest;
import software.amazon.awssdk.services.bedrock.model.CreateModelInvocationJobResponse;
import software.amazon.awssdk.services.bedrock.model.CreateProvisionedModelThroughputRequest;
import software.amazon.awssdk.services.bedrock.model.CreateProvisionedModelThroughputResponse;
import software.amazon.awssdk.services.bedrock.model.DeleteFoundationModelAgreementRequest;
import software.amazon.awssdk.services.bedrock.model.DeleteFoundationModelAgreementResponse;
import software.amazon.awssdk.services.bedrock.model.DeleteGuardrailRequest;
import software.amazon.awssdk.services.bedrock.model.DeleteGuardrailResponse;
import software.amazon.awssdk.services.bedrock.model.DeleteInferenceProfileRequest;
import software.amazon.awssdk.services.bedrock.model.DeleteInferenceProfileResponse;
import software.amazon.awssdk.services.bedrock.model.DeleteModelInvocationLoggingConfigurationRequest;
import software.amazon.awssdk.services.bedrock.model.DeleteModelInvocationLoggingConfigurationResponse;
import software.amazon.awssdk.services.bedrock.model.DeleteProvisionedModelThroughputRequest;
import software.amazon.awssdk.services.bedrock.model.DeleteProvisionedModelThroughputResponse;
import software.amazon.awssdk.services.bedrock.model.EntitlementAvailability;
import software.amazon.awssdk.services.bedrock.model.GetFoundationModelAvailabilityRequest;
import software.amazon.awssdk.services.bedrock.model.GetFoundationModelAvailabilityResponse;
import software.amazon.awssdk.services.bedrock.model.GetFoundationModelRequest;
import software.amazon.awssdk.services.bedrock.model.GetFoundationModelResponse;
import software.amazon.awssdk.services.bedrock.model.GetGuardrailRequest;
import software.amazon.awssdk.services.bedrock.model.GetGuardrailResponse;
import software.amazon.awssdk.services.bedrock.model.GetInferenceProfileRequest;
import software.amazon.awssdk.services.bedrock.model.GetInferenceProfileResponse;
import software.amazon.awssdk.services.bedrock.model.GetModelInvocationJobRequest;
import software.amazon.awssdk.services.bedrock.model.GetModelInvocationJobResponse;
import software.amazon.awssdk.services.bedrock.model.GetModelInvocationLoggingConfigurationRequest;
import software.amazon.awssdk.services.bedrock.model.GetModelInvocationLoggingConfigurationResponse;
import software.amazon.awssdk.services.bedrock.model.GetProvisionedModelThroughputRequest;
import software.amazon.awssdk.services.bedrock.model.GetProvisionedModelThroughputResponse;
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
import software.amazon.awssdk.services.bedrock.model.ListModelInvocationJobsRequest;
import software.amazon.awssdk.services.bedrock.model.ListModelInvocationJobsResponse;
import software.amazon.awssdk.services.bedrock.model.ListProvisionedModelThroughputsRequest;
import software.amazon.awssdk.services.bedrock.model.ListProvisionedModelThroughputsResponse;
import software.amazon.awssdk.services.bedrock.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.bedrock.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.bedrock.model.PutModelInvocationLoggingConfigurationRequest;
import software.amazon.awssdk.services.bedrock.model.PutModelInvocationLoggingConfigurationResponse;
import software.amazon.awssdk.services.bedrock.model.PutUseCaseForModelAccessRequest;
import software.amazon.awssdk.services.bedrock.model.PutUseCaseForModelAccessResponse;
import software.amazon.awssdk.services.bedrock.model.RegionAvailability;
import software.amazon.awssdk.services.bedrock.model.StopModelInvocationJobRequest;
import software.amazon.awssdk.services.bedrock.model.StopModelInvocationJobResponse;
import software.amazon.awssdk.services.bedrock.model.TagResourceRequest;
import software.amazon.awssdk.services.bedrock.model.TagResourceResponse;
import software.amazon.awssdk.services.bedrock.model.UntagResourceRequest;
import software.amazon.awssdk.services.bedrock.model.UntagResourceResponse;
import software.amazon.awssdk.services.bedrock.model.UpdateGuardrailRequest;
import software.amazon.awssdk.services.bedrock.model.UpdateGuardrailResponse;
import software.amazon.awssdk.services.bedrock.model.UpdateProvisionedModelThroughputRequest;
import software.amazon.awssdk.services.bedrock.model.UpdateProvisionedModelThroughputResponse;

/**
 * Amazon Bedrock's control plane: which foundation models there are, agreements to use them, inference profiles,
 * guardrails, model units, logs of invocations and batches.
 */
public final class BedrockService implements BedrockClient, ProtectedResources {
    private final FoundationModelCatalog models;
    private final InferenceProfiles profiles;
    private final ModelAgreements agreements;
    private final ProvisionedThroughputs provisioned;
    private final ModelUnitHours hours;
    private final InvocationLogs logs;
    private final BatchJobs batches;
    private final Guardrails guardrails;
    private final BedrockTags tags;

    /**
     * The control plane over what AWS published and what is installed, its own things kept in {@code store}.
     *
     * @param units  what model units allow
     * @param logs   of what models are asked
     * @param usage  makes entries of what model units cost
     */
    public BedrockService(
            FoundationModels published,
            InstalledModels installed,
            Routing routing,
            Guardrails guardrails,
            ModelUnits units,
            InvocationLogs logs,
            BatchJobs batches,
            UsageEntries usage,
            Records records,
            Journal journal,
            ResourceStore store,
            Ids ids,
            InstantSource clock) {
        this.models = new FoundationModelCatalog(published, installed, routing);
        this.agreements = new ModelAgreements(models, store);
        this.profiles = new InferenceProfiles(new SystemProfiles(published), models, store, ids, clock);
        this.hours = new ModelUnitHours(records, journal, usage, clock);
        this.provisioned = new ProvisionedThroughputs(models, units, hours, store, ids, clock);
        this.logs = logs;
        this.batches = batches;
        this.guardrails = guardrails;
        this.tags = new BedrockTags(
                store.tags(),
                List.of(
                        profiles::taggable,
                        guardrails::taggable,
                        ofKind("provisioned-model", arn -> provisioned.get(arn).provisionedModelArn()),
                        ofKind("model-invocation-job", arn -> batches.get(arn).jobArn())));
    }

    private static Function<String, Optional<String>> ofKind(String kind, UnaryOperator<String> find) {
        return arn -> arn.contains(":" + kind + "/") ? Optional.of(find.apply(arn)) : Optional.empty();
    }

    /** Charges the hours of model units. */
    public Chore chore() {
        return hours.chore();
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
    public CreateModelInvocationJobResponse createModelInvocationJob(CreateModelInvocationJobRequest request) {
        return batches.create(request, modelArn(request.modelId()), BedrockTags.byKey(request.tags()));
    }

    /** ARN of the model or inference profile with {@code identifier}. */
    private String modelArn(String identifier) {
        if (identifier.contains(":custom-model/")) {
            throw AwsError.notImplemented("bedrock", "CreateModelInvocationJob with a custom model");
        }
        return identifier.contains("inference-profile/") || profiles.isSystemDefined(identifier)
                ? profiles.get(identifier).inferenceProfileArn()
                : FoundationModelCatalog.arn(models.find(identifier).id());
    }

    @Override
    public CreateProvisionedModelThroughputResponse createProvisionedModelThroughput(
            CreateProvisionedModelThroughputRequest request) {
        return provisioned.create(request);
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
    public DeleteModelInvocationLoggingConfigurationResponse deleteModelInvocationLoggingConfiguration(
            DeleteModelInvocationLoggingConfigurationRequest request) {
        logs.stop();
        return DeleteModelInvocationLoggingConfigurationResponse.builder().build();
    }

    @Override
    public DeleteProvisionedModelThroughputResponse deleteProvisionedModelThroughput(
            DeleteProvisionedModelThroughputRequest request) {
        provisioned.delete(request.provisionedModelId());
        return DeleteProvisionedModelThroughputResponse.builder().build();
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
    public GetModelInvocationJobResponse getModelInvocationJob(GetModelInvocationJobRequest request) {
        return batches.get(request.jobIdentifier());
    }

    @Override
    public GetModelInvocationLoggingConfigurationResponse getModelInvocationLoggingConfiguration(
            GetModelInvocationLoggingConfigurationRequest request) {
        return logs.configuration();
    }

    @Override
    public GetProvisionedModelThroughputResponse getProvisionedModelThroughput(
            GetProvisionedModelThroughputRequest request) {
        return provisioned.get(request.provisionedModelId());
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
    public ListModelInvocationJobsResponse listModelInvocationJobs(ListModelInvocationJobsRequest request) {
        return batches.list(request);
    }

    @Override
    public ListProvisionedModelThroughputsResponse listProvisionedModelThroughputs(
            ListProvisionedModelThroughputsRequest request) {
        return provisioned.list(request);
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest request) {
        return ListTagsForResourceResponse.builder()
                .tags(tags.of(request.resourceARN()))
                .build();
    }

    @Override
    public PutModelInvocationLoggingConfigurationResponse putModelInvocationLoggingConfiguration(
            PutModelInvocationLoggingConfigurationRequest request) {
        logs.configure(request.loggingConfig());
        return PutModelInvocationLoggingConfigurationResponse.builder().build();
    }

    @Override
    public PutUseCaseForModelAccessResponse putUseCaseForModelAccess(PutUseCaseForModelAccessRequest request) {
        agreements.putUseCase(request.formData());
        return PutUseCaseForModelAccessResponse.builder().build();
    }

    @Override
    public StopModelInvocationJobResponse stopModelInvocationJob(StopModelInvocationJobRequest request) {
        batches.stop(request.jobIdentifier());
        return StopModelInvocationJobResponse.builder().build();
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
    public UpdateProvisionedModelThroughputResponse updateProvisionedModelThroughput(
            UpdateProvisionedModelThroughputRequest request) {
        provisioned.update(request);
        return UpdateProvisionedModelThroughputResponse.builder().build();
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
