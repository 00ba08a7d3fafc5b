package dev.hadron.config;

/** What a search for scales minimizes. The name on the wire is the constant as it stands. */
public enum ScaleLoss {
    /** The mean squared difference. */
    MSE,
    /** The mean absolute difference. */
    MAE,
    /** The mean square root of the absolute difference. */
    RMSE
}
