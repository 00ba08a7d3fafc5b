package dev.hadron.execution;

/** Hears how far work has come. Calls come from the threads that do the work, one call at a time. */
public interface ProgressListener {
    /** Hears nothing. */
    ProgressListener NONE = new ProgressListener() {};

    /**
     * A stage begins.
     *
     * @param stage what is done: {@code calibrate}, {@code quantize}, …
     * @param total how much there is to do
     * @param unit what is counted: {@code tokens}, {@code bytes}, …
     */
    default void started(String stage, long total, String unit) {}

    /** More is done; {@code done} counts from 0 to the stage's total. */
    default void advanced(long done) {}

    /** The stage is over. */
    default void finished() {}
}
