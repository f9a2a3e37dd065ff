/** The catalog of models, and where they are fetched from. */
package dev.outcrop.engines.models;
