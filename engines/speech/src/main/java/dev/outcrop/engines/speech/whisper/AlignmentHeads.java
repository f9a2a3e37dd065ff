package dev.outcrop.engines.speech.whisper;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The heads of the decoder's cross-attention that follow the sound, by which words get their times.
 *
 * <p>Source: the heads that OpenAI names for each model; where the model is another one, all heads of the upper half of
 * the layers, as OpenAI's code does.
 */
record AlignmentHeads(List<Head> heads) {
    record Head(int layer, int number) {}

    private static final AlignmentHeads BASE = of(3, 1, 4, 2, 4, 3, 4, 7, 5, 1, 5, 2, 5, 4, 5, 6);

    private static AlignmentHeads of(int... pairs) {
        return new AlignmentHeads(IntStream.range(0, pairs.length / 2)
                .mapToObj(i -> new Head(pairs[2 * i], pairs[2 * i + 1]))
                .toList());
    }

    static AlignmentHeads of(Dimensions dimensions) {
        if (dimensions.decoderLayers() == 6 && dimensions.width() == 512) {
            return BASE;
        }
        return new AlignmentHeads(IntStream.range(dimensions.decoderLayers() / 2, dimensions.decoderLayers())
                .boxed()
                .flatMap(layer -> IntStream.range(0, dimensions.heads()).mapToObj(head -> new Head(layer, head)))
                .toList());
    }

    /** The numbers of the heads of a layer. */
    long[] inLayer(int layer) {
        return heads.stream()
                .filter(head -> head.layer() == layer)
                .mapToLong(Head::number)
                .toArray();
    }
}
