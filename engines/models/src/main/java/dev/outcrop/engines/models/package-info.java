/**
 * The catalog of models, where they are fetched from, and the folder where they are kept.
 *
 * <p>{@link dev.outcrop.engines.models.Catalog} says what models there are,
 * {@link dev.outcrop.engines.models.ModelSources} fetches their files, and
 * {@link dev.outcrop.engines.models.ModelStore} keeps them:
 *
 * <pre>{@code
 * Catalog catalog = Catalog.load(dataFolder.resolve("models.yaml"));
 * ModelStore store = ModelStore.open(ModelStore.defaultFolder(System.getenv()));
 * InstalledModel model = store.install(catalog.get("all-minilm-l6-v2"), Progress.NONE);
 * }</pre>
 */
package dev.outcrop.engines.models;
