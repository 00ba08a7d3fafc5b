package dev.hadron.model.arch;

import dev.hadron.model.activation.ActivationStore;
import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.model.runtime.TensorRuntime;
import java.util.ArrayList;
import java.util.List;

/** Moves what windows carry between a device and a store. */
public final class StreamWindows {
    private StreamWindows() {}

    /** The only tensor of a window. */
    public static DeviceTensor load(TensorRuntime runtime, ActivationStore store, int window) {
        return store.read(window, tensors -> runtime.upload(tensors.getFirst()));
    }

    /** All tensors of a window. */
    public static LayerState loadState(TensorRuntime runtime, ActivationStore store, int window) {
        return store.read(
                window,
                tensors -> new LayerState(tensors.stream().map(runtime::upload).toList()));
    }

    /** Stores one tensor as all that a window carries. */
    public static void store(TensorRuntime runtime, ActivationStore store, int window, DeviceTensor x) {
        storeState(runtime, store, window, new LayerState(List.of(x)));
    }

    /** Stores all that a window carries. */
    public static void storeState(TensorRuntime runtime, ActivationStore store, int window, LayerState state) {
        runtime.readAll(state.tensors(), tensors -> store.put(window, tensors));
    }

    /** How many tokens each window has. */
    public static List<Integer> lengths(ActivationStore store) {
        List<Integer> lengths = new ArrayList<>();
        for (int window = 0; window < store.windows(); window++) {
            lengths.add(Math.toIntExact(store.shapes(window).getFirst().extent(0)));
        }
        return lengths;
    }
}
