package dev.hadron.numerics.internal;

import dev.hadron.dtype.StorageType;
import dev.hadron.dtype.WorkingType;
import dev.hadron.numerics.BfpScale;
import dev.hadron.numerics.ElementQuantizer;
import dev.hadron.numerics.Kernels;
import dev.hadron.numerics.MxScale;
import dev.hadron.numerics.Nvfp4Scale;
import dev.hadron.numerics.PairScale;
import dev.hadron.numerics.Range;
import dev.hadron.numerics.RangeScale;
import dev.hadron.numerics.ScaleFormula;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * The kernels on the Vector API. They go over tiles that fit the first-level cache: in place, where elements and codes lie outside the heap and fill
 * whole vectors, and over a copy otherwise, so that loops need no case for what doesn't. What the loops aren't made for, NaN and infinity and scales
 * that no weights have, goes to the plain loops.
 */
final class VectorKernels implements Kernels {
    private final ScalarKernels scalar = new ScalarKernels();

    @Override
    public String name() {
        return "vector";
    }

    @Override
    public Range range(MemorySegment x, StorageType type, long from, long count) {
        return range(new Tile(type), x, from, count);
    }

    /** The same, through a tile of the elements' type. */
    static Range range(Tile tile, MemorySegment x, long from, long count) {
        Range range = Range.EMPTY;
        float[] min = new float[1];
        float[] max = new float[1];
        int size;
        for (long done = 0; done < count; done += size) {
            size = Tile.next(x, count - done);
            tile.load(x, from + done, size);
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
                Tile tile = new Tile(type);
                int size;
                for (long done = 0; done < count; done += size) {
                    size = Tile.next(source, count - done);
                    tile.load(source, from + done, size);
                    tile.storeWide(target, to + done);
                }
            }
            case F64, F8_E4M3, F8_E5M2, I64, U64, I32, U32, I16, U16, I8, U8, BOOL ->
                scalar.widen(source, type, from, target, to, count);
        }
    }

    @Override
    public void narrow(MemorySegment source, long from, WorkingType type, MemorySegment target, long to, long count) {
        Tile tile = new Tile(StorageType.F32);
        short[] units = new short[tileFor(count)];
        for (long done = 0; done < count; done += Tile.SIZE) {
            int size = (int) Math.min(Tile.SIZE, count - done);
            tile.load(source, from + done, size);
            if (MagnitudeLoop.largest(tile, size) > Patterns.INFINITY) {
                scalar.narrow(source, from + done, type, target, to + done, size);
                continue;
            }
            NarrowLoop.narrow(type, tile.floats(), units, size);
            MemorySegment.copy(units, 0, target, Tensor.SHORT, (to + done) * Short.BYTES, size);
        }
    }

    @Override
    public void fakeQuantize(
            ElementQuantizer quantizer, MemorySegment x, long from, MemorySegment y, long to, long count) {
        ElementLoop loop = ElementLoop.of(quantizer);
        Tile tile = new Tile(StorageType.F32);
        for (long done = 0; done < count; done += Tile.SIZE) {
            int size = (int) Math.min(Tile.SIZE, count - done);
            tile.load(x, from + done, size);
            if (isCovered(loop, quantizer, tile, size)) {
                float scale = ElementLoop.scale(quantizer);
                loop.fakeQuantize(scale, ElementLoop.zeroPoint(quantizer), tile.floats(), 0, tile.floats(), 0, size);
                tile.store(y, to + done);
            } else {
                scalar.fakeQuantize(quantizer, x, from + done, y, to + done, size);
            }
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
        ElementLoop loop = ElementLoop.of(quantizer);
        Tile tile = new Tile(type);
        CodeTile codeTile = new CodeTile(Byte.SIZE);
        int size;
        for (long done = 0; done < count; done += size) {
            size = Tile.next(x, count - done);
            tile.load(x, from + done, size);
            if (isCovered(loop, quantizer, tile, size)) {
                float scale = ElementLoop.scale(quantizer);
                codeTile.open(codes, to + done, size);
                loop.quantize(scale, ElementLoop.zeroPoint(quantizer), tile, codeTile, 0, size);
                codeTile.close();
            } else {
                scalar.quantize(quantizer, x, type, from + done, codes, to + done, size);
            }
        }
    }

    @Override
    public void dequantize(
            ElementQuantizer quantizer, MemorySegment codes, long from, MemorySegment y, long to, long count) {
        ElementLoop loop = ElementLoop.of(quantizer);
        byte[] bytes = new byte[tileFor(count)];
        float[] floats = new float[bytes.length];
        for (long done = 0; done < count; done += Tile.SIZE) {
            int size = (int) Math.min(Tile.SIZE, count - done);
            MemorySegment.copy(codes, ValueLayout.JAVA_BYTE, from + done, bytes, 0, size);
            float scale = ElementLoop.scale(quantizer);
            loop.dequantize(scale, ElementLoop.zeroPoint(quantizer), bytes, 0, floats, 0, size);
            MemorySegment.copy(floats, 0, y, Tensor.FLOAT, (to + done) * Float.BYTES, size);
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
        return switch (route(formula, runs, length)) {
            case PLAIN ->
                scalar.quantizeRuns(formula, x, type, from, runs, length, codes, to, scales, zeroPoints, firstScale);
            case LONG ->
                new LongRunLoop(this, scalar, formula, type, length)
                        .quantize(x, from, runs, codes, to, scales, zeroPoints, firstScale);
            case TILES ->
                switch (formula) {
                    case RangeScale ranges ->
                        new RunLoop(ranges, type, (int) length, runs)
                                .quantize(x, from, runs, codes, to, scales, zeroPoints, firstScale);
                    case PairScale pairs ->
                        new PairRunLoop(pairs, scalar, type, (int) length, runs)
                                .quantize(x, from, runs, codes, to, scales, zeroPoints, firstScale);
                    case MxScale blocks ->
                        new BlockRunLoop(blocks, type, (int) length, runs)
                                .quantize(x, from, runs, codes, to, scales, zeroPoints, firstScale);
                    case Nvfp4Scale blocks ->
                        new BlockRunLoop(blocks, type, (int) length, runs)
                                .quantize(x, from, runs, codes, to, scales, zeroPoints, firstScale);
                    case BfpScale blocks ->
                        new BlockRunLoop(blocks, type, (int) length, runs)
                                .quantize(x, from, runs, codes, to, scales, zeroPoints, firstScale);
                };
        };
    }

    @Override
    public long fakeQuantizeRuns(ScaleFormula formula, MemorySegment x, long from, long runs, long length) {
        return switch (route(formula, runs, length)) {
            case PLAIN -> scalar.fakeQuantizeRuns(formula, x, from, runs, length);
            case LONG -> new LongRunLoop(this, scalar, formula, StorageType.F32, length).fakeQuantize(x, from, runs);
            case TILES ->
                switch (formula) {
                    case RangeScale ranges ->
                        new RunLoop(ranges, StorageType.F32, (int) length, runs).fakeQuantize(x, from, runs);
                    case PairScale pairs ->
                        new PairRunLoop(pairs, scalar, StorageType.F32, (int) length, runs).fakeQuantize(x, from, runs);
                    case MxScale blocks ->
                        new BlockRunLoop(blocks, StorageType.F32, (int) length, runs).fakeQuantize(x, from, runs);
                    case Nvfp4Scale blocks ->
                        new BlockRunLoop(blocks, StorageType.F32, (int) length, runs).fakeQuantize(x, from, runs);
                    case BfpScale blocks ->
                        new BlockRunLoop(blocks, StorageType.F32, (int) length, runs).fakeQuantize(x, from, runs);
                };
        };
    }

    @Override
    public void dequantizeRuns(
            ScaleFormula formula,
            MemorySegment codes,
            long from,
            long runs,
            long length,
            float[] scales,
            float[] zeroPoints,
            int firstScale,
            MemorySegment y,
            long to) {
        long perScale = Math.max(1, formula.elementsPerScale(length));
        if (length < 1 || runs < 1 || length % perScale != 0) {
            scalar.dequantizeRuns(formula, codes, from, runs, length, scales, zeroPoints, firstScale, y, to);
        } else if (perScale > Tile.SIZE) {
            new LongRunLoop(this, scalar, formula, StorageType.F32, length)
                    .dequantize(codes, from, runs, scales, zeroPoints, firstScale, y, to);
        } else if (formula instanceof RangeScale ranges) {
            new RunLoop(ranges, StorageType.F32, (int) length, runs)
                    .dequantize(codes, from, runs, scales, zeroPoints, firstScale, y, to);
        } else {
            new BlockRunLoop(formula, StorageType.F32, (int) perScale, runs * (length / perScale))
                    .dequantize(codes, from, runs * (length / perScale), scales, firstScale, y, to);
        }
    }

    @Override
    public void packBits(int bits, MemorySegment codes, long from, MemorySegment packed, long to, long count) {
        byte[] tile = new byte[tileFor(count)];
        byte[] together = new byte[tile.length];
        for (long done = 0; done < count; done += Tile.SIZE) {
            int size = (int) Math.min(Tile.SIZE, count - done);
            MemorySegment.copy(codes, ValueLayout.JAVA_BYTE, from + done, tile, 0, size);
            Arrays.fill(tile, size, size + Long.BYTES, (byte) 0);
            BitLoop.pack(bits, tile, together, size);
            MemorySegment.copy(
                    together,
                    0,
                    packed,
                    ValueLayout.JAVA_BYTE,
                    to + done * bits / Byte.SIZE,
                    Math.ceilDiv(size * bits, Byte.SIZE));
        }
    }

    @Override
    public void unpackBits(int bits, MemorySegment packed, long from, MemorySegment codes, long to, long count) {
        byte[] tile = new byte[tileFor(count)];
        byte[] together = new byte[tile.length];
        for (long done = 0; done < count; done += Tile.SIZE) {
            int size = (int) Math.min(Tile.SIZE, count - done);
            MemorySegment.copy(
                    packed,
                    ValueLayout.JAVA_BYTE,
                    from + done * bits / Byte.SIZE,
                    together,
                    0,
                    Math.ceilDiv(size * bits, Byte.SIZE));
            BitLoop.unpack(bits, together, tile, size);
            MemorySegment.copy(tile, 0, codes, ValueLayout.JAVA_BYTE, to + done, size);
        }
    }

    @Override
    public void packNibbles(MemorySegment codes, long from, MemorySegment packed, long to, long count) {
        byte[] tile = new byte[tileFor(count)];
        byte[] halved = new byte[tile.length];
        for (long done = 0; done < count; done += Tile.SIZE) {
            int size = (int) Math.min(Tile.SIZE, count - done);
            MemorySegment.copy(codes, ValueLayout.JAVA_BYTE, from + done, tile, 0, size);
            // The upper half of the last byte, where the number of codes is odd.
            tile[size] = 0;
            NibbleLoop.pack(tile, 0, halved, 0, size);
            MemorySegment.copy(halved, 0, packed, ValueLayout.JAVA_BYTE, (to + done) / 2, (size + 1) / 2);
        }
    }

    @Override
    public void unpackNibbles(MemorySegment packed, long from, MemorySegment codes, long to, long count) {
        // The first code may lie in the upper half of its byte.
        int skipped = (int) (from % 2);
        byte[] tile = new byte[tileFor(count)];
        byte[] halved = new byte[tile.length];
        for (long done = 0; done < count; done += Tile.SIZE) {
            int size = (int) Math.min(Tile.SIZE, count - done);
            MemorySegment.copy(packed, ValueLayout.JAVA_BYTE, (from + done) / 2, halved, 0, (skipped + size + 1) / 2);
            NibbleLoop.unpack(halved, tile, skipped + size);
            MemorySegment.copy(tile, skipped, codes, ValueLayout.JAVA_BYTE, to + done, size);
        }
    }

    /** Which loops runs of a formula take. */
    private enum Route {
        PLAIN,
        LONG,
        TILES
    }

    private static Route route(ScaleFormula formula, long runs, long length) {
        if (length < 1 || runs < 1) {
            return Route.PLAIN;
        }
        if (formula instanceof PairScale) {
            return PairRunLoop.isFor(length) ? Route.TILES : Route.PLAIN;
        }
        return length > Tile.SIZE ? Route.LONG : Route.TILES;
    }

    private static boolean isCovered(ElementLoop loop, ElementQuantizer quantizer, Tile tile, int count) {
        int largest = MagnitudeLoop.largest(tile, count);
        return largest < Patterns.INFINITY
                && loop.covers(
                        ElementLoop.scale(quantizer), ElementLoop.zeroPoint(quantizer), Float.intBitsToFloat(largest));
    }

    private static int tileFor(long count) {
        return (int) Math.min(Tile.SIZE, count) + Lanes.PADDING;
    }
}
