package dev.hadron.numerics.internal;

import dev.hadron.dtype.Bfloat16;
import dev.hadron.dtype.StorageType;
import dev.hadron.numerics.ElementQuantizer;
import dev.hadron.numerics.Kernels;
import dev.hadron.numerics.Range;
import dev.hadron.numerics.ScaleFormula;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Plain loops over {@link ElementQuantizer}: the definition that other kernels are held against. */
final class ScalarKernels implements Kernels {
    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public Range range(MemorySegment x, long from, long count) {
        float min = Float.POSITIVE_INFINITY;
        float max = Float.NEGATIVE_INFINITY;
        for (long i = from; i < from + count; i++) {
            float value = floatAt(x, i);
            min = Math.min(min, value);
            max = Math.max(max, value);
        }
        return new Range(min, max);
    }

    @Override
    public void widen(MemorySegment source, StorageType type, long from, MemorySegment target, long to, long count) {
        for (long i = 0; i < count; i++) {
            long at = from + i;
            setFloat(
                    target,
                    to + i,
                    switch (type) {
                        case F32 -> floatAt(source, at);
                        case BF16 -> Bfloat16.toFloat(source.get(Tensor.SHORT, at * Short.BYTES));
                        case F16 -> Float.float16ToFloat(source.get(Tensor.SHORT, at * Short.BYTES));
                        case F64, F8_E4M3, F8_E5M2, I64, U64, I32, U32, I16, U16, I8, U8, BOOL ->
                            throw new IllegalArgumentException(type + " elements aren't weights to widen");
                    });
        }
    }

    @Override
    public void fakeQuantize(
            ElementQuantizer quantizer, MemorySegment x, long from, MemorySegment y, long to, long count) {
        for (long i = 0; i < count; i++) {
            setFloat(y, to + i, quantizer.fakeQuantize(floatAt(x, from + i)));
        }
    }

    @Override
    public void quantize(
            ElementQuantizer quantizer, MemorySegment x, long from, MemorySegment codes, long to, long count) {
        for (long i = 0; i < count; i++) {
            codes.set(ValueLayout.JAVA_BYTE, to + i, quantizer.storedCode(floatAt(x, from + i)));
        }
    }

    @Override
    public void dequantize(
            ElementQuantizer quantizer, MemorySegment codes, long from, MemorySegment y, long to, long count) {
        for (long i = 0; i < count; i++) {
            setFloat(y, to + i, quantizer.decode(codes.get(ValueLayout.JAVA_BYTE, from + i)));
        }
    }

    @Override
    public long quantizeRuns(
            ScaleFormula formula,
            MemorySegment x,
            long from,
            long runs,
            long length,
            MemorySegment codes,
            long to,
            float[] scales,
            int[] zeroPoints,
            int firstRun) {
        boolean nibbles = formula.format().bits() == 4;
        for (int run = 0; run < runs; run++) {
            long start = from + run * length;
            Range range = range(x, start, length);
            if (!range.isFinite()) {
                return run;
            }
            ScaleFormula.Parameters parameters = formula.parameters(range);
            scales[firstRun + run] = parameters.scale();
            zeroPoints[firstRun + run] = parameters.zeroPoint();
            ElementQuantizer quantizer = formula.quantizer(parameters.scale(), parameters.zeroPoint());
            if (nibbles) {
                quantizeNibbles(quantizer, x, start, codes, to + run * length, length);
            } else {
                quantize(quantizer, x, start, codes, to + run * length, length);
            }
        }
        return -1;
    }

    /** Stored codes of an even number of elements, packed like {@link #packNibbles}. */
    void quantizeNibbles(
            ElementQuantizer quantizer, MemorySegment x, long from, MemorySegment packed, long to, long count) {
        for (long i = 0; i < count; i += 2) {
            int low = quantizer.storedCode(floatAt(x, from + i));
            int high = quantizer.storedCode(floatAt(x, from + i + 1));
            packed.set(ValueLayout.JAVA_BYTE, (to + i) / 2, (byte) (low | high << 4));
        }
    }

    @Override
    public void packNibbles(MemorySegment codes, long from, MemorySegment packed, long to, long count) {
        for (long i = 0; i < count; i += 2) {
            int low = codes.get(ValueLayout.JAVA_BYTE, from + i) & 0xF;
            int high = i + 1 < count ? codes.get(ValueLayout.JAVA_BYTE, from + i + 1) & 0xF : 0;
            packed.set(ValueLayout.JAVA_BYTE, (to + i) / 2, (byte) (low | high << 4));
        }
    }

    @Override
    public void unpackNibbles(MemorySegment packed, long from, MemorySegment codes, long to, long count) {
        for (long i = 0; i < count; i++) {
            int both = packed.get(ValueLayout.JAVA_BYTE, (from + i) / 2);
            codes.set(ValueLayout.JAVA_BYTE, to + i, (byte) (((from + i) & 1) == 0 ? both & 0xF : (both >> 4) & 0xF));
        }
    }

    private static float floatAt(MemorySegment x, long index) {
        return x.get(Tensor.FLOAT, index * Float.BYTES);
    }

    private static void setFloat(MemorySegment y, long index, float value) {
        y.set(Tensor.FLOAT, index * Float.BYTES, value);
    }
}
