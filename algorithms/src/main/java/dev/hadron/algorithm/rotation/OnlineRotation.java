package dev.hadron.algorithm.rotation;

import dev.hadron.model.arch.DecoderLayer;
import dev.hadron.model.arch.DecoderSpec;
import dev.hadron.model.arch.LinearHooks;
import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.numerics.Parallel;
import dev.hadron.rotation.MatrixRotation;
import dev.hadron.rotation.Rotation;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What rotations do while a model runs: queries and keys after the rotary embedding (R3), and the input of the last matrix of each feed-forward
 * block (R4), are multiplied by a Hadamard matrix.
 *
 * <p>Whoever else looks at these tensors sees them rotated. Keys are what the cache holds, so what looks at the output of a key projection is
 * shown the rotated keys in its place.
 */
public final class OnlineRotation {
    private static final String KEY = ".k_proj";

    private final TensorRuntime runtime;
    private final int keyValueHeads;
    private final @Nullable Rotation queriesAndKeys;
    private final Map<String, Rotation> inputs = new HashMap<>();

    /**
     * The online part of a model's rotations.
     *
     * @param queriesAndKeys whether there is R3
     * @param intermediate whether there is R4
     */
    public OnlineRotation(TensorRuntime runtime, DecoderSpec model, boolean queriesAndKeys, boolean intermediate) {
        this.runtime = runtime;
        this.keyValueHeads = model.keyValueHeads();
        this.queriesAndKeys = queriesAndKeys ? Rotation.hadamard(model.headWidth()) : null;
        if (intermediate) {
            Map<Integer, Rotation> bySize = new HashMap<>();
            for (int index = 0; index < model.layers(); index++) {
                DecoderLayer layer = model.layer(index);
                for (String linear : layer.intermediateReaders()) {
                    inputs.put(linear, bySize.computeIfAbsent(layer.width(linear), Rotation::hadamard));
                }
            }
        }
    }

    /** Hooks that rotate, and then let others see and change what they got. */
    public LinearHooks around(LinearHooks inner) {
        return queriesAndKeys == null && inputs.isEmpty() ? inner : new Rotating(inner);
    }

    private final class Rotating implements LinearHooks {
        private final LinearHooks inner;

        Rotating(LinearHooks inner) {
            this.inner = inner;
        }

        @Override
        public boolean needOrder() {
            return inner.needOrder();
        }

        @Override
        public DeviceTensor input(String layer, DeviceTensor x) {
            return inner.input(layer, rotated(x, inputs.get(layer)));
        }

        @Override
        public DeviceTensor output(String layer, DeviceTensor y) {
            return queriesAndKeys != null && layer.endsWith(KEY) ? y : inner.output(layer, y);
        }

        @Override
        public DeviceTensor queries(String attention, DeviceTensor q) {
            return inner.queries(attention, rotated(q, queriesAndKeys));
        }

        @Override
        public DeviceTensor keys(String attention, DeviceTensor k) {
            if (queriesAndKeys == null) {
                return inner.keys(attention, k);
            }
            DeviceTensor merged = runtime.mergeHeads(rotated(k, queriesAndKeys));
            return inner.keys(attention, runtime.splitHeads(inner.output(attention + KEY, merged), keyValueHeads));
        }
    }

    /** Vectors along the last axis. */
    private DeviceTensor rotated(DeviceTensor x, @Nullable Rotation rotation) {
        if (rotation == null) {
            return x;
        }
        return runtime.edit(x, host -> {
            long width = rotation.size();
            Tensor rows = new Tensor(host.type(), Shape.of(host.elements() / width, width), host.data());
            MatrixRotation.rows(rows, rotation, Parallel.sequential());
        });
    }
}
