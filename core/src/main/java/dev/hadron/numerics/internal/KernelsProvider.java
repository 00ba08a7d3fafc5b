package dev.hadron.numerics.internal;

import dev.hadron.numerics.Kernels;

/** Chooses the kernels once: those on the Vector API where this JVM resolved its module. */
public final class KernelsProvider {
    /** The kernels of this run. */
    public static final Kernels BEST = choose();

    private KernelsProvider() {}

    /** Whether this JVM was started with the Vector API's module: on the class path it needs {@code --add-modules}. */
    public static boolean vectorModulePresent() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    }

    private static Kernels choose() {
        if (vectorModulePresent()) {
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
