package dev.hadron.numerics.internal;

import dev.hadron.numerics.Kernels;

/** Chooses the kernels once: those on the Vector API where this JVM has its module. */
public final class KernelsProvider {
    /** The kernels of this run. */
    public static final Kernels BEST = new StartingKernels(KernelsProvider::lasting);

    private KernelsProvider() {}

    /** Made when the first of these kernels is needed. */
    private static final class Lasting {
        static final Kernels KERNELS = choose();
    }

    /** The kernels for what {@link StartingKernels} has no loop for. */
    static Kernels lasting() {
        return Lasting.KERNELS;
    }

    private static Kernels choose() {
        if (VectorModule.isPresent()) {
            return new VectorKernels();
        }
        System.getLogger(Kernels.class.getName())
                .log(
                        System.Logger.Level.WARNING,
                        "The module jdk.incubator.vector isn't there, so kernels run as plain loops, several times slower;"
                                + " start Java with --add-modules jdk.incubator.vector");
        return new ScalarKernels();
    }
}
