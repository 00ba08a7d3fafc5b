package dev.hadron.numerics.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.FloatFormat;
import dev.hadron.dtype.IntFormat;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.StorageType;
import dev.hadron.dtype.WorkingType;
import dev.hadron.numerics.ElementQuantizer;
import dev.hadron.numerics.FloatElementQuantizer;
import dev.hadron.numerics.IntElementQuantizer;
import dev.hadron.numerics.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The vector kernels against the plain loops, bit for bit; any NaN equals any other. */
class KernelParityTest {
    private static final int LARGEST = 4098;
    private static final int[] SIZES = IntStream.concat(
                    IntStream.rangeClosed(0, 300), IntStream.of(511, 512, 513, 1000, 1024, 1031, 2047, 4096, LARGEST))
            .toArray();

    private final Kernels scalar = new ScalarKernels();
    private final Kernels vector = new VectorKernels();

    @Test
    void rangesAreEqualWithAndWithoutSpecials() {
        for (TestFloats kind : TestFloats.values()) {
            Buffer x = Buffer.of(kind.floats(LARGEST + 3, 1));
            for (int size : SIZES) {
                for (int from = 0; from < 3; from++) {
                    assertThat(vector.range(x.segment(), from, size))
                            .as("%s, %s floats from %s", kind, size, from)
                            .isEqualTo(scalar.range(x.segment(), from, size));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16"})
    void everyPatternOfSixteenBitsIsWidenedEqually(StorageType type) {
        int count = 1 << 16;
        Buffer source = Buffer.ofBytes(count * type.bytes());
        for (int i = 0; i < count; i++) {
            if (type == StorageType.F32) {
                source.setFloat(i, Float.intBitsToFloat(i * 0x10001));
            } else {
                source.setShort(i, (short) i);
            }
        }

        Buffer expected = Buffer.ofFloats(count);
        scalar.widen(source.segment(), type, 0, expected.segment(), 0, count);
        Buffer actual = Buffer.ofFloats(count);
        vector.widen(source.segment(), type, 0, actual.segment(), 0, count);

        assertThat(actual.floatBits(count)).isEqualTo(expected.floatBits(count));
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16"})
    void everySizeIsWidenedToItsEndAndNoFurther(StorageType type) {
        Buffer source = Buffer.of(TestFloats.WEIGHTS.floats(LARGEST, 2));
        for (int size : SIZES) {
            Buffer expected = Buffer.ofFloats(LARGEST + 4);
            scalar.widen(source.segment(), type, 1, expected.segment(), 2, Math.max(0, size - 1));
            Buffer actual = Buffer.ofFloats(LARGEST + 4);
            vector.widen(source.segment(), type, 1, actual.segment(), 2, Math.max(0, size - 1));

            assertThat(actual.floatBits(size + 4)).as("%s elements", size).isEqualTo(expected.floatBits(size + 4));
        }
    }

    @ParameterizedTest
    @MethodSource("quantizers")
    void elementsAreQuantizedEqually(ElementQuantizer quantizer, String name) {
        for (TestFloats kind : TestFloats.values()) {
            Buffer x = Buffer.of(kind.scaled(LARGEST + 1, 3, scaleOf(quantizer)));
            Buffer faked = Buffer.ofFloats(LARGEST);
            scalar.fakeQuantize(quantizer, x.segment(), 1, faked.segment(), 0, LARGEST);
            Buffer codes = Buffer.ofBytes(LARGEST);
            scalar.quantize(quantizer, x.segment(), 1, codes.segment(), 0, LARGEST);

            Buffer vectorFaked = Buffer.ofFloats(LARGEST);
            vector.fakeQuantize(quantizer, x.segment(), 1, vectorFaked.segment(), 0, LARGEST);
            Buffer vectorCodes = Buffer.ofBytes(LARGEST);
            vector.quantize(quantizer, x.segment(), 1, vectorCodes.segment(), 0, LARGEST);

            assertThat(vectorFaked.floatBits(LARGEST))
                    .as("%s of %s", name, kind)
                    .isEqualTo(faked.floatBits(LARGEST));
            assertThat(vectorCodes.bytes(LARGEST))
                    .as("codes: %s of %s", name, kind)
                    .isEqualTo(codes.bytes(LARGEST));
        }
    }

    private static float scaleOf(ElementQuantizer quantizer) {
        return switch (quantizer) {
            case IntElementQuantizer integer -> integer.scale();
            case FloatElementQuantizer floating -> floating.scale();
        };
    }

    private static Stream<Object[]> quantizers() {
        List<Object[]> all = new ArrayList<>();
        float[] scales = {
            1f,
            0x1p-23f,
            0.1f,
            3.7e-3f,
            1e-5f,
            1e-9f,
            0x1p-126f,
            Float.MIN_VALUE,
            1000.3f,
            3e38f,
            Float.POSITIVE_INFINITY,
            0f
        };
        for (Dtype dtype : Dtype.values()) {
            for (WorkingType workingType : WorkingType.values()) {
                for (float scale : scales) {
                    switch (dtype.format()) {
                        case FloatFormat format ->
                            all.add(new Object[] {
                                new FloatElementQuantizer(format, workingType, scale),
                                dtype + " " + workingType + " " + scale
                            });
                        case IntFormat format -> {
                            for (RoundType rounding : RoundType.values()) {
                                for (int zeroPoint : new int[] {0, format.lowest(), format.highest(), 3, 77}) {
                                    all.add(new Object[] {
                                        new IntElementQuantizer(format, rounding, workingType, scale, zeroPoint),
                                        dtype + " " + rounding + " " + workingType + " " + scale + " " + zeroPoint
                                    });
                                }
                            }
                        }
                    }
                }
            }
        }
        return all.stream();
    }
}
