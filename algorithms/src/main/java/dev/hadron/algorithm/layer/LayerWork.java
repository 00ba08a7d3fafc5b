package dev.hadron.algorithm.layer;

import dev.hadron.dtype.StorageType;
import dev.hadron.dtype.WorkingType;
import dev.hadron.execution.Execution;
import dev.hadron.export.layout.LayerParameters;
import dev.hadron.model.activation.ActivationStore;
import dev.hadron.model.arch.DecoderLayer;
import dev.hadron.model.arch.LayerPass;
import dev.hadron.model.arch.LayerPositions;
import dev.hadron.model.arch.LayerWeights;
import dev.hadron.model.arch.LinearHooks;
import dev.hadron.model.arch.StreamWindows;
import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.plan.LayerPlan;
import dev.hadron.tensor.QuantizedTensor;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * One decoder layer while algorithms work on it. What they make of its tensors replaces these for the algorithms that come after.
 */
public final class LayerWork {
    private final LayerContext context;
    private final DecoderLayer layer;
    private final LayerPositions positions;
    private final LayerPath original;
    private final LayerPath quantized;
    private final LayerWeights weights;
    private final boolean outputsAreRead;
    private final Arena arena;
    private final Map<String, DeviceTensor> changed = new HashMap<>();
    private final Map<String, Tensor> before = new HashMap<>();
    private final Map<String, QuantizedTensor> codes = new HashMap<>();
    private final Map<String, LayerParameters> activations = new HashMap<>();
    private final List<String> notes = new ArrayList<>();

    LayerWork(
            LayerContext context,
            DecoderLayer layer,
            LayerPositions positions,
            LayerPath original,
            LayerPath quantized,
            LayerWeights weights,
            boolean outputsAreRead,
            Arena arena) {
        this.context = context;
        this.layer = layer;
        this.positions = positions;
        this.original = original;
        this.quantized = quantized;
        this.weights = weights;
        this.outputsAreRead = outputsAreRead;
        this.arena = arena;
        if (context.isRotated()) {
            changed.putAll(weights.tensors());
        }
    }

    /** The structure of the layer. */
    public DecoderLayer layer() {
        return layer;
    }

    /** What runs it. */
    public TensorRuntime runtime() {
        return context.runtime();
    }

    /** Whose threads do the work, and how it is stopped. */
    public Execution execution() {
        return context.execution();
    }

    /** The shape of a linear layer's weight, {@code [out, in]}. */
    public Shape shape(String linear) {
        return Objects.requireNonNull(layer.tensors().get(linear + ".weight"));
    }

    /** The tensors as they are now. */
    public LayerWeights weights() {
        return weights;
    }

    /** What is planned for a linear layer; empty when it stays as it is. */
    public Optional<LayerPlan> plan(String linear) {
        return Optional.ofNullable(context.plans().get(linear));
    }

    /** The type that a tensor has in the checkpoint. */
    public WorkingType typeOf(String tensor) {
        return context.types().apply(tensor);
    }

    /** Changes a tensor in place, in host memory. */
    public void update(String tensor, Consumer<Tensor> editor) {
        DeviceTensor value = weights.get(tensor);
        runtime().update(value, editor);
        changed.put(tensor, value);
    }

    /**
     * Chooses the codes of a weight.
     *
     * @param coder gets the weight in host memory, changes it to the values that the codes stand for, and gives the codes, which live in {@link
     *     #arena}
     */
    public void encode(String linear, Function<Tensor, QuantizedTensor> coder) {
        String weight = linear + ".weight";
        DeviceTensor value = weights.get(weight);
        if (changed.remove(weight) != null) {
            Tensor copy = Tensor.allocate(arena, StorageType.F32, shape(linear));
            runtime().download(value, copy);
            before.put(weight, copy);
        }
        runtime().update(value, host -> codes.put(linear, coder.apply(host)));
    }

    /** Memory that lives until the layer's results were taken. */
    public Arena arena() {
        return arena;
    }

    /** Tells the user something. */
    public void note(String sentence) {
        synchronized (notes) {
            notes.add(sentence);
        }
    }

    /** What windows bring to the layer from the model as it was. */
    public ActivationStore inputs() {
        return original.inputs();
    }

    /** What windows bring to the layer from the layers before as they are quantized. */
    public ActivationStore quantizedInputs() {
        return quantized.inputs();
    }

    /** Whether anything looks at what leaves the layer: nothing does at the last one, but for an output matrix that is calibrated. */
    public boolean outputsAreRead() {
        return outputsAreRead;
    }

    /** Stores what the quantized layer gives for a window; call {@link #quantizedOutputsStored} after the last. */
    public void storeQuantizedOutput(int window, DeviceTensor output) {
        StreamWindows.store(runtime(), quantized.outputs(), window, output);
    }

    /** All windows have their outputs of the quantized layer. */
    public void quantizedOutputsStored() {
        quantized.completed();
    }

    /** A store for what is needed within this layer. */
    public ActivationStore scratch() {
        try {
            return context.streams().scratch();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A window's way through the layer as it is now. */
    public LayerPass pass(long length) {
        return pass(length, LinearHooks.NONE);
    }

    /** A window's way through the layer as it is now, seen by more hooks. */
    public LayerPass pass(long length, LinearHooks more) {
        return new LayerPass(
                runtime(), context.around().apply(more), weights, positions.ofLength(Math.toIntExact(length)));
    }

    /** The work on one window, in a scope of its own, on several threads. */
    @FunctionalInterface
    public interface WindowTask {
        /** Does it. */
        void run(int window);
    }

    /** Works on all windows, several at once. */
    public void overWindows(WindowTask task) {
        overItems(original.inputs().windows(), task);
    }

    /** Works on items, several at once, each in a scope of its own. */
    public void overItems(int items, WindowTask task) {
        execution().parallel().forEach(items, item -> {
            execution().cancellation().check();
            try (TensorRuntime.Scope unused = runtime().scope()) {
                task.run(item);
            }
        });
    }

    /** Runs the layer as it is now over the inputs from the model as it was. */
    public void observe(IntFunction<LinearHooks> hooksOfWindow) {
        run(original, hooksOfWindow);
    }

    /** Runs the layer as it is now over the inputs from the quantized layers before. */
    void observeQuantized(LinearHooks hooks) {
        run(quantized, window -> hooks);
    }

    /** Whether the outputs for the next layer still have to be computed. */
    void completeOutputs() {
        for (LayerPath path : List.of(original, quantized)) {
            if (outputsAreRead && !path.isComplete()) {
                run(path, window -> LinearHooks.NONE);
            }
        }
    }

    void activations(String linear, LayerParameters parameters) {
        activations.put(linear, parameters);
    }

    LayerResult result() {
        return new LayerResult(changed, before, codes, activations, notes);
    }

    /** Reads a tensor's elements in host memory. */
    public <R> R read(DeviceTensor x, Function<Tensor, R> reader) {
        Object[] result = new Object[1];
        runtime().read(x, host -> result[0] = reader.apply(host));
        @SuppressWarnings("unchecked") // what the reader gave
        R given = (R) result[0];
        return given;
    }

    private void run(LayerPath path, IntFunction<LinearHooks> hooksOfWindow) {
        WindowTask task = window -> {
            DeviceTensor x = StreamWindows.load(runtime(), path.inputs(), window);
            DeviceTensor y = layer.apply(pass(x.shape()[0], hooksOfWindow.apply(window)), x);
            if (!path.isComplete()) {
                StreamWindows.store(runtime(), path.outputs(), window, y);
            }
        };
        if (path.inputs().windows() > 0 && hooksOfWindow.apply(0).needOrder()) {
            inOrder(path.inputs().windows(), task);
        } else {
            overWindows(task);
        }
        path.completed();
    }

    private void inOrder(int windows, WindowTask task) {
        for (int window = 0; window < windows; window++) {
            execution().cancellation().check();
            try (TensorRuntime.Scope unused = runtime().scope()) {
                task.run(window);
            }
        }
    }
}
