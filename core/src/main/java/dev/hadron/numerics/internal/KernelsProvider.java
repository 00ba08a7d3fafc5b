package dev.hadron.numerics.internal;

import dev.hadron.numerics.Kernels;

/** Chooses the kernels once: those on the Vector API where this JVM resolved its module. */
public final class KernelsProvider {
    /** The kernels of this run. */
    public static final Kernels BEST = choose();

    private KernelsProvider() {}

    /**
     * Whether this JVM has the Vector API: on the class path it needs {@code --add-modules}, or a program that loads the
     * module itself. So the question is for a class of it; a module loaded later is in no layer that could be asked.
     */
    public static boolean vectorModulePresent() {
        try {
            Class.forName("jdk.incubator.vector.Vector", false, KernelsProvider.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
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
