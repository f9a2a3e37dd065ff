package dev.outcrop.engines.text;

import java.util.List;

/** The text models of the house, loaded when first asked for and unloaded when idle, within a memory budget. */
public interface TextModels extends AutoCloseable {
    /**
     * The model installed as {@code id}, loading it if need be. The model may be used until this house closes: one that
     * was unloaded in between is loaded again when it is used.
     *
     * @throws TextModelException of category {@link TextModelException.Category#NOT_FOUND} if no such model is installed
     */
    TextModel get(String id);

    /** What is loaded now. */
    List<LoadedTextModel> loaded();

    @Override
    void close();

    /**
     * A loaded model.
     *
     * @param residentBytes memory of its process; 0 for endpoints
     * @param generating    generations at work
     * @param queued        generations waiting
     */
    record LoadedTextModel(String id, long residentBytes, int generating, int queued) {}
}
