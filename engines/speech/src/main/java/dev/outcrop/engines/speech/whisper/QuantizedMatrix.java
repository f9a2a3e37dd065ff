package dev.outcrop.engines.speech.whisper;

/**
 * A matrix in bytes, with a scale for each of its columns.
 *
 * @param values row by row, [inputs, outputs]
 * @param scales what one step of each column stands for
 */
record QuantizedMatrix(int inputs, int outputs, byte[] values, float[] scales) {
    private static final int STEPS = 127;

    /**
     * Quantises a layer's weights.
     *
     * @param weights [outputs, inputs], as layers are stored
     */
    static QuantizedMatrix of(float[] weights, int outputs, int inputs) {
        byte[] values = new byte[weights.length];
        float[] scales = new float[outputs];
        for (int output = 0; output < outputs; output++) {
            float largest = 0;
            for (int input = 0; input < inputs; input++) {
                largest = Math.max(largest, Math.abs(weights[output * inputs + input]));
            }
            // A row of zeros has any scale.
            float scale = largest == 0 ? 1 : largest / STEPS;
            scales[output] = scale;
            for (int input = 0; input < inputs; input++) {
                values[input * outputs + output] = (byte) Math.round(weights[output * inputs + input] / scale);
            }
        }
        return new QuantizedMatrix(inputs, outputs, values, scales);
    }
}
