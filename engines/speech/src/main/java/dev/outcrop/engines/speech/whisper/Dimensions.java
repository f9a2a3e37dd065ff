package dev.outcrop.engines.speech.whisper;

import dev.outcrop.engines.speech.SpeechException;
import dev.outcrop.engines.speech.SpeechException.Category;

/**
 * The sizes of a Whisper model.
 *
 * @param width          values a position
 * @param inner          values in the middle of a feed-forward block
 * @param bands          bands of the mel spectrogram
 * @param audioPositions positions of half a minute, each of two frames
 * @param textPositions  tokens that the decoder can see
 * @param vocabulary     tokens that there are
 * @param encoderLayers  layers of the encoder
 * @param decoderLayers  layers of the decoder
 */
record Dimensions(
        int width,
        int inner,
        int bands,
        int audioPositions,
        int textPositions,
        int vocabulary,
        int encoderLayers,
        int decoderLayers) {
    /** Values of an attention head in every Whisper model. */
    static final int HEAD_WIDTH = 64;

    private static final int WIDEST = 4096;
    private static final int MOST_LAYERS = 64;

    Dimensions {
        check("width", width, HEAD_WIDTH, WIDEST);
        check("inner width", inner, HEAD_WIDTH, 4 * WIDEST);
        check("number of mel bands", bands, 80, 128);
        check("number of audio positions", audioPositions, 1500, 1500);
        check("number of text positions", textPositions, 448, 448);
        check("vocabulary", vocabulary, 51_864, 51_866);
        check("number of encoder layers", encoderLayers, 1, MOST_LAYERS);
        check("number of decoder layers", decoderLayers, 1, MOST_LAYERS);
        if (width % HEAD_WIDTH != 0) {
            throw new SpeechException(
                    Category.MODEL, "a Whisper model's width must be a multiple of 64, but is " + width);
        }
    }

    private static void check(String what, int value, int lowest, int highest) {
        if (value < lowest || value > highest) {
            throw new SpeechException(
                    Category.MODEL,
                    "a Whisper model's " + what + " must be between " + lowest + " and " + highest + ", but is "
                            + value);
        }
    }

    static Dimensions of(ConvertedWeights weights) {
        return new Dimensions(
                size(weights, "decoder/embeddings/weight", 1),
                size(weights, "encoder/layer_0/ffn/linear_0/weight", 0),
                size(weights, "encoder/conv1/weight", 1),
                size(weights, "encoder/position_encodings/encodings", 0),
                size(weights, "decoder/position_encodings/encodings", 0),
                size(weights, "decoder/embeddings/weight", 0),
                weights.layers("encoder/layer_"),
                weights.layers("decoder/layer_"));
    }

    private static int size(ConvertedWeights weights, String name, int dimension) {
        if (weights.shape(name).size() <= dimension) {
            throw new SpeechException(Category.MODEL, name + " must have more than " + dimension + " dimensions");
        }
        return weights.shape(name).get(dimension);
    }

    int heads() {
        return width / HEAD_WIDTH;
    }
}
