package dev.hadron.numerics;

/**
 * The scales and zero points of a tensor, one of each per run of elements that share them. The arrays are handed over, not
 * copied.
 *
 * @param scale the widths of a step
 * @param zeroPoint the codes of zero; zeros where the format has none
 */
@SuppressWarnings("ArrayRecordComponent") // a pair of columns, compared by nobody
public record QuantizationParameters(float[] scale, float[] zeroPoint) {
    /** Scales and zero points of as many runs. */
    public QuantizationParameters {
        if (scale.length != zeroPoint.length) {
            throw new IllegalArgumentException(scale.length + " scales but " + zeroPoint.length + " zero points");
        }
    }

    /** Room for that many runs. */
    public static QuantizationParameters ofRuns(int runs) {
        return new QuantizationParameters(new float[runs], new float[runs]);
    }

    /** Those of one run. */
    public static QuantizationParameters of(ScaleFormula.Parameters one) {
        return new QuantizationParameters(new float[] {one.scale()}, new float[] {one.zeroPoint()});
    }

    /** How many runs. */
    public int runs() {
        return scale.length;
    }
}
