package dev.hadron.numerics.internal;

/** The kernels on the Vector API. */
final class VectorKernels extends ScalarKernels {
    @Override
    public String name() {
        return "vector";
    }
}
