package dev.hadron.model.runtime;

/** A float32 or index tensor on the device of the {@link TensorRuntime} that made it; it lives as long as its scope. */
public interface DeviceTensor {
    /** The extents, outermost first. */
    long[] shape();
}
