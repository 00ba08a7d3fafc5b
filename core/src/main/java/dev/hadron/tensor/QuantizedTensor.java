package dev.hadron.tensor;

import dev.hadron.dtype.BlockFormat;
import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.FloatFormat;
import dev.hadron.dtype.HalfFormat;
import dev.hadron.dtype.IntFormat;
import dev.hadron.dtype.StorageType;
import dev.hadron.dtype.WorkingType;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * The one canonical form of a quantized tensor, which every layout packs and unpacks.
 *
 * @param dtype the codes' type
 * @param shape the shape of the tensor before quantization
 * @param granularity which elements share a scale
 * @param codes row-major in the order of {@code shape}: a byte each for 8-bit types, for 4-bit types two a byte with the
 *     earlier in the low half (an odd last one alone)
 * @param scale float32, of the shape that {@code granularity} says
 * @param zeroPoint int32 of the scale's shape; empty for floating-point types
 * @param workingType the type that the tensor came in and that its scale was rounded to
 */
public record QuantizedTensor(
        Dtype dtype,
        Shape shape,
        Granularity granularity,
        MemorySegment codes,
        Tensor scale,
        Optional<Tensor> zeroPoint,
        WorkingType workingType) {
    /** Checks sizes and types against each other. */
    public QuantizedTensor {
        long bytes = codeBytes(dtype, shape.elements());
        if (codes.byteSize() != bytes) {
            throw new IllegalArgumentException(
                    dtype + " codes of shape " + shape + " have " + bytes + " bytes, not " + codes.byteSize());
        }
        if (scale.type() != StorageType.F32) {
            throw new IllegalArgumentException("scales are F32, not " + scale.type());
        }
        boolean wantsZeroPoint = switch (dtype.format()) {
            case IntFormat unused -> true;
            case FloatFormat unused -> false;
            case HalfFormat unused -> throw new IllegalStateException("no halves yet");
            case BlockFormat unused -> throw new IllegalStateException("no blocks yet");
        };
        if (zeroPoint.isPresent() != wantsZeroPoint
                || zeroPoint.filter(z -> !z.shape().equals(scale.shape())).isPresent()) {
            throw new IllegalArgumentException(
                    "zero points of " + dtype + " don't fit scales of shape " + scale.shape());
        }
    }

    /** How many bytes the codes of that many elements take. */
    public static long codeBytes(Dtype dtype, long elements) {
        return Math.ceilDivExact(Math.multiplyExact(elements, dtype.bits()), Byte.SIZE);
    }
}
