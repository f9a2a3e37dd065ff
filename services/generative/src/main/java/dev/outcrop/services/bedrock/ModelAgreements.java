package dev.outcrop.services.bedrock;

import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.Resources;
import dev.outcrop.services.foundationmodels.FoundationModel;
import dev.outcrop.services.foundationmodels.InstalledModels.InstalledModel;
import dev.outcrop.services.foundationmodels.InstalledModels.InstalledModel.Licence;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.bedrock.model.AgreementStatus;
import software.amazon.awssdk.services.bedrock.model.CreateFoundationModelAgreementRequest;
import software.amazon.awssdk.services.bedrock.model.CreateFoundationModelAgreementResponse;
import software.amazon.awssdk.services.bedrock.model.GetUseCaseForModelAccessResponse;
import software.amazon.awssdk.services.bedrock.model.Offer;
import software.amazon.awssdk.services.bedrock.model.ResourceNotFoundException;
import software.amazon.awssdk.services.bedrock.model.ValidationException;

/**
 * What accounts have agreed to. A model's provider on AWS asks for nothing here; what is offered is the licence of the
 * model that answers for it. It is kept who has accepted which, and an agreement holds as long as that same licence
 * answers; nothing is locked without one. The use case that an account has stated is kept and given back.
 *
 * <p>Source: Amazon Bedrock User Guide, "Access Amazon Bedrock foundation models", part on the APIs.
 */
final class ModelAgreements {
    private static final String USE_CASE = "use-case";

    private final FoundationModelCatalog models;
    private final Resources<Offer> agreements;
    private final Resources<GetUseCaseForModelAccessResponse> useCases;

    ModelAgreements(FoundationModelCatalog models, ResourceStore store) {
        this.models = models;
        this.agreements = store.resources("bedrock:foundation-model-agreement", Offer::builder)
                .global();
        this.useCases = store.resources("bedrock:use-case-for-model-access", GetUseCaseForModelAccessResponse::builder)
                .global();
    }

    /** The licence of the model that answers for {@code model}; none where nothing does, or an endpoint has its own terms. */
    List<Offer> offers(FoundationModel model) {
        return models
                .answering(model)
                .filter(answering -> !answering.licence().name().isEmpty())
                .map(answering -> offer(model, answering))
                .stream()
                .toList();
    }

    private static Offer offer(FoundationModel model, InstalledModel answering) {
        Licence licence = answering.licence();
        String token = String.join("\n", model.id(), answering.id(), licence.name());
        return Offer.builder()
                .offerId("offer-" + answering.id())
                .offerToken(
                        Base64.getUrlEncoder().withoutPadding().encodeToString(token.getBytes(StandardCharsets.UTF_8)))
                .termDetails(terms -> terms.legalTerm(
                                legal -> legal.url(licence.url().isEmpty() ? null : licence.url()))
                        .supportTerm(support -> support.refundPolicyDescription(
                                answering.name() + " answers, under " + licence.name() + ". Nothing is charged."))
                        .usageBasedPricingTerm(pricing -> pricing.rateCard(List.of())))
                .build();
    }

    /**
     * Accepts an offer.
     *
     * @throws ValidationException if the token is not that of an offer for the model
     */
    CreateFoundationModelAgreementResponse accept(CreateFoundationModelAgreementRequest request) {
        FoundationModel model = models.find(request.modelId());
        Offer offer = offers(model).stream()
                .filter(offered -> offered.offerToken().equals(request.offerToken()))
                .findAny()
                .orElseThrow(() -> ValidationException.builder()
                        .message("The provided offer token is invalid.")
                        .build());
        // Who agrees to another licence than before has done with the earlier one.
        if (agreements.find(model.id()).filter(agreed -> !agreed.equals(offer)).isPresent()) {
            agreements.put(model.id(), offer);
        } else {
            agreements.insert(model.id(), offer);
        }
        return CreateFoundationModelAgreementResponse.builder()
                .modelId(model.id())
                .build();
    }

    /**
     * Takes an agreement back.
     *
     * @throws ResourceNotFoundException if there is none
     */
    void revoke(String modelId) {
        FoundationModel model = models.find(modelId);
        if (!agreements.delete(model.id())) {
            throw missing("No agreement exists for the model " + model.id() + ".");
        }
    }

    /** Whether what answers may be used: its licence is a usual open one, or was accepted. */
    AgreementStatus status(FoundationModel model) {
        Optional<InstalledModel> answering = models.answering(model);
        boolean asks = answering.filter(one -> one.licence().ownConditions()).isPresent();
        boolean agreed =
                agreements.find(model.id()).filter(offers(model)::contains).isPresent();
        return !asks || agreed ? AgreementStatus.AVAILABLE : AgreementStatus.NOT_AVAILABLE;
    }

    void putUseCase(SdkBytes form) {
        useCases.put(
                USE_CASE,
                GetUseCaseForModelAccessResponse.builder().formData(form).build());
    }

    /**
     * The use case that the account has stated.
     *
     * @throws ResourceNotFoundException if it has stated none
     */
    GetUseCaseForModelAccessResponse useCase() {
        return useCases.find(USE_CASE)
                .orElseThrow(() -> missing("No use case for model access has been submitted for this account."));
    }

    private static ResourceNotFoundException missing(String message) {
        return ResourceNotFoundException.builder().message(message).build();
    }
}
