package dev.hadron.numerics.internal;

import dev.hadron.dtype.StorageType;
import dev.hadron.dtype.WorkingType;
import dev.hadron.numerics.BlockElementQuantizer;
import dev.hadron.numerics.ElementQuantizer;
import dev.hadron.numerics.FloatElementQuantizer;
import dev.hadron.numerics.FloatZeroPointQuantizer;
import dev.hadron.numerics.IntElementQuantizer;
import dev.hadron.numerics.Kernels;
import dev.hadron.numerics.Range;
import dev.hadron.numerics.RangeScale;
import dev.hadron.numerics.ScaleFormula;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The kernels on the Vector API. They copy tiles that fit the first-level cache to arrays and work there: loops over arrays
 * are compiled to little but vector instructions, whatever kinds of memory the process has used, and need no case for what
 * doesn't fill a vector.
 */
final class VectorKernels implements Kernels {
    /** Elements in a tile: 8 KB of float32. */
    private static final int TILE = 2048;

    private final ScalarKernels scalar = new ScalarKernels();

    @Override
    public String name() {
        return "vector";
    }

    @Override
    public Range range(MemorySegment x, StorageType type, long from, long count) {
        Range range = Range.EMPTY;
        float[] tile = new float[tileFor(count)];
        float[] min = new float[1];
        float[] max = new float[1];
        for (long done = 0; done < count; done += TILE) {
            int size = (int) Math.min(TILE, count - done);
            load(x, type, from + done, tile, size);
            RangeLoop.ranges(tile, size, 1, min, max);
            range = range.union(new Range(min[0], max[0]));
        }
        return range;
    }

    @Override
    public void widen(MemorySegment source, StorageType type, long from, MemorySegment target, long to, long count) {
        switch (type) {
            case F32 -> MemorySegment.copy(source, from * Float.BYTES, target, to * Float.BYTES, count * Float.BYTES);
            case BF16, F16 -> {
                short[] shorts = new short[tileFor(count)];
                float[] tile = new float[shorts.length];
                for (long done = 0; done < count; done += TILE) {
                    int size = (int) Math.min(TILE, count - done);
                    MemorySegment.copy(source, Tensor.SHORT, (from + done) * Short.BYTES, shorts, 0, size);
                    if (type == StorageType.BF16) {
                        WidenLoop.bfloat16(shorts, tile, size);
                    } else {
                        WidenLoop.float16(shorts, tile, size);
                    }
                    store(tile, target, to + done, size);
                }
            }
            case F64, F8_E4M3, F8_E5M2, I64, U64, I32, U32, I16, U16, I8, U8, BOOL ->
                scalar.widen(source, type, from, target, to, count);
        }
    }

    @Override
    public void fakeQuantize(
            ElementQuantizer quantizer, MemorySegment x, long from, MemorySegment y, long to, long count) {
        if (!isVectorized(quantizer)) {
            scalar.fakeQuantize(quantizer, x, from, y, to, count);
            return;
        }
        ElementLoop loop = loop(quantizer);
        float[] tile = new float[tileFor(count)];
        for (long done = 0; done < count; done += TILE) {
            int size = (int) Math.min(TILE, count - done);
            load(x, from + done, tile, size);
            loop.fakeQuantize(scale(quantizer), zeroPoint(quantizer), tile, 0, tile, 0, size);
            store(tile, y, to + done, size);
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
        if (!isVectorized(quantizer)) {
            scalar.quantize(quantizer, x, type, from, codes, to, count);
            return;
        }
        ElementLoop loop = loop(quantizer);
        float[] tile = new float[tileFor(count)];
        byte[] bytes = new byte[tile.length];
        for (long done = 0; done < count; done += TILE) {
            int size = (int) Math.min(TILE, count - done);
            load(x, type, from + done, tile, size);
            loop.quantize(scale(quantizer), zeroPoint(quantizer), tile, 0, bytes, 0, size);
            MemorySegment.copy(bytes, 0, codes, ValueLayout.JAVA_BYTE, to + done, size);
        }
    }

    @Override
    public void dequantize(
            ElementQuantizer quantizer, MemorySegment codes, long from, MemorySegment y, long to, long count) {
        if (!isVectorized(quantizer)) {
            scalar.dequantize(quantizer, codes, from, y, to, count);
            return;
        }
        ElementLoop loop = loop(quantizer);
        byte[] bytes = new byte[tileFor(count)];
        float[] tile = new float[bytes.length];
        for (long done = 0; done < count; done += TILE) {
            int size = (int) Math.min(TILE, count - done);
            MemorySegment.copy(codes, ValueLayout.JAVA_BYTE, from + done, bytes, 0, size);
            loop.dequantize(scale(quantizer), zeroPoint(quantizer), bytes, tile, size);
            store(tile, y, to + done, size);
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
        if (length < 1 || runs < 1 || !(formula instanceof RangeScale ranges) || ranges.hasFloatZeroPoint()) {
            return scalar.quantizeRuns(formula, x, type, from, runs, length, codes, to, scales, zeroPoints, firstScale);
        }
        if (length > TILE) {
            return new LongRunLoop(this, formula, type, length)
                    .run(x, from, runs, codes, to, scales, zeroPoints, firstScale);
        }
        int runsInTile = (int) Math.min(runs, TILE / length);
        return new RunLoop(ranges, type, (int) length, runsInTile)
                .run(x, from, runs, codes, to, scales, zeroPoints, firstScale);
    }

    @Override
    public void narrow(MemorySegment source, long from, WorkingType type, MemorySegment target, long to, long count) {
        scalar.narrow(source, from, type, target, to, count);
    }

    @Override
    public long fakeQuantizeRuns(ScaleFormula formula, MemorySegment x, long from, long runs, long length) {
        return scalar.fakeQuantizeRuns(formula, x, from, runs, length);
    }

    @Override
    public void packBits(int bits, MemorySegment codes, long from, MemorySegment packed, long to, long count) {
        scalar.packBits(bits, codes, from, packed, to, count);
    }

    @Override
    public void unpackBits(int bits, MemorySegment packed, long from, MemorySegment codes, long to, long count) {
        scalar.unpackBits(bits, packed, from, codes, to, count);
    }

    @Override
    public void packNibbles(MemorySegment codes, long from, MemorySegment packed, long to, long count) {
        byte[] tile = new byte[tileFor(count)];
        byte[] halved = new byte[tile.length];
        for (long done = 0; done < count; done += TILE) {
            int size = (int) Math.min(TILE, count - done);
            MemorySegment.copy(codes, ValueLayout.JAVA_BYTE, from + done, tile, 0, size);
            // The upper half of the last byte, where the number of codes is odd.
            tile[size] = 0;
            NibbleLoop.pack(tile, halved, size);
            MemorySegment.copy(halved, 0, packed, ValueLayout.JAVA_BYTE, (to + done) / 2, (size + 1) / 2);
        }
    }

    @Override
    public void unpackNibbles(MemorySegment packed, long from, MemorySegment codes, long to, long count) {
        // The first code may lie in the upper half of its byte.
        int skipped = (int) (from % 2);
        byte[] tile = new byte[tileFor(count)];
        byte[] halved = new byte[tile.length];
        for (long done = 0; done < count; done += TILE) {
            int size = (int) Math.min(TILE, count - done);
            MemorySegment.copy(packed, ValueLayout.JAVA_BYTE, (from + done) / 2, halved, 0, (skipped + size + 1) / 2);
            NibbleLoop.unpack(halved, tile, skipped + size);
            MemorySegment.copy(tile, skipped, codes, ValueLayout.JAVA_BYTE, to + done, size);
        }
    }

    /** Zero points beyond the codes' range, which no formula gives, would leave the range where integers are exact. */
    private static boolean isVectorized(ElementQuantizer quantizer) {
        return switch (quantizer) {
            case IntElementQuantizer integer ->
                integer.zeroPoint() >= integer.format().lowest()
                        && integer.zeroPoint() <= integer.format().highest();
            case FloatElementQuantizer unused -> true;
            case FloatZeroPointQuantizer unused -> false;
            case BlockElementQuantizer unused -> false;
        };
    }

    private static ElementLoop loop(ElementQuantizer quantizer) {
        return switch (quantizer) {
            case IntElementQuantizer i -> ElementLoop.of(i.format(), i.rounding(), i.workingType());
            case FloatElementQuantizer f -> new FloatingLoop(f.format(), f.workingType());
            case FloatZeroPointQuantizer other -> throw new IllegalArgumentException(other.toString());
            case BlockElementQuantizer other -> throw new IllegalArgumentException(other.toString());
        };
    }

    private static float scale(ElementQuantizer quantizer) {
        return switch (quantizer) {
            case IntElementQuantizer integer -> integer.scale();
            case FloatElementQuantizer floating -> floating.scale();
            case FloatZeroPointQuantizer integer -> integer.scale();
            case BlockElementQuantizer block -> block.step();
        };
    }

    private static int zeroPoint(ElementQuantizer quantizer) {
        return switch (quantizer) {
            case IntElementQuantizer integer -> integer.zeroPoint();
            case FloatElementQuantizer unused -> 0;
            case FloatZeroPointQuantizer other -> throw new IllegalArgumentException(other.toString());
            case BlockElementQuantizer unused -> 0;
        };
    }

    private static int tileFor(long count) {
        return (int) Math.min(TILE, count) + Lanes.PADDING;
    }

    private void load(MemorySegment x, StorageType type, long from, float[] tile, int count) {
        if (type == StorageType.F32) {
            load(x, from, tile, count);
        } else {
            WidenLoop.load(x, type, from, tile, count);
        }
    }

    private static void load(MemorySegment x, long from, float[] tile, int count) {
        MemorySegment.copy(x, Tensor.FLOAT, from * Float.BYTES, tile, 0, count);
    }

    private static void store(float[] tile, MemorySegment y, long to, int count) {
        MemorySegment.copy(tile, 0, y, Tensor.FLOAT, to * Float.BYTES, count);
    }
}
