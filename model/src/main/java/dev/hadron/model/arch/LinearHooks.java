package dev.hadron.model.arch;

import dev.hadron.model.runtime.DeviceTensor;

/**
 * What may look at, or change, the tensors that pass the linear layers of a decoder, window by window. Several windows may pass at
 * once, on several threads.
 */
public interface LinearHooks {
    /** Changes nothing. */
    LinearHooks NONE = new LinearHooks() {};

    /** Whether the order in which windows pass matters; then they pass one after the other. */
    default boolean needOrder() {
        return false;
    }

    /** The input that a layer shall use: {@code x}, {@code [n, in]}, or another in its place. */
    default DeviceTensor input(String layer, DeviceTensor x) {
        return x;
    }

    /** The output that the layers after it shall use: {@code y}, {@code [n, out]}, or another in its place. */
    default DeviceTensor output(String layer, DeviceTensor y) {
        return y;
    }

    /**
     * The queries that an attention block shall use.
     *
     * @param q after the rotary embedding, {@code [heads, n, width]}
     */
    default DeviceTensor queries(String attention, DeviceTensor q) {
        return q;
    }

    /**
     * The keys that an attention block shall use.
     *
     * @param k after the rotary embedding, {@code [kvHeads, n, width]}
     */
    default DeviceTensor keys(String attention, DeviceTensor k) {
        return k;
    }

    /** These hooks, then others. */
    default LinearHooks then(LinearHooks next) {
        return new HooksInTurn(this, next);
    }
}
