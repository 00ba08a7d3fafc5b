package dev.hadron.tensor;

import dev.hadron.dtype.BlockFormat;
import dev.hadron.dtype.FloatFormat;
import dev.hadron.dtype.HalfFormat;
import dev.hadron.dtype.IntFormat;
import dev.hadron.dtype.NumberFormat;
import dev.hadron.dtype.StorageType;
import dev.hadron.dtype.WorkingType;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * The one canonical form of a quantized tensor, which every layout packs and unpacks.
 *
 * @param format what the codes mean
 * @param shape the shape of the tensor before quantization
 * @param granularity which elements share a scale
 * @param codes row-major in the order of {@code shape}: for 4-bit formats two a byte with the earlier in the low half (an odd last
 *     one alone), two bytes each for 16-bit formats, a byte each for all others
 * @param scale float32, of the shape that {@code granularity} says; of shape {@code [0]} for formats without one
 * @param zeroPoint of the scale's shape, I32, or F32 where zero points may lie between the codes; empty for formats other than
 *     integers
 * @param tensorScale what multiplies every scale: a float32 of shape {@code []}, of {@link BlockFormat#NVFP4} only
 * @param workingType the type that the tensor came in and that its scale was rounded to
 */
public record QuantizedTensor(
        NumberFormat format,
        Shape shape,
        Granularity granularity,
        MemorySegment codes,
        Tensor scale,
        Optional<Tensor> zeroPoint,
        Optional<Tensor> tensorScale,
        WorkingType workingType) {
    /** Checks sizes and types against each other. */
    public QuantizedTensor {
        long bytes = codeBytes(format, shape.elements());
        if (codes.byteSize() != bytes) {
            throw new IllegalArgumentException(
                    format + " codes of shape " + shape + " have " + bytes + " bytes, not " + codes.byteSize());
        }
        if (scale.type() != StorageType.F32) {
            throw new IllegalArgumentException("scales are F32, not " + scale.type());
        }
        boolean wantsZeroPoint = switch (format) {
            case IntFormat unused -> true;
            case FloatFormat unused -> false;
            case HalfFormat unused -> false;
            case BlockFormat unused -> false;
        };
        if (zeroPoint.isPresent() != wantsZeroPoint
                || zeroPoint.filter(z -> !z.shape().equals(scale.shape())).isPresent()) {
            throw new IllegalArgumentException(
                    "zero points of " + format + " don't fit scales of shape " + scale.shape());
        }
        if (tensorScale.isPresent() != format.equals(BlockFormat.NVFP4)) {
            throw new IllegalArgumentException("a scale of the whole tensor doesn't fit " + format);
        }
    }

    /** How many bytes the codes of that many elements take. */
    public static long codeBytes(NumberFormat format, long elements) {
        return switch (format.bits()) {
            case 4 -> Math.ceilDiv(elements, 2);
            case Short.SIZE -> Math.multiplyExact(elements, Short.BYTES);
            default -> elements;
        };
    }

    /** The zero point of a run, 0 for formats without one. */
    public float zeroPointAt(long run) {
        return zeroPoint
                .map(z -> z.type() == StorageType.F32 ? z.floatAt(run) : (float) z.intAt(run))
                .orElse(0f);
    }
}
