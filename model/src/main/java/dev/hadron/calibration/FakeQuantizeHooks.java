package dev.hadron.calibration;

import dev.hadron.config.QuantizationSpec;
import dev.hadron.dtype.WorkingType;
import dev.hadron.export.layout.LayerFormat;
import dev.hadron.export.layout.LayerParameters;
import dev.hadron.model.arch.LinearHooks;
import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.numerics.QuantizationParameters;
import dev.hadron.quantizer.FakeQuantizer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Runs a model as it will be served: inputs and outputs of its linear layers pass through their quantized form. Static ones use
 * the stored scales; a dynamic one finds its own, over the window that passes.
 */
public final class FakeQuantizeHooks implements LinearHooks {
    private final TensorRuntime runtime;
    private final Map<String, FakeQuantizer> inputs = new HashMap<>();
    private final Map<String, FakeQuantizer> outputs = new HashMap<>();

    /** Hooks that change nothing until layers are added. */
    public FakeQuantizeHooks(TensorRuntime runtime) {
        this.runtime = runtime;
    }

    /** From now on the activations of this layer are quantized. */
    public void add(LayerFormat format, LayerParameters parameters) {
        quantizer(format.input(), parameters.input()).ifPresent(q -> inputs.put(format.layer(), q));
        quantizer(format.output(), parameters.output()).ifPresent(q -> outputs.put(format.layer(), q));
    }

    @Override
    public DeviceTensor input(String layer, DeviceTensor x) {
        return quantized(inputs.get(layer), x);
    }

    @Override
    public DeviceTensor output(String layer, DeviceTensor y) {
        return quantized(outputs.get(layer), y);
    }

    private DeviceTensor quantized(@Nullable FakeQuantizer quantizer, DeviceTensor x) {
        return quantizer == null ? x : runtime.edit(x, quantizer::apply);
    }

    private Optional<FakeQuantizer> quantizer(
            Optional<QuantizationSpec> spec, Optional<QuantizationParameters> parameters) {
        return spec.map(s -> LayerFormat.isStatic(s)
                ? FakeQuantizer.withParameters(s, parameters.orElseThrow(), WorkingType.FLOAT32)
                : FakeQuantizer.dynamic(s, WorkingType.FLOAT32));
    }
}
