package dev.hadron.config;

import dev.hadron.dtype.QSchemeType;

/** The observers: who looks at the values of a tensor to find the range that codes will span. */
public enum ObserverType {
    /** Running minimum and maximum of all elements. */
    PER_TENSOR_MIN_MAX("PerTensorMinMaxObserver", QSchemeType.PER_TENSOR),
    /** Running minimum and maximum of each channel. */
    PER_CHANNEL_MIN_MAX("PerChannelMinMaxObserver", QSchemeType.PER_CHANNEL),
    /** Running minimum and maximum of each group. */
    PER_GROUP_MIN_MAX("PerGroupMinMaxObserver", QSchemeType.PER_GROUP),
    /** A histogram and the entropy criterion. */
    PER_TENSOR_HISTOGRAM("PerTensorHistogramObserver", QSchemeType.PER_TENSOR),
    /** A histogram and a search by quantiles. */
    PER_TENSOR_HISTOGRAM_PRO("PerTensorHistogramObserverPro", QSchemeType.PER_TENSOR),
    /** A histogram and the smallest squared error. */
    PER_TENSOR_MSE("PerTensorMSEObserver", QSchemeType.PER_TENSOR),
    /** A histogram and a percentile. */
    PER_TENSOR_PERCENTILE("PerTensorPercentileObserver", QSchemeType.PER_TENSOR),
    /** The largest magnitude of each block of an MX format. */
    PER_BLOCK_MX("PerBlockMXObserver", QSchemeType.PER_GROUP),
    /** The largest magnitude of each block of block floating point. */
    PER_BLOCK_BFP("PerBlockBFPObserver", QSchemeType.PER_GROUP),
    /** Nobody: the type has no scale. */
    PLACEHOLDER("PlaceholderObserver", QSchemeType.PER_TENSOR),
    /** A threshold that training finds. */
    TQT("TQTObserver", QSchemeType.PER_TENSOR);

    private final String wireName;
    private final QSchemeType qscheme;

    ObserverType(String wireName, QSchemeType qscheme) {
        this.wireName = wireName;
        this.qscheme = qscheme;
    }

    /** The name in configurations: a class name of the Python API. */
    public String wireName() {
        return wireName;
    }

    /** The scheme that it serves. */
    public QSchemeType qscheme() {
        return qscheme;
    }

    /** Whether a range is searched for, instead of that of all values being taken. */
    public boolean isSearch() {
        return switch (this) {
            case PER_TENSOR_HISTOGRAM, PER_TENSOR_HISTOGRAM_PRO, PER_TENSOR_MSE, PER_TENSOR_PERCENTILE -> true;
            case PER_TENSOR_MIN_MAX,
                    PER_CHANNEL_MIN_MAX,
                    PER_GROUP_MIN_MAX,
                    PER_BLOCK_MX,
                    PER_BLOCK_BFP,
                    PLACEHOLDER,
                    TQT -> false;
        };
    }
}
