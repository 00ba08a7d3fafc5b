package dev.hadron.numerics.internal;

import dev.hadron.dtype.FloatFormat;
import dev.hadron.dtype.MxScaleMode;
import dev.hadron.dtype.StorageType;
import dev.hadron.numerics.BfpScale;
import dev.hadron.numerics.BlockElementQuantizer;
import dev.hadron.numerics.ElementQuantizer;
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
import java.util.Optional;

/**
 * Blocks under a scale that follows from the largest magnitude: several at a time, in passes over a tile in the first-level cache:
 * magnitudes, scales, steps of all elements, elements.
 */
final class BlockRunLoop {
    private final ScaleFormula formula;
    private final int length;
    private final int runsInTile;
    private final Tile tile;
    private final CodeTile codes;
    private final MagnitudeLoop magnitudes;
    private final int[] largest;
    private final int[] next;
    private final int[] nextPowers;
    private final long[] left;
    private final float[] magnitude;
    private final float stepOfOne;
    private final FloatCodeLoop tensorScales = new FloatCodeLoop(FloatFormat.E4M3, true);
    private final BlockLoop elements;
    private final Optional<Spread> spread;

    BlockRunLoop(ScaleFormula formula, StorageType type, int length, long runs) {
        this.formula = formula;
        this.length = length;
        runsInTile = (int) Math.min(runs, Tile.SIZE / length);
        codes = new CodeTile(formula.format().bits());
        magnitudes = new MagnitudeLoop(type, length, runsInTile);
        tile = new Tile(type, magnitudes.pass());
        largest = new int[runsInTile + Lanes.PADDING];
        next = new int[largest.length];
        left = new long[largest.length / Lanes.COUNT + 1];
        nextPowers = formula instanceof BfpScale bfp ? bfp.nextPowers() : new int[0];
        elements = new BlockLoop((BlockElementQuantizer) formula.quantizer(1f, 0f), !(formula instanceof Nvfp4Scale));
        stepOfOne = ElementLoop.scale(formula.quantizer(1f, 0f));
        magnitude = new float[runsInTile + Lanes.PADDING];
        elements.prepare(runsInTile);
        spread = Spread.of(formula instanceof Nvfp4Scale ? StorageType.F32 : type, length);
    }

    /** As {@link dev.hadron.numerics.Kernels#quantizeRuns}. */
    long quantize(
            MemorySegment x,
            long from,
            long runs,
            MemorySegment target,
            long to,
            float[] scales,
            float[] zeroPoints,
            int firstScale) {
        for (long first = 0; first < runs; first += runsInTile) {
            int count = (int) Math.min(runsInTile, runs - first);
            int at = firstScale + (int) first;
            tile.load(x, from + first * length, count * length);
            codes.open(target, to + first * length, count * length);
            int bad = scales(count, scales, at);
            if (bad >= 0) {
                return first + bad;
            }
            boolean together = spread.isPresent() && elements.quantizesRuns(tile, codes);
            boolean plain = together ? runs(count, scales, at) : steps(count, scales, at);
            if (together) {
                elements.quantizeRuns(spread.get(), tile, codes, 0, count * length);
            } else {
                elements.quantize(tile.floats(), codes, count * length);
            }
            for (int run = 0; plain && run < count; run++) {
                ElementQuantizer quantizer = formula.quantizer(scales[at + run], 0f);
                if (!isCovered(quantizer, run)) {
                    encodeByDefinition(quantizer, run);
                }
            }
            Arrays.fill(zeroPoints, at, at + count, 0f);
            codes.close();
        }
        return -1;
    }

    /** As {@link dev.hadron.numerics.Kernels#fakeQuantizeRuns}. */
    long fakeQuantize(MemorySegment x, long from, long runs) {
        float[] scales = new float[runsInTile];
        for (long first = 0; first < runs; first += runsInTile) {
            int count = (int) Math.min(runsInTile, runs - first);
            tile.load(x, from + first * length, count * length);
            int bad = scales(count, scales, 0);
            if (bad >= 0) {
                return first + bad;
            }
            boolean plain = steps(count, scales, 0);
            float[] original = plain ? tile.floats().clone() : tile.floats();
            elements.fakeQuantize(tile.floats(), count * length);
            for (int run = 0; plain && run < count; run++) {
                ElementQuantizer quantizer = formula.quantizer(scales[run], 0f);
                for (int i = run * length; !isCovered(quantizer, run) && i < (run + 1) * length; i++) {
                    tile.floats()[i] = quantizer.fakeQuantize(original[i]);
                }
            }
            tile.store(x, from + first * length);
        }
        return -1;
    }

    /** As {@link dev.hadron.numerics.Kernels#dequantizeRuns}. */
    void dequantize(
            MemorySegment source, long from, long runs, float[] scales, int firstScale, MemorySegment y, long to) {
        elements.prepareElements(runsInTile * length);
        byte[] bytes = new byte[runsInTile * length + Lanes.PADDING];
        float[] floats = new float[bytes.length];
        for (long first = 0; first < runs; first += runsInTile) {
            int count = (int) Math.min(runsInTile, runs - first);
            MemorySegment.copy(source, ValueLayout.JAVA_BYTE, from + first * length, bytes, 0, count * length);
            for (int run = 0; run < count; run++) {
                float scale = scales[firstScale + (int) first + run];
                elements.step(ElementLoop.scale(formula.quantizer(scale, 0f)), run * length, length);
            }
            elements.dequantize(bytes, floats, count * length);
            MemorySegment.copy(floats, 0, y, Tensor.FLOAT, (to + first * length) * Float.BYTES, count * length);
        }
    }

    /** The scales of a tile's runs, or the index of the first that isn't finite. */
    private int scales(int runs, float[] scales, int at) {
        magnitudes.largest(tile, runs, largest);
        for (int run = 0; run < runs; run++) {
            if (largest[run] >= Patterns.INFINITY) {
                return run;
            }
            magnitude[run] = Float.intBitsToFloat(largest[run]);
        }
        switch (formula) {
            case MxScale mx when mx.mode() == MxScaleMode.EVEN -> BlockScaleLoop.even(mx, largest, magnitude, runs);
            case MxScale mx -> {
                for (int run = 0; run < runs; run++) {
                    magnitude[run] = mx.scale(magnitude[run]);
                }
            }
            case BfpScale bfp -> {
                BlockScaleLoop.bfp(bfp.workingType(), nextPowers, largest, next, magnitude, left, runs);
                for (int vector = 0; vector * Lanes.COUNT < runs; vector++) {
                    for (long rest = left[vector]; rest != 0; rest &= rest - 1) {
                        int run = vector * Lanes.COUNT + Long.numberOfTrailingZeros(rest);
                        magnitude[run] = bfp.parameters(range(run)).scale();
                    }
                }
            }
            case Nvfp4Scale nvfp4 -> {
                ScalingLoop.divide(magnitude, FloatFormat.E2M1.max(), nvfp4.tensorScale(), runs);
                tensorScales.round(magnitude, 0, runs);
            }
            case RangeScale other -> throw new IllegalStateException(other.toString());
            case PairScale other -> throw new IllegalStateException(other.toString());
        }
        System.arraycopy(magnitude, 0, scales, at, runs);
        return -1;
    }

    private Range range(int run) {
        float min = Float.POSITIVE_INFINITY;
        float max = Float.NEGATIVE_INFINITY;
        for (int i = run * length; i < (run + 1) * length; i++) {
            float value = tile.at(i);
            min = Math.min(min, value);
            max = Math.max(max, value);
        }
        return new Range(min, max);
    }

    private void encodeByDefinition(ElementQuantizer quantizer, int run) {
        for (int i = run * length; i < (run + 1) * length; i++) {
            codes.set(i, quantizer.storedCode(tile.at(i)));
        }
    }

    /** Tells the steps of all runs; whether there are runs left for the plain definition. */
    private boolean runs(int runs, float[] scales, int at) {
        if (elements.runs(magnitude, stepOfOne, largest, runs)) {
            return false;
        }
        for (int run = 0; run < runs; run++) {
            float step = scales[at + run] * stepOfOne;
            boolean covered = elements.covers(step, 0f, Float.intBitsToFloat(largest[run]));
            elements.run(covered ? step : 1f, 0f, run);
        }
        return true;
    }

    /** Tells the steps of all elements; whether there are runs left for the plain definition. */
    private boolean steps(int runs, float[] scales, int at) {
        boolean plain = false;
        elements.prepareElements(runsInTile * length);
        for (int run = 0; run < runs; run++) {
            ElementQuantizer quantizer = formula.quantizer(scales[at + run], 0f);
            boolean covered = isCovered(quantizer, run);
            plain |= !covered;
            elements.step(covered ? ElementLoop.scale(quantizer) : 1f, run * length, length);
        }
        return plain;
    }

    private boolean isCovered(ElementQuantizer quantizer, int run) {
        return elements.covers(ElementLoop.scale(quantizer), 0f, Float.intBitsToFloat(largest[run]));
    }
}
