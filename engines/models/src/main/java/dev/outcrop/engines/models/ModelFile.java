package dev.outcrop.engines.models;

import java.util.List;

/**
 * A file that belongs to a model.
 *
 * @param name    the file's name in the model's folder
 * @param size    bytes; 0 where only the source knows
 * @param sha256  64 hexadecimal digits in lower case; empty where the source announces it (a hub) or is trusted as it
 *                is (a file of this machine)
 * @param sources where to look for it, first to last
 */
public record ModelFile(String name, long size, String sha256, List<Source> sources) {
    public ModelFile {
        sources = List.copyOf(sources);
    }
}
