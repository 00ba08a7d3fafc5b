package dev.hadron.config;

/** How a per-tensor specification finds the range of values. */
public enum ObserverMethod {
    /** The smallest and largest value seen. */
    MIN_MAX("min_max", ObserverType.PER_TENSOR_MIN_MAX),
    /** The range of a histogram that loses the least information (entropy). */
    HISTOGRAM("histogram", ObserverType.PER_TENSOR_HISTOGRAM),
    /** The range of a histogram with the smallest squared error, narrowed by quantiles. */
    HISTOGRAM_PRO("histogrampro", ObserverType.PER_TENSOR_HISTOGRAM_PRO),
    /** The upper limit among histogram bins with the smallest squared error. */
    MSE("MSE", ObserverType.PER_TENSOR_MSE),
    /** A percentile of the histogram. */
    PERCENTILE("percentile", ObserverType.PER_TENSOR_PERCENTILE);

    private final String wireName;
    private final ObserverType observer;

    ObserverMethod(String wireName, ObserverType observer) {
        this.wireName = wireName;
        this.observer = observer;
    }

    /** The name in configurations. */
    public String wireName() {
        return wireName;
    }

    /** The observer that does it. */
    public ObserverType observer() {
        return observer;
    }
}
