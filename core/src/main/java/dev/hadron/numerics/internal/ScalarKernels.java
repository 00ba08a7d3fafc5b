package dev.hadron.numerics.internal;

import dev.hadron.dtype.Bfloat16;
import dev.hadron.dtype.StorageType;
import dev.hadron.dtype.WorkingType;
import dev.hadron.numerics.ElementQuantizer;
import dev.hadron.numerics.Kernels;
import dev.hadron.numerics.PairScale;
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
    public Range range(MemorySegment x, StorageType type, long from, long count) {
        float min = Float.POSITIVE_INFINITY;
        float max = Float.NEGATIVE_INFINITY;
        for (long i = from; i < from + count; i++) {
            float value = floatAt(x, type, i);
            min = Math.min(min, value);
            max = Math.max(max, value);
        }
        return new Range(min, max);
    }

    @Override
    public void widen(MemorySegment source, StorageType type, long from, MemorySegment target, long to, long count) {
        for (long i = 0; i < count; i++) {
            setFloat(target, to + i, floatAt(source, type, from + i));
        }
    }

    @Override
    public void narrow(MemorySegment source, long from, WorkingType type, MemorySegment target, long to, long count) {
        for (long i = 0; i < count; i++) {
            float value = floatAt(source, from + i);
            target.set(
                    Tensor.SHORT,
                    (to + i) * Short.BYTES,
                    switch (type) {
                        case BFLOAT16 -> Bfloat16.ofFloat(value);
                        case FLOAT16 -> Float.floatToFloat16(value);
                        case FLOAT32 -> throw new IllegalArgumentException("float32 doesn't fit two bytes");
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
            ElementQuantizer quantizer,
            MemorySegment x,
            StorageType type,
            long from,
            MemorySegment codes,
            long to,
            long count) {
        for (long i = 0; i < count; i++) {
            codes.set(ValueLayout.JAVA_BYTE, to + i, quantizer.storedCode(floatAt(x, type, from + i)));
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
            StorageType type,
            long from,
            long runs,
            long length,
            MemorySegment codes,
            long to,
            float[] scales,
            float[] zeroPoints,
            int firstScale) {
        boolean nibbles = formula.format().bits() == 4;
        int scalesOfRun = (int) Math.ceilDiv(length, Math.max(1, formula.elementsPerScale(length)));
        for (int run = 0; run < runs; run++) {
            long start = from + run * length;
            Range range = range(x, type, start, length);
            if (!range.isFinite()) {
                return run;
            }
            int at = firstScale + run * scalesOfRun;
            if (formula instanceof PairScale pairs) {
                quantizePairs(
                        pairs,
                        pairs.exponent(range.absoluteMax()),
                        x,
                        type,
                        start,
                        length,
                        codes,
                        to + run * length,
                        scales,
                        at);
                continue;
            }
            ScaleFormula.Parameters parameters = formula.parameters(range);
            scales[at] = parameters.scale();
            zeroPoints[at] = parameters.zeroPoint();
            ElementQuantizer quantizer = formula.quantizer(parameters.scale(), parameters.zeroPoint());
            if (nibbles) {
                quantizeNibbles(quantizer, x, type, start, codes, to + run * length, length);
            } else {
                quantize(quantizer, x, type, start, codes, to + run * length, length);
            }
        }
        return -1;
    }

    private static void quantizePairs(
            PairScale formula,
            int exponent,
            MemorySegment x,
            StorageType type,
            long from,
            long length,
            MemorySegment codes,
            long to,
            float[] scales,
            int firstScale) {
        for (long i = 0; i < length; i += PairScale.PAIR) {
            float a = floatAt(x, type, from + i);
            float b = i + 1 < length ? floatAt(x, type, from + i + 1) : 0f;
            float step = formula.step(formula.isStoredHalved(exponent, a, b) ? exponent - 1 : exponent);
            ElementQuantizer quantizer = formula.quantizer(step, 0f);
            scales[firstScale + (int) (i / PairScale.PAIR)] = step;
            codes.set(ValueLayout.JAVA_BYTE, to + i, quantizer.encode(a));
            if (i + 1 < length) {
                codes.set(ValueLayout.JAVA_BYTE, to + i + 1, quantizer.encode(b));
            }
        }
    }

    @Override
    public long fakeQuantizeRuns(ScaleFormula formula, MemorySegment x, long from, long runs, long length) {
        for (long run = 0; run < runs; run++) {
            long start = from + run * length;
            Range range = range(x, start, length);
            if (length > 0 && !range.isFinite()) {
                return run;
            }
            if (formula instanceof PairScale pairs) {
                fakeQuantizePairs(pairs, pairs.exponent(range.absoluteMax()), x, start, length);
            } else {
                ScaleFormula.Parameters parameters = formula.parameters(range);
                ElementQuantizer quantizer = formula.quantizer(parameters.scale(), parameters.zeroPoint());
                fakeQuantize(quantizer, x, start, x, start, length);
            }
        }
        return -1;
    }

    private void fakeQuantizePairs(PairScale formula, int exponent, MemorySegment x, long from, long length) {
        for (long i = from; i < from + length; i += PairScale.PAIR) {
            long count = Math.min(PairScale.PAIR, from + length - i);
            boolean halved = formula.isHalved(exponent, floatAt(x, i), count > 1 ? floatAt(x, i + 1) : 0f);
            fakeQuantize(formula.pairQuantizer(exponent, halved), x, i, x, i, count);
        }
    }

    /** Stored codes of an even number of elements, packed like {@link #packNibbles}. */
    void quantizeNibbles(
            ElementQuantizer quantizer,
            MemorySegment x,
            StorageType type,
            long from,
            MemorySegment packed,
            long to,
            long count) {
        for (long i = 0; i < count; i += 2) {
            int low = quantizer.storedCode(floatAt(x, type, from + i));
            int high = quantizer.storedCode(floatAt(x, type, from + i + 1));
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

    @Override
    public void packBits(int bits, MemorySegment codes, long from, MemorySegment packed, long to, long count) {
        int mask = (1 << bits) - 1;
        long word = 0;
        int filled = 0;
        long target = to;
        for (long i = 0; i < count; i++) {
            word |= (long) (codes.get(ValueLayout.JAVA_BYTE, from + i) & mask) << filled;
            filled += bits;
            while (filled >= Byte.SIZE || (filled > 0 && i == count - 1)) {
                packed.set(ValueLayout.JAVA_BYTE, target++, (byte) word);
                word >>>= Byte.SIZE;
                filled -= Byte.SIZE;
            }
        }
    }

    @Override
    public void unpackBits(int bits, MemorySegment packed, long from, MemorySegment codes, long to, long count) {
        int mask = (1 << bits) - 1;
        int word = 0;
        int filled = 0;
        long source = from;
        for (long i = 0; i < count; i++) {
            if (filled < bits) {
                word |= Byte.toUnsignedInt(packed.get(ValueLayout.JAVA_BYTE, source++)) << filled;
                filled += Byte.SIZE;
            }
            codes.set(ValueLayout.JAVA_BYTE, to + i, (byte) (word & mask));
            word >>>= bits;
            filled -= bits;
        }
    }

    private static float floatAt(MemorySegment x, StorageType type, long index) {
        return switch (type) {
            case F32 -> floatAt(x, index);
            case BF16 -> Bfloat16.toFloat(x.get(Tensor.SHORT, index * Short.BYTES));
            case F16 -> Float.float16ToFloat(x.get(Tensor.SHORT, index * Short.BYTES));
            case F64, F8_E4M3, F8_E5M2, I64, U64, I32, U32, I16, U16, I8, U8, BOOL ->
                throw new IllegalArgumentException(type + " elements aren't floats to quantize");
        };
    }

    private static float floatAt(MemorySegment x, long index) {
        return x.get(Tensor.FLOAT, index * Float.BYTES);
    }

    private static void setFloat(MemorySegment y, long index, float value) {
        y.set(Tensor.FLOAT, index * Float.BYTES, value);
    }
}
