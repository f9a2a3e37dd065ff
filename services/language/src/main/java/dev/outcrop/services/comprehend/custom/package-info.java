/** Models that users train: classifiers and recognisers, their training, endpoints, flywheels, policies and tags. */
package dev.outcrop.services.comprehend.custom;
