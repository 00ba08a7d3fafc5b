package dev.hadron.golden;

import dev.hadron.config.QuantizationSpec;
import dev.hadron.dtype.IntFormat;
import dev.hadron.dtype.StorageType;
import dev.hadron.dtype.WorkingType;
import dev.hadron.numerics.ElementQuantizer;
import dev.hadron.numerics.Kernels;
import dev.hadron.numerics.QuantizationParameters;
import dev.hadron.numerics.RunView;
import dev.hadron.numerics.ScaleFormula;
import dev.hadron.observer.Observer;
import dev.hadron.observer.Observers;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * What this code computes for a case, element by element from the definition.
 *
 * @param scaleShape the shape of {@code scale} and {@code zeroPoint}
 * @param output fake-quantized, in the order of the tensor
 * @param codes integers by value, floating point by bit pattern
 */
@SuppressWarnings("ArrayRecordComponent") // columns, compared by nobody
record Computed(float[] scale, float[] zeroPoint, Shape scaleShape, float[] output, int[] codes) {
    static Computed of(QuantizationSpec spec, List<Tensor> batches, Tensor x) {
        WorkingType type = WorkingType.of(x.type());
        Observer observer = Observers.of(spec, type);
        batches.forEach(batch -> observer.observe(widened(batch)));
        QuantizationParameters parameters = observer.parameters();

        RunView view = RunView.of(x.shape(), Observers.granularity(spec, x.shape()));
        int count = Math.toIntExact(x.elements());
        MemorySegment runs = MemorySegment.ofArray(new byte[count * Float.BYTES]);
        MemorySegment coded = MemorySegment.ofArray(new byte[count]);
        view.gather(widened(x).data(), runs, Float.BYTES);
        ScaleFormula formula = Observers.rangeScale(spec, type);
        for (int i = 0; i < count; i++) {
            int run = Math.toIntExact(i / view.length());
            ElementQuantizer quantizer =
                    formula.quantizer(parameters.scale()[run], parameters.zeroPoint()[run]);
            float value = runs.get(Tensor.FLOAT, (long) i * Float.BYTES);
            coded.set(ValueLayout.JAVA_BYTE, i, quantizer.encode(value));
            runs.set(Tensor.FLOAT, (long) i * Float.BYTES, quantizer.fakeQuantize(value));
        }

        Tensor output = Tensor.ofFloats(new float[count], count);
        view.scatter(runs, output.data(), Float.BYTES);
        MemorySegment codes = MemorySegment.ofArray(new byte[count]);
        view.scatter(coded, codes, 1);
        int[] values = new int[count];
        for (int i = 0; i < count; i++) {
            values[i] = value(spec, codes.get(ValueLayout.JAVA_BYTE, i));
        }
        return new Computed(parameters.scale(), parameters.zeroPoint(), view.scaleShape(), output.toFloats(), values);
    }

    private static Tensor widened(Tensor x) {
        Tensor floats = Tensor.ofFloats(
                new float[Math.toIntExact(x.elements())], x.shape().toArray());
        if (x.elements() > 0) {
            Kernels.best().widen(x.data(), x.type(), 0, floats.data(), 0, x.elements());
        }
        return x.type() == StorageType.F32 ? x : floats;
    }

    private static int value(QuantizationSpec spec, byte code) {
        return spec.format() instanceof IntFormat format ? format.value(code) : Byte.toUnsignedInt(code);
    }
}
