package dev.hadron.export.layout;

import dev.hadron.config.QuantizationSpec;
import dev.hadron.dtype.BlockFormat;
import dev.hadron.dtype.FloatFormat;
import dev.hadron.dtype.HalfFormat;
import dev.hadron.dtype.IntFormat;
import dev.hadron.dtype.StorageType;
import dev.hadron.dtype.ZeroPointType;
import dev.hadron.error.UnsupportedQuantizationException;
import dev.hadron.numerics.RunView;
import dev.hadron.observer.Observers;
import dev.hadron.packing.BitRows;
import dev.hadron.packing.NibbleMatrix;
import dev.hadron.packing.NibbleWords;
import dev.hadron.packing.Transpose;
import dev.hadron.tensor.Granularity;
import dev.hadron.tensor.Granularity.PerChannel;
import dev.hadron.tensor.Granularity.PerGroup;
import dev.hadron.tensor.Granularity.PerTensor;
import dev.hadron.tensor.QuantizedTensor;
import dev.hadron.tensor.ReusableArena;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Where the codes, scales and zero points of a weight stand in the {@code quark} layout: transposed when there is a scale per
 * group of integers, eight codes to a word when they have 4 bits.
 */
record QuarkPlacement(
        Granularity granularity,
        StorageType codeType,
        StorageType scaleType,
        Shape shape,
        Shape scaleShape,
        boolean transposed,
        boolean nibbles,
        boolean signed) {
    private static final int NIBBLE = 4;

    static QuarkPlacement of(LayerFormat format, QuantizationSpec spec) {
        Shape shape = format.shape();
        if (shape.rank() != 2) {
            throw unsupported(format, "a weight of shape " + shape, "matrices");
        }
        if (spec.zeroPointType() == ZeroPointType.FLOAT32 && Boolean.FALSE.equals(spec.symmetric())) {
            throw unsupported(format, "float32 zero points", "int32 zero points");
        }
        StorageType codeType = QuarkWeight.codeType(format, spec);
        Granularity granularity = Observers.granularity(spec, shape);
        boolean integer = spec.format() instanceof IntFormat;
        switch (granularity) {
            case PerTensor unused -> {
                if (spec.dtype().bits() == 4) {
                    throw unsupported(format, "4-bit codes with one scale", "a scale per channel or per group");
                }
            }
            case PerChannel(int axis) -> {
                if (axis != 0) {
                    throw unsupported(format, "a scale per input channel (ch_axis " + axis + ")", "ch_axis 0");
                }
            }
            case PerGroup(int axis, long unusedSize) -> {
                if (axis != 1 || !integer) {
                    throw unsupported(
                            format,
                            spec.dtype().wireName() + " groups along axis " + axis,
                            "groups of integers along the last axis");
                }
            }
        }
        QuarkPlacement placement = new QuarkPlacement(
                granularity,
                codeType,
                scaleType(format, spec, granularity),
                shape,
                RunView.of(shape, granularity).scaleShape(),
                granularity instanceof PerGroup,
                spec.dtype().bits() == 4,
                isSigned(spec));
        placement.checkWords(format);
        return placement;
    }

    private void checkWords(LayerFormat format) {
        int word = NibbleWords.codesPerWord();
        if (nibbles && (shape.extent(0) % word != 0 || (!transposed && shape.extent(1) % word != 0))) {
            throw unsupported(
                    format, "4-bit codes of a weight of shape " + shape, "extents that are multiples of " + word);
        }
    }

    private static StorageType scaleType(LayerFormat format, QuantizationSpec spec, Granularity granularity) {
        boolean integer = spec.format() instanceof IntFormat;
        return integer && granularity instanceof PerTensor
                ? StorageType.F32
                : format.workingType().storage();
    }

    private static boolean isSigned(QuantizationSpec spec) {
        return switch (spec.format()) {
            case IntFormat format -> format.signed();
            case FloatFormat unused -> true;
            case HalfFormat unused -> true;
            case BlockFormat unused -> true;
        };
    }

    static UnsupportedQuantizationException unsupported(LayerFormat format, String what, String nearest) {
        return new UnsupportedQuantizationException("the layout quark can't hold " + what + " (layer " + format.layer()
                + "); it holds " + nearest
                + ": change the layer's configuration or exclude it");
    }

    /** The shape of the stored codes. */
    Shape codeShape() {
        return packed(transposed ? Shape.of(shape.extent(1), shape.extent(0)) : shape);
    }

    /** The shape of the stored scales. */
    Shape storedScaleShape() {
        return transposed ? Shape.of(scaleShape.extent(1), scaleShape.extent(0)) : scaleShape;
    }

    /** A shape of codes as one of stored elements. */
    Shape packed(Shape codes) {
        if (!nibbles) {
            return codes;
        }
        long[] extents = codes.toArray();
        extents[extents.length - 1] /= NibbleWords.codesPerWord();
        return Shape.of(extents);
    }

    Tensor packCodes(QuantizedTensor weight, Arena arena) {
        MemorySegment codes = weight.codes();
        if (!nibbles && !transposed) {
            return new Tensor(codeType, codeShape(), codes);
        }
        Shape stored = codeShape();
        Tensor packed =
                new Tensor(codeType, stored, ReusableArena.unfilled(arena, stored.elements() * codeType.bytes()));
        long rows = shape.extent(0);
        long columns = shape.extent(1);
        if (!nibbles) {
            Transpose.bytes(codes, rows, columns, packed.data());
        } else if (!transposed) {
            NibbleWords.ofNibbles(codes, packed.data());
        } else if (columns % 2 == 0) {
            NibbleMatrix.toWords(codes, rows, columns, packed.data());
        } else {
            try (Arena scratch = Arena.ofConfined()) {
                MemorySegment wholeBytes = scratch.allocate(rows * BitRows.bytes(NIBBLE, columns), 64);
                BitRows.pack(NIBBLE, codes, rows, columns, wholeBytes);
                NibbleMatrix.toWords(wholeBytes, rows, columns, packed.data());
            }
        }
        return packed;
    }

    MemorySegment unpackCodes(Tensor stored, Arena arena) {
        long rows = shape.extent(0);
        long columns = shape.extent(1);
        MemorySegment codes = ReusableArena.unfilled(arena, nibbles ? rows * columns / 2 : rows * columns);
        if (!nibbles && !transposed) {
            MemorySegment.copy(stored.data(), 0, codes, 0, codes.byteSize());
        } else if (!nibbles) {
            Transpose.bytes(stored.data(), columns, rows, codes);
        } else if (!transposed) {
            NibbleWords.toNibbles(stored.data(), codes);
        } else if (columns % 2 == 0) {
            NibbleMatrix.ofWords(stored.data(), rows, columns, codes);
        } else {
            try (Arena scratch = Arena.ofConfined()) {
                MemorySegment wholeBytes = scratch.allocate(rows * BitRows.bytes(NIBBLE, columns), 64);
                NibbleMatrix.ofWords(stored.data(), rows, columns, wholeBytes);
                BitRows.unpack(NIBBLE, wholeBytes, rows, columns, codes);
            }
        }
        return codes;
    }

    Tensor packZeroPoints(Tensor zeros) {
        Tensor bytes = Narrow.bytes(zeros, signed ? StorageType.I8 : StorageType.U8);
        if (!nibbles) {
            return bytes;
        }
        Shape words = packed(zeros.shape());
        MemorySegment data = MemorySegment.ofArray(new byte[Math.toIntExact(words.elements() * Integer.BYTES)]);
        NibbleWords.pack(bytes.data(), data);
        return new Tensor(StorageType.I32, words, data);
    }

    Tensor unpackZeroPoints(Tensor stored) {
        if (!nibbles) {
            return Narrow.widened(stored);
        }
        byte[] codes = new byte[Math.toIntExact(stored.elements() * NibbleWords.codesPerWord())];
        NibbleWords.unpack(stored.data(), MemorySegment.ofArray(codes));
        int[] zeros = new int[codes.length];
        for (int i = 0; i < zeros.length; i++) {
            zeros[i] = signed ? codes[i] << 28 >> 28 : codes[i];
        }
        return Tensor.ofInts(zeros, storedScaleShape().toArray());
    }

    /** Scales or zero points as they are stored: transposed with the codes. */
    Tensor transposedWords(Tensor x) {
        return transposed ? exchanged(x, scaleShape.extent(0), scaleShape.extent(1)) : x;
    }

    /** The inverse of {@link #transposedWords}, in the shape of the canonical tensor. */
    Tensor canonicalWords(Tensor x) {
        return transposed
                ? exchanged(x, scaleShape.extent(1), scaleShape.extent(0))
                : new Tensor(x.type(), scaleShape, x.data());
    }

    private static Tensor exchanged(Tensor x, long rows, long columns) {
        int width = Math.toIntExact(columns);
        int height = Math.toIntExact(rows);
        int[] source = new int[Math.multiplyExact(width, height)];
        MemorySegment.copy(x.data(), Tensor.INT, 0, source, 0, source.length);
        int[] target = new int[source.length];
        for (int row = 0; row < height; row++) {
            for (int column = 0; column < width; column++) {
                target[column * height + row] = source[row * width + column];
            }
        }
        return new Tensor(
                x.type(),
                Shape.of(columns, rows),
                Tensor.ofInts(target, columns, rows).data());
    }
}
