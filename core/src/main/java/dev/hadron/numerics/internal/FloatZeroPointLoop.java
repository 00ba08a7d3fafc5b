package dev.hadron.numerics.internal;

import dev.hadron.dtype.IntFormat;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.WorkingType;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** {@link dev.hadron.numerics.FloatZeroPointQuantizer} over arrays. */
final class FloatZeroPointLoop implements ElementLoop {
    private final RoundType rounding;
    private final WorkingType workingType;
    private final WholeCodeLoop codeLoop;
    private float[] scratch = {};

    FloatZeroPointLoop(IntFormat format, RoundType rounding, WorkingType workingType) {
        this.rounding = rounding;
        this.workingType = workingType;
        codeLoop = new WholeCodeLoop(format, format.lowest(), format.highest(), true);
    }

    @Override
    public boolean covers(float scale, float zeroPoint, float largest) {
        return scale >= 0x1p-100f && scale <= 0x1p100f && Float.isFinite(zeroPoint);
    }

    @Override
    public void fakeQuantize(float scale, float zeroPoint, float[] x, int from, float[] y, int to, int count) {
        levels(scale, zeroPoint, x, from, y, to, count);
        codeLoop.round(y, to, count);
        values(scale, zeroPoint, y, to, count);
        WorkingTypeLoop.round(workingType, y, to, count);
    }

    @Override
    public void quantize(float scale, float zeroPoint, Tile x, CodeTile codes, int from, int count) {
        scratch = Lanes.grown(scratch, count);
        levels(scale, zeroPoint, x.floats(), from, scratch, 0, count);
        codeLoop.encode(scratch, codes, from, count);
    }

    @Override
    public void dequantize(float scale, float zeroPoint, byte[] codes, int from, float[] y, int to, int count) {
        codeLoop.decode(codes, from, y, to, count);
        values(scale, zeroPoint, y, to, count);
    }

    /** What is rounded half to even in the end: whole numbers already, where rounding is another. */
    private void levels(float scale, float zeroPoint, float[] x, int from, float[] y, int to, int count) {
        FloatVector inverse = FloatVector.broadcast(Lanes.FLOATS, 1f / scale);
        FloatVector zero = FloatVector.broadcast(Lanes.FLOATS, zeroPoint);
        for (int i = 0; i < count; i += Lanes.COUNT) {
            FloatVector.fromArray(Lanes.FLOATS, x, from + i).fma(inverse, zero).intoArray(y, to + i);
        }
        if (rounding != RoundType.HALF_EVEN) {
            RoundLoop.round(rounding, 1f, y, to, y, to, count);
        }
    }

    /** {@code (level - zeroPoint) * scale} in double precision. */
    private static void values(float scale, float zeroPoint, float[] y, int from, int count) {
        for (int i = from; i < from + count; i += Lanes.DOUBLES.length()) {
            DoubleVector level = (DoubleVector)
                    FloatVector.fromArray(Lanes.HALF_FLOATS, y, i).convertShape(VectorOperators.F2D, Lanes.DOUBLES, 0);
            ((FloatVector) level.sub(zeroPoint).mul(scale).convertShape(VectorOperators.D2F, Lanes.HALF_FLOATS, 0))
                    .intoArray(y, i);
        }
    }
}
