package dev.hadron.quantizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadron.config.ObserverType;
import dev.hadron.config.QuantizationSpec;
import dev.hadron.dtype.BlockFormat;
import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.FloatFormat;
import dev.hadron.dtype.HalfFormat;
import dev.hadron.dtype.IntFormat;
import dev.hadron.dtype.QSchemeType;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import dev.hadron.dtype.StorageType;
import dev.hadron.dtype.WorkingType;
import dev.hadron.numerics.Parallel;
import dev.hadron.numerics.RunsByDefinition;
import dev.hadron.tensor.Granularity;
import dev.hadron.tensor.QuantizedTensor;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DequantizerTest {
    private static final Shape SHAPE = Shape.of(3, 4, 5);
    private static final List<Granularity> GRANULARITIES = List.of(
            new Granularity.PerTensor(),
            new Granularity.PerChannel(0),
            new Granularity.PerChannel(1),
            new Granularity.PerChannel(2),
            new Granularity.PerGroup(2, 5),
            new Granularity.PerGroup(1, 2),
            new Granularity.PerGroup(0, 1));

    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(11);

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"FLOAT16", "BFLOAT16", "MX", "MX6", "MX9", "BFP16", "NVFP4"})
    void everyCodeIsDecodedByTheScaleOfItsRun(Dtype dtype) {
        for (Granularity granularity : GRANULARITIES) {
            int[] positions = RunsByDefinition.positions(SHAPE, granularity);
            QuantizedTensor quantized = anyCodes(dtype, granularity);

            float[] values = Dequantizer.dequantize(quantized, Arena.ofAuto()).toFloats();

            int length = Math.toIntExact(positions.length / quantized.scale().elements());
            for (int i = 0; i < positions.length; i++) {
                assertThat((Float) values[positions[i]])
                        .as("%s %s %s", dtype, granularity, i)
                        .isEqualTo((Float) decoded(quantized, positions[i], i / length));
            }
        }
    }

    @Test
    void whatWasQuantizedComesBackToHalfAStep() {
        Tensor x = new RandomTensors(4).next(StorageType.F32, 6, 32);
        QuantizationSpec spec = QuantizationSpec.builder(Dtype.UINT8)
                .qscheme(QSchemeType.PER_CHANNEL)
                .observerCls(ObserverType.PER_CHANNEL_MIN_MAX)
                .chAxis(0)
                .isDynamic(false)
                .symmetric(false)
                .roundMethod(RoundType.HALF_EVEN)
                .scaleType(ScaleType.FLOAT)
                .build();

        QuantizedTensor quantized =
                TensorQuantizer.of(spec, Parallel.sequential()).quantize(x);
        Tensor back = Dequantizer.dequantize(quantized, Arena.ofAuto());

        for (int i = 0; i < x.elements(); i++) {
            // The zero point is rounded too, so the ends of the range may lie half a step outside.
            assertThat(Math.abs(back.floatAt(i) - x.floatAt(i)))
                    .isLessThanOrEqualTo(1.01f * quantized.scale().floatAt(i / 32));
        }
    }

    private QuantizedTensor anyCodes(Dtype dtype, Granularity granularity) {
        byte[] codes = new byte[Math.toIntExact(QuantizedTensor.codeBytes(dtype.format(), SHAPE.elements()))];
        random.nextBytes(codes);
        Shape scaleShape = dev.hadron.numerics.RunView.of(SHAPE, granularity).scaleShape();
        float[] scales = new float[Math.toIntExact(scaleShape.elements())];
        int[] zeroPoints = new int[scales.length];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = random.nextFloat(0.01f, 3f);
            zeroPoints[i] = dtype.format() instanceof IntFormat format
                    ? random.nextInt(format.lowest(), format.highest() + 1)
                    : 0;
        }
        Optional<Tensor> zeroPoint = dtype.format() instanceof IntFormat
                ? Optional.of(Tensor.ofInts(zeroPoints, scaleShape.toArray()))
                : Optional.empty();
        return new QuantizedTensor(
                dtype.format(),
                SHAPE,
                granularity,
                MemorySegment.ofArray(codes),
                Tensor.ofFloats(scales, scaleShape.toArray()),
                zeroPoint,
                Optional.empty(),
                WorkingType.FLOAT32);
    }

    private static float decoded(QuantizedTensor x, int position, int run) {
        int bits = x.format().bits();
        int inByte = x.codes().get(java.lang.foreign.ValueLayout.JAVA_BYTE, bits == 4 ? position / 2 : position);
        int code = bits == 4 ? inByte >> (4 * (position % 2)) : inByte;
        float scale = x.scale().floatAt(run);
        return switch (x.format()) {
            case IntFormat format -> {
                int unsigned = code & ((1 << bits) - 1);
                int value = format.signed() && unsigned > format.highest() ? unsigned - (1 << bits) : unsigned;
                yield (value - x.zeroPoint().orElseThrow().intAt(run)) * scale;
            }
            case FloatFormat format -> format.decode((byte) code) * scale;
            case HalfFormat unused -> throw new IllegalArgumentException(x.toString());
            case BlockFormat unused -> throw new IllegalArgumentException(x.toString());
        };
    }
}
