package dev.hadron.model.arch;

/**
 * Rotary position embedding of a model.
 *
 * @param theta the base of the frequencies
 * @param width the elements of a head, all of which are rotated
 * @param positions how many positions the model was made for
 * @param scaling how frequencies are stretched
 */
public record Rope(double theta, int width, int positions, RopeScaling scaling) {
    /** What the cosines and sines are multiplied by. */
    public double attentionFactor() {
        return scaling instanceof RopeScaling.Yarn yarn ? yarn.attentionFactor() : 1;
    }

    /** The frequency of each pair of elements for sequences of that length, in float32. */
    public float[] frequencies(int length) {
        return switch (scaling) {
            case RopeScaling.None unused -> base(theta);
            case RopeScaling.Linear(double factor) -> divided(base(theta), factor);
            case RopeScaling.Dynamic(double factor) -> base(stretchedBase(factor, length));
            case RopeScaling.Llama3 llama3 -> llama3(llama3);
            case RopeScaling.Yarn yarn -> yarn(yarn);
        };
    }

    /** Whether sequences of two lengths turn by different angles. */
    boolean dependsOn(int length, int other) {
        return scaling instanceof RopeScaling.Dynamic && Math.max(length, positions) != Math.max(other, positions);
    }

    private float[] base(double base) {
        float[] frequencies = new float[width / 2];
        for (int k = 0; k < frequencies.length; k++) {
            float exponent = 2f * k / width;
            frequencies[k] = 1f / (float) Math.pow(base, exponent);
        }
        return frequencies;
    }

    private static float[] divided(float[] frequencies, double factor) {
        float[] divided = new float[frequencies.length];
        for (int k = 0; k < divided.length; k++) {
            divided[k] = (float) (frequencies[k] / factor);
        }
        return divided;
    }

    private double stretchedBase(double factor, int length) {
        double ratio = (double) Math.max(length, positions) / positions;
        return theta * Math.pow(factor * ratio - (factor - 1), width / (width - 2.0));
    }

    private float[] llama3(RopeScaling.Llama3 llama3) {
        float[] frequencies = base(theta);
        double longest = llama3.originalPositions() / llama3.lowFrequencyFactor();
        double shortest = llama3.originalPositions() / llama3.highFrequencyFactor();
        for (int k = 0; k < frequencies.length; k++) {
            double wavelength = 2 * Math.PI / frequencies[k];
            if (wavelength > longest) {
                frequencies[k] = (float) (frequencies[k] / llama3.factor());
            } else if (wavelength >= shortest) {
                double smooth = (llama3.originalPositions() / wavelength - llama3.lowFrequencyFactor())
                        / (llama3.highFrequencyFactor() - llama3.lowFrequencyFactor());
                frequencies[k] = (float) ((1 - smooth) * frequencies[k] / llama3.factor() + smooth * frequencies[k]);
            }
        }
        return frequencies;
    }

    private float[] yarn(RopeScaling.Yarn yarn) {
        double low = dimensionOfRotations(yarn.betaFast(), yarn.originalPositions());
        double high = dimensionOfRotations(yarn.betaSlow(), yarn.originalPositions());
        if (yarn.truncate()) {
            low = Math.floor(low);
            high = Math.ceil(high);
        }
        low = Math.max(low, 0);
        high = Math.min(high, width - 1.0);
        if (low == high) {
            high += 0.001;
        }
        float[] frequencies = base(theta);
        for (int k = 0; k < frequencies.length; k++) {
            double ramp = Math.clamp((k - low) / (high - low), 0.0, 1.0);
            frequencies[k] = (float) (frequencies[k] / yarn.factor() * ramp + frequencies[k] * (1 - ramp));
        }
        return frequencies;
    }

    /** The pair of elements that turns that often over the original positions. */
    private double dimensionOfRotations(double rotations, int originalPositions) {
        return width * Math.log(originalPositions / (rotations * 2 * Math.PI)) / (2 * Math.log(theta));
    }
}
