package dev.hadron.model.arch;

import dev.hadron.model.runtime.DeviceTensor;

/** Two hooks, of which the second sees what the first gives. */
record HooksInTurn(LinearHooks first, LinearHooks second) implements LinearHooks {
    @Override
    public boolean needOrder() {
        return first.needOrder() || second.needOrder();
    }

    @Override
    public DeviceTensor input(String layer, DeviceTensor x) {
        return second.input(layer, first.input(layer, x));
    }

    @Override
    public DeviceTensor output(String layer, DeviceTensor y) {
        return second.output(layer, first.output(layer, y));
    }

    @Override
    public DeviceTensor queries(String attention, DeviceTensor q) {
        return second.queries(attention, first.queries(attention, q));
    }

    @Override
    public DeviceTensor keys(String attention, DeviceTensor k) {
        return second.keys(attention, first.keys(attention, k));
    }
}
