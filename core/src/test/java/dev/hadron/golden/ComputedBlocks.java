package dev.hadron.golden;

import dev.hadron.config.QuantizationSpec;
import dev.hadron.dtype.BlockFormat;
import dev.hadron.dtype.FloatFormat;
import dev.hadron.dtype.HalfFormat;
import dev.hadron.dtype.StorageType;
import dev.hadron.dtype.WorkingType;
import dev.hadron.numerics.ElementQuantizer;
import dev.hadron.numerics.Kernels;
import dev.hadron.numerics.Nvfp4Scale;
import dev.hadron.numerics.PairScale;
import dev.hadron.numerics.Range;
import dev.hadron.numerics.RunView;
import dev.hadron.numerics.ScaleFormula;
import dev.hadron.observer.Observers;
import dev.hadron.quantizer.FakeQuantizer;
import dev.hadron.quantizer.TensorQuantizer;
import dev.hadron.tensor.QuantizedTensor;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;

/** What this code computes for a case whose format has blocks, or no scale: every recorded tensor by its name, in floats. */
final class ComputedBlocks {
    private final QuantizationSpec spec;
    private final Tensor x;
    private final WorkingType workingType;
    private final Map<String, float[]> computed = new HashMap<>();

    private ComputedBlocks(QuantizationSpec spec, Tensor x) {
        this.spec = spec;
        this.x = x;
        this.workingType = WorkingType.of(x.type());
    }

    static Map<String, float[]> of(QuantizationSpec spec, Tensor x) {
        ComputedBlocks blocks = new ComputedBlocks(spec, x);
        blocks.fakeQuantize();
        switch (spec.format()) {
            case HalfFormat unused -> blocks.casts();
            case BlockFormat block -> blocks.scales(block);
            default -> throw new IllegalArgumentException(spec.toString());
        }
        return blocks.computed;
    }

    private void fakeQuantize() {
        Tensor output = floats();
        FakeQuantizer.dynamic(spec, workingType).apply(output);
        if (spec.format() instanceof HalfFormat) {
            round(output);
        }
        computed.put("output", output.toFloats());
    }

    /** A cast's result is handed on in the type that the tensor came in. */
    private void round(Tensor output) {
        for (long i = 0; i < output.elements(); i++) {
            output.data().set(Tensor.FLOAT, i * Float.BYTES, workingType.round(output.floatAt(i)));
        }
    }

    private void casts() {
        MemorySegment codes = TensorQuantizer.of(spec, dev.hadron.numerics.Parallel.sequential())
                .quantize(x)
                .codes();
        float[] units = new float[Math.toIntExact(x.elements())];
        for (int i = 0; i < units.length; i++) {
            units[i] = codes.get(Tensor.SHORT, (long) i * Short.BYTES);
        }
        computed.put("codes", units);
    }

    private void scales(BlockFormat format) {
        RunView view = RunView.of(x.shape(), Observers.granularity(spec, x.shape()));
        MemorySegment runs = MemorySegment.ofArray(new byte[Math.toIntExact(x.elements() * Float.BYTES)]);
        view.gather(floats().data(), runs, Float.BYTES);
        Range whole = Kernels.best().range(runs, 0, x.elements());
        ScaleFormula formula = Observers.formula(spec, workingType, whole);
        float[] scales = new float[view.runs()];
        float[] exponents = new float[view.runs()];
        float[] real = new float[Math.toIntExact(x.elements()) + view.runs()];
        int at = 0;
        for (int run = 0; run < view.runs(); run++) {
            Range range = Kernels.best().range(runs, view.start(run), view.length(run));
            ScaleFormula.Parameters parameters = formula.parameters(range);
            scales[run] = parameters.scale();
            if (formula instanceof PairScale pairs) {
                exponents[run] = pairs.exponent(range.absoluteMax());
                continue;
            }
            ElementQuantizer element = formula.quantizer(parameters.scale(), 0f);
            real[at++] = scales[run];
            for (long i = 0; i < view.length(run); i++) {
                float value = runs.get(Tensor.FLOAT, (view.start(run) + i) * Float.BYTES);
                real[at++] = element.decode(element.encode(value)) / scales[run];
            }
        }
        computed.put("scale", scales);
        computed.put("shared_exponent", exponents);
        if (formula instanceof Nvfp4Scale nvfp4) {
            twoLevels(nvfp4, scales);
        } else if (format.element().equals(FloatFormat.E2M1)) {
            computed.put("real", real);
        }
    }

    private void twoLevels(Nvfp4Scale formula, float[] scales) {
        computed.put("tensor_scale", new float[] {formula.tensorScale()});
        float[] scaleCodes = new float[scales.length];
        for (int i = 0; i < scales.length; i++) {
            scaleCodes[i] = Byte.toUnsignedInt(FloatFormat.E4M3.encode(scales[i]));
        }
        computed.put("scale_codes", scaleCodes);
        QuantizedTensor quantized = TensorQuantizer.of(spec, dev.hadron.numerics.Parallel.sequential())
                .quantize(x);
        MemorySegment bytes = MemorySegment.ofArray(new byte[Math.toIntExact(x.elements())]);
        Kernels.best().unpackNibbles(quantized.codes(), 0, bytes, 0, x.elements());
        float[] codes = new float[Math.toIntExact(x.elements())];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = bytes.get(ValueLayout.JAVA_BYTE, i);
        }
        computed.put("codes", codes);
    }

    private Tensor floats() {
        Tensor floats = Tensor.allocate(Arena.ofAuto(), StorageType.F32, x.shape());
        Kernels.best().widen(x.data(), x.type(), 0, floats.data(), 0, x.elements());
        return floats;
    }
}
