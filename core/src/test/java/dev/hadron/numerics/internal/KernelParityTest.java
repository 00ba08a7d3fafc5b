package dev.hadron.numerics.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.FloatFormat;
import dev.hadron.dtype.StorageType;
import dev.hadron.dtype.WorkingType;
import dev.hadron.numerics.ElementQuantizer;
import dev.hadron.numerics.FloatElementQuantizer;
import dev.hadron.numerics.Kernels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The vector kernels against the plain loops, bit for bit; any NaN equals any other. */
class KernelParityTest {
    private static final int LARGEST = 4098;
    private static final int[] SIZES = IntStream.concat(
                    IntStream.rangeClosed(0, 300),
                    IntStream.of(511, 512, 513, 1000, 1024, 1031, 2047, 2048, 2049, 4096, LARGEST))
            .toArray();

    private final Kernels scalar = new ScalarKernels();
    private final Kernels vector = new VectorKernels();

    @Test
    void theVectorModuleIsPresentSoThatTheseTestsCompareSomething() {
        assertThat(VectorModule.isPresent())
                .as("start the tests with --add-modules jdk.incubator.vector")
                .isTrue();
        assertThat(KernelsProvider.lasting()).isInstanceOf(VectorKernels.class);
        assertThat(Lanes.COUNT).isGreaterThan(1);
    }

    @ParameterizedTest
    @EnumSource
    void rangesAreEqual(TestFloats kind) {
        Buffer x = Buffer.of(kind.floats(LARGEST + 3, 1));
        for (int size : SIZES) {
            for (int from = 0; from < 3; from++) {
                assertThat(vector.range(x.segment(), from, size))
                        .as("%s floats from %s", size, from)
                        .isEqualTo(scalar.range(x.segment(), from, size));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void rangesOfSixteenBitsAreEqual(TestFloats kind) {
        for (StorageType type : new StorageType[] {StorageType.BF16, StorageType.F16}) {
            Buffer x = Buffer.of(kind.floats(LARGEST + 3, 1), type);
            for (int size : SIZES) {
                for (int from = 0; from < 3; from++) {
                    assertThat(vector.range(x.segment(), type, from, size))
                            .as("%s %s from %s", size, type, from)
                            .isEqualTo(scalar.range(x.segment(), type, from, size));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void rangesOfFewNumbersAreEqual(TestFloats kind) {
        for (int seed = 0; seed < 2000; seed++) {
            Buffer x = Buffer.of(kind.floats(5, seed));

            for (int size = 1; size <= 5; size++) {
                assertThat(vector.range(x.segment(), 0, size))
                        .as("%s floats, seed %s", size, seed)
                        .isEqualTo(scalar.range(x.segment(), 0, size));
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
        Buffer source = Buffer.of(TestFloats.WEIGHTS.floats(LARGEST + 1, 2));
        for (int size : SIZES) {
            Buffer expected = Buffer.ofFloats(LARGEST + 4);
            scalar.widen(source.segment(), type, 1, expected.segment(), 2, size);
            Buffer actual = Buffer.ofFloats(LARGEST + 4);
            vector.widen(source.segment(), type, 1, actual.segment(), 2, size);

            assertThat(actual.floatBits(size + 4)).as("%s elements", size).isEqualTo(expected.floatBits(size + 4));
        }
    }

    @Test
    void onlyWeightTypesAreWidened() {
        Buffer bytes = Buffer.ofBytes(8);

        for (Kernels kernels : new Kernels[] {scalar, vector}) {
            assertThatThrownBy(() -> kernels.widen(bytes.segment(), StorageType.I8, 0, bytes.segment(), 0, 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("I8");
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"FLOAT16", "BFLOAT16"})
    void elementsOfEveryTypeAreQuantizedEqually(Dtype dtype) {
        TestQuantizers.of(dtype).forEach((name, quantizer) -> {
            for (TestFloats kind : TestFloats.values()) {
                int count = 1031;
                Buffer x = Buffer.of(kind.scaled(count + 1, 3, TestQuantizers.scale(quantizer)));
                assertFakeQuantizedEqually(quantizer, x, count, name + " of " + kind);
                assertQuantizedEqually(quantizer, x, count, name + " of " + kind);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"FLOAT16", "BFLOAT16"})
    void everySizeIsQuantizedToItsEndAndNoFurther(Dtype dtype) {
        ElementQuantizer quantizer = TestQuantizers.plain(dtype, WorkingType.BFLOAT16);
        Buffer x = Buffer.of(TestFloats.SPECIALS.floats(LARGEST + 1, 4));
        for (int size : SIZES) {
            assertFakeQuantizedEqually(quantizer, x, size, size + " elements");
            assertQuantizedEqually(quantizer, x, size, size + " elements");
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"FLOAT16", "BFLOAT16"})
    void fakeQuantizationInPlaceIsEqual(Dtype dtype) {
        ElementQuantizer quantizer = TestQuantizers.plain(dtype, WorkingType.FLOAT32);
        float[] values = TestFloats.SPECIALS.floats(LARGEST, 5);
        Buffer expected = Buffer.ofFloats(LARGEST);
        scalar.fakeQuantize(quantizer, Buffer.of(values).segment(), 0, expected.segment(), 0, LARGEST);

        MemorySegment x = Buffer.of(values).segment();
        vector.fakeQuantize(quantizer, x, 0, x, 0, LARGEST);

        assertThat(new Buffer(x).floatBits(LARGEST)).isEqualTo(expected.floatBits(LARGEST));
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"FLOAT16", "BFLOAT16"})
    void everyCodeIsDequantizedEqually(Dtype dtype) {
        Buffer codes = Buffer.ofBytes(256);
        for (int i = 0; i < 256; i++) {
            codes.segment().set(ValueLayout.JAVA_BYTE, i, (byte) i);
        }
        TestQuantizers.of(dtype).forEach((name, quantizer) -> {
            Buffer expected = Buffer.ofFloats(256);
            scalar.dequantize(quantizer, codes.segment(), 0, expected.segment(), 0, 256);
            Buffer actual = Buffer.ofFloats(256);
            vector.dequantize(quantizer, codes.segment(), 0, actual.segment(), 0, 256);

            assertThat(actual.floatBits(256)).as(name).isEqualTo(expected.floatBits(256));
        });
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"FLOAT16", "BFLOAT16"})
    void everySizeIsDequantizedToItsEndAndNoFurther(Dtype dtype) {
        ElementQuantizer quantizer = TestQuantizers.plain(dtype, WorkingType.FLOAT32);
        Buffer codes = Buffer.of(TestFloats.FINITE.floats(LARGEST, 6));
        for (int size : SIZES) {
            Buffer expected = Buffer.ofFloats(LARGEST + 4);
            scalar.dequantize(quantizer, codes.segment(), 1, expected.segment(), 2, size);
            Buffer actual = Buffer.ofFloats(LARGEST + 4);
            vector.dequantize(quantizer, codes.segment(), 1, actual.segment(), 2, size);

            assertThat(actual.floatBits(size + 4)).as("%s elements", size).isEqualTo(expected.floatBits(size + 4));
        }
    }

    @Test
    void nibblesArePackedAndUnpackedEqually() {
        Buffer codes = Buffer.of(TestFloats.FINITE.floats(LARGEST, 7));
        for (int size : SIZES) {
            Buffer expected = Buffer.ofBytes(LARGEST);
            scalar.packNibbles(codes.segment(), 1, expected.segment(), 4, size);
            Buffer actual = Buffer.ofBytes(LARGEST);
            vector.packNibbles(codes.segment(), 1, actual.segment(), 4, size);
            assertThat(actual.bytes(LARGEST)).as("%s codes", size).isEqualTo(expected.bytes(LARGEST));

            for (int from = 0; from < 2; from++) {
                scalar.unpackNibbles(codes.segment(), from, expected.segment(), 3, size - size / 100);
                vector.unpackNibbles(codes.segment(), from, actual.segment(), 3, size - size / 100);
                assertThat(actual.bytes(LARGEST)).as("%s from %s", size, from).isEqualTo(expected.bytes(LARGEST));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8})
    void codesOfAnyWidthArePackedAndUnpackedEqually(int bits) {
        Buffer codes = Buffer.of(TestFloats.FINITE.floats(LARGEST, 8));
        for (int size : SIZES) {
            Buffer expected = Buffer.ofBytes(2 * LARGEST);
            scalar.packBits(bits, codes.segment(), 1, expected.segment(), 3, size);
            Buffer actual = Buffer.ofBytes(2 * LARGEST);
            vector.packBits(bits, codes.segment(), 1, actual.segment(), 3, size);
            assertThat(actual.bytes(2 * LARGEST)).as("%s codes", size).isEqualTo(expected.bytes(2 * LARGEST));

            scalar.unpackBits(bits, codes.segment(), 3, expected.segment(), 1, size);
            vector.unpackBits(bits, codes.segment(), 3, actual.segment(), 1, size);
            assertThat(actual.bytes(2 * LARGEST)).as("%s codes back", size).isEqualTo(expected.bytes(2 * LARGEST));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT16", "BFLOAT16"})
    void everyKindOfNumberIsNarrowedEqually(WorkingType type) {
        for (TestFloats kind : TestFloats.values()) {
            for (int size : SIZES) {
                Buffer x = Buffer.of(kind.scaled(size + 1, size, 0x1p-10f));
                Buffer expected = Buffer.ofBytes(2 * size + 8);
                scalar.narrow(x.segment(), 1, type, expected.segment(), 2, size);
                Buffer actual = Buffer.ofBytes(2 * size + 8);
                vector.narrow(x.segment(), 1, type, actual.segment(), 2, size);

                assertThat(actual.bytes(2 * size + 8))
                        .as("%s of %s", size, kind)
                        .isEqualTo(expected.bytes(2 * size + 8));
            }
        }
    }

    @Test
    void everyHalfIsNarrowedToItself() {
        for (StorageType type : new StorageType[] {StorageType.F16, StorageType.BF16}) {
            int count = 1 << 16;
            Buffer source = Buffer.ofBytes(2 * count);
            for (int i = 0; i < count; i++) {
                source.setShort(i, (short) i);
            }
            Buffer wide = Buffer.ofFloats(count);
            scalar.widen(source.segment(), type, 0, wide.segment(), 0, count);
            Buffer expected = Buffer.ofBytes(2 * count);
            Buffer actual = Buffer.ofBytes(2 * count);
            WorkingType workingType = WorkingType.of(type);

            scalar.narrow(wide.segment(), 0, workingType, expected.segment(), 0, count);
            vector.narrow(wide.segment(), 0, workingType, actual.segment(), 0, count);

            assertThat(actual.bytes(2 * count)).isEqualTo(expected.bytes(2 * count));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FP8_E4M3", "FP8_E5M2"})
    void everyFractionOfBfloat16UnderEveryScaleOfItIsEncodedEqually(Dtype dtype) {
        int fractions = 1 << 7;
        int count = 40 * fractions;
        Buffer x = Buffer.ofBytes(2 * count);
        for (int i = 0; i < count; i++) {
            x.setShort(i, (short) ((((127 - 25) << 7) + i) | (i % 3 == 0 ? 0x8000 : 0)));
        }
        for (int fraction = 0; fraction < fractions; fraction++) {
            float scale = Float.intBitsToFloat((127 << 23) | (fraction << 16));
            var quantizer = new FloatElementQuantizer((FloatFormat) dtype.format(), WorkingType.BFLOAT16, scale);
            Buffer expected = Buffer.ofBytes(count);
            scalar.quantize(quantizer, x.segment(), StorageType.BF16, 0, expected.segment(), 0, count);
            Buffer actual = Buffer.ofBytes(count);
            vector.quantize(quantizer, x.segment(), StorageType.BF16, 0, actual.segment(), 0, count);

            assertThat(actual.bytes(count)).as("scale %s", scale).isEqualTo(expected.bytes(count));
        }
    }

    @Test
    void quotientsByCorrectionAreThoseOfDivision() {
        SplittableRandom random = new SplittableRandom(5);
        int count = 4096;
        float[] y = new float[count + Lanes.PADDING];
        for (int round = 0; round < 2000; round++) {
            int nearOne = round % 2 == 0 ? random.nextInt(1 << 23) : random.nextInt(-40, 40) & 0x7F_FFFF;
            float divisor = Float.intBitsToFloat((random.nextInt(57, 197) << 23) | nearOne);
            float[] x = new float[y.length];
            for (int i = 0; i < count; i++) {
                x[i] = divisor * (float) random.nextDouble(-500, 500);
                if (i % 4 == 0) {
                    x[i] = divisor * random.nextInt(-1024, 1024) / 2f;
                }
            }

            ScalingLoop.divide(divisor, x, 0, y, 0, count);

            for (int i = 0; i < count; i++) {
                if (Float.floatToRawIntBits(y[i]) != Float.floatToRawIntBits(x[i] / divisor)) {
                    assertThat(y[i]).as("%s / %s", x[i], divisor).isEqualTo(x[i] / divisor);
                }
            }
        }
    }

    private void assertFakeQuantizedEqually(ElementQuantizer quantizer, Buffer x, int count, String name) {
        Buffer expected = Buffer.ofFloats(count + 2);
        scalar.fakeQuantize(quantizer, x.segment(), 1, expected.segment(), 0, count);
        Buffer actual = Buffer.ofFloats(count + 2);
        vector.fakeQuantize(quantizer, x.segment(), 1, actual.segment(), 0, count);

        assertThat(actual.floatBits(count + 2)).as(name).isEqualTo(expected.floatBits(count + 2));
    }

    private void assertQuantizedEqually(ElementQuantizer quantizer, Buffer x, int count, String name) {
        for (StorageType type : new StorageType[] {StorageType.F16, StorageType.BF16}) {
            Buffer expected = Buffer.ofBytes(count + 2);
            scalar.quantize(quantizer, x.segment(), type, 1, expected.segment(), 1, count);
            Buffer actual = Buffer.ofBytes(count + 2);
            vector.quantize(quantizer, x.segment(), type, 1, actual.segment(), 1, count);
            assertThat(actual.bytes(count + 2))
                    .as("codes of %s: %s", type, name)
                    .isEqualTo(expected.bytes(count + 2));
        }
        Buffer expected = Buffer.ofBytes(count + 2);
        scalar.quantize(quantizer, x.segment(), 1, expected.segment(), 0, count);
        Buffer actual = Buffer.ofBytes(count + 2);
        vector.quantize(quantizer, x.segment(), 1, actual.segment(), 0, count);

        assertThat(actual.bytes(count + 2)).as("codes: " + name).isEqualTo(expected.bytes(count + 2));
    }
}
