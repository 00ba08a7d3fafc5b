package dev.hadron.calibration;

import dev.hadron.config.QuantizationSpec;
import dev.hadron.dtype.WorkingType;
import dev.hadron.error.InvalidInputException;
import dev.hadron.export.layout.LayerFormat;
import dev.hadron.export.layout.LayerParameters;
import dev.hadron.model.arch.LinearHooks;
import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.numerics.QuantizationParameters;
import dev.hadron.observer.Observer;
import dev.hadron.observer.Observers;
import dev.hadron.plan.LayerPlan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Lets observers look at what passes the layers whose activations are static. */
public final class CalibrationHooks implements LinearHooks {
    private final TensorRuntime runtime;
    private final List<LayerPlan> layers;
    private final Map<String, Observer> inputs = new HashMap<>();
    private final Map<String, Observer> outputs = new HashMap<>();
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private final boolean ordered;

    /** Hooks that observe these layers. */
    public CalibrationHooks(TensorRuntime runtime, List<LayerPlan> layers) {
        this.runtime = runtime;
        this.layers = List.copyOf(layers);
        for (LayerPlan layer : layers) {
            observer(layer.input(), layer.workingType()).ifPresent(o -> inputs.put(layer.layer(), o));
            observer(layer.output(), layer.workingType()).ifPresent(o -> outputs.put(layer.layer(), o));
        }
        this.ordered = layers.stream()
                .flatMap(layer -> Stream.concat(layer.input().stream(), layer.output().stream()))
                .anyMatch(spec -> Objects.requireNonNull(spec.observerCls()).isSearch());
    }

    /** Ranges come out the same in any order; histograms grow with what they see. */
    @Override
    public boolean needOrder() {
        return ordered;
    }

    @Override
    public DeviceTensor input(String layer, DeviceTensor x) {
        return observed(inputs.get(layer), "input", layer, x);
    }

    @Override
    public DeviceTensor output(String layer, DeviceTensor y) {
        return observed(outputs.get(layer), "output", layer, y);
    }

    /**
     * What the observers found.
     *
     * @param alternatives linear layers that do the same work for other tokens, in groups: where no token reached one, it takes the widest
     *     range of its others
     * @throws InvalidInputException when no token reached a layer that has no others, or whose others have seen none
     */
    public CalibrationResult result(List<List<String>> alternatives) {
        Map<String, LayerParameters> found = layers.stream()
                .map(LayerPlan::layer)
                .filter(seen::contains)
                .collect(Collectors.toMap(
                        Function.identity(),
                        layer -> new LayerParameters(parameters(inputs.get(layer)), parameters(outputs.get(layer)))));
        return new IdleExperts(layers, found, alternatives).filled();
    }

    private DeviceTensor observed(
            @org.jspecify.annotations.Nullable Observer observer, String side, String layer, DeviceTensor x) {
        if (observer != null) {
            seen.add(layer);
            try {
                runtime.read(x, batch -> {
                    synchronized (observer) {
                        observer.observe(batch);
                    }
                });
            } catch (InvalidInputException e) {
                throw new InvalidInputException(
                        "calibration: the " + side + " of layer " + layer
                                + " holds NaN or infinity; the model or its weights are broken",
                        e);
            }
        }
        return x;
    }

    private static Optional<QuantizationParameters> parameters(@org.jspecify.annotations.Nullable Observer observer) {
        return Optional.ofNullable(observer).map(Observer::parameters);
    }

    private static Optional<Observer> observer(Optional<QuantizationSpec> spec, WorkingType workingType) {
        return spec.filter(LayerFormat::isStatic).map(s -> Observers.of(s, workingType));
    }
}
