package dev.hadron.cli;

/**
 * Loads the incubator module of the Vector API into the running JVM.
 *
 * <p>With {@code --add-modules jdk.incubator.vector} the JDK prints a warning at every start, before any code of ours
 * runs, and no option turns it off. The JDK can also load one of its modules later, as it does for agents; that prints
 * nothing, gives the same machine code, and leaves the module graph of the start to the JDK's own archive. The way in is
 * an internal method, exported to us by {@code Add-Exports} in the manifest, so it counts only with {@code java -jar}.
 */
final class VectorModule {
    private VectorModule() {}

    /** Without effect if the module is there already, or if this JDK has no such method: then the kernels say so. */
    static void load() {
        try {
            Class.forName("jdk.internal.module.Modules")
                    .getMethod("loadModule", String.class)
                    .invoke(null, "jdk.incubator.vector");
        } catch (ReflectiveOperationException e) {
            System.getLogger(VectorModule.class.getName())
                    .log(System.Logger.Level.DEBUG, "jdk.incubator.vector can't be loaded", e);
        }
    }
}
