package dev.hadron.algorithm.layer;

import dev.hadron.calibration.CalibrationHooks;
import dev.hadron.calibration.CalibrationResult;
import dev.hadron.dtype.WorkingType;
import dev.hadron.execution.Execution;
import dev.hadron.export.layout.LayerParameters;
import dev.hadron.model.activation.ActivationStore;
import dev.hadron.model.arch.DecoderLayer;
import dev.hadron.model.arch.DecoderModel;
import dev.hadron.model.arch.LinearHooks;
import dev.hadron.model.arch.OutputHead;
import dev.hadron.model.arch.StreamWindows;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.plan.LayerPlan;
import dev.hadron.plan.QuantizationPlan;
import dev.hadron.tensor.Shape;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Runs algorithms over a decoder, layer by layer: memory holds one layer, its statistics and what the windows carry, which lies where
 * {@link Streams} keeps it.
 *
 * <p>Where an algorithm follows the quantized model and another one looks at the model as it was, windows have two paths. After each layer both
 * are on the disk, so that a run can go on from there.
 */
public final class LayerRun {
    private static final String ORIGINAL = "original";
    private static final String QUANTIZED = "quantized";

    private final DecoderModel model;
    private final List<LayerAlgorithm> algorithms;
    private final LayerContext context;
    private final boolean hasTwoPaths;

    /** Takes what was made of a layer before the next one is begun. */
    @FunctionalInterface
    public interface Receiver {
        /** Called after the streams are on the disk. */
        void accept(LayerResult result) throws IOException;
    }

    /**
     * A run.
     *
     * @param algorithms in the order in which they work on a layer
     * @param hooks that belong to the model, such as online rotations
     * @param types the types that tensors have in the checkpoint
     */
    public LayerRun(
            DecoderModel model,
            QuantizationPlan plan,
            List<LayerAlgorithm> algorithms,
            TensorRuntime runtime,
            LinearHooks hooks,
            Function<String, WorkingType> types,
            Streams streams,
            Execution execution) {
        this.model = model;
        this.algorithms = List.copyOf(algorithms);
        Map<String, LayerPlan> plans =
                plan.layers().stream().collect(Collectors.toMap(LayerPlan::layer, Function.identity()));
        this.context = new LayerContext(runtime, hooks, plans, types, streams, execution);
        boolean looksAtOriginal = algorithms.stream().anyMatch(algorithm -> !algorithm.followsQuantized());
        boolean followsQuantized = algorithms.stream().anyMatch(LayerAlgorithm::followsQuantized)
                || (plan.needsCalibration() && algorithms.stream().anyMatch(LayerAlgorithm::changesFunction));
        this.hasTwoPaths = looksAtOriginal && followsQuantized;
    }

    /** How many results a whole run gives: one a layer, and one for what comes after the layers. */
    public static int results(DecoderModel model) {
        return model.spec().layers() + 1;
    }

    /**
     * Works on the layers from {@code first} on.
     *
     * @param windows token ids; the same in each part of a run that was interrupted
     * @param first how many results there are already
     */
    public void run(List<long[]> windows, int first, Receiver receiver) throws IOException {
        int layers = model.spec().layers();
        Execution execution = context.execution();
        execution.progress().started("optimize", results(model), "layers");
        if (first == 0) {
            embed(windows);
        }
        for (int index = first; index < layers; index++) {
            execution.progress().advanced(index);
            run(model.layer(index), windows, receiver);
        }
        if (first <= layers) {
            receiver.accept(afterLayers(windows));
        }
        execution.progress().advanced(results(model));
        execution.progress().finished();
    }

    private void embed(List<long[]> windows) throws IOException {
        for (String path : paths()) {
            try (ActivationStore stream = open(path, 0, windows)) {
                model.embed(windows, stream);
                stream.force();
            }
        }
    }

    private void run(DecoderLayer layer, List<long[]> windows, Receiver receiver) throws IOException {
        int index = layer.index();
        try (Arena arena = Arena.ofShared();
                TensorRuntime.Scope unused = context.runtime().scope();
                ActivationStore inputs = open(ORIGINAL, index, windows);
                ActivationStore outputs = open(ORIGINAL, index + 1, windows)) {
            LayerPath original = new LayerPath(inputs, outputs);
            if (!hasTwoPaths) {
                receiver.accept(run(layer, original, original, arena));
                return;
            }
            try (ActivationStore quantizedInputs = open(QUANTIZED, index, windows);
                    ActivationStore quantizedOutputs = open(QUANTIZED, index + 1, windows)) {
                receiver.accept(run(layer, original, new LayerPath(quantizedInputs, quantizedOutputs), arena));
            }
        }
    }

    private LayerResult run(DecoderLayer layer, LayerPath original, LayerPath quantized, Arena arena)
            throws IOException {
        LayerWork work = new LayerWork(
                context,
                layer,
                model.positions(layer, StreamWindows.lengths(original.inputs())),
                original,
                quantized,
                model.load(layer),
                arena);
        algorithms.forEach(algorithm -> algorithm.run(work));
        calibrate(work);
        work.completeOutputs();
        original.outputs().force();
        quantized.outputs().force();
        return work.result();
    }

    private void calibrate(LayerWork work) {
        List<LayerPlan> observed = context.plans().values().stream()
                .filter(plan -> work.layer().module(plan.layer()).isPresent())
                .filter(LayerPlan::needsCalibration)
                .toList();
        if (observed.isEmpty()) {
            return;
        }
        CalibrationHooks hooks = new CalibrationHooks(context.runtime(), observed);
        work.observeQuantized(hooks);
        CalibrationResult found = hooks.result(work.layer().alternatives());
        found.parameters().forEach(work::activations);
        found.notes().forEach(work::note);
    }

    /** The output matrix has inputs to calibrate, too. */
    private LayerResult afterLayers(List<long[]> windows) throws IOException {
        int layers = model.spec().layers();
        List<LayerPlan> observed = context.plans().values().stream()
                .filter(plan -> plan.layer().equals(OutputHead.NAME))
                .filter(LayerPlan::needsCalibration)
                .toList();
        Map<String, LayerParameters> activations = new HashMap<>();
        if (!observed.isEmpty()) {
            CalibrationHooks hooks = new CalibrationHooks(context.runtime(), observed);
            try (TensorRuntime.Scope unused = context.runtime().scope();
                    ActivationStore stream = open(hasTwoPaths ? QUANTIZED : ORIGINAL, layers, windows)) {
                OutputHead head = model.head();
                context.execution().parallel().forEach(windows.size(), window -> {
                    try (TensorRuntime.Scope inner = context.runtime().scope()) {
                        head.logits(context.runtime(), hooks, StreamWindows.load(context.runtime(), stream, window));
                    }
                });
            }
            activations.putAll(hooks.result(List.of()).parameters());
        }
        return new LayerResult(layers, Map.of(), Map.of(), Map.of(), activations, List.of());
    }

    private List<String> paths() {
        return hasTwoPaths ? List.of(ORIGINAL, QUANTIZED) : List.of(ORIGINAL);
    }

    /** What enters a layer and what leaves it lie in two files that take turns. */
    private ActivationStore open(String path, int layer, List<long[]> windows) throws IOException {
        ActivationStore store = context.streams().open(path + "-" + layer % 2);
        for (int window = 0; window < windows.size(); window++) {
            store.reserve(
                    window,
                    List.of(Shape.of(windows.get(window).length, model.spec().hidden())));
        }
        return store;
    }
}
