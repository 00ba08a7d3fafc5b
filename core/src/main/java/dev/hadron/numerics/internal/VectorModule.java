package dev.hadron.numerics.internal;

/**
 * The incubator module of the Vector API, which is loaded into the running JVM when it is needed.
 *
 * <p>With {@code --add-modules jdk.incubator.vector} the JDK prints a warning at every start, before any code of ours
 * runs, and no option turns it off. The JDK can also load one of its modules later, as it does for agents; that prints
 * nothing, gives the same machine code, and leaves the module graph of the start to the JDK's own archive. The way in is
 * an internal method, exported to the command line by {@code Add-Exports} in its manifest, so it counts only with {@code java -jar}.
 */
final class VectorModule {
    private VectorModule() {}

    /**
     * Whether this JVM has the Vector API, loaded just now or before: on the class path it needs {@code --add-modules}, or a way to load
     * it. So the question is for a class of it; a module loaded later is in no layer that could be asked.
     */
    static synchronized boolean isPresent() {
        if (!hasClasses()) {
            load();
        }
        return hasClasses();
    }

    private static boolean hasClasses() {
        try {
            Class.forName("jdk.incubator.vector.Vector", false, VectorModule.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** Without effect if this JDK has no such method, or keeps it to itself. */
    private static void load() {
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
