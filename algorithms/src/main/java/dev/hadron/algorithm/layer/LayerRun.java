package dev.hadron.algorithm.layer;

import dev.hadron.calibration.CalibrationHooks;
import dev.hadron.calibration.CalibrationResult;
import dev.hadron.dtype.WorkingType;
import dev.hadron.execution.Execution;
import dev.hadron.export.layout.LayerParameters;
import dev.hadron.model.activation.ActivationStore;
import dev.hadron.model.arch.DecoderLayer;
import dev.hadron.model.arch.DecoderModel;
import dev.hadron.model.arch.DecoderSpec;
import dev.hadron.model.arch.LinearHooks;
import dev.hadron.model.arch.OutputHead;
import dev.hadron.model.arch.StreamWindows;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.plan.LayerPlan;
import dev.hadron.plan.QuantizationPlan;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
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
     * @param around what the model does to hooks, such as online rotations
     * @param isRotated whether all tensors of the model have other values than the checkpoint's
     * @param types the types that tensors have in the checkpoint
     */
    public LayerRun(
            DecoderModel model,
            QuantizationPlan plan,
            List<LayerAlgorithm> algorithms,
            TensorRuntime runtime,
            UnaryOperator<LinearHooks> around,
            boolean isRotated,
            Function<String, WorkingType> types,
            Streams streams,
            Execution execution) {
        this.model = model;
        this.algorithms = List.copyOf(algorithms);
        Map<String, LayerPlan> plans =
                plan.layers().stream().collect(Collectors.toMap(LayerPlan::layer, Function.identity()));
        this.context = new LayerContext(runtime, around, isRotated, plans, types, streams, execution);
        boolean looksAtOriginal = algorithms.stream().anyMatch(algorithm -> !algorithm.followsQuantized());
        boolean followsQuantized = algorithms.stream().anyMatch(LayerAlgorithm::followsQuantized)
                || (plan.needsCalibration() && algorithms.stream().anyMatch(LayerAlgorithm::changesFunction));
        this.hasTwoPaths = looksAtOriginal && followsQuantized;
    }

    /** How many results a whole run gives: of the embedding table, of each layer, and of what comes after them. */
    public static int results(DecoderSpec model) {
        return model.layers() + 2;
    }

    /**
     * Works on what isn't done yet.
     *
     * @param windows token ids; the same in each part of a run that was interrupted
     * @param first how many results there are already
     */
    public void run(List<long[]> windows, int first, Receiver receiver) throws IOException {
        int layers = model.spec().layers();
        Execution execution = context.execution();
        execution.progress().started("optimize", results(model.spec()), "layers");
        if (first == 0) {
            try (Arena arena = Arena.ofShared()) {
                receiver.accept(embed(windows, arena));
            }
        }
        for (int index = Math.max(0, first - 1); index < layers; index++) {
            execution.progress().advanced(index + 1);
            execution.cancellation().check();
            run(model.layer(index), windows, receiver);
        }
        if (first <= layers + 1) {
            execution.progress().advanced(layers + 1);
            execution.cancellation().check();
            try (Arena arena = Arena.ofShared()) {
                receiver.accept(afterLayers(windows, arena));
            }
        }
        execution.progress().advanced(results(model.spec()));
        execution.progress().finished();
    }

    private LayerResult embed(List<long[]> windows, Arena arena) throws IOException {
        for (String path : hasTwoPaths ? List.of(ORIGINAL, QUANTIZED) : List.of(ORIGINAL)) {
            try (ActivationStore stream = open(path, 0, windows)) {
                model.embed(windows, stream);
                stream.force();
            }
        }
        return changedValues(arena, DecoderSpec.EMBEDDING + ".weight");
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
                layer.index() + 1 < model.spec().layers() || !observedHead().isEmpty(),
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
    private LayerResult afterLayers(List<long[]> windows, Arena arena) throws IOException {
        List<LayerPlan> observed = observedHead();
        LayerResult values = changedValues(arena, DecoderSpec.FINAL_NORM + ".weight", DecoderSpec.HEAD + ".weight");
        if (observed.isEmpty()) {
            return values;
        }
        CalibrationHooks hooks = new CalibrationHooks(context.runtime(), observed);
        try (TensorRuntime.Scope unused = context.runtime().scope();
                ActivationStore stream =
                        open(hasTwoPaths ? QUANTIZED : ORIGINAL, model.spec().layers(), windows)) {
            OutputHead head = model.head();
            for (int window = 0; window < windows.size(); window++) {
                context.execution().cancellation().check();
                try (TensorRuntime.Scope inner = context.runtime().scope()) {
                    head.logits(context.runtime(), hooks, StreamWindows.load(context.runtime(), stream, window));
                }
            }
        }
        Map<String, LayerParameters> activations = hooks.result(List.of()).parameters();
        return new LayerResult(Map.of(), values.values(), Map.of(), activations, List.of());
    }

    private List<LayerPlan> observedHead() {
        return context.plans().values().stream()
                .filter(plan -> plan.layer().equals(DecoderSpec.HEAD))
                .filter(LayerPlan::needsCalibration)
                .toList();
    }

    /** Tensors outside of the layers have other values only in a rotated model. */
    private LayerResult changedValues(Arena arena, String... tensors) {
        Map<String, Tensor> values = new HashMap<>();
        if (context.isRotated()) {
            for (String tensor : tensors) {
                values.put(tensor, model.weights().load(tensor, arena));
            }
        }
        return LayerResult.ofValues(values);
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
