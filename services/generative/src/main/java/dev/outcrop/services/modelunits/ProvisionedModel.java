package dev.outcrop.services.modelunits;

/**
 * Units of a model that an account has bought.
 *
 * @param arn     of the provisioned model
 * @param modelId the foundation model's
 * @param units   how many
 */
public record ProvisionedModel(String arn, String modelId, int units) {}
