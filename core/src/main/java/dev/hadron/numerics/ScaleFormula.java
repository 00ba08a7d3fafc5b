package dev.hadron.numerics;

import dev.hadron.dtype.NumberFormat;
import dev.hadron.dtype.WorkingType;

/** How the numbers of a run, which share a scale, become that scale, and what quantizes them under it. */
public sealed interface ScaleFormula permits RangeScale, MxScale, Nvfp4Scale, BfpScale, PairScale {
    /**
     * A scale and a zero point.
     *
     * @param zeroPoint a whole number but where a format says otherwise; 0 where it has none
     */
    record Parameters(float scale, float zeroPoint) {}

    /** What the codes mean. */
    NumberFormat format();

    /** The type that the tensor comes in and that results are rounded to. */
    WorkingType workingType();

    /** The scale and zero point of a run's range, which must be finite. */
    Parameters parameters(Range range);

    /** Quantization with that scale and zero point. */
    ElementQuantizer quantizer(float scale, float zeroPoint);

    /** How many neighbouring elements of a run have a scale of their own: all but where a run's scale is refined. */
    default long elementsPerScale(long length) {
        return length;
    }
}
