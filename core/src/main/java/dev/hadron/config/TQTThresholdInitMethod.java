package dev.hadron.config;

/** How a trained threshold starts. */
public enum TQTThresholdInitMethod {
    /** The mean magnitude and three standard deviations. */
    _3SD("_3sd"),
    /** The limit with the smallest Kullback-Leibler-J distance. */
    _KL_J("_kl_j");

    private final String wireName;

    TQTThresholdInitMethod(String wireName) {
        this.wireName = wireName;
    }

    /** The name in configurations. */
    public String wireName() {
        return wireName;
    }
}
